//! The one line for monitors.

use std::cmp::Reverse;

use everlit_advice::{Exit, counted};
use everlit_engine::Project;
use everlit_keeper::{Health, Record, Undelivered};

use super::standing::has_unknown_runs;
use super::view::View;

/// How many failures stand in the line.
const MOST_NAMED: usize = 3;

/// `OK: 3 tokens are safe` or `NEEDS A PERSON: shop: expired 2 days ago`.
pub fn check_line(
    project: &Project<'_>,
    views: &[View],
    dead_and_paused: usize,
    undelivered: &[Undelivered],
    exit: Exit,
) -> String {
    if exit == Exit::Success {
        let paused = match project.settings.paused.len() {
            0 => String::new(),
            count if dead_and_paused > 0 => {
                format!(", {count} paused and not refreshed ({dead_and_paused} no longer valid)")
            }
            count => format!(", {count} paused and not refreshed"),
        };
        let channels: Vec<&str> = undelivered.iter().map(|undelivered| undelivered.channel.as_str()).collect();
        let unheard = match channels.join(", ") {
            none if none.is_empty() => none,
            channels => format!(", last message could not be sent to {channels}"),
        };
        return format!("OK: {} safe{paused}{unheard}", counted(views.len(), "token"));
    }
    if views.is_empty() {
        let paused = project.settings.paused.len();
        return format!("ERROR: no account of the vault is kept alive ({paused} paused)");
    }
    let unverified = |record: &Record| record.last_verified_at.is_none();
    let is_unverified = |view: &View| view.health.is_well() && view.record.as_ref().is_some_and(unverified);
    let failing = || views.iter().filter(|view| view.exit != Exit::Success);
    let word = match exit {
        Exit::Person => "NEEDS A PERSON",
        Exit::Temporary if failing().all(is_unverified) => "NOT VERIFIED YET",
        Exit::Temporary if failing().all(has_unknown_runs) => "NOT KNOWN",
        Exit::Temporary => "RETRYING",
        _ => "ERROR",
    };
    let problems = project.settings.problems_of_run().map(|error| (Exit::Config, error.message.clone()));
    let mut failures: Vec<(Exit, String)> =
        failing().map(|view| (view.exit, format!("{}: {}", view.name, why(view)))).chain(problems).collect();
    // What asks for the most comes first.
    failures.sort_by_key(|(exit, _)| Reverse(*exit));
    let more = failures.len().saturating_sub(MOST_NAMED);
    let failures: Vec<String> = failures.into_iter().take(MOST_NAMED).map(|(_, failure)| failure).collect();
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{word}: {}{more}", failures.join("; "))
}

/// What a monitor is told of an account that is not well.
fn why(view: &View) -> String {
    let failure = view.record.as_ref().and_then(|record| record.failure.as_ref()).map(|failure| &failure.message);
    if let Some(failure) = failure.filter(|_| view.exit != Exit::NotSaved && view.health != Health::Stopped) {
        return failure.clone();
    }
    let undelivered: Vec<&str> = view.lines.iter().filter_map(|line| line.strip_prefix("not delivered to ")).collect();
    let line = match view.health {
        Health::Expired => view.lines.first(),
        _ if undelivered.len() > 1 && view.health.is_well() => {
            return format!("not delivered to {}", undelivered.join("; to "));
        }
        _ => view.lines.last(),
    };
    line.cloned().unwrap_or_else(|| view.health.label().to_owned())
}
