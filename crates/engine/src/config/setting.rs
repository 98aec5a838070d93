//! A value and where it came from.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

use super::file::CONFIG_FILE;

/// The env file with everlit's own secrets, such as an app's or a webhook's, relative to the project folder.
pub use everlit_store::SECRETS_FILE;

/// A value and where it came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a value came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// A flag, by its name.
    Flag(&'static str),
    /// An environment variable, by its name.
    Environment(Cow<'static, str>),
    /// [`SECRETS_FILE`].
    Secrets,
    /// The vault.
    Vault,
    /// The env file of an account.
    EnvFile,
    /// [`CONFIG_FILE`].
    File,
    /// Nobody has set it.
    Default,
}

impl<T> Setting<T> {
    /// The value of a flag.
    pub(crate) fn flag(name: &'static str, value: T) -> Self {
        Self { value, origin: Origin::Flag(name) }
    }

    /// The value that counts where nobody has set one.
    pub(crate) fn default(value: T) -> Self {
        Self { value, origin: Origin::Default }
    }

    /// The same origin with a value made from this one.
    pub(crate) fn map<U>(self, make: impl FnOnce(T) -> U) -> Setting<U> {
        Setting { value: make(self.value), origin: self.origin }
    }
}

impl Setting<String> {
    pub(crate) fn path(self) -> Setting<PathBuf> {
        self.map(PathBuf::from)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => f.write_str(name),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Secrets => f.write_str(SECRETS_FILE),
            Self::Vault => f.write_str("the vault"),
            Self::EnvFile => f.write_str("env file"),
            Self::File => f.write_str(CONFIG_FILE),
            Self::Default => f.write_str("default"),
        }
    }
}
