//! The few calls of Windows that std lacks, behind safe functions. The only crate with unsafe code; empty elsewhere.
#![cfg(windows)]
#![allow(clippy::disallowed_methods, reason = "`everlit_disk` reaches files through this crate")]

mod access;
mod descriptor;
mod identity;
mod job;
mod sid;
mod system;
mod wide;

pub use access::{
    AccessList, Account, access_list, copy_access, create_private_file, create_private_folder, inherit_access,
};
pub use identity::{Identity, identity};
pub use job::Job;
