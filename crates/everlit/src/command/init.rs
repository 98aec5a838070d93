//! `everlit init`: sets up a folder. Writes what is missing, so a second run changes nothing.

mod ignore;
mod package;
mod script;
mod tokens;

use crate::output::step::{self, IntoStep};
use everlit_keeper::Step;
use serde_json::json;

use crate::cli::Init;
use crate::output::exit::Exit;
use crate::output::problem::Problem;
use crate::output::screen::{Mark, Screen, strong};
use crate::settings::CONFIG_FILE;
use crate::wire::Context;

pub(crate) fn run(context: &Context<'_>, flags: &Init, screen: &mut Screen) -> Result<Exit, Problem> {
    let found = tokens::look(context)?;
    let mut steps = found.steps;
    steps.push(package::add_script(context, flags.dry_run));
    steps.extend(ignore::cover(context, &found.files, flags.dry_run));
    show(context, flags, &steps, screen);
    Ok(worst(&steps))
}

/// One thing that was looked at or changed.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The file it is about, as the user would name it.
    file: String,
    state: State,
    message: String,
    /// What a person should do.
    next: Option<Step>,
    /// How the program ends for it.
    exit: Exit,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    /// It is as it should be.
    Ready,
    /// It was written.
    Added,
    /// A dry run would have written it.
    WouldAdd,
    /// There is nothing to do here.
    Skipped,
    /// A token has yet to be connected.
    NoToken,
    /// Left as it was, and somebody should look at it.
    Look,
    /// In the way of the first refresh.
    Problem,
}

impl State {
    fn written(dry_run: bool) -> Self {
        if dry_run { Self::WouldAdd } else { Self::Added }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Added => "added",
            Self::WouldAdd => "would add",
            Self::Skipped => "skipped",
            Self::NoToken => "no token",
            Self::Look => "look",
            Self::Problem => "problem",
        }
    }

    fn mark(self) -> Mark {
        match self {
            Self::Ready | Self::Added => Mark::Good,
            Self::WouldAdd | Self::Skipped | Self::NoToken => Mark::Waiting,
            Self::Look => Mark::Warning,
            Self::Problem => Mark::Bad,
        }
    }
}

impl Row {
    fn new(file: impl Into<String>, state: State, message: impl Into<String>) -> Self {
        Self { file: file.into(), state, message: message.into(), next: None, exit: Exit::Success }
    }

    /// Something that keeps everlit from doing its work.
    fn problem(file: impl Into<String>, exit: Exit, message: impl Into<String>, next: impl IntoStep) -> Self {
        Self { next: Some(next.into_step()), exit, ..Self::new(file, State::Problem, message) }
    }

    /// Something that somebody should look at.
    fn look(file: impl Into<String>, message: impl Into<String>, next: impl IntoStep) -> Self {
        Self { next: Some(next.into_step()), ..Self::new(file, State::Look, message) }
    }
}

fn worst(steps: &[Row]) -> Exit {
    steps.iter().map(|step| step.exit).max().unwrap_or(Exit::Success)
}

/// Problems first; where there is none, what remains to be looked at does not hold up the first refresh.
fn next(steps: &[Row], dry_run: bool) -> Step {
    let problem = steps.iter().filter(|step| step.exit != Exit::Success).max_by_key(|step| step.exit);
    match problem.and_then(|step| step.next.clone()) {
        Some(next) => next,
        None if dry_run && steps.iter().any(|step| step.state == State::WouldAdd) => Step::everlit("init"),
        None => {
            let no_token = steps.iter().find(|step| step.state == State::NoToken);
            let after = no_token.and_then(|step| step.next.clone()).unwrap_or_else(|| Step::everlit("refresh"));
            match steps.iter().find(|step| step.file == CONFIG_FILE).and_then(|step| step.next.as_ref()) {
                Some(first) => after.with_note(format!("but first {first}")),
                None => after,
            }
        }
    }
}

fn show(context: &Context<'_>, flags: &Init, steps: &[Row], screen: &mut Screen) {
    let exit = worst(steps);
    let next = next(steps, flags.dry_run);
    if context.global.json {
        let rows: Vec<_> = steps
            .iter()
            .map(|step| json!({ "file": step.file, "state": step.state.word(), "message": step.message, "next": step::json(step.next.as_ref()) }))
            .collect();
        return screen.json(&json!({
            "schema": "everlit.init/1",
            "generated_at": everlit_store::rfc3339(context.now()),
            "exit_code": exit.code(),
            "dry_run": flags.dry_run,
            "changed": steps.iter().any(|step| step.state == State::Added),
            "steps": rows,
            "next": step::json(Some(&next)),
        }));
    }
    let quiet =
        |step: &&Row| !context.global.quiet || matches!(step.state, State::NoToken | State::Look | State::Problem);
    if flags.dry_run {
        screen.note("Dry run: nothing is written.");
    }
    let width = steps.iter().map(|step| step.file.chars().count()).max().unwrap_or(0);
    for step in steps.iter().filter(quiet) {
        let state = strong(&format!("{:<9}", step.state.word()));
        screen.say(format!("{} {state}  {:<width$}  {}", step.state.mark().painted(), step.file, step.message));
        if let Some(next) = step.next.as_ref().filter(|_| step.state == State::Look) {
            screen.say_step(&format!("  {:<9}  {:<width$}  ", "", ""), next);
        }
    }
    if !context.global.quiet || exit != Exit::Success {
        screen.next(next);
    }
}
