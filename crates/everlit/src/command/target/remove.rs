//! `everlit target remove`: removes the settings first, then the secrets, so that no target lacks its secret.

use everlit_engine::{CONFIG_FILE, edit_config, parse_config, remove_secrets};
use everlit_keeper::Step;
use everlit_target::KINDS;
use serde_json::json;

use super::common::check_name;
use crate::context::Context;
use crate::output::{Exit, Problem, Screen};

pub(super) fn run(context: &Context<'_>, name: &str, screen: &mut Screen) -> Result<Exit, Problem> {
    check_name(name)?;
    let found = edit_config(context, |text| {
        let mut document = parse_config(text)?;
        let Some(tables) = document.get_mut("target").and_then(|item| item.as_table_like_mut()) else {
            return Ok(None);
        };
        let found = tables.remove(name).is_some();
        if tables.is_empty() {
            document.remove("target");
        }
        Ok(found.then(|| document.to_string()))
    })?;
    let variables = KINDS.iter().flat_map(|kind| kind.secrets.iter().map(move |secret| kind.variable(name, secret)));
    let variables: Vec<String> = variables.collect();
    let forgotten = remove_secrets(context, &variables)?;
    let said = match (found, forgotten) {
        (true, true) => {
            format!("removed {name} from {CONFIG_FILE}, and its secrets; the token that it holds stays there")
        }
        (true, false) => format!("removed {name} from {CONFIG_FILE}; the token that it holds stays there"),
        (false, true) => format!("removed the secrets of {name}; {CONFIG_FILE} did not mention it"),
        (false, false) => {
            let problem = Problem::config(format!("no target is called {name}; nothing was changed"));
            return Err(problem.with_next(Step::everlit("target list")));
        }
    };
    if context.global.json {
        let fields = json!({"name": name, "removed": found, "secrets_removed": forgotten});
        screen.document("target-removed", context.now(), Exit::Success, fields);
        return Ok(Exit::Success);
    }
    screen.say(said);
    if variables.iter().any(|name| context.environment.variable(name).is_some()) {
        screen.note("its secret is still set in the environment");
    }
    screen.next(&Step::everlit("target list"));
    Ok(Exit::Success)
}
