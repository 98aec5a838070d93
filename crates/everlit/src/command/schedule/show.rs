//! `everlit schedule show`: what refreshes this folder, when next, and how the last run ended.

use everlit_meta_api::Timestamp;
use everlit_store::rfc3339;
use serde_json::{Value, json};

use crate::context::Context;
use crate::output::step;
use crate::output::{Exit, Mark, Problem, Screen, dim, relative};

use super::{rows, survey};

pub(super) fn run(context: &Context<'_>, screen: &mut Screen) -> Result<Exit, Problem> {
    let survey = survey(context)?;
    let exit = if survey.is_healthy() { Exit::Success } else { Exit::Person };
    let next = survey.next_step();
    let now = context.machine_time();
    let last_run = last_run(context);
    if context.global.json {
        let jobs = survey.installed.iter().map(|(job, status)| rows::to_json(job, Some(status)));
        let unmanaged = survey.unmanaged.iter().map(|job| json!({ "place": job.place, "line": job.line }));
        let fields = json!({
            "folder": survey.folder.display().to_string(),
            "last_run_at": last_run.map(rfc3339),
            "schedules": jobs.collect::<Vec<Value>>(),
            "unmanaged": unmanaged.collect::<Vec<Value>>(),
            "gone": survey.gone.iter().map(|job| rows::to_json(job, None)).collect::<Vec<_>>(),
            "unreadable": survey.unreadable,
            "next": step::json(Some(&next)),
        });
        screen.document("schedule", now, exit, fields);
        return Ok(exit);
    }
    let quiet = context.global.quiet;
    for (job, status) in survey.installed.iter().filter(|(_, status)| !quiet || !status.works()) {
        rows::show(job, status, now, screen);
    }
    for note in survey.notes() {
        screen.say(format!("{} {note}", Mark::Warning.painted()));
    }
    if quiet && exit == Exit::Success {
        return Ok(exit);
    }
    let last_run = last_run.map_or_else(|| "none found".to_owned(), |at| relative(at, context.now()));
    screen.say(dim(&format!("last run (any trigger): {last_run}")));
    screen.next(&next);
    Ok(exit)
}

fn last_run(context: &Context<'_>) -> Option<Timestamp> {
    let store = context.store();
    context.settings.names().iter().filter_map(|name| Some(store.last_run(name, context.now())?.at)).max()
}
