//! `everlit target test` and `push`: deliver now, without waiting for the next run.

use everlit_keeper::{Outcome, Report, Step};
use serde_json::json;

use super::common::named;
use crate::context::Context;
use crate::output::{Delivered, Exit, Mark, Problem, Screen};
use crate::runtime::runtime;

/// `again` delivers also to targets that hold the token.
pub(super) fn run(
    context: &Context<'_>,
    name: Option<&str>,
    again: bool,
    screen: &mut Screen,
) -> Result<Exit, Problem> {
    let targets = named(context, name)?;
    let keeper = context.keeper_for(&targets, &context.store())?;
    let keeper = if again { keeper.with_redelivery() } else { keeper };
    let started = context.now();
    let reports = runtime()?.block_on(keeper.deliver(&context.settings.names()));
    let names: Vec<String> = targets.iter().flat_map(|target| target.deliveries()).collect();
    let (mut rows, mut exit) = (Vec::new(), Exit::Success);
    for report in &reports {
        exit = exit.max(exit_of(report, &names));
        let is_place = |name: &str| targets.iter().any(|target| target.name == name);
        rows.extend(names.iter().filter_map(|name| Delivered::of(report, name, is_place(name), started)));
    }
    exit = exit.max(if rows.iter().all(Delivered::is_well) { Exit::Success } else { Exit::Temporary });
    if context.global.json {
        let refused = reports.iter().filter_map(|report| match &report.outcome {
            Outcome::Refused(error) => {
                Some(json!({"account": report.account.as_str(), "target": null, "failure": error.to_string()}))
            }
            _ => None,
        });
        let fields = json!({"deliveries": rows.iter().map(Delivered::to_json).chain(refused).collect::<Vec<_>>()});
        screen.document("target", context.now(), exit, fields);
        return Ok(exit);
    }
    for report in &reports {
        if let Outcome::Refused(error) = &report.outcome {
            screen.say(format!("{} {}: {error}", Mark::Bad.painted(), report.account));
        }
    }
    let unnoted =
        reports.iter().flat_map(|report| &report.undelivered).filter(|(target, _)| target.starts_with("the "));
    unnoted.for_each(|(what, why)| screen.say(format!("{} {what}: {why}", Mark::Bad.painted())));
    for row in &rows {
        screen.say(row.line());
    }
    screen.next(&match exit {
        Exit::Success => Step::everlit("target list"),
        _ => Step::everlit("target push").with_note("once that is corrected; every run tries it again too"),
    });
    Ok(exit)
}

/// What these targets alone call for.
fn exit_of(report: &Report, names: &[String]) -> Exit {
    if matches!(report.outcome, Outcome::Refused(_)) {
        return Exit::of(report);
    }
    if report.record.as_ref().is_some_and(|record| record.is_dead(report.at)) {
        return Exit::Person;
    }
    // What could not be noted counts, what another target lacks does not.
    let is_one = |target: &str| names.iter().any(|name| name == target) || target.starts_with("the ");
    let failed = report.undelivered.iter().filter(|(target, _)| is_one(target));
    failed
        .map(|(_, error)| if error.needs_person() { Exit::NotSaved } else { Exit::Temporary })
        .max()
        .unwrap_or(Exit::Success)
}
