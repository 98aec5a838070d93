//! Next steps as they leave the program: with the flags of this call, quoted for the shell.

pub use everlit_advice::step_json as json;
use everlit_keeper::{Step, StepCommand};
use serde_json::Value;

use crate::output::Invocation;

/// Run this very command again, changed as `how` says.
pub fn rerun(how: &str) -> Step {
    Step::note(format!("run it again {how}"))
}

/// The step's lines: the command, ready to be pasted, then the note.
pub fn lines(step: &Step, invocation: &Invocation) -> Vec<String> {
    let command = step.command.as_ref().map(|command| invocation.command(command));
    command.into_iter().chain(step.note.clone()).collect()
}

/// The command of a step in a JSON document as a line for a shell.
pub fn rendered(args: Vec<Value>, invocation: &Invocation) -> String {
    let text = |arg: Value| arg.as_str().unwrap_or_default().to_owned();
    invocation.command(&StepCommand::Everlit(args.into_iter().map(text).collect()))
}
