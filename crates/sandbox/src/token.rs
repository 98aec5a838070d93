//! Tokens and the accounts they speak for.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use crate::endpoint::Product;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Instagram user, `IGAA...`.
    Instagram,
    /// Threads user, `THAA...`.
    Threads,
    /// Facebook user, `EAA...`.
    FacebookUser,
    /// Facebook page, `EAA...`.
    FacebookPage,
    /// Business system user, `EAA...`.
    SystemUser,
}

impl Kind {
    /// The product that it belongs to.
    pub fn product(self) -> Product {
        match self {
            Self::Instagram => Product::Instagram,
            Self::Threads => Product::Threads,
            Self::FacebookUser | Self::FacebookPage | Self::SystemUser => Product::Facebook,
        }
    }

    /// `type` of `debug_token`.
    pub(crate) fn debug_type(self) -> &'static str {
        match self {
            Self::Instagram | Self::Threads | Self::FacebookUser => "USER",
            Self::FacebookPage => "PAGE",
            Self::SystemUser => "SYSTEM_USER",
        }
    }

    /// What a person is usually asked to allow.
    pub(crate) fn default_scopes(self) -> &'static [&'static str] {
        match self {
            Self::Instagram => &["instagram_business_basic", "instagram_business_content_publish"],
            Self::Threads => &["threads_basic", "threads_content_publish"],
            Self::FacebookUser | Self::FacebookPage => &["pages_show_list", "pages_read_engagement", "instagram_basic"],
            Self::SystemUser => &["pages_show_list", "instagram_basic", "business_management"],
        }
    }
}

/// What has become of a token, apart from time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Good, until it expires.
    #[default]
    Live,
    /// Expired, whatever the clock says (190/463).
    Expired,
    /// The person logged out or the token was revoked (190/467).
    Revoked,
    /// The password was changed (190/460).
    PasswordChanged,
    /// The account is locked until its owner logs in (190/459).
    Checkpoint,
    /// The account has lost its role on the app or the page.
    RoleRemoved,
    /// A token of the Basic Display API, which ended on 4 December 2024.
    BasicDisplay,
    /// The person removed the app (190/458).
    Deauthorized,
}

impl State {
    /// Every state, for menus.
    pub const ALL: [Self; 8] = [
        Self::Live,
        Self::Expired,
        Self::Revoked,
        Self::PasswordChanged,
        Self::Checkpoint,
        Self::RoleRemoved,
        Self::BasicDisplay,
        Self::Deauthorized,
    ];

    /// The name used in JSON and on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::PasswordChanged => "password_changed",
            Self::Checkpoint => "checkpoint",
            Self::RoleRemoved => "role_removed",
            Self::BasicDisplay => "basic_display",
            Self::Deauthorized => "deauthorized",
        }
    }
}

/// Number of a token; the log names tokens by it.
pub type TokenId = u64;

/// A token and all that Meta knows of it. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub id: TokenId,
    /// The token itself. Obviously fake.
    pub text: Arc<str>,
    /// What it is.
    pub kind: Kind,
    /// The app it was issued to.
    pub app_id: Arc<str>,
    /// Whom it speaks for.
    pub account: AccountId,
    /// When it was issued or, where a refresh kept the string, last refreshed.
    pub issued_at: i64,
    /// `None`: never.
    pub expires_at: Option<i64>,
    /// When the consent of the person ends; a refresh does not move it.
    pub data_access_expires_at: Option<i64>,
    /// What it may do.
    pub scopes: Arc<[String]>,
    /// What has become of it.
    pub state: State,
    /// Lives for an hour or so, and must be exchanged.
    pub short: bool,
    /// How many calls were made with it.
    pub calls: u64,
    /// How often its bearer was told for good that it is dead.
    pub rejections_received: u32,
    /// `issued_at` as far as its bearer can know: a refresh that kept the string and whose reply was lost is not known to anybody.
    pub(crate) known_issued_at: i64,
    /// Steers the dice for this token alone, so that other tokens' calls do not change what it meets.
    pub(crate) rng_seed: u64,
}

impl Token {
    /// Its state at that time: expiry counts.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub(crate) usize);

/// A person, business or page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Where it lives.
    pub product: Product,
    /// Handle, or the name of a page.
    pub username: String,
    /// The id that names it in paths and webhooks (`17841...` on Instagram). Decimal text, may exceed 2^53.
    pub user_id: String,
    /// The id that this app knows it by; `/me` calls it `id`, signed requests carry it.
    pub app_scoped_id: String,
    /// Instagram's `account_type`.
    pub account_type: String,
    /// A private profile: its permissions end with the consent.
    pub private: bool,
    /// The page that a Facebook person looks after.
    pub(crate) page: Option<AccountId>,
    pub(crate) rng_seed: u64,
}

/// All tokens and accounts there are.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    accounts: Vec<Account>,
    accounts_by_name: HashMap<(Product, String), AccountId>,
    accounts_by_id: HashMap<(Product, String), AccountId>,
    tokens: BTreeMap<TokenId, Token>,
    by_text: HashMap<Arc<str>, TokenId>,
    issued: TokenId,
}

/// A token before it has a number and a text.
#[derive(Debug, Clone)]
pub(crate) struct NewToken {
    pub(crate) kind: Kind,
    pub(crate) app_id: Arc<str>,
    pub(crate) account: AccountId,
    pub(crate) issued_at: i64,
    pub(crate) expires_at: Option<i64>,
    pub(crate) data_access_expires_at: Option<i64>,
    pub(crate) scopes: Arc<[String]>,
    pub(crate) short: bool,
    pub(crate) state: State,
}

impl Registry {
    /// Gives the draft a number and a text, both rolled with `rng`.
    pub(crate) fn add(&mut self, new_token: NewToken, rng: &mut fastrand::Rng) -> &Token {
        let mut text = fake_token(&new_token, rng);
        while self.by_text.contains_key(text.as_str()) {
            text = fake_token(&new_token, rng);
        }
        let text: Arc<str> = text.into();
        self.issued += 1;
        let id = self.issued;
        self.by_text.insert(Arc::clone(&text), id);
        self.tokens.entry(id).or_insert_with(|| Token {
            id,
            text,
            kind: new_token.kind,
            app_id: new_token.app_id,
            account: new_token.account,
            issued_at: new_token.issued_at,
            expires_at: new_token.expires_at,
            data_access_expires_at: new_token.data_access_expires_at,
            scopes: new_token.scopes,
            state: new_token.state,
            short: new_token.short,
            known_issued_at: new_token.issued_at,
            calls: 0,
            rejections_received: 0,
            rng_seed: rng.u64(..),
        })
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

    pub(crate) fn accounts(&self) -> impl ExactSizeIterator<Item = (AccountId, &Account)> {
        self.accounts.iter().enumerate().map(|(number, account)| (AccountId(number), account))
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

    pub(crate) fn tokens_mut(&mut self) -> impl Iterator<Item = &mut Token> {
        self.tokens.values_mut()
    }
}

/// About as long as a real one, over the same alphabet, and nobody will take it for one.
fn fake_token(new_token: &NewToken, rng: &mut fastrand::Rng) -> String {
    let mut text = String::from(match (new_token.kind, new_token.state) {
        (Kind::Instagram, State::BasicDisplay) => "IGQVfakeSANDBOX",
        (Kind::Instagram, _) => "IGAAfakeSANDBOX",
        (Kind::Threads, _) => "THAAfakeSANDBOX",
        (Kind::FacebookUser | Kind::FacebookPage | Kind::SystemUser, _) => "EAAfakeSANDBOX",
    });
    let length = rng.usize(170..190);
    while text.len() < length {
        text.push(rng.alphanumeric());
    }
    text.push_str("ZD");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_look_like_metas_and_are_plainly_fake() {
        let mut registry = Registry::default();
        let table = [
            (Kind::Instagram, State::Live, "IGAAfakeSANDBOX"),
            (Kind::Instagram, State::BasicDisplay, "IGQVfakeSANDBOX"),
            (Kind::Threads, State::Live, "THAAfakeSANDBOX"),
            (Kind::SystemUser, State::Live, "EAAfakeSANDBOX"),
        ];
        for (kind, state, prefix) in table {
            let new_token = NewToken {
                kind,
                app_id: "1".into(),
                account: AccountId(0),
                issued_at: 0,
                expires_at: None,
                data_access_expires_at: None,
                scopes: Arc::default(),
                short: false,
                state,
            };
            let text = registry.add(new_token, &mut fastrand::Rng::with_seed(1)).text.to_string();
            assert!(text.starts_with(prefix), "{text}");
            assert!((170..200).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric()), "{text}");
        }
        assert_eq!(registry.tokens().map(|token| token.id).collect::<Vec<_>>(), [1, 2, 3, 4]);
    }

    #[test]
    fn state_names_are_those_of_json() {
        for state in State::ALL {
            assert_eq!(serde_json::json!(state), state.name());
        }
    }
}
