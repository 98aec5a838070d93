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
mod options;
#[cfg(target_os = "linux")]
mod process;
#[cfg(target_os = "linux")]
mod recorder;
#[cfg(target_os = "linux")]
mod run;
#[cfg(target_os = "linux")]
mod workers;

use std::process::ExitCode;

use clap::Parser as _;

use crate::options::Options;

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
