//! Keeps Instagram, Facebook and Threads access tokens from ever expiring.
//!
//! The program: parses the command line, runs a command and shows the result. Each command is a file in `command`;
//! exit codes are in the crate `advice`.

mod command;

use std::ffi::OsString;
use std::process::ExitCode;

use everlit_console::{cli, context, input, output, runtime};
use everlit_host::Environment;
use everlit_keeper::Step;
use everlit_meta_api::{hide_addresses, redact};

use crate::cli::{Cli, Color, Command};
use crate::output::{Exit, Invocation, Problem, Screen, rerun};

/// musl's own allocator gives freed memory back to the system at once and asks for it again: a page fault each time.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    everlit_host::forbid_core_dumps();
    everlit_host::redact_panics();
    everlit_host::outlive_file_size_limit();
    #[cfg(unix)]
    if let Some(code) = everlit_host::pid1::duties() {
        return code;
    }
    let environment = Environment::of_this_process();
    let args: Vec<OsString> = std::env::args_os().collect();
    if args.len() == 1 && environment.variable(everlit_trigger::RUNTIME_API).is_some() {
        return everlit_trigger::serve(&environment);
    }
    let cli = match Cli::read(&args) {
        Ok(cli) => cli,
        Err(error) => {
            let screen = Screen::of_this_process(Color::Auto, &environment);
            return usage(&error, &args, screen).into();
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

/// Shows help, or what is wrong with the command line. A token or a secret address in it is not repeated.
fn usage(error: &clap::Error, args: &[OsString], mut screen: Screen) -> u8 {
    // Help and version are answers, not errors.
    let exit = if error.use_stderr() { Exit::Config } else { Exit::Success };
    let text = error.render().to_string();
    let safe = hide_addresses(&redact(&text));
    let wants_json = args.iter().take_while(|arg| *arg != "--").any(|arg| arg == "--json");
    match () {
        () if !error.use_stderr() => screen.keep(error.print()),
        () if wants_json => {
            let message = safe.trim_start_matches("error: ").trim_end();
            screen.json(&Problem::of(exit, message).with_next(Step::everlit("help")).to_json());
        }
        () if safe == text => screen.note(error.render().ansi().to_string().trim_end()),
        () => screen.note(safe.trim_end()),
    }
    screen.end(exit.code(), rerun("with room for its output"))
}
