//! Why a refresh failed.

use everlit_meta_api::Class;

use crate::codes::codes;

/// Why a refresh failed, sorted by who can help.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Cause {
    /// Meta refused, or could not be reached.
    Meta(Class),
    /// Meta refuses many accounts with the same error and names no reason.
    Incident,
    /// An Instagram Basic Display token: the product ended on 4 December 2024.
    BasicDisplay,
    /// A token of one hour, which has to be exchanged for a long-lived one first.
    ShortLived,
    /// Meta handed the Facebook user token back without moving its expiry.
    CannotExtend,
    /// The 90 days of data access behind a token without expiry are over.
    DataAccessEnded,
    /// The token in use belongs to another account.
    WrongOwner,
    /// The new token belongs to another account; it was refused.
    AnotherAccount,
    /// The new token does not work; the old one was kept.
    NewTokenRefused,
    /// The new token would end earlier than the one in use; it was refused.
    WouldShorten,
}

codes!(Cause, 16:
    Self::Meta(Class::Retry) => "retry",
    Self::Meta(Class::BackOff) => "back_off",
    Self::Meta(Class::Reconnect) => "reconnect",
    Self::Meta(Class::AccountOwner) => "account_owner",
    Self::Meta(Class::AppOwner) => "app_owner",
    Self::Meta(Class::Config) => "config",
    Self::Meta(Class::Unknown) => "unknown",
    Self::Incident => "incident",
    Self::BasicDisplay => "basic_display",
    Self::ShortLived => "short_lived",
    Self::CannotExtend => "cannot_extend",
    Self::DataAccessEnded => "data_access_ended",
    Self::WrongOwner => "wrong_owner",
    Self::AnotherAccount => "another_account",
    Self::NewTokenRefused => "new_token_refused",
    Self::WouldShorten => "would_shorten",
);

impl Cause {
    /// Who has to act.
    pub fn class(self) -> Class {
        match self {
            Self::Meta(class) => class,
            Self::Incident => Class::AppOwner,
            Self::BasicDisplay | Self::ShortLived | Self::CannotExtend | Self::DataAccessEnded | Self::WrongOwner => {
                Class::Reconnect
            }
            Self::AnotherAccount | Self::NewTokenRefused | Self::WouldShorten => Class::Unknown,
        }
    }

    /// Whether waiting cannot help.
    pub fn needs_person(self) -> bool {
        matches!(self.class(), Class::Reconnect | Class::AccountOwner | Class::AppOwner | Class::Config)
    }

    /// The cause in plain words; Meta's own words stand in [`crate::FailureState::message`].
    pub fn message(self) -> &'static str {
        match self {
            Self::Meta(Class::Retry) => "a temporary failure at Meta or on the way to it",
            Self::Meta(Class::BackOff) => "Meta is limiting requests",
            Self::Meta(Class::Reconnect) => "the token is dead; the account has to be connected again",
            Self::Meta(Class::AccountOwner) => "the account's owner has to act",
            Self::Meta(Class::AppOwner) => "the owner of the Meta app has to act",
            Self::Meta(Class::Config) => "the configuration is wrong",
            Self::Meta(Class::Unknown) => "Meta's answer does not say whether the token still works",
            Self::Incident => {
                "Meta refuses many accounts in the same way: an incident at Meta or in the app, not that many dead tokens"
            }
            Self::BasicDisplay => "an Instagram Basic Display token: Meta ended that product on 4 December 2024",
            Self::ShortLived => "a short-lived token (one hour), which has to be exchanged for a long-lived one first",
            Self::CannotExtend => "Meta does not extend this Facebook user token; its owner has to log in again",
            Self::DataAccessEnded => "the 90 days of data access are over; the token's owner has to log in again",
            Self::WrongOwner => "the token in use belongs to another account",
            Self::AnotherAccount => "Meta answered with a token of another account; the old token was kept",
            Self::NewTokenRefused => "Meta does not accept its own new token; the old token was kept",
            Self::WouldShorten => "the new token would expire earlier than the one in use; the old token was kept",
        }
    }
}
