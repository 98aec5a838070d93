//! `everlit target remove`: removes the settings first, then the secrets, so that no target lacks its secret.

use everlit_keeper::Step;
use everlit_target::KINDS;
use serde_json::json;

use super::common::check_name;
use crate::context::Context;
use crate::output::{Exit, Problem, Screen, is_still_in_vault, next_after_removal};

pub(super) fn run(context: &Context<'_>, name: &str, screen: &mut Screen) -> Result<Exit, Problem> {
    check_name(name)?;
    let found = context.remove_table(&["target"], name)?;
    let variables = KINDS.iter().flat_map(|kind| kind.secrets.iter().map(move |secret| kind.variable(name, secret)));
    let variables: Vec<String> = variables.collect();
    let forgotten = context.remove_secrets(found, &variables)?;
    let said = match (found, forgotten) {
        (Some(home), true) => {
            format!("removed {name} from {home}, and its secrets; the token that it holds stays there")
        }
        (Some(home), false) => format!("removed {name} from {home}; the token that it holds stays there"),
        (None, true) => format!("removed the secrets of {name}; no settings mentioned it"),
        (None, false) => {
            let problem = Problem::config(format!("no target is called {name}; nothing was changed"));
            return Err(problem.with_next(Step::everlit("target list")));
        }
    };
    let is_left = is_still_in_vault(context, found, &["target"], name);
    if context.global.json {
        let removed = found.is_some();
        let fields = json!({"name": name, "removed": removed, "secrets_removed": forgotten, "in_vault": is_left});
        screen.document("target-removed", context.now(), Exit::Success, fields);
        return Ok(Exit::Success);
    }
    screen.say(said);
    if variables.iter().any(|name| context.environment.variable(name).is_some()) {
        screen.note("its secret is still set in the environment");
    }
    let next = next_after_removal(is_left, "target", name, screen);
    screen.next(&next);
    Ok(Exit::Success)
}
