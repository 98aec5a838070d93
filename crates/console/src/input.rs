//! What a person types or pastes and what a program pipes in. Secrets are never arguments and never shown.

use crate::output::{Problem, Screen, rerun};
use everlit_keeper::Step;
use std::io::IsTerminal as _;

use everlit_meta_api::Secret;

use crate::context::Context;
use everlit_host::shell::STDIN_FROM_FILE;

/// Whether questions are allowed.
pub fn may_ask(context: &Context<'_>) -> bool {
    let is_ci = context.environment.variable("CI").is_some_and(|ci| ci != "false" && ci != "0");
    !context.global.no_input && !is_ci
}

/// Whether there is a person to ask.
pub fn has_person(context: &Context<'_>) -> bool {
    may_ask(context) && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// One line from the person at the terminal; `None` where it cannot be read.
pub fn answer(question: &str, screen: &mut Screen) -> Option<String> {
    screen.note(question);
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).ok().filter(|length| *length > 0)?;
    Some(line.trim().to_owned())
}

/// A secret that the person at the terminal pastes.
pub fn unseen(prompt: &str) -> Result<Secret, Problem> {
    let text = everlit_host::unseen_line(prompt).map_err(|error| {
        Problem::config(format!("cannot read the terminal: {error}")).with_next(rerun(STDIN_FROM_FILE))
    })?;
    // Bracketed paste.
    Ok(Secret::new(text.expose().replace("\u{1b}[200~", "").replace("\u{1b}[201~", "")))
}

/// Reads a secret from stdin. `instead` is the step if stdin is a terminal, which would show it.
pub fn piped(what: &str, instead: Step) -> Result<Secret, Problem> {
    if std::io::stdin().is_terminal() {
        let message = format!("--stdin reads a pipe; this terminal would show the {what}");
        return Err(Problem::config(message).with_next(instead));
    }
    let next = rerun(&format!("{STDIN_FROM_FILE}, where FILE holds only the {what}, as UTF-8 text"));
    everlit_host::piped_secret(what).map_err(|message| Problem::config(message).with_next(next))
}
