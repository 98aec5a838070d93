//! Issuing tokens directly, without a login.

use serde::{Deserialize, Serialize};

use crate::{
    endpoint::Product,
    state::{Meta, mix},
    token::{Account, AccountId, Kind, State, Token},
};

/// A token to issue: `Issue::new(Kind::Instagram).username("sunny_bakery").aged_days(31)`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[must_use]
pub struct Issue {
    /// Its kind.
    pub kind: Kind,
    /// The account's name; the account is created if there is none. Without a name, one is made up.
    pub username: Option<String>,
    /// The id for a new account.
    pub user_id: Option<String>,
    /// Seconds since it was issued.
    pub age: i64,
    /// Total lifetime in seconds; 0 = never expires. Defaults to the usual lifetime of its kind.
    pub ttl: Option<i64>,
    /// Short-lived, as a code exchange returns it.
    pub short: bool,
    /// For a private profile.
    pub private: bool,
    /// Defaults to the usual scopes of its kind.
    pub scopes: Option<Vec<String>>,
    /// Its state.
    pub state: State,
}

impl Issue {
    /// A long-lived token of that kind, issued now to a new account.
    pub fn new(kind: Kind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// For that account.
    pub fn username(mut self, username: &str) -> Self {
        self.username = Some(username.into());
        self
    }

    /// For an account with that id.
    pub fn user_id(mut self, user_id: &str) -> Self {
        self.user_id = Some(user_id.into());
        self
    }

    /// Issued this many days ago.
    pub fn aged_days(self, days: i64) -> Self {
        self.aged(days * 86_400)
    }

    /// Issued this many seconds ago.
    pub fn aged(mut self, seconds: i64) -> Self {
        self.age = seconds;
        self
    }

    /// Expires this many seconds after it was issued; 0 = never.
    pub fn ttl(mut self, seconds: i64) -> Self {
        self.ttl = Some(seconds);
        self
    }

    /// Short-lived.
    pub fn short(mut self) -> Self {
        self.short = true;
        self
    }

    /// For a private profile.
    pub fn private(mut self) -> Self {
        self.private = true;
        self
    }

    /// In that state.
    pub fn state(mut self, state: State) -> Self {
        self.state = state;
        self
    }
}

impl Meta {
    /// Issues a token and returns its text.
    pub fn issue(&mut self, issue: &Issue) -> String {
        self.manual_issue_count += 1;
        let rng = &mut fastrand::Rng::with_seed(mix(!self.seed, self.manual_issue_count));
        let account = self.find_or_add_account(issue.kind, issue.username.as_deref(), issue.user_id.as_deref(), rng);
        self.registry.account_mut(account).private |= issue.private;
        let issued_at = self.now.saturating_sub(issue.age);
        let default_ttl = match issue.kind {
            _ if issue.short => self.knobs.short_ttl,
            Kind::FacebookPage | Kind::SystemUser => 0,
            _ => self.knobs.long_ttl,
        };
        let ttl = issue.ttl.unwrap_or(default_ttl);
        let default_scopes = || issue.kind.default_scopes().iter().map(ToString::to_string).collect();
        let new = Token {
            kind: issue.kind,
            app_id: self.app(issue.kind.product()).map(|app| app.id.as_str()).unwrap_or_default().into(),
            account,
            issued_at,
            expires_at: (ttl != 0).then(|| issued_at.saturating_add(ttl)),
            data_access_expires_at: (issue.kind != Kind::SystemUser).then(|| issued_at + self.knobs.consent_ttl),
            scopes: issue.scopes.clone().unwrap_or_else(default_scopes).into(),
            short: issue.short,
            state: issue.state,
            ..Token::default()
        };
        self.registry.add(new, rng).text.to_string()
    }

    /// The account with that name or id at that product, added if it does not exist.
    pub(crate) fn find_or_add_account(
        &mut self,
        kind: Kind,
        username: Option<&str>,
        user_id: Option<&str>,
        rng: &mut fastrand::Rng,
    ) -> AccountId {
        let product = kind.product();
        let known = match (user_id, username) {
            (Some(user_id), _) => self.registry.account_by_id(product, user_id),
            (None, Some(username)) => self.registry.account_by_name(product, username),
            (None, None) => None,
        };
        if let Some(known) = known {
            return known;
        }
        let number = self.registry.accounts().len() + 1;
        // As long as Meta's ids, which JavaScript numbers cannot hold.
        let new_id = || match product {
            Product::Facebook => format!("1040{number:011}"),
            Product::Instagram | Product::Threads => format!("178414{number:011}"),
        };
        self.registry.add_account(Account {
            product,
            username: username.map_or_else(|| format!("sandbox_{number}"), str::to_owned),
            user_id: user_id.map_or_else(new_id, str::to_owned),
            app_scoped_id: format!("309276087{number:08}"),
            account_type: if rng.bool() { "BUSINESS" } else { "MEDIA_CREATOR" }.into(),
            private: false,
            page: None,
            rng_seed: rng.u64(..),
        })
    }
}
