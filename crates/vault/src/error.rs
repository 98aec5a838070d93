//! Why a vault cannot be used.

use everlit_keeper::{AccountName, StoreError, StoreErrorClass};

/// Why a vault cannot be used. Shows no secret.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct VaultError {
    /// What it means, and who can help.
    pub class: VaultErrorClass,
    /// What happened, for people.
    pub message: String,
}

/// What a [`VaultError`] means.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum VaultErrorClass {
    /// There is no vault at this address.
    Missing,
    /// The address cannot be understood, or names a kind of database that everlit does not know.
    Address,
    /// The database does not answer, or is busy: it is tried again.
    Unreachable,
    /// The disk of the database is full, or the database is read-only.
    ReadOnly,
    /// The server does not accept the user or the password, or does not let it do this.
    Denied,
    /// The file is not a vault, or it is damaged.
    Damaged,
    /// A later everlit has written it.
    Newer,
    /// The master key is missing, or not the one of this vault.
    Key,
    /// The vault has no account of this name.
    NoAccount,
    /// There is such an account already.
    Exists,
    /// Somebody else has changed the account meanwhile, or is at work on it.
    Taken,
    /// A bug.
    Internal,
}

impl VaultError {
    /// An error.
    pub fn new(class: VaultErrorClass, message: impl Into<String>) -> Self {
        Self { class, message: message.into() }
    }

    /// No account has this name.
    pub(crate) fn no_account(name: &AccountName) -> Self {
        Self::new(VaultErrorClass::NoAccount, format!("the vault has no account {name}"))
    }

    /// An account has this name already.
    pub(crate) fn exists(name: &AccountName) -> Self {
        Self::new(VaultErrorClass::Exists, format!("the vault already has an account {name}"))
    }

    /// A later everlit has written the vault.
    pub(crate) fn newer() -> Self {
        Self::new(VaultErrorClass::Newer, "a later everlit has written this vault: upgrade everlit on this machine")
    }

    /// The same, as a keeper understands it. `writing` says that something was to be saved.
    pub(crate) fn into_store_error(self, writing: bool) -> StoreError {
        use VaultErrorClass::{Exists, Missing, NoAccount, ReadOnly, Taken, Unreachable};
        let class = match self.class {
            Missing | NoAccount => StoreErrorClass::Missing,
            Taken | Exists if !writing => StoreErrorClass::Locked,
            Unreachable if !writing => StoreErrorClass::Unreachable,
            _ if writing || self.class == ReadOnly => StoreErrorClass::NotSaved,
            _ => StoreErrorClass::Unusable,
        };
        StoreError::new(class, self.message)
    }
}
