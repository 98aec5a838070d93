//! Kubernetes: a `CronJob`.

pub(crate) mod read;
pub(crate) mod render;
