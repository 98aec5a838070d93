//! `everlit token`: prints a token to a pipe.

use everlit_keeper::{AccountName, Health, Report, Step, Store};

use crate::cli::Token;
use crate::context::Context;
use crate::output::{Exit, Problem, Screen, View, few};
use crate::runtime::runtime;
use everlit_host::stdout_is_a_terminal;

pub(crate) fn run(context: &Context<'_>, flags: &Token, screen: &mut Screen) -> Result<Exit, Problem> {
    if context.global.json {
        return Err(Problem::config("a token is never part of a JSON document").with_next(Step::everlit("token")));
    }
    let names = context.settings.names();
    let [name] = names.as_slice() else { return Err(which_one(&names)) };
    if stdout_is_a_terminal() && !flags.reveal {
        return Err(Problem::config("a token on a screen stays in the scrollback and in recordings")
            .with_next(Step::everlit("token --reveal").with_note("or pipe it: everlit token | COMMAND")));
    }
    let now = context.now();
    let runtime = runtime()?;
    let store = context.store();
    let stored = runtime.block_on(store.load(name, now));
    let stored =
        stored.map_err(|error| View::of_store_error(name.as_str(), &error).with(&context.settings).into_problem())?;
    let report = Report::idle(name, stored.record, &context.settings.policy(false), now);
    if matches!(report.health(), Health::NeedsPerson | Health::Expired) {
        // The reader of the pipe must not take a dead token for a good one.
        return Err(View::of_report(&report).with(&context.settings).into_problem());
    }
    let end = if flags.newline { "\n" } else { "" };
    screen.print(format!("{}{end}", stored.current.expose()));
    Ok(Exit::Success)
}

fn which_one(names: &[AccountName]) -> Problem {
    let first = names.first().map_or("NAME", AccountName::as_str);
    let known = few(names).map_or_else(String::new, |known| format!(": {known}"));
    Problem::config(format!("there are {} accounts{known}", names.len())).with_next(Step::everlit_args([
        "token",
        "--account",
        first,
    ]))
}
