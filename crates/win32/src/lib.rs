//! The few calls of Windows that std lacks, behind safe functions. The only crate with unsafe code; empty elsewhere.
#![cfg(windows)]

mod job;

pub use job::Job;
