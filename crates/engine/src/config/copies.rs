//! What people should know about copies of a token outside the env file that everlit refreshes.

use everlit_keeper::{AccountName, Stored};
use everlit_meta_api::Token;

use super::project::Project;
use crate::account_store::AccountStore;

/// What people should know about tokens of an account in other places: in the project's env files and in the environment.
pub fn notes_on_copies(
    project: &Project<'_>,
    store: &AccountStore,
    name: &AccountName,
    stored: &Stored,
) -> Vec<String> {
    let mut notes = store.notes_on_copies(name, stored);
    if let Some(files) = store.files()
        && files.may_have_key(name, project.environment.names())
        && let Ok(key) = store.key(name)
        && let Some(value) = project.environment.variable(&key)
        && Token::parse(value).is_ok_and(|token| token != stored.current)
    {
        notes.push(format!("the environment variable {key} holds another token, which counts more than any env file"));
    }
    notes
}
