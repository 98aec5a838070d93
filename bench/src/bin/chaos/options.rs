//! The flags.

use std::path::PathBuf;

/// Strikes at services while they refresh tokens.
#[derive(Debug, clap::Parser)]
pub(crate) struct Options {
    /// The program to strike at
    #[arg(long, value_name = "FILE")]
    pub(crate) program: PathBuf,
    /// How many accounts there are
    #[arg(long, value_name = "N", default_value_t = 50_000)]
    pub(crate) accounts: usize,
    /// How many workers share them
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) workers: usize,
    /// For how long strikes are made, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 420)]
    pub(crate) seconds: u64,
    /// One server instead of a pair under Patroni
    #[arg(long)]
    pub(crate) alone: bool,
    /// At the end, give back the leases of those who were killed, instead of waiting for their end
    #[arg(long)]
    pub(crate) hurry: bool,
    /// The strikes, and when they are made
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Write the ledger to this file too, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Keep the folder with all logs
    #[arg(long)]
    pub(crate) keep: bool,
}
