//! What `everlit explain` knows about a question.

use super::topic::Topic;

/// The answer to a question.
pub(crate) struct Answer {
    /// Best match first.
    pub(super) topics: Vec<Topic>,
    /// A remark about the question itself.
    pub(super) note: Option<String>,
    pub(super) near: Vec<Near>,
}

/// Another thing that can be explained.
pub(crate) struct Near {
    /// The argument for `everlit explain`.
    pub(super) what: String,
    /// What it is about.
    pub(super) name: &'static str,
}
