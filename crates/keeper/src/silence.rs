//! A Meta that answers nobody: after some accounts a run asks about no more, so that it ends within a minute however many
//! there are.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use everlit_meta_api::{Error, Platform, Stage};

use crate::AccountName;
use crate::policy::SILENT_AFTER;

/// The accounts whose calls have failed without an answer since each platform last answered anybody in this run.
#[derive(Debug, Default)]
pub(crate) struct Silence(Mutex<HashMap<Platform, HashSet<AccountName>>>);

impl Silence {
    /// How many accounts the platform has left without an answer; `None` as long as it may still answer.
    pub(crate) fn unanswered(&self, platform: Platform) -> Option<usize> {
        let unanswered = self.with(platform, |unanswered| unanswered.len());
        (unanswered >= SILENT_AFTER).then_some(unanswered)
    }

    /// Notes how a call ended. Any answer will do, an error of Meta's too.
    pub(crate) fn note(&self, platform: Platform, account: &AccountName, error: Option<&Error>) {
        self.with(platform, |unanswered| match error {
            Some(Error::Transport(error)) if error.stage == Stage::Setup => {}
            Some(Error::Transport(_)) => _ = unanswered.insert(account.clone()),
            _ => unanswered.clear(),
        });
    }

    fn with<T>(&self, platform: Platform, read: impl FnOnce(&mut HashSet<AccountName>) -> T) -> T {
        read(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(platform).or_default())
    }
}
