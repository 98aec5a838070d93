//! A Meta that answers nobody: after some accounts a run asks about no more, so that it ends within a minute however many
//! there are.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use everlit_meta_api::{Error, Platform, Stage};
use tokio::time::Instant;

use crate::AccountName;
use crate::policy::{SILENCE, SILENT_AFTER};

/// The accounts whose calls have failed without an answer since each platform last answered anybody.
#[derive(Debug, Default)]
pub(crate) struct Silence(Mutex<HashMap<Platform, Unanswered>>);

#[derive(Debug, Default)]
struct Unanswered {
    accounts: HashSet<AccountName>,
    /// When the last of these calls failed.
    last_at: Option<Instant>,
}

impl Silence {
    /// How many accounts the platform has left without an answer; `None` as long as it may still answer.
    pub(crate) fn unanswered(&self, platform: Platform) -> Option<usize> {
        self.with(platform, |unanswered| {
            if unanswered.last_at.is_some_and(|last| last.elapsed() > SILENCE) {
                *unanswered = Unanswered::default();
            }
            let count = unanswered.accounts.len();
            (count >= SILENT_AFTER).then_some(count)
        })
    }

    /// Notes how a call ended. Any answer will do, an error of Meta's too.
    pub(crate) fn note(&self, platform: Platform, account: &AccountName, error: Option<&Error>) {
        self.with(platform, |unanswered| match error {
            Some(Error::Transport(error)) if error.stage == Stage::Setup => {}
            Some(Error::Transport(_)) => {
                unanswered.accounts.insert(account.clone());
                unanswered.last_at = Some(Instant::now());
            }
            _ => *unanswered = Unanswered::default(),
        });
    }

    fn with<T>(&self, platform: Platform, read: impl FnOnce(&mut Unanswered) -> T) -> T {
        read(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(platform).or_default())
    }
}
