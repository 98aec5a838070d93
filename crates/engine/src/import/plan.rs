//! What an import would do, before it does anything.

use std::collections::HashMap;

use everlit_keeper::{AccountName, Record};
use everlit_meta_api::{Fingerprint, Platform, Timestamp};
use everlit_vault::{Vault, VaultError};

use super::found::Found;

/// What is to be done with an account of the sources.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Action {
    /// It is added.
    Add,
    /// The account of this name in the vault gets this token: it has none, or that was asked for.
    Replace,
    /// Nothing: the vault has it already, under this name.
    Known(AccountName),
    /// Nothing: the vault has an account of this name with another token, which may be the newer one.
    OtherToken,
    /// Nothing: the vault has an account of this name that belongs to somebody else.
    OtherOwner,
    /// Nothing: the owner of the account in the vault is known, and that of the token is not. Meta has to be asked first.
    UnknownOwner,
    /// Nothing: the token in the vault is newer. Meta has to be asked about the other one first.
    Older,
    /// Nothing: the token is in the sources twice; this is where it was first.
    Repeated(String),
    /// Nothing: the name is in the sources twice with different tokens; this is where it was first.
    NameTaken(String),
}

impl Action {
    /// Whether something is written.
    pub fn is_change(&self) -> bool {
        matches!(self, Self::Add | Self::Replace)
    }

    /// Whether a token is left where it is that the vault does not have.
    pub fn is_skipped(&self) -> bool {
        matches!(self, Self::OtherToken | Self::NameTaken(_))
    }

    /// Whether somebody has to act before the account can be imported.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::OtherOwner | Self::UnknownOwner | Self::Older)
    }
}

/// An account of the sources, and what is to be done with it.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The account.
    pub found: Found,
    /// What is to be done.
    pub action: Action,
    /// Accounts of the vault whose tokens belong to the same owner, where the owner is known.
    pub same_owner: Vec<AccountName>,
}

/// What is to be done with all that was found, in its order.
#[derive(Clone, Debug)]
pub struct Plan(pub Vec<Planned>);

type Owner = (Option<Platform>, String);

/// What is known about an account of the vault.
#[derive(Clone, Debug)]
struct Known {
    owner: Option<Owner>,
    /// Its token, and when that was first seen.
    token: Option<(Fingerprint, Timestamp)>,
}

/// The accounts that the vault has already.
#[derive(Clone, Debug, Default)]
pub struct Existing {
    names: HashMap<AccountName, Known>,
    tokens: HashMap<Fingerprint, AccountName>,
    owners: HashMap<Owner, Vec<AccountName>>,
}

impl Existing {
    /// Reads them. What cannot be read is left out: an account of that name is then found where it would be added.
    pub async fn read(vault: &Vault) -> Result<Self, VaultError> {
        let mut existing = Self::default();
        vault
            .for_each(|account| {
                if let Ok(account) = account {
                    existing.add(&account.name, account.record.as_ref());
                }
            })
            .await?;
        Ok(existing)
    }

    fn add(&mut self, name: &AccountName, record: Option<&Record>) {
        let owner = record.and_then(owner);
        if let Some(owner) = &owner {
            self.owners.entry(owner.clone()).or_default().push(name.clone());
        }
        let token = record.map(|record| (record.fingerprint, record.first_seen));
        if let Some((fingerprint, _)) = token {
            self.tokens.insert(fingerprint, name.clone());
        }
        self.names.insert(name.clone(), Known { owner, token });
    }

    fn same_owner(&self, found: &Found) -> Vec<AccountName> {
        let owner = found.account.record.as_ref().and_then(owner);
        let names = owner.and_then(|owner| self.owners.get(&owner)).into_iter().flatten();
        names.filter(|name| **name != found.account.name).cloned().collect()
    }
}

fn owner(record: &Record) -> Option<Owner> {
    Some((record.kind.platform(), record.account.as_ref()?.as_str().to_owned()))
}

impl Plan {
    /// Decides about each account. With `replace`, accounts of the vault get the tokens of the sources.
    pub fn new(found: Vec<Found>, existing: &Existing, replace: bool) -> Self {
        let (mut tokens, mut names) = (HashMap::new(), HashMap::new());
        let mut planned = Vec::with_capacity(found.len());
        for found in found {
            let action = action(&found, existing, replace, &tokens, &names);
            if action.is_change() {
                let fingerprint = found.account.record.as_ref().map(|record| record.fingerprint);
                tokens.extend(fingerprint.map(|fingerprint| (fingerprint, found.origin.clone())));
                names.insert(found.account.name.clone(), found.origin.clone());
            }
            let same_owner = existing.same_owner(&found);
            planned.push(Planned { found, action, same_owner });
        }
        Self(planned)
    }

    /// The accounts that would be written.
    pub fn changes(&self) -> impl Iterator<Item = &Planned> {
        self.0.iter().filter(|planned| planned.action.is_change())
    }
}

fn action(
    found: &Found,
    existing: &Existing,
    replace: bool,
    tokens: &HashMap<Fingerprint, String>,
    names: &HashMap<AccountName, String>,
) -> Action {
    let account = &found.account;
    let fingerprint = account.record.as_ref().map(|record| record.fingerprint);
    if let Some(name) = fingerprint.and_then(|fingerprint| existing.tokens.get(&fingerprint)) {
        return Action::Known(name.clone());
    }
    if let Some(first) = fingerprint.and_then(|fingerprint| tokens.get(&fingerprint)) {
        return Action::Repeated(first.clone());
    }
    if let Some(first) = names.get(&account.name) {
        return Action::NameTaken(first.clone());
    }
    let Some(known) = existing.names.get(&account.name) else { return Action::Add };
    let (Some(record), Some((_, first_seen))) = (&account.record, known.token) else {
        return if fingerprint.is_some() { Action::Replace } else { Action::Known(account.name.clone()) };
    };
    match owner(record) {
        _ if !replace => Action::OtherToken,
        None if known.owner.is_some() => Action::UnknownOwner,
        owner if known.owner.is_some() && owner != known.owner => Action::OtherOwner,
        _ if record.first_seen < first_seen => Action::Older,
        _ => Action::Replace,
    }
}

#[cfg(test)]
mod tests {
    use everlit_meta_api::{AccountId, Token};
    use everlit_vault::WholeAccount;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    /// An account with token number `token`, or none, of the owner with this id.
    fn found(name: &str, token: Option<u32>, owner: Option<&str>) -> Found {
        let token = token.map(|number| Token::parse(&format!("IGAAfakeFAKE{}{number}", "fake".repeat(12))).unwrap());
        let account = owner.map(|id| AccountId::parse(id).unwrap());
        let record = token.as_ref().map(|token| {
            let new = Record::of_new_token(token.kind(), token.fingerprint(), NOW);
            Record { account: account.clone(), ..new }
        });
        let account =
            WholeAccount { name: AccountName::new(name), token, record, tags: Vec::new(), app: None, is_paused: false };
        Found { account, origin: format!("from {name}") }
    }

    fn existing() -> Existing {
        let mut existing = Existing::default();
        for found in [found("shop", Some(1), Some("17")), found("cafe", Some(2), None), found("new", None, None)] {
            existing.add(&found.account.name, found.account.record.as_ref());
        }
        existing
    }

    fn one(account: Found, replace: bool) -> Action {
        Plan::new(vec![account], &existing(), replace).0.remove(0).action
    }

    #[test]
    fn an_account_is_added_known_or_left_as_it_is() {
        let known = |name: &str| Action::Known(AccountName::new(name));
        for (account, kept, replaced) in [
            (found("bar", Some(9), None), Action::Add, Action::Add),
            (found("bar", None, None), Action::Add, Action::Add),
            (found("shop", Some(1), None), known("shop"), known("shop")),
            (found("renamed", Some(1), None), known("shop"), known("shop")),
            (found("cafe", None, None), known("cafe"), known("cafe")),
            (found("cafe", Some(9), Some("18")), Action::OtherToken, Action::Replace),
            (found("shop", Some(9), Some("17")), Action::OtherToken, Action::Replace),
            (found("shop", Some(9), Some("18")), Action::OtherToken, Action::OtherOwner),
            (found("shop", Some(9), None), Action::OtherToken, Action::UnknownOwner),
            (found("new", Some(9), None), Action::Replace, Action::Replace),
        ] {
            let name = account.account.name.clone();
            assert_eq!(one(account.clone(), false), kept, "{name}");
            assert_eq!(one(account, true), replaced, "{name}, replacing");
        }
    }

    #[test]
    fn an_older_token_replaces_no_newer_one() {
        let seen = |at: i64| {
            let mut older = found("cafe", Some(9), None);
            older.account.record =
                older.account.record.map(|record| Record { first_seen: Timestamp::from_unix(at), ..record });
            older
        };
        assert_eq!(one(seen(NOW.as_unix() - 1), true), Action::Older);
        assert_eq!(one(seen(NOW.as_unix()), true), Action::Replace);
    }

    #[test]
    fn what_is_in_the_sources_twice_is_added_once() {
        let sources = vec![found("a", Some(7), None), found("b", Some(7), None), found("a", Some(8), None)];
        let plan = Plan::new(sources, &existing(), false);
        let actions: Vec<_> = plan.0.iter().map(|planned| planned.action.clone()).collect();
        let first = "from a".to_owned();
        assert_eq!(actions, [Action::Add, Action::Repeated(first.clone()), Action::NameTaken(first)]);
        assert_eq!(plan.changes().count(), 1);
    }

    #[test]
    fn accounts_of_the_same_owner_are_named() {
        let plan = Plan::new(vec![found("shop-2", Some(7), Some("17"))], &existing(), false);
        assert_eq!(plan.0[0].same_owner, [AccountName::new("shop")]);
        assert!(Plan::new(vec![found("x", Some(7), Some("99"))], &existing(), false).0[0].same_owner.is_empty());
    }
}
