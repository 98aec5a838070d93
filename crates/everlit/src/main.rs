//! Keeps Instagram, Facebook and Threads access tokens from ever expiring.
//!
//! This is the program: it reads flags and settings, wires the rooms together, shows what happened and ends with an
//! exit code that can be relied on. What it does stands in `command`, one file for each.

mod channels;
mod cli;
mod command;
mod env_files;
mod heartbeats;
mod input;
mod messages;
mod metrics_file;
mod output;
mod runtime;
mod settings;
mod site;
mod wire;

use crate::output::step::rerun;
use everlit_keeper::Step;
use std::ffi::OsString;
use std::process::ExitCode;

use everlit_meta_api::redact;

use crate::cli::{Cli, Color, Command};
use crate::output::exit::Exit;
use crate::output::invocation::Invocation;
use crate::output::screen::Screen;
use everlit_host::Environment;

fn main() -> ExitCode {
    everlit_host::forbid_core_dumps();
    everlit_host::redact_panics();
    #[cfg(unix)]
    if let Some(code) = everlit_host::pid1::duties() {
        return code;
    }
    let environment = Environment::of_this_process();
    let message: Vec<OsString> = std::env::args_os().collect();
    let cli = match Cli::read(&message) {
        Ok(cli) => cli,
        Err(error) => {
            let mut screen = Screen::of_this_process(Color::Auto, &environment);
            let text = error.render().to_string();
            match without_addresses(&redact(&text)) {
                // Help was asked for.
                _ if !error.use_stderr() => screen.keep(error.print()),
                safe if safe == text => screen.note(error.render().ansi().to_string().trim_end()),
                // A token or a secret address was typed where none belongs; it is not repeated.
                safe => screen.note(safe.trim_end()),
            }
            return screen.end(Exit::of_usage(&error).code(), rerun("with room for its output")).into();
        }
    };
    let mut screen = Screen::of_this_process(cli.global.color, &environment).called_as(Invocation::typed(&cli.global));
    let code = command::run(&cli, &environment, &mut screen).unwrap_or_else(|problem| {
        if cli.global.json {
            screen.json(&problem.to_json());
        }
        screen.problem(&problem);
        problem.exit.code()
    });
    let again = if matches!(cli.command, Command::Token(_)) { "token" } else { "status" };
    screen.end(code, Step::everlit(again).with_note("once stdout has room")).into()
}

/// `https://hooks.example/services/...` as `https://(not shown)`: many an address is a secret.
fn without_addresses(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, address)) = rest.split_once("://") {
        let end = address.find(|c: char| c.is_whitespace() || "'\"".contains(c)).unwrap_or(address.len());
        shown.extend([before, "://", if end == 0 { "" } else { "(not shown)" }]);
        rest = &address[end..];
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::without_addresses;

    #[test]
    fn of_an_address_only_its_scheme_is_shown() {
        let cases = [
            ("unexpected argument 'https://h.example/s?x=1' found", "unexpected argument 'https://(not shown)' found"),
            ("smtp://u:p@h, http://h", "smtp://(not shown) http://(not shown)"),
            ("a:// b, try '--help'", "a:// b, try '--help'"),
        ];
        for (text, shown) in cases {
            assert_eq!(without_addresses(text), shown);
        }
    }
}
