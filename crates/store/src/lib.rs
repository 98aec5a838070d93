//! Where records live: the project's own files.
//!
//! [`ProjectFiles`] keeps the token in an env file (`.env.local`) and what is known about it in a metadata file
//! (`scripts/instagram-token.json`), the places that the site itself reads.

mod account;
mod alert_state;
mod candidate;
mod edit;
#[doc(hidden)]
pub mod fuzzing;
mod metadata;
mod project;
mod rfc3339;
mod saving;

pub use account::{Key, ProjectAccount, WELL_KNOWN_KEYS};
pub use edit::{user_id_key, usual_key};
pub use project::ProjectFiles;
pub use rfc3339::rfc3339;
