//! What is generated: man pages, completions, the reference in docs/, the pictures.
//!
//! `cargo run -p xtask -- generate` writes them, `... -- check` fails and names each one that is not current. All of
//! them come from the program itself, run as a user runs it, or from the tables that it decides by. `npm` makes the
//! packages for npm out of built programs, `formula` what Homebrew needs to know of a release. `structure` checks the
//! sizes of the crates and the imports between their files.

mod commands;
mod error;
mod exit_codes;
mod files;
mod formula;
mod markdown;
mod meta_errors;
mod npm;
mod picture;
mod program;
mod structure;
mod survival;

use std::process::ExitCode;

use crate::error::Error;
use crate::program::Program;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(message) => {
            tell(&message);
            ExitCode::SUCCESS
        }
        Err(error) => {
            tell(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<String, Error> {
    match arguments {
        ["generate"] => files::write(&files::all(&Program::build()?)?),
        ["check"] => files::check(&files::all(&Program::build()?)?),
        ["formula", version, sums, out] => formula::write(version, sums.as_ref(), out.as_ref()),
        ["structure"] => structure::check(program::root()),
        ["structure", folder] => structure::check(folder.as_ref()),
        ["npm", order @ ..] => npm::write(&npm::Order::parse(order)?),
        _ => Err(Error::Usage),
    }
}

#[allow(clippy::print_stderr, reason = "a program for whoever works on this one; nothing reads its output")]
fn tell(message: &str) {
    eprintln!("{message}");
}
