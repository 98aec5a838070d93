//! `everlit notify remove`: removes the settings first, then the secret, so that no notifier lacks its secret.

use everlit_engine::{CONFIG_FILE, edit_config, parse_config, remove_secrets, variables_of};
use everlit_keeper::Step;
use serde_json::json;

use super::common::check_name;
use crate::cli::NotifyRemove;
use crate::context::Context;
use crate::output::{Exit, Problem, Screen};

pub(super) fn run(context: &Context<'_>, flags: &NotifyRemove, screen: &mut Screen) -> Result<Exit, Problem> {
    check_name(&flags.name)?;
    let name = flags.name.as_str();
    let found = edit_config(context, |text| {
        let mut document = parse_config(text)?;
        let mut found = false;
        for section in ["notify", "heartbeat"] {
            let Some(tables) = document.get_mut(section).and_then(|item| item.as_table_like_mut()) else { continue };
            found |= tables.remove(name).is_some();
            if tables.is_empty() {
                document.remove(section);
            }
        }
        Ok(found.then(|| document.to_string()))
    })?;
    let secrets = variables_of(name);
    let forgotten = remove_secrets(context, &secrets)?;
    let said = match (found, forgotten) {
        (true, true) => format!("removed {name} from {CONFIG_FILE}, and its secret"),
        (true, false) => format!("removed {name} from {CONFIG_FILE}"),
        (false, true) => format!("removed the secret of {name}; {CONFIG_FILE} did not mention it"),
        (false, false) => {
            let problem = Problem::config(format!("no channel or monitor is called {name}; nothing was changed"));
            return Err(problem.with_next(Step::everlit("notify list")));
        }
    };
    if context.global.json {
        let fields = json!({"name": name, "removed": found, "secrets_removed": forgotten});
        screen.document("notifier-removed", context.now(), Exit::Success, fields);
        return Ok(Exit::Success);
    }
    screen.say(said);
    if secrets.iter().any(|name| context.environment.variable(name).is_some()) {
        screen.note("its secret is still set in the environment");
    }
    screen.next(&Step::everlit("notify list"));
    Ok(Exit::Success)
}
