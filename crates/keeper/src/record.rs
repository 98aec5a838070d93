//! What is known about one token: the state that survives between runs.

use std::time::Duration;

use everlit_meta_api::{AccountId, Class, Error, Evidence, Fingerprint, Timestamp, TokenKind};

/// The name a person gave to an account; [`AccountName::NAMELESS`] where there is one account without a name.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AccountName(String);

impl AccountName {
    /// The name of an account that nobody has named.
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

/// Everything remembered about the token that is in use now. Holds no token, only its fingerprint.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Which token this record describes. Another token in the env file makes the record void.
    pub fingerprint: Fingerprint,
    /// What the token's prefix says it is.
    pub kind: TokenKind,
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
    /// What went wrong at the last attempt; gone once an attempt succeeds.
    pub failure: Option<FailureState>,
    /// One entry for each place of use.
    pub deliveries: Vec<Delivery>,
    /// What happened, oldest first, at most [`Record::EVENTS_KEPT`].
    pub events: Vec<Event>,
}

impl Record {
    /// A year of monthly refreshes and a bad month of daily failures.
    pub const EVENTS_KEPT: usize = 50;

    /// The record of a token that everlit has never seen.
    pub fn of_new_token(kind: TokenKind, fingerprint: Fingerprint, now: Timestamp) -> Self {
        Self {
            fingerprint,
            kind,
            account: None,
            username: None,
            expiry: Expiry::Unknown,
            data_access_ends: None,
            issued_at: None,
            first_seen: now,
            last_verified_at: None,
            too_young_until: None,
            next_check_at: None,
            failure: None,
            deliveries: Vec::new(),
            events: Vec::new(),
        }
    }

    /// Notes that something happened; the oldest event goes when there are too many.
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
    /// Meta did not say; 60 days from issue less a day's margin are taken.
    Assumed(Timestamp),
    /// Never, as Meta said (page tokens, some system-user tokens).
    Never,
    /// Nobody knows yet: the first run finds out.
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

/// A failure that is remembered: what it was, how often it came, and when the next attempt may be made.
#[derive(Clone, Debug, PartialEq)]
pub struct FailureState {
    /// What kind of failure.
    pub cause: Cause,
    /// The failure in plain words, free of secrets.
    pub message: String,
    /// Meta's own error, where it gave one.
    pub evidence: Option<Evidence>,
    /// Attempts that failed in a row.
    pub attempts: u32,
    /// When the row of failures began.
    pub first_at: Timestamp,
    /// When the last of them happened.
    pub last_at: Timestamp,
    /// No attempt before this instant.
    pub next_attempt_at: Timestamp,
    /// The request may have reached Meta although no reply came back: the token was perhaps refreshed there.
    pub reply_lost: bool,
}

/// Why a refresh failed, sorted by who can help.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cause {
    /// Meta, or the way to it, said no.
    Meta(Class),
    /// Meta refuses the token without naming a reason, and many other accounts with the same words.
    Incident,
    /// An Instagram Basic Display token: the product ended on 4 December 2024.
    BasicDisplay,
    /// A token of one hour, which has to be exchanged for a long-lived one first.
    ShortLived,
    /// Meta handed the Facebook user token back without moving its expiry.
    CannotExtend,
    /// The 90 days of data access behind a token without expiry are over.
    DataAccessEnded,
    /// The new token belongs to another account; it was refused.
    AnotherAccount,
    /// The new token does not work; the old one was kept.
    NewTokenRefused,
    /// The new token would end earlier than the one in use; it was refused.
    WouldShorten,
}

impl Cause {
    /// What to do about it.
    pub fn class(self) -> Class {
        match self {
            Self::Meta(class) => class,
            Self::Incident => Class::AppOwner,
            Self::BasicDisplay | Self::ShortLived | Self::CannotExtend | Self::DataAccessEnded => Class::Reconnect,
            Self::AnotherAccount | Self::NewTokenRefused | Self::WouldShorten => Class::Unknown,
        }
    }

    /// Whether waiting cannot help.
    pub fn needs_person(self) -> bool {
        matches!(self.class(), Class::Reconnect | Class::AccountOwner | Class::AppOwner | Class::Config)
    }
}

/// The words under which causes are stored and shown to programs; they never change.
const CAUSE_CODES: [(Cause, &str); 15] = [
    (Cause::Meta(Class::Retry), "retry"),
    (Cause::Meta(Class::BackOff), "back_off"),
    (Cause::Meta(Class::Reconnect), "reconnect"),
    (Cause::Meta(Class::AccountOwner), "account_owner"),
    (Cause::Meta(Class::AppOwner), "app_owner"),
    (Cause::Meta(Class::Config), "config"),
    (Cause::Meta(Class::Unknown), "unknown"),
    (Cause::Incident, "incident"),
    (Cause::BasicDisplay, "basic_display"),
    (Cause::ShortLived, "short_lived"),
    (Cause::CannotExtend, "cannot_extend"),
    (Cause::DataAccessEnded, "data_access_ended"),
    (Cause::AnotherAccount, "another_account"),
    (Cause::NewTokenRefused, "new_token_refused"),
    (Cause::WouldShorten, "would_shorten"),
];

const EVENT_KIND_CODES: [(EventKind, &str); 9] = [
    (EventKind::Adopted, "adopted"),
    (EventKind::Connected, "connected"),
    (EventKind::Verified, "verified"),
    (EventKind::Refreshed, "refreshed"),
    (EventKind::Recovered, "recovered"),
    (EventKind::Failed, "failed"),
    (EventKind::Refused, "refused"),
    (EventKind::Delivered, "delivered"),
    (EventKind::NotDelivered, "not_delivered"),
];

const HEALTH_CODES: [(Health, &str); 4] = [
    (Health::Healthy, "healthy"),
    (Health::Retrying, "retrying"),
    (Health::NotSaved, "not_saved"),
    (Health::NeedsPerson, "needs_person"),
];

macro_rules! stored_as_code {
    ($type:ty, $table:ident) => {
        impl $type {
            /// The word under which it is stored and shown to programs.
            pub fn code(self) -> &'static str {
                $table.iter().find(|(value, _)| *value == self).map_or("unknown", |(_, code)| code)
            }

            /// Reads the word back.
            pub fn from_code(code: &str) -> Option<Self> {
                $table.iter().find(|(_, known)| *known == code).map(|(value, _)| *value)
            }
        }
    };
}

stored_as_code!(Cause, CAUSE_CODES);
stored_as_code!(EventKind, EVENT_KIND_CODES);
stored_as_code!(Health, HEALTH_CODES);

impl FailureState {
    /// The same error as `error` came already, at least `apart` earlier: two calls that agree.
    pub(crate) fn agrees_with(&self, error: &Error, now: Timestamp, apart: Duration) -> bool {
        self.evidence.is_some()
            && self.evidence.as_ref().map(Evidence::codes) == error.evidence().map(Evidence::codes)
            && now.since(self.last_at) >= i64::try_from(apart.as_secs()).unwrap_or(i64::MAX)
    }
}

/// One place of use and what it holds: saved is not delivered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Delivery {
    /// The target's name.
    pub target: String,
    /// The token that was last delivered there.
    pub delivered: Option<Fingerprint>,
    /// When that was.
    pub delivered_at: Option<Timestamp>,
    /// Why the last attempt failed, in words; `None` when it did not.
    pub failure: Option<String>,
    /// Attempts that failed in a row.
    pub attempts: u32,
}

/// How an account stands, as far as telling somebody goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Health {
    /// All is well, or will be without help.
    Healthy,
    /// Due and not yet renewed; it is being tried again.
    Retrying,
    /// A new token or a delivery could not be saved.
    NotSaved,
    /// Only a person can help.
    NeedsPerson,
}

/// One line of an account's history.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: EventKind,
    /// In words, free of secrets.
    pub detail: String,
}

/// What can happen to an account.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EventKind {
    /// A token that everlit had not seen before was found in its place.
    Adopted,
    /// A person gave a token to everlit.
    Connected,
    /// Meta confirmed that the token works.
    Verified,
    /// Meta gave a new life to the token.
    Refreshed,
    /// An earlier run had died while saving; its work was finished.
    Recovered,
    /// A refresh failed.
    Failed,
    /// A received token was refused and the old one kept.
    Refused,
    /// A target received the token.
    Delivered,
    /// A target did not.
    NotDelivered,
}
