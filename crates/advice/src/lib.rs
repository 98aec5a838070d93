//! What everlit tells a person to do: exit codes, remedies, and explanations of Meta's errors.

mod exit;
mod query;
mod remedy;
mod step;
mod topic;

pub use exit::Exit;
pub use query::{Answer, Query, answer};
pub use remedy::{connect, nothing_to_do, remedy, remedy_after};
pub use step::step_json;
pub use topic::Topic;
