//! `everlit schedule check`: how many sites would lose their token with a schedule.

mod sources;
mod text;

use std::time::Duration;

use everlit_host::host_name;
use everlit_keeper::Step;
use everlit_schedule::TimeOfDay;
use everlit_schedule::read::Warning;
use everlit_schedule::simulate::assessment::{Assessment, Losses};
use everlit_schedule::simulate::survival::{CONDITIONS, SIMULATED, SITES};
use serde_json::{Value, json};

use crate::cli::ScheduleCheck;
use crate::context::Context;
use crate::output::step;
use crate::output::{Exit, Mark, Problem, Screen};

pub(super) fn run(context: &Context<'_>, flags: &ScheduleCheck, screen: &mut Screen) -> Result<Exit, Problem> {
    let (threshold_days, spread) = (context.settings.threshold_days.value, context.settings.policy(false).spread);
    let sources = sources::of(context, flags)?;
    let assessed: Vec<(Option<String>, Assessment)> = sources
        .found
        .into_iter()
        .map(|(place, found)| (place, Assessment::of(found, threshold_days, spread)))
        .collect();
    // Without any schedule every token dies, and what cannot be read may be a site's only one.
    let is_read = sources.unreadable.is_empty();
    let is_safe = is_read && !assessed.is_empty() && assessed.iter().all(|(_, assessment)| assessment.is_safe());
    let exit = if is_safe { Exit::Success } else { Exit::Person };
    let next = if is_read { next(&assessed, context) } else { sources::read_the_rest(flags) };
    if context.global.json {
        let fields = json!({
            "sites": SITES,
            "days": SIMULATED.as_secs() / 86_400,
            "schedules": assessed.iter().map(|(place, assessment)| to_json(place.as_deref(), assessment, is_read)).collect::<Vec<_>>(),
            "unreadable": sources.unreadable,
            "next": step::json(Some(&next)),
        });
        screen.document("schedule-check", context.machine_time(), exit, fields);
        return Ok(exit);
    }
    for why in &sources.unreadable {
        screen.note(format!("{} cannot read {why}", Mark::Warning.painted()));
    }
    if !(context.global.quiet && exit == Exit::Success) {
        text::show(&assessed, is_read, &next, screen);
    }
    Ok(exit)
}

fn to_json(place: Option<&str>, assessment: &Assessment, is_read: bool) -> Value {
    let seconds = |pause: Option<Duration>| pause.map(|pause| pause.as_secs());
    let losses = |losses: &Losses| {
        let mut lost = json!({ "threshold_days": losses.threshold_days });
        for (conditions, count) in CONDITIONS.iter().zip(losses.lost) {
            lost[conditions.code] = count.into();
        }
        lost
    };
    let rows = |warnings: &[Warning]| {
        let row = |warning: &Warning| json!({ "code": warning.code, "line": warning.line, "message": warning.message });
        warnings.iter().map(row).collect::<Vec<_>>()
    };
    let schedule = &assessment.schedule;
    json!({
        "file": place,
        "line": place.map(|_| schedule.line),
        "scheduler": schedule.platform.unwrap_or_else(|| schedule.scheduler.name()),
        "expression": schedule.text,
        "runs_a_year": assessment.runs_a_year,
        "shortest_pause_seconds": seconds(assessment.pauses.map(|(shortest, _)| shortest)),
        "longest_pause_seconds": seconds(assessment.pauses.map(|(_, longest)| longest)),
        "spread_days": assessment.spread.as_secs() / 86_400,
        "safe": is_read && assessment.is_safe(),
        "sites_lost": assessment.losses.iter().map(losses).collect::<Vec<_>>(),
        "blockers": rows(&schedule.blockers),
        "warnings": rows(&assessment.warnings),
    })
}

/// What to do about the worst schedule.
fn next(assessed: &[(Option<String>, Assessment)], context: &Context<'_>) -> Step {
    let worst = assessed
        .iter()
        .map(|(_, assessment)| assessment)
        .max_by_key(|assessment| (assessment.lost(), !assessment.is_safe()));
    let time = TimeOfDay::of_host(&host_name(context.environment), &context.settings.folder.to_string_lossy());
    worst.map_or_else(
        || Step::everlit("schedule install").with_note("or pass another schedule with --cron or as a file"),
        |worst| worst.next_step(time),
    )
}
