//! Strikes at services, databases and disks while tokens are being refreshed, and checks the books afterwards.
//!
//! `make chaos` runs it on a pair of PostgreSQL servers under Patroni. A sandbox plays Meta, unfriendly, with a new token for each
//! refresh; three `everlit serve` share the accounts through pgbouncer. At the end, each account's token in the vault is compared
//! with what the sandbox knows. Exit code 1 if a promise was broken, 2 if the run could not be made.
#![cfg_attr(not(target_os = "linux"), allow(unused))]
#![allow(clippy::disallowed_methods, reason = "it works with real processes, files and clocks")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for developers")]

#[cfg(target_os = "linux")]
mod cluster;
#[cfg(target_os = "linux")]
mod ledger;
#[cfg(target_os = "linux")]
mod process;
#[cfg(target_os = "linux")]
mod recorder;
#[cfg(target_os = "linux")]
mod run;
#[cfg(target_os = "linux")]
mod workers;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;

/// Strikes at services while they refresh tokens.
#[derive(Debug, clap::Parser)]
pub(crate) struct Options {
    /// The program to strike at
    #[arg(long, value_name = "FILE")]
    program: PathBuf,
    /// How many accounts there are
    #[arg(long, value_name = "N", default_value_t = 50_000)]
    accounts: usize,
    /// How many workers share them
    #[arg(long, value_name = "N", default_value_t = 3)]
    workers: usize,
    /// For how long strikes are made, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 420)]
    seconds: u64,
    /// One server instead of a pair under Patroni
    #[arg(long)]
    alone: bool,
    /// At the end, give back the leases of those who were killed, instead of waiting for their end
    #[arg(long)]
    hurry: bool,
    /// The strikes, and when they are made
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Write the ledger to this file too, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Keep the folder with all logs
    #[arg(long)]
    keep: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    #[cfg(target_os = "linux")]
    match run::run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the run could not be made: {error}");
            ExitCode::from(2)
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        eprintln!("only on Linux, not with {}", options.program.display());
        ExitCode::from(2)
    }
}
