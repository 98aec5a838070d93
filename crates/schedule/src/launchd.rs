//! launchd of macOS: a property list.

pub(crate) mod install;
pub(crate) mod read;
pub(crate) mod render;
