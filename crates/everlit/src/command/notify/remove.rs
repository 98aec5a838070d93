//! `everlit notify remove`: removes the settings first, then the secret, so that no notifier lacks its secret.

use everlit_engine::variables_of;
use everlit_keeper::Step;
use serde_json::json;

use super::common::{SECTIONS, check_name};
use crate::cli::NotifyRemove;
use crate::context::Context;
use crate::output::{Exit, Problem, Screen, is_still_in_vault, next_after_removal};

pub(super) fn run(context: &Context<'_>, flags: &NotifyRemove, screen: &mut Screen) -> Result<Exit, Problem> {
    check_name(&flags.name)?;
    let name = flags.name.as_str();
    let found = context.remove_table(&SECTIONS, name)?;
    let secrets = variables_of(name);
    let forgotten = context.remove_secrets(found, &secrets)?;
    let said = match (found, forgotten) {
        (Some(home), true) => format!("removed {name} from {home}, and its secret"),
        (Some(home), false) => format!("removed {name} from {home}"),
        (None, true) => format!("removed the secret of {name}; no settings mentioned it"),
        (None, false) => {
            let problem = Problem::config(format!("no channel or monitor is called {name}; nothing was changed"));
            return Err(problem.with_next(Step::everlit("notify list")));
        }
    };
    let is_left = is_still_in_vault(context, found, &SECTIONS, name);
    if context.global.json {
        let removed = found.is_some();
        let fields = json!({"name": name, "removed": removed, "secrets_removed": forgotten, "in_vault": is_left});
        screen.document("notifier-removed", context.now(), Exit::Success, fields);
        return Ok(Exit::Success);
    }
    screen.say(said);
    if secrets.iter().any(|name| context.environment.variable(name).is_some()) {
        screen.note("its secret is still set in the environment");
    }
    let next = next_after_removal(is_left, "notify", name, screen);
    screen.next(&next);
    Ok(Exit::Success)
}
