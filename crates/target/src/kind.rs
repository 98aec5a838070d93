//! What describes a kind of place.

use std::sync::Arc;

use everlit_options::{OptionSpec, Shape, variable_part};

use crate::error::Error;
use crate::place::Place;
use crate::setup::Setup;

/// One kind of place: an entry of [`KINDS`](crate::KINDS).
#[derive(Debug)]
pub struct Kind {
    /// The name in settings and flags, such as `github-secret`.
    pub name: &'static str,
    /// The secrets it takes, in the order in which they are asked for.
    pub secrets: &'static [SecretSpec],
    /// The settings it takes beside `kind`, `account` and `key`, in the order in which they are written.
    pub options: &'static [OptionSpec],
    /// When a delivered token takes effect.
    pub effect: Effect,
    /// For how many tokens it has room.
    pub room: Room,
    /// Where to get the credential, which rights it needs, and the traps.
    pub guide: &'static str,
    pub(crate) build: fn(&Setup<'_>) -> Result<Arc<dyn Place>, Error>,
}

/// A secret of a target. It is never written into `everlit.toml`.
#[derive(Debug)]
pub struct SecretSpec {
    /// The end of its variable's name, such as `TOKEN`.
    pub suffix: &'static str,
    /// What it is, to a person who is asked for it.
    pub prompt: &'static str,
    /// Whether the place cannot work without it.
    pub is_required: bool,
}

impl Room {
    /// Whether nothing but a delivery shows that the place works: a command or a webhook cannot be asked.
    pub fn is_unasked(self) -> bool {
        self == Self::Any
    }
}

pub(crate) const fn required(key: &'static str, shape: Shape) -> OptionSpec {
    OptionSpec { key, shape, is_required: true }
}

pub(crate) const fn optional(key: &'static str, shape: Shape) -> OptionSpec {
    OptionSpec { key, shape, is_required: false }
}

/// For how many tokens one target has room.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Room {
    /// For one.
    One,
    /// For one under each name.
    EachKey,
    /// For one of each account: `key` may hold `{account}`, and is the account's name where it is left out.
    EachAccount,
    /// For any number: it is told of each.
    Any,
}

/// When a delivered token takes effect.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effect {
    /// The service puts it in use by itself.
    AtOnce,
    /// Whoever uses it reads it anew each time.
    NextRead,
    /// When a program that uses it starts next.
    NextStart,
    /// At the next run of a workflow or job.
    NextRun,
    /// At the next deployment.
    NextDeployment,
    /// It depends on what the user has made of it.
    Theirs,
}

impl Effect {
    /// As a sentence without a subject.
    pub fn message(self) -> &'static str {
        match self {
            Self::AtOnce => "takes effect at once",
            Self::NextRead => "takes effect when it is read next",
            Self::NextStart => "takes effect when the program starts next",
            Self::NextRun => "takes effect at the next run",
            Self::NextDeployment => "takes effect at the next deployment",
            Self::Theirs => "takes effect as your program sees to it",
        }
    }
}

impl Kind {
    /// Builds the place. Connects to nothing yet.
    pub fn build(&self, setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
        setup.check_key()?;
        let mut required = self.secrets.iter().filter(|secret| secret.is_required);
        required.try_for_each(|secret| setup.secret(secret.suffix).map(drop))?;
        (self.build)(setup)
    }

    /// Whether tokens survive there when this machine is gone: not in its files, and not with whoever is only told.
    pub fn keeps_tokens(&self) -> bool {
        self.room != Room::Any && !matches!(self.name, "env-file" | "file")
    }

    /// The environment variable for a secret of the target `name`, such as `EVERLIT_TARGET_SITE_TOKEN`.
    pub fn variable(&self, name: &str, secret: &SecretSpec) -> String {
        format!("EVERLIT_TARGET_{}_{}", variable_part(name), secret.suffix)
    }
}
