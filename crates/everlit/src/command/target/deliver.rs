//! `everlit target test` and `push`: deliver now, without waiting for the next run.

use everlit_keeper::{Outcome, Report, Step};
use serde_json::json;

use super::common::named;
use crate::context::Context;
use crate::output::{Exit, Mark, Problem, Screen, relative};
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
    let reports = runtime()?.block_on(keeper.deliver(&context.settings.names()));
    let names: Vec<String> = targets.iter().flat_map(|target| target.deliveries()).collect();
    let (mut rows, mut exit) = (Vec::new(), Exit::Success);
    for report in &reports {
        exit = exit.max(exit_of(report, &names));
        rows.extend(names.iter().filter_map(|name| row(report, name)));
    }
    if context.global.json {
        let json =
            |row: &Row| json!({"account": row.account, "target": row.target, "failure": row.outcome.as_ref().err()});
        let refused = reports.iter().filter_map(|report| match &report.outcome {
            Outcome::Refused(error) => {
                Some(json!({"account": report.account.as_str(), "target": null, "failure": error.to_string()}))
            }
            _ => None,
        });
        let fields = json!({"deliveries": rows.iter().map(json).chain(refused).collect::<Vec<_>>()});
        screen.document("target", context.now(), exit, fields);
        return Ok(exit);
    }
    for report in &reports {
        if let Outcome::Refused(error) = &report.outcome {
            screen.say(format!("{} {}: {error}", Mark::Bad.painted(), report.account));
        }
    }
    for report in reports.iter().filter(|report| report.record.as_ref().is_some_and(|record| record.is_dead(report.at)))
    {
        let message = "its token no longer works, so it is not delivered";
        screen.say(format!("{} {}: {message}", Mark::Bad.painted(), report.account));
    }
    let unnoted =
        reports.iter().flat_map(|report| &report.undelivered).filter(|(target, _)| target.starts_with("the "));
    unnoted.for_each(|(what, why)| screen.say(format!("{} {what}: {why}", Mark::Bad.painted())));
    for row in &rows {
        let (mark, said) = row.outcome.as_ref().map_or_else(|why| (Mark::Bad, why), |said| (Mark::Good, said));
        screen.say(format!("{} {} -> {}: {said}", mark.painted(), row.account, row.target));
    }
    screen.next(&match exit {
        Exit::Success => Step::everlit("target list"),
        _ => Step::everlit("target push").with_note("once that is corrected; every run tries it again too"),
    });
    Ok(exit)
}

struct Row {
    account: String,
    target: String,
    /// When it was delivered, or why it was not.
    outcome: Result<String, String>,
}

fn row(report: &Report, name: &str) -> Option<Row> {
    let delivery = report.record.as_ref()?.deliveries.iter().find(|delivery| delivery.target == name)?;
    let failure = report.undelivered.iter().find(|(target, _)| target == name).map(|(_, error)| error.to_string());
    let when = delivery.delivered_at.map_or_else(String::new, |at| relative(at.min(report.at), report.at));
    let outcome = failure.map_or_else(|| Ok(format!("delivered {when}")), Err);
    Some(Row { account: report.account.to_string(), target: delivery.target.clone(), outcome })
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
