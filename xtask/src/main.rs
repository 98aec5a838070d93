//! Generates man pages, completions, the reference in docs/ and the pictures, and checks the workspace.
//!
//! `cargo run -p xtask -- generate` writes the files; `... -- check` fails and names each one that is not current. They
//! come from everlit itself, run as a user runs it, or from the tables it decides by. `npm` makes the npm packages out of
//! built executables, and `formula` the Homebrew formula of a release. `structure` checks the sizes of the crates and the
//! imports between their files.

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
            print(&message);
            ExitCode::SUCCESS
        }
        Err(error) => {
            print(&error.to_string());
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
        ["npm", options @ ..] => npm::write(&npm::Options::parse(options)?),
        _ => Err(Error::Usage),
    }
}

#[allow(clippy::print_stderr, reason = "a tool for developers; no program reads its output")]
fn print(message: &str) {
    eprintln!("{message}");
}
