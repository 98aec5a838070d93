//! The books at the end: every account in the vault against what Meta knows of it.

use std::collections::HashMap;

use everlit_keeper::{AccountName, Store as _};
use everlit_meta_api::Timestamp;
use everlit_sandbox::{Endpoint, Meta, Rule, State};
use everlit_vault::Vault;
use serde::Serialize;

/// How the run ended.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Ledger {
    /// Accounts in the vault.
    pub(crate) accounts: usize,
    /// Tokens in the vault that work, of accounts that are meant to work.
    pub(crate) alive: usize,
    /// Tokens in the vault that do not, although the account is meant to work.
    pub(crate) lost: Vec<String>,
    /// Accounts that could not be read.
    pub(crate) unreadable: usize,
    /// Refreshes that Meta executed.
    pub(crate) refreshes: u64,
    /// Tokens that Meta issued and that never got into the vault: the reply was lost on the way, or its reader was killed.
    pub(crate) replies_lost: usize,
    /// How many of these the sandbox lost itself.
    pub(crate) lost_by_the_sandbox: usize,
    /// Refreshes of one account in flight at once.
    pub(crate) at_once: usize,
    /// Accounts of which people had to be told, and that were told exactly once.
    pub(crate) told_once: usize,
    /// The others of these, with the number of messages.
    pub(crate) told_otherwise: Vec<(String, usize)>,
    /// Seconds from the last strike to an empty queue.
    pub(crate) drained_after: u64,
    /// What was done, and when.
    pub(crate) strikes: Vec<String>,
    /// What was wrong beside all that.
    pub(crate) problems: Vec<String>,
}

/// A token as Meta knows it, by the account's name.
struct Known {
    newest: String,
    live: Vec<String>,
}

impl Ledger {
    /// Compares all accounts. `dead` says whether an account is meant not to work.
    pub(crate) async fn of(vault: &Vault, meta: &mut Meta, now: Timestamp, dead: impl Fn(&str) -> bool) -> Self {
        let mut ledger = Self::default();
        let known = known(meta);
        let mut names = Vec::new();
        let listed = vault.for_each(|account| match account {
            Ok(account) => names.push(account.name),
            Err(_) => ledger.unreadable += 1,
        });
        let listed = listed.await;
        if let Err(error) = listed {
            ledger.problems.push(error.message);
        }
        ledger.accounts = names.len() + ledger.unreadable;
        for name in names.iter().filter(|name| !dead(name.as_str())) {
            ledger.compare(vault, name, known.get(name.as_str()), now).await;
        }
        ledger.refreshes = meta.calls_to(Endpoint::Refresh);
        ledger.at_once = meta.violations().filter(|violation| violation.rule == Rule::OneRefreshAtATime).count();
        let is_lost = |outcome: &str| outcome.contains("lost") || outcome.contains("truncated");
        ledger.lost_by_the_sandbox =
            meta.log().filter(|call| call.endpoint == Endpoint::Refresh && is_lost(&call.outcome)).count();
        ledger
    }

    async fn compare(&mut self, vault: &Vault, name: &AccountName, known: Option<&Known>, now: Timestamp) {
        let Ok(stored) = vault.load(name, now).await else {
            self.unreadable += 1;
            return;
        };
        let Some(known) = known else {
            self.problems.push(format!("{name} is not known to Meta"));
            return;
        };
        let current = stored.current.expose();
        if known.live.iter().any(|live| live == current) {
            self.alive += 1;
        } else {
            self.lost.push(name.as_str().to_owned());
        }
        let is_newest = known.newest == current || stored.candidate.is_some_and(|it| it.token.expose() == known.newest);
        self.replies_lost += usize::from(!is_newest);
    }

    /// Whether every promise was kept.
    pub(crate) fn is_balanced(&self, accounts: usize, kills: usize, in_flight: usize) -> Result<(), String> {
        let allowed = self.lost_by_the_sandbox + kills * in_flight;
        let checks = [
            (self.accounts == accounts, "accounts are missing from the vault"),
            (self.unreadable == 0, "accounts cannot be read"),
            (self.lost.is_empty(), "accounts have lost their token"),
            (self.refreshes * 10 >= accounts as u64 * 9, "too few refreshes happened to say anything"),
            (self.replies_lost <= allowed, "tokens were received and not kept"),
            (self.at_once == 0, "accounts were refreshed twice at once"),
            (self.told_otherwise.is_empty() && self.told_once > 0, "people were not told once"),
            (self.problems.is_empty(), "something else was wrong"),
        ];
        let broken: Vec<&str> = checks.into_iter().filter(|(is_kept, _)| !is_kept).map(|(_, what)| what).collect();
        if broken.is_empty() { Ok(()) } else { Err(broken.join("; ")) }
    }
}

/// What Meta knows, in one look at all tokens.
fn known(meta: &Meta) -> HashMap<String, Known> {
    let mut known: HashMap<String, Known> = HashMap::new();
    for token in meta.tokens() {
        let name = meta.account(token).username.clone();
        let entry = known.entry(name).or_insert_with(|| Known { newest: String::new(), live: Vec::new() });
        entry.newest = token.text.to_string();
        if token.state_at(meta.now) == State::Live {
            entry.live.push(token.text.to_string());
        }
    }
    known
}
