//! How large a run is, and how long.

use std::path::PathBuf;
use std::time::Duration;

/// Strikes at `everlit serve` while it refreshes tokens, and checks the books afterwards.
///
/// It needs PostgreSQL and pgbouncer (`make setup`) and, unless `--alone`, Patroni and etcd (Debian, Ubuntu: `apt-get install
/// patroni etcd-server`, and no need to start either).
#[derive(Clone, Debug, clap::Parser)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
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
    #[arg(long, value_name = "SECONDS", default_value_t = 360)]
    pub(crate) seconds: u64,
    /// One server instead of a pair under Patroni
    #[arg(long)]
    pub(crate) alone: bool,
    /// Mount a small file system for what each worker spills, so that it can be full; needs root and `unshare --mount`
    #[arg(long)]
    pub(crate) small_disks: bool,
    /// Old tokens stay valid after a refresh, and the sandbox loses replies too; otherwise they die at once
    #[arg(long)]
    pub(crate) old_tokens_live: bool,
    /// At the end, start the workers again and give back the leases of those before, instead of waiting for their end
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

impl Options {
    /// A share of the time for strikes, in seconds and within these bounds.
    pub(crate) fn part(&self, parts: u64, least: u64, most: u64) -> Duration {
        Duration::from_secs((self.seconds / parts).clamp(least, most))
    }
}
