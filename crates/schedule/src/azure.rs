//! Azure Container Apps: a scheduled job.

pub(crate) mod read;
pub(crate) mod render;
