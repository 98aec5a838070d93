//! The replies of Meta's token endpoints, whatever shape they came in.

use crate::{AccountId, Evidence, Lifetime, Platform, Timestamp, Token, Usage};

/// A value, and what the headers of its reply said.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply<T> {
    /// The value.
    pub value: T,
    /// How much of the call limit is used up.
    pub usage: Usage,
    /// The `Date` header: Meta's clock, to compare with ours.
    pub date: Option<Timestamp>,
}

/// A new token: the reply to a refresh or an exchange.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenReply {
    /// The token; may be identical to the old one.
    pub token: Token,
    /// `bearer` in varying case, or absent.
    pub token_type: Option<String>,
    /// `expires_in`.
    pub lifetime: Lifetime,
    /// The owner; stated only when a code is exchanged. On Instagram this may be the app-scoped id, so it does not
    /// prove an identity: ask [`Client::me`](crate::Client::me).
    pub user_id: Option<AccountId>,
    /// The granted permissions; `None` if Meta did not say.
    pub permissions: Option<Vec<String>>,
}

/// The reply to `GET /me`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// The id of the account as this app sees it.
    pub id: Option<AccountId>,
    /// Instagram only: the id of the professional account (`17841...`), used in paths and webhooks.
    pub user_id: Option<AccountId>,
    /// The account's name.
    pub username: Option<String>,
    /// Instagram only: `BUSINESS` or `MEDIA_CREATOR`, in varying case.
    pub account_type: Option<String>,
}

impl Me {
    /// The id that identifies the account over time: `user_id` if there is one, otherwise `id`.
    pub fn identity(&self) -> Option<&AccountId> {
        self.user_id.as_ref().or(self.id.as_ref())
    }

    /// Whether this is the account that is known by `known`. `None` if the reply does not say: an Instagram account has
    /// two ids, and Meta sometimes names only one.
    pub fn is_account(&self, known: &AccountId, platform: Option<Platform>) -> Option<bool> {
        let named = [&self.user_id, &self.id].map(Option::as_ref);
        let names_all = platform != Some(Platform::Instagram) || named.iter().all(Option::is_some);
        if named.contains(&Some(known)) { Some(true) } else { names_all.then_some(false) }
    }

    /// Whether both replies are about the same account. `None` if they do not name the same of its ids.
    pub fn is_same_account(&self, other: &Self) -> Option<bool> {
        let same = |ours: &Option<AccountId>, its: &Option<AccountId>| Some(ours.as_ref()? == its.as_ref()?);
        same(&self.user_id, &other.user_id).or_else(|| same(&self.id, &other.id))
    }
}

/// The reply to `debug_token`: what Meta knows about a token.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenInfo {
    /// What the token represents.
    pub token_type: InfoType,
    /// Whether the token works. `false` with [`Expiry::Never`] means revoked.
    pub is_valid: bool,
    /// When the token expires; `None` if Meta did not say.
    pub expires_at: Option<Expiry>,
    /// When access to the person's data ends, 90 days after their last consent; `None` if it does not apply. The token
    /// stays valid after that; only a new login extends the access.
    pub data_access_expires_at: Option<Timestamp>,
    /// When the token was issued; Meta omits it for short-lived tokens.
    pub issued_at: Option<Timestamp>,
    /// The granted permissions.
    pub scopes: Vec<String>,
    /// The person or system user.
    pub user_id: Option<AccountId>,
    /// The page, for a page token.
    pub profile_id: Option<AccountId>,
    /// The app that the token was issued to.
    pub app_id: Option<AccountId>,
    /// Why the token is not valid.
    pub error: Option<Evidence>,
}

impl TokenInfo {
    /// How long the token is valid from `now` on. Of a token that is not valid nothing is known: `expires_at: 0` then means
    /// revoked.
    pub fn lifetime(&self, now: Timestamp) -> Lifetime {
        match self.expires_at.filter(|_| self.is_valid) {
            Some(Expiry::Never) => Lifetime::Never,
            Some(Expiry::At(end)) => u64::try_from(end.since(now)).map_or(Lifetime::Unknown, Lifetime::Seconds),
            None => Lifetime::Unknown,
        }
    }
}

/// What a token represents, according to `debug_token`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InfoType {
    /// A person.
    User,
    /// A Facebook page.
    Page,
    /// An app.
    App,
    /// A system user of a business.
    SystemUser,
    /// Missing, or an unknown value.
    Other,
}

/// An expiry, which may be "never" (`expires_at: 0`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expiry {
    /// The token does not expire.
    Never,
    /// It expires at this moment.
    At(Timestamp),
}

/// A Facebook page from `GET /me/accounts`, with its token.
///
/// If it came from a long-lived user token, it does not expire; otherwise it expires with that token. `debug_token`
/// tells.
#[derive(Debug, Clone, PartialEq)]
pub struct PageToken {
    /// The page.
    pub id: AccountId,
    /// The page's name.
    pub name: Option<String>,
    /// The token for the page.
    pub token: Token,
}
