//! Next steps in JSON documents.

use everlit_keeper::{Step, StepCommand};
use serde_json::{Value, json};

/// A step for a JSON document; `null` without one. The command is a list of arguments for everlit, or a line for a shell.
pub fn step_json(step: Option<&Step>) -> Value {
    let Some(step) = step else { return Value::Null };
    let command = step.command.as_ref().map(|command| match command {
        StepCommand::Everlit(args) => json!(args),
        StepCommand::Shell(line) => json!(line),
    });
    json!({ "command": command, "note": step.note })
}
