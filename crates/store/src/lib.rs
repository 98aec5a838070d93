//! Where records live: the project's own files.

#[doc(hidden)]
pub mod fuzzing;
pub mod json;
mod project;
mod rfc3339;

pub use project::{
    DEFAULT_KEY, Key, LastRun, ProjectAccount, ProjectFiles, RUNS_UNKNOWN, SECRETS_FILE, STATE_FOLDER, Snapshot,
    StateFolder, StateProblem, Tracking, UnusableState, WELL_KNOWN_KEYS, settle_targets, user_id_key, usual_key,
    with_slashes,
};
pub use rfc3339::rfc3339;
