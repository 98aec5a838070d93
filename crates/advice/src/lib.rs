//! What everlit tells a person to do: exit codes, remedies, and explanations of Meta's errors; times as people say them.

mod exit;
mod format;
mod query;
mod remedy;
mod step;
mod topic;

pub use exit::Exit;
pub use format::{apart, clock, counted, date, date_and_time, days, few, left, life, relative, span};
pub use query::{Answer, Query, answer};
pub use remedy::{connect, nothing_to_do, remedy, remedy_after};
pub use step::step_json;
pub use topic::Topic;
