//! What is known about one token: the state that survives between runs.

use std::time::Duration;

use everlit_meta_api::{AccountId, Error, Evidence, Fingerprint, Timestamp, TokenKind};

use crate::codes::codes;
use crate::policy::LONGEST_UNKNOWN;
use crate::{Cause, DeliveryError};

/// The name a person gave to an account; [`AccountName::NAMELESS`] for the only account of a project without a name.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AccountName(String);

impl AccountName {
    /// The name of an account that has none.
    pub const NAMELESS: &str = "default";

    /// The name as it stands in `everlit.toml`.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for AccountName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Everything remembered about the token in use. Holds no token, only its fingerprint.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Which token this record describes. Another token in the env file makes the record void.
    pub fingerprint: Fingerprint,
    /// What the token's prefix says it is.
    pub kind: TokenKind,
    /// The Meta app that issued the token, by the name that the store knows; `None` for the one of the settings.
    pub app: Option<String>,
    /// Whose token it is, once Meta has said so; ids are decimal text.
    pub account: Option<AccountId>,
    /// The account's user name, for people to read.
    pub username: Option<String>,
    /// When the token dies.
    pub expiry: Expiry,
    /// When Meta stops answering with this person's data although the token itself lives on (Facebook only).
    pub data_access_ends: Option<Timestamp>,
    /// When Meta issued or last refreshed the token.
    pub issued_at: Option<Timestamp>,
    /// When everlit first saw this token.
    pub first_seen: Timestamp,
    /// When Meta last confirmed that the token works.
    pub last_verified_at: Option<Timestamp>,
    /// Meta said that the token is too young; not to be asked for before this instant.
    pub too_young_until: Option<Timestamp>,
    /// When a run should next look at this account, as [`crate::next_check`] saw it when the record was saved; `None` means
    /// at once.
    pub next_check_at: Option<Timestamp>,
    /// How many seconds Meta's clock was ahead of this machine's when Meta last answered, if they differed by minutes.
    pub clock_behind: Option<i64>,
    /// What went wrong at the last attempt; gone once an attempt succeeds.
    pub failure: Option<FailureState>,
    /// One entry for each target.
    pub deliveries: Vec<Delivery>,
    /// What happened, oldest first, at most [`Record::EVENTS_KEPT`].
    pub events: Vec<Event>,
}

impl Record {
    /// A year of monthly refreshes and a bad month of daily failures.
    pub const EVENTS_KEPT: usize = 50;

    /// The record of a token that everlit sees for the first time.
    pub fn of_new_token(kind: TokenKind, fingerprint: Fingerprint, now: Timestamp) -> Self {
        Self {
            fingerprint,
            kind,
            app: None,
            account: None,
            username: None,
            expiry: Expiry::Unknown,
            data_access_ends: None,
            issued_at: None,
            first_seen: now,
            last_verified_at: None,
            too_young_until: None,
            next_check_at: None,
            clock_behind: None,
            failure: None,
            deliveries: Vec::new(),
            events: Vec::new(),
        }
    }

    /// When the token ends at the latest: at its expiry, or, while that is not known, the longest life after it was first
    /// seen. `None` for a token that never expires.
    pub fn ends_by(&self) -> Option<Timestamp> {
        match self.expiry {
            Expiry::Unknown => Some(self.first_seen + LONGEST_UNKNOWN),
            expiry => expiry.instant(),
        }
    }

    /// The time by this machine's clock, or by Meta's where that was ahead: by a clock that is behind, a token looks younger
    /// than it is.
    pub fn latest_time(&self, now: Timestamp) -> Timestamp {
        let behind = self.clock_behind.and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(0);
        now + Duration::from_secs(behind)
    }

    /// Adds an event; the oldest one is dropped when there are too many.
    pub fn log(&mut self, at: Timestamp, what: EventKind, detail: impl Into<String>) {
        if self.events.len() >= Self::EVENTS_KEPT {
            self.events.drain(..=self.events.len() - Self::EVENTS_KEPT);
        }
        self.events.push(Event { at, what, detail: detail.into() });
    }
}

/// When a token dies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Expiry {
    /// At this instant, as Meta said.
    At(Timestamp),
    /// Meta did not say; assumed to be 60 days after the issue, less a day's margin.
    Assumed(Timestamp),
    /// Never, as Meta said (page tokens, some system-user tokens).
    Never,
    /// Not known yet: the first run finds out.
    Unknown,
}

impl Expiry {
    /// The instant, where there is one.
    pub fn instant(self) -> Option<Timestamp> {
        match self {
            Self::At(instant) | Self::Assumed(instant) => Some(instant),
            Self::Never | Self::Unknown => None,
        }
    }

    /// Time left at `now`; `None` without an instant, zero once it has passed.
    pub fn left(self, now: Timestamp) -> Option<Duration> {
        self.instant().map(|end| Duration::from_secs(u64::try_from(end.since(now)).unwrap_or(0)))
    }
}

/// A failure that is remembered: its cause, how often it occurred, and when the next attempt may be made.
#[derive(Clone, Debug, PartialEq)]
pub struct FailureState {
    /// What kind of failure.
    pub cause: Cause,
    /// The failure in plain words; free of secrets.
    pub message: String,
    /// Meta's own error, where it gave one.
    pub evidence: Option<Evidence>,
    /// Consecutive failed attempts.
    pub attempts: u32,
    /// When the first of them was made.
    pub first_at: Timestamp,
    /// Since when the cause is this one and Meta's codes are these: a refusal is doubted from the first of its kind.
    pub cause_since: Timestamp,
    /// When the last of them was made.
    pub last_at: Timestamp,
    /// No attempt before this instant.
    pub next_attempt_at: Timestamp,
    /// A request may have reached Meta although no reply came back: Meta may have refreshed the token.
    pub reply_lost: bool,
    /// The attempt was a verification: no refresh was due.
    pub verifying: bool,
}

/// Meta did not let the app ask.
pub(crate) const APP_REFUSED: &str = "Meta does not accept the app's id and secret";

impl FailureState {
    /// Whether Meta refused the app's id and secret, and said nothing of the token; of a failure of a Facebook token.
    pub fn blames_app(&self) -> bool {
        self.message == APP_REFUSED || self.evidence.as_ref().is_some_and(Evidence::blames_app)
    }

    /// Whether a failure with this cause and evidence is the same again. Where Meta gave codes, those decide.
    pub(crate) fn is_alike(&self, cause: Cause, evidence: Option<&Evidence>) -> bool {
        match (&self.evidence, evidence) {
            (Some(before), Some(now)) => before.codes() == now.codes(),
            (None, None) => self.cause == cause,
            _ => false,
        }
    }

    /// Whether `error` repeats this failure at least `apart` later: two calls that agree.
    pub(crate) fn agrees_with(&self, error: &Error, now: Timestamp, apart: Duration) -> bool {
        self.evidence.is_some()
            && self.evidence.as_ref().map(Evidence::codes) == error.evidence().map(Evidence::codes)
            && now.since(self.last_at) >= i64::try_from(apart.as_secs()).unwrap_or(i64::MAX)
    }
}

/// One target and the token it holds: saved is not delivered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Delivery {
    /// The target's name.
    pub target: String,
    /// Which place it was, as the settings described it: under the same name, another place holds nothing yet.
    pub place: Option<String>,
    /// The token that was last delivered to it.
    pub delivered: Option<Fingerprint>,
    /// When that was.
    pub delivered_at: Option<Timestamp>,
    /// When it was last asked whether it still holds that token; `None` if not since.
    pub verified_at: Option<Timestamp>,
    /// When that token ends, where it is known: then the target holds a dead one.
    pub delivered_ends_at: Option<Timestamp>,
    /// When the credential for the target ends, where the target told.
    pub credential_ends_at: Option<Timestamp>,
    /// Why the last attempt failed; `None` if it did not.
    pub failure: Option<DeliveryError>,
    /// Consecutive failed attempts.
    pub attempts: u32,
    /// The target asked to be left alone until then.
    pub not_before: Option<Timestamp>,
}

/// One line of an account's history.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: EventKind,
    /// For people; free of secrets.
    pub detail: String,
}

/// What happened to an account.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EventKind {
    /// everlit found a token that it had not seen before.
    Adopted,
    /// A person gave a token to everlit.
    Connected,
    /// Meta confirmed that the token works.
    Verified,
    /// Meta extended the token.
    Refreshed,
    /// An interrupted run had left a token unsaved; this run finished it.
    Recovered,
    /// A refresh failed.
    Failed,
    /// A received token was rejected and the old one kept.
    Refused,
    /// A target received the token.
    Delivered,
    /// A target did not receive it.
    NotDelivered,
    /// A person stopped all work on the account.
    Paused,
    /// A person let it go on.
    Resumed,
    /// A person gave the account another name.
    Renamed,
    /// A person gave it other tags.
    Tagged,
    /// A person said which app issues its tokens.
    AppChosen,
    /// A person changed the settings that a vault's machines share.
    SettingsChanged,
    /// A person removed it.
    Removed,
}

codes!(EventKind, 16:
    Self::Adopted => "adopted",
    Self::Connected => "connected",
    Self::Verified => "verified",
    Self::Refreshed => "refreshed",
    Self::Recovered => "recovered",
    Self::Failed => "failed",
    Self::Refused => "refused",
    Self::Delivered => "delivered",
    Self::NotDelivered => "not_delivered",
    Self::Paused => "paused",
    Self::Resumed => "resumed",
    Self::Renamed => "renamed",
    Self::Tagged => "tagged",
    Self::AppChosen => "app_chosen",
    Self::SettingsChanged => "settings_changed",
    Self::Removed => "removed",
);
