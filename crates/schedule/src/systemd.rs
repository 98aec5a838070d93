//! systemd: a service and its timer.

pub(crate) mod install;
pub(crate) mod read;
pub(crate) mod render;
