//! `package.json`: the script that people run.

use everlit_disk::{ReplaceOptions, replace};
use everlit_engine::{SCRIPT_COMMAND as COMMAND, SCRIPT_NAME as NAME, ScriptEdit, with_script};
use everlit_keeper::Step;

use super::row::{Row, State};
use crate::context::Context;
use crate::output::Exit;

const FILE: &str = "package.json";

pub(crate) fn add_script(context: &Context<'_>, dry_run: bool) -> Row {
    const LARGEST: usize = 4 << 20;
    let path = context.settings.folder.join(FILE);
    let by_hand = Step::note(format!("add the script \"{NAME}\": \"{COMMAND}\" to {FILE} by hand"));
    let text = match context.disk.read(&path, LARGEST) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Row::new(FILE, State::Skipped, "there is none, so no npm script is needed");
        }
        Err(error) => return Row::problem(FILE, Exit::Config, format!("it cannot be read: {error}"), by_hand),
    };
    let (new, older) = match with_script(&text) {
        Ok(ScriptEdit::Ready) => return Row::new(FILE, State::Ready, format!("npm run {NAME} runs {COMMAND}")),
        Ok(ScriptEdit::Other(command)) => {
            let message = format!("left alone: its script {NAME} runs `{}`", everlit_meta_api::redact(&command));
            return Row::look(FILE, message, Step::note(format!("to let everlit do that, change it to \"{COMMAND}\"")));
        }
        Ok(ScriptEdit::Write(new, older)) => (new, older),
        Err(odd) => return Row::problem(FILE, Exit::Config, format!("left alone: {odd}"), by_hand),
    };
    if !dry_run && let Err(error) = replace(&*context.disk, &path, &new, &ReplaceOptions::default()) {
        return Row::problem(FILE, Exit::NotSaved, error.to_string(), by_hand);
    }
    let instead = older.map_or_else(String::new, |older| format!(" instead of `{}`", everlit_meta_api::redact(&older)));
    Row::new(FILE, State::written(dry_run), format!("the script \"{NAME}\": \"{COMMAND}\"{instead}"))
}
