//! Strikes at services, databases and disks while tokens are being refreshed, and checks the books afterwards.
//!
//! A sandbox plays Meta and issues a new token at each refresh; several `everlit serve` share the accounts of a vault through
//! pgbouncer (`workers.rs`, `cluster.rs`). Workers, servers and disks are struck in an order of chance (`strikes.rs`). When all is
//! whole again and the queue is empty, the token of every account in the vault is compared with what the sandbox knows of it
//! (`ledger.rs`). Exit code 1 if a promise was broken, 2 if the run could not be made.
#![cfg_attr(not(target_os = "linux"), allow(unused))]
#![allow(clippy::disallowed_methods, reason = "it works with real processes, files and clocks")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for developers")]

#[cfg(target_os = "linux")]
mod accounts;
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
mod strikes;
#[cfg(target_os = "linux")]
mod workers;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let options = options::Options::parse();
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
