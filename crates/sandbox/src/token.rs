//! Tokens, the accounts they belong to, and the registry of both.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use crate::{endpoint::Product, variants::named};

named! {
    /// Kind of token.
    #[derive(Default)]
    Kind {
        /// Instagram user, `IGAA...`.
        #[default]
        Instagram = "instagram",
        /// Threads user, `THAA...`.
        Threads = "threads",
        /// Facebook user, `EAA...`.
        FacebookUser = "facebook_user",
        /// Facebook page, `EAA...`.
        FacebookPage = "facebook_page",
        /// Business system user, `EAA...`.
        SystemUser = "system_user",
    }
    /// State of a token, not counting its expiry date.
    #[derive(Default)]
    State {
        /// Valid until it expires.
        #[default]
        Live = "live",
        /// Expired, regardless of the clock (190/463).
        Expired = "expired",
        /// The user logged out, or the token was revoked (190/467).
        Revoked = "revoked",
        /// The user changed the password (190/460).
        PasswordChanged = "password_changed",
        /// The account is locked until its owner logs in (190/459).
        Checkpoint = "checkpoint",
        /// The account has lost its role on the app or the page.
        RoleRemoved = "role_removed",
        /// A token of the Basic Display API, which ended on 4 December 2024.
        BasicDisplay = "basic_display",
        /// The user removed the app (190/458).
        Deauthorized = "deauthorized",
    }
}

impl Kind {
    /// The product it belongs to.
    pub fn product(self) -> Product {
        match self {
            Self::Instagram => Product::Instagram,
            Self::Threads => Product::Threads,
            Self::FacebookUser | Self::FacebookPage | Self::SystemUser => Product::Facebook,
        }
    }

    /// `type` in the reply of `debug_token`.
    pub(crate) fn debug_type(self) -> &'static str {
        match self {
            Self::Instagram | Self::Threads | Self::FacebookUser => "USER",
            Self::FacebookPage => "PAGE",
            Self::SystemUser => "SYSTEM_USER",
        }
    }

    /// The scopes that apps usually request.
    pub(crate) fn default_scopes(self) -> &'static [&'static str] {
        match self {
            Self::Instagram => &["instagram_business_basic", "instagram_business_content_publish"],
            Self::Threads => &["threads_basic", "threads_content_publish"],
            Self::FacebookUser | Self::FacebookPage => &["pages_show_list", "pages_read_engagement", "instagram_basic"],
            Self::SystemUser => &["pages_show_list", "instagram_basic", "business_management"],
        }
    }
}

impl State {
    /// Whether only a new login helps.
    pub(crate) fn is_terminal(self) -> bool {
        !matches!(self, Self::Live | Self::Checkpoint | Self::RoleRemoved)
    }
}

/// Number of a token, by which the log refers to it.
pub type TokenId = u64;

/// A token and everything Meta knows about it. Times are Unix seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub id: TokenId,
    /// The token itself. Obviously fake.
    pub text: Arc<str>,
    /// Its kind.
    pub kind: Kind,
    /// The app it was issued to.
    pub app_id: Arc<str>,
    /// The account it belongs to.
    pub account: AccountId,
    /// When it was issued or, if a refresh kept the string, last refreshed.
    pub issued_at: i64,
    /// When it expires; `None` for never.
    pub expires_at: Option<i64>,
    /// When the user's consent ends; a refresh does not extend it.
    pub data_access_expires_at: Option<i64>,
    /// What it may do.
    pub scopes: Arc<[String]>,
    /// Its state, not counting the expiry date.
    pub state: State,
    /// Whether it is short-lived and must be exchanged.
    pub short: bool,
    /// How many calls used it.
    pub calls: u64,
    /// How many responses have told its bearer that it is dead.
    pub rejections_received: u32,
    /// `issued_at` as the bearer knows it: nobody knows of a refresh that kept the string and whose response was lost.
    pub(crate) known_issued_at: i64,
    /// Seeds the random choices for this token, so that calls with other tokens do not affect them.
    pub(crate) rng_seed: u64,
}

impl Token {
    /// Its state at that time, counting the expiry date.
    pub fn state_at(&self, now: i64) -> State {
        match (self.state, self.expires_at) {
            (State::Live, Some(expires_at)) if expires_at <= now => State::Expired,
            (state, _) => state,
        }
    }

    /// `#12`, for the log.
    pub(crate) fn label(&self) -> String {
        format!("#{}", self.id)
    }
}

/// Number of an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub(crate) usize);

/// A person, business or page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The product it belongs to.
    pub product: Product,
    /// Handle, or the name of a page.
    pub username: String,
    /// The id in paths and webhooks (`17841...` on Instagram), in decimal. May exceed 2^53.
    pub user_id: String,
    /// The id for this app: `id` in `/me`, and the one in signed requests.
    pub app_scoped_id: String,
    /// Instagram's `account_type`.
    pub account_type: String,
    /// Whether the profile is private: then its permissions end with the user's consent.
    pub private: bool,
    /// The page that a Facebook user manages.
    pub(crate) page: Option<AccountId>,
    pub(crate) rng_seed: u64,
}

impl Account {
    /// Whether this is its username or its user id.
    pub(crate) fn is_named(&self, name_or_id: &str) -> bool {
        self.username == name_or_id || self.user_id == name_or_id
    }
}

/// All tokens and accounts.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    accounts: Vec<Account>,
    accounts_by_name: HashMap<(Product, String), AccountId>,
    accounts_by_id: HashMap<(Product, String), AccountId>,
    tokens: BTreeMap<TokenId, Token>,
    by_text: HashMap<Arc<str>, TokenId>,
    issued: TokenId,
}

impl Registry {
    /// Stores a copy of the token with a number, a random text and no history.
    pub(crate) fn add(&mut self, mut token: Token, rng: &mut fastrand::Rng) -> &Token {
        token.text = fake_token(&token, rng).into();
        while self.by_text.contains_key(&token.text) {
            token.text = fake_token(&token, rng).into();
        }
        self.issued += 1;
        token.id = self.issued;
        token.known_issued_at = token.issued_at;
        (token.calls, token.rejections_received) = (0, 0);
        token.rng_seed = rng.u64(..);
        self.by_text.insert(Arc::clone(&token.text), token.id);
        self.tokens.entry(token.id).or_insert(token)
    }

    pub(crate) fn add_account(&mut self, account: Account) -> AccountId {
        let id = AccountId(self.accounts.len());
        self.accounts_by_name.insert((account.product, account.username.clone()), id);
        self.accounts_by_id.insert((account.product, account.user_id.clone()), id);
        self.accounts.push(account);
        id
    }

    pub(crate) fn account_by_name(&self, product: Product, username: &str) -> Option<AccountId> {
        self.accounts_by_name.get(&(product, username.to_owned())).copied()
    }

    pub(crate) fn account_by_id(&self, product: Product, user_id: &str) -> Option<AccountId> {
        self.accounts_by_id.get(&(product, user_id.to_owned())).copied()
    }

    pub(crate) fn account(&self, id: AccountId) -> &Account {
        &self.accounts[id.0]
    }

    pub(crate) fn account_mut(&mut self, id: AccountId) -> &mut Account {
        &mut self.accounts[id.0]
    }

    pub(crate) fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    pub(crate) fn find(&self, text: &str) -> Option<&Token> {
        self.tokens.get(self.by_text.get(text)?)
    }

    pub(crate) fn token(&self, id: TokenId) -> Option<&Token> {
        self.tokens.get(&id)
    }

    pub(crate) fn token_mut(&mut self, id: TokenId) -> Option<&mut Token> {
        self.tokens.get_mut(&id)
    }

    pub(crate) fn tokens(&self) -> impl DoubleEndedIterator<Item = &Token> {
        self.tokens.values()
    }

    /// The tokens of every account with that username or user id.
    pub(crate) fn tokens_of_mut(&mut self, name_or_id: &str) -> impl Iterator<Item = &mut Token> {
        let accounts = &self.accounts;
        self.tokens.values_mut().filter(move |token| accounts[token.account.0].is_named(name_or_id))
    }
}

/// About as long as a real token and in the same alphabet, but obviously fake.
fn fake_token(token: &Token, rng: &mut fastrand::Rng) -> String {
    let prefix = match (token.kind, token.state) {
        (Kind::Instagram, State::BasicDisplay) => "IGQVfakeSANDBOX",
        (Kind::Instagram, _) => "IGAAfakeSANDBOX",
        (Kind::Threads, _) => "THAAfakeSANDBOX",
        (Kind::FacebookUser | Kind::FacebookPage | Kind::SystemUser, _) => "EAAfakeSANDBOX",
    };
    let length = rng.usize(170..190);
    format!("{prefix}{}ZD", random_text(rng, length - prefix.len()))
}

/// Random letters and digits.
pub(crate) fn random_text(rng: &mut fastrand::Rng, length: usize) -> String {
    (0..length).map(|_| rng.alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_look_like_metas_but_are_obviously_fake() {
        let mut registry = Registry::default();
        let table = [
            (Kind::Instagram, State::Live, "IGAAfakeSANDBOX"),
            (Kind::Instagram, State::BasicDisplay, "IGQVfakeSANDBOX"),
            (Kind::Threads, State::Live, "THAAfakeSANDBOX"),
            (Kind::SystemUser, State::Live, "EAAfakeSANDBOX"),
        ];
        for (kind, state, prefix) in table {
            let new = Token { kind, state, ..Token::default() };
            let text = registry.add(new, &mut fastrand::Rng::with_seed(1)).text.to_string();
            assert!(text.starts_with(prefix), "{text}");
            assert!((170..200).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric()), "{text}");
        }
        assert_eq!(registry.tokens().map(|token| token.id).collect::<Vec<_>>(), [1, 2, 3, 4]);
    }
}
