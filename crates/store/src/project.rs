//! Project files: the token in an env file (`.env.local`), what is known about it in a metadata file
//! (`scripts/instagram-token.json`), and everlit's own state in `.everlit/`.

mod account;
mod alerts;
mod aside;
pub(crate) mod candidate;
mod copies;
mod edit;
mod family;
mod files;
mod foreign;
pub(crate) mod format;
mod lease;
mod locks;
pub(crate) mod metadata;
mod read;
mod run_note;
mod snapshot;
mod state;
mod store;

pub use account::{DEFAULT_KEY, Key, ProjectAccount, WELL_KNOWN_KEYS};
pub use edit::{user_id_key, usual_key};
pub use family::Tracking;
pub use files::{SECRETS_FILE, STATE_FOLDER, StateFolder, with_slashes};
pub use read::{ProjectFiles, settle_targets};
pub use run_note::{LastRun, RUNS_UNKNOWN};
pub use snapshot::Snapshot;
pub use state::{StateProblem, UnusableState};
