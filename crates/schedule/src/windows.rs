//! The Windows Task Scheduler: a task.

pub(crate) mod install;
pub(crate) mod read;
pub(crate) mod render;
