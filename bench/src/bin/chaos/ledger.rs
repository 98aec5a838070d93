//! The books at the end: every account in the vault against what Meta knows of it.

use std::collections::{BTreeMap, HashMap};

use everlit_keeper::{AccountName, Policy, Report, Store as _};
use everlit_meta_api::Timestamp;
use everlit_sandbox::{Endpoint, Meta, Rule, State};
use everlit_vault::Vault;
use serde::Serialize;

use crate::accounts::{DEAD, dead_name, is_dead};
use crate::options::Options;
use crate::recorder::Message;
use crate::strikes::LEASE;
use crate::workers::IN_FLIGHT;

/// A token that Meta issued within so many seconds before a kill may have been on its way to the one that was killed: the slowest
/// reply, and the time until it is saved.
const ON_THE_WAY: i64 = 5;

/// One account in so many may wait for longer than the run: a tenth of the sandbox's answers are errors, so that one in a thousand
/// fails three times in a row, and more do of those that an outage has met. After that, an account waits for half an hour.
const MOST_RETRYING: usize = 50;

/// In a hurry also those wait that have failed twice, as they do for five minutes.
const MOST_RETRYING_IN_A_HURRY: usize = 10;

/// How the run ended.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Ledger {
    /// Accounts in the vault.
    pub(crate) accounts: usize,
    /// Accounts with a token in the vault that works, of those that are meant to work.
    pub(crate) alive: usize,
    /// Accounts whose newest token was on its way to a worker when that was killed, and that say so: a person has to log in.
    pub(crate) killed_on_the_way: Vec<String>,
    /// Accounts without a token in the vault that works, for no such reason.
    pub(crate) lost: Vec<String>,
    /// Accounts that wait for another attempt, after failures. The next one is ahead.
    pub(crate) retrying: usize,
    /// Accounts of which the next attempt has been due for longer than a lease lasts.
    pub(crate) late: Vec<String>,
    /// Accounts that were not refreshed, and that do not say why.
    pub(crate) not_refreshed: Vec<String>,
    /// Accounts that could not be read.
    pub(crate) unreadable: usize,
    /// Calls for a refresh.
    pub(crate) calls: u64,
    /// Refreshes that Meta executed: the tokens that it issued for old ones.
    pub(crate) refreshes: usize,
    /// Accounts whose newest token never got into the vault: the reply was lost on the way, or its reader was killed.
    pub(crate) replies_lost: usize,
    /// How many replies the sandbox lost itself.
    pub(crate) lost_by_the_sandbox: usize,
    /// Refreshes of one account in flight at once.
    pub(crate) at_once: usize,
    /// Accounts that need a person, and of which people were told.
    pub(crate) told: usize,
    /// Accounts of which people were told the same twice, with what they were told.
    pub(crate) told_twice: Vec<String>,
    /// Messages to people.
    pub(crate) messages: usize,
    /// Seconds from the last strike until nothing was overdue and nobody worked.
    pub(crate) drained_after: u64,
    /// How often a worker was killed.
    pub(crate) kills: usize,
    /// What was done, and when.
    pub(crate) strikes: Vec<String>,
    /// What was wrong beside all that.
    pub(crate) problems: Vec<String>,
}

/// What Meta knows.
pub(crate) struct Books {
    tokens: HashMap<String, Tokens>,
    issued: usize,
    calls: u64,
    lost: usize,
    at_once: usize,
}

/// The tokens of an account as Meta knows them.
#[derive(Default)]
struct Tokens {
    first: String,
    newest: String,
    /// When the newest one was issued, in Unix seconds.
    issued_at: i64,
    live: Vec<String>,
}

impl Books {
    pub(crate) fn of(meta: &mut Meta) -> Self {
        let mut tokens: HashMap<String, Tokens> = HashMap::new();
        for token in meta.tokens() {
            let entry = tokens.entry(meta.account(token).username.clone()).or_default();
            if entry.first.is_empty() {
                entry.first = token.text.to_string();
            }
            (entry.newest, entry.issued_at) = (token.text.to_string(), token.issued_at);
            if token.state_at(meta.now) == State::Live {
                entry.live.push(token.text.to_string());
            }
        }
        let is_lost = |outcome: &str| outcome.contains("lost") || outcome.contains("truncated");
        let refreshes = meta.log().filter(|call| call.endpoint == Endpoint::Refresh);
        Self {
            tokens,
            issued: meta.tokens().count(),
            calls: meta.calls_to(Endpoint::Refresh),
            lost: refreshes.filter(|call| is_lost(&call.outcome)).count(),
            at_once: meta.violations().filter(|violation| violation.rule == Rule::OneRefreshAtATime).count(),
        }
    }
}

impl Ledger {
    /// Compares all accounts of the vault with what Meta knows. `kills` are the times at which workers were killed.
    pub(crate) async fn compare_all(&mut self, vault: &Vault, books: &Books, kills: &[i64], now: Timestamp) {
        let mut names = Vec::new();
        let listed = vault.for_each(|account| match account {
            Ok(account) => names.push(account.name),
            Err(_) => self.unreadable += 1,
        });
        if let Err(error) = listed.await {
            self.problems.push(error.message);
        }
        self.accounts = names.len() + self.unreadable;
        for name in names.iter().filter(|name| !is_dead(name.as_str())) {
            self.compare(vault, name, books.tokens.get(name.as_str()), kills, now).await;
        }
        self.refreshes = books.issued - books.tokens.len();
        (self.calls, self.lost_by_the_sandbox, self.at_once) = (books.calls, books.lost, books.at_once);
    }

    async fn compare(
        &mut self,
        vault: &Vault,
        name: &AccountName,
        tokens: Option<&Tokens>,
        kills: &[i64],
        now: Timestamp,
    ) {
        let Ok(stored) = vault.load(name, now).await else {
            self.unreadable += 1;
            return;
        };
        let Some(tokens) = tokens else {
            self.problems.push(format!("{name} is not known to Meta"));
            return;
        };
        let next_attempt_at = stored.record.failure.as_ref().map(|failure| failure.next_attempt_at);
        let has_failed = next_attempt_at.is_some();
        let health = Report::idle(name, stored.record, &Policy::default(), now).health().code();
        let said = format!("{name} ({health})");
        let candidate = stored.candidate.map(|candidate| candidate.token);
        let kept = [Some(stored.current), candidate].into_iter().flatten();
        let kept: Vec<String> = kept.map(|token| token.expose().to_owned()).collect();
        let was_killed = || kills.iter().any(|kill| (kill - ON_THE_WAY..=kill + 1).contains(&tokens.issued_at));
        if kept.iter().any(|kept| tokens.live.contains(kept)) {
            self.alive += 1;
        } else if has_failed && was_killed() {
            self.killed_on_the_way.push(said);
            return;
        } else {
            self.lost.push(said);
            return;
        }
        self.replies_lost += usize::from(!kept.contains(&tokens.newest));
        match next_attempt_at {
            Some(next) if next + LEASE < now => self.late.push(said),
            Some(_) => self.retrying += 1,
            None if kept.contains(&tokens.first) => self.not_refreshed.push(said),
            None => {}
        }
    }

    /// Compares what people were told with what they had to be told.
    pub(crate) fn count_messages(&mut self, messages: &[Message]) {
        self.messages = messages.len();
        let mut told: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for message in messages {
            message.accounts.iter().for_each(|name| told.entry(name).or_default().push(&message.news));
        }
        for number in 0..DEAD {
            // Before that, people may be told of an outage that could last beyond the end of the token.
            let told = told.get(&*dead_name(number)).is_some_and(|news| news.contains(&"needs_person"));
            self.told += usize::from(told);
        }
        for (name, news) in told {
            let is_twice = |told: &&str| news.iter().filter(|other| *other == told).count() > 1;
            if news.iter().any(is_twice) {
                self.told_twice.push(format!("{name}: {news:?}"));
            }
        }
    }

    /// Whether every promise was kept; else, which one was not.
    pub(crate) fn is_balanced(&self, options: &Options) -> Result<(), String> {
        let on_the_way = self.kills * IN_FLIGHT;
        let most_retrying = options.accounts / if options.hurry { MOST_RETRYING_IN_A_HURRY } else { MOST_RETRYING };
        let checks = [
            (self.accounts == options.accounts + DEAD, "accounts are missing from the vault"),
            (self.unreadable == 0, "accounts cannot be read"),
            (self.lost.is_empty(), "accounts have lost their token"),
            (self.killed_on_the_way.len() <= on_the_way, "killed workers lost more than they had in flight"),
            (self.not_refreshed.is_empty(), "accounts were not refreshed, and do not say why"),
            (self.late.is_empty(), "accounts are later than a lease"),
            (self.retrying <= most_retrying, "too many accounts wait for another attempt"),
            (
                self.refreshes + self.retrying + self.killed_on_the_way.len() >= options.accounts,
                "too few refreshes happened to say anything",
            ),
            (self.replies_lost <= self.lost_by_the_sandbox + on_the_way, "tokens were received and not kept"),
            (self.at_once == 0, "accounts were refreshed twice at once"),
            (self.told == DEAD, "people were not told"),
            (self.told_twice.is_empty(), "people were told the same twice"),
            (self.problems.is_empty(), "something else was wrong"),
        ];
        let broken: Vec<&str> = checks.into_iter().filter(|(is_kept, _)| !is_kept).map(|(_, what)| what).collect();
        if broken.is_empty() { Ok(()) } else { Err(broken.join("; ")) }
    }

    /// Prints it for people.
    pub(crate) fn print(&self, balanced: &Result<(), String>) {
        let rows = [
            ("accounts in the vault", self.accounts),
            ("accounts with a token that works", self.alive),
            ("accounts without one: lost", self.lost.len()),
            ("  killed with the worker, which says so", self.killed_on_the_way.len()),
            ("  meant to have none", DEAD),
            ("  of which people were told", self.told),
            ("accounts that wait for another attempt", self.retrying),
            ("accounts that are later than a lease", self.late.len()),
            ("accounts not refreshed, nobody says why", self.not_refreshed.len()),
            ("accounts that cannot be read", self.unreadable),
            ("refreshes that Meta executed", self.refreshes),
            ("newest tokens that never arrived", self.replies_lost),
            ("replies that the sandbox lost", self.lost_by_the_sandbox),
            ("refreshes of one account at once", self.at_once),
            ("accounts of which people were told twice", self.told_twice.len()),
            ("messages", self.messages),
            ("strikes and what followed", self.strikes.len()),
            ("workers killed", self.kills),
            ("seconds to an empty queue", usize::try_from(self.drained_after).unwrap_or(usize::MAX)),
        ];
        println!("\nthe ledger");
        for (what, number) in rows {
            println!("{what:<44} {number:>7}");
        }
        let lists = [
            ("killed on the way", &self.killed_on_the_way),
            ("lost", &self.lost),
            ("not refreshed", &self.not_refreshed),
            ("late", &self.late),
            ("told twice", &self.told_twice),
            ("problem", &self.problems),
        ];
        for (what, names) in lists {
            names.iter().take(10).for_each(|name| println!("{what}: {name}"));
        }
        match balanced {
            Ok(()) => println!("Every promise was kept."),
            Err(broken) => println!("BROKEN: {broken}"),
        }
    }
}
