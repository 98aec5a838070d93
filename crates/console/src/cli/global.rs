//! Global flags.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use everlit_engine::Overrides;

/// Flags that every command understands.
#[allow(clippy::doc_markdown, reason = "these comments are the help text, where backticks round a name would be noise")]
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Run as if started in DIR
    #[arg(short = 'C', long = "dir", value_name = "DIR", global = true)]
    pub dir: Option<PathBuf>,
    /// The vault that holds the accounts, such as sqlite:everlit.db
    #[arg(long, value_name = "ADDRESS", global = true)]
    pub vault: Option<String>,
    /// The env file that holds the token [default: .env.local]
    #[arg(long, value_name = "FILE", global = true)]
    pub env_file: Option<PathBuf>,
    /// The token's name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]
    #[arg(long, value_name = "NAME", global = true)]
    pub key: Option<String>,
    /// The metadata file [default: scripts/instagram-token.json]
    #[arg(long, value_name = "FILE", global = true)]
    pub metadata: Option<PathBuf>,
    /// Refresh when fewer days than this are left [default: 30]
    #[arg(long, value_name = "DAYS", global = true)]
    pub threshold_days: Option<u32>,
    /// Timeout of one call to Meta [default: 30]
    #[arg(long, value_name = "SECONDS", global = true)]
    pub timeout: Option<u32>,
    /// Only this account of everlit.toml or the vault; can be repeated
    #[arg(long, value_name = "NAME", global = true)]
    pub account: Vec<String>,
    /// Also trust the certificates in this PEM file, such as a company proxy's
    #[arg(long, value_name = "FILE", global = true)]
    pub ca_file: Option<PathBuf>,
    /// Never ask questions; fail instead
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Print one JSON document instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Print nothing when all is well
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// When to use color; auto obeys NO_COLOR
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: Color,
}

impl Global {
    /// The settings among the flags.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            folder: self.dir.clone(),
            vault: self.vault.clone(),
            env_file: self.env_file.clone(),
            key: self.key.clone(),
            metadata: self.metadata.clone(),
            threshold_days: self.threshold_days,
            timeout_seconds: self.timeout,
            accounts: self.account.clone(),
            with_paused: false,
            ca_file: self.ca_file.clone(),
        }
    }
}

/// When to use color.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
