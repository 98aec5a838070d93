//! Whether something on this machine runs everlit daily. The schedulers are asked; no name of a user is shown.

use super::finding::Finding;
use crate::command::schedule::show::look;
use crate::wire::Context;

pub(super) fn of(context: &Context<'_>) -> Option<Finding> {
    // Nothing can be said of a machine whose schedulers do not answer.
    let seen = look(context).ok()?;
    let failure = seen.installed.iter().find(|(_, proof)| !proof.troubles.is_empty());
    if let Some((found, _)) = failure {
        let message = format!("the job that everlit has put into {} will not run as it should", found.scheduler);
        return Some(Finding::warning("schedule", message).fix("everlit schedule show"));
    }
    if seen.installed.len() + seen.unmanaged.len() > 1 {
        let message = "more than one schedule runs this folder";
        return Some(Finding::warning("schedule", message).fix("everlit schedule show, and keep one of them"));
    }
    match (seen.installed.first(), seen.unmanaged.is_empty()) {
        (Some((found, proof)), _) => {
            let next =
                proof.next.as_ref().map_or_else(String::new, |next| format!("; next {}", next.message(context.now())));
            Some(Finding::ok("schedule", format!("{} runs it daily{next}", found.scheduler)))
        }
        (None, false) => Some(Finding::ok("schedule", "a line that was made by hand runs it")),
        (None, true) => {
            let message = "no schedule for this folder was found on this machine";
            Some(Finding::warning("schedule", message).fix("everlit schedule install"))
        }
    }
}
