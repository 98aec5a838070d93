//! Who is notified of what, and when.

pub(crate) mod dispatch;
pub(crate) mod policy;
pub(crate) mod state;
