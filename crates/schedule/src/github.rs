//! GitHub Actions: a workflow.

pub(crate) mod read;
pub(crate) mod render;
