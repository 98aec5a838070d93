//! cron: a block in a crontab.

pub(crate) mod crontab;
pub(crate) mod install;
pub(crate) mod read;
pub(crate) mod render;
