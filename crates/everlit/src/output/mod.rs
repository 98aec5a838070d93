//! What leaves the program: text, JSON, next steps and exit codes.

pub(crate) mod exit;
pub(crate) mod format;
pub(crate) mod hints;
pub(crate) mod invocation;
pub(crate) mod notifiers;
pub(crate) mod problem;
pub(crate) mod screen;
pub(crate) mod step;
pub(crate) mod view;
