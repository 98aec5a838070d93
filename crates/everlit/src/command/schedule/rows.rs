//! One job, for a person and for a program.

use everlit_meta_api::Timestamp;
use everlit_schedule::{InstalledJob, JobStatus, RunTime};
use everlit_store::rfc3339;
use serde_json::{Value, json};

use crate::output::step;
use crate::output::{Mark, Screen, date_and_time, relative, strong};

/// Prints a job.
pub(super) fn show(job: &InstalledJob, status: &JobStatus, now: Timestamp, screen: &mut Screen) {
    let mark = if status.works() { Mark::Good } else { Mark::Bad };
    screen.say(format!("{} {}  {}", mark.painted(), strong(&format!("{:<12}", job.scheduler.name())), job.place));
    if let Some(next) = &status.next_run {
        screen.say(format!("  next run      {}", shown_time(next, now)));
    }
    if let Some(last) = &status.last_run {
        screen.say(format!("  last run      {}", shown_time(last, now)));
    }
    if let Some(result) = &status.last_result {
        screen.say(format!("  last result   {result}"));
    }
    for problem in &status.problems {
        screen.say(format!("  {} {}", Mark::Warning.painted(), problem.message));
        screen.say_step("    fix: ", &problem.fix);
    }
}

/// A job in JSON.
pub(super) fn to_json(job: &InstalledJob, status: Option<&JobStatus>) -> Value {
    let at = |time: Option<&RunTime>| match time {
        Some(RunTime::At(at)) => Value::String(rfc3339(*at)),
        Some(RunTime::Text(_)) | None => Value::Null,
    };
    let problems = status.map(|status| status.problems.as_slice()).unwrap_or_default();
    json!({
        "scheduler": job.scheduler.name(),
        "name": job.label,
        "place": job.place,
        "folder": job.folder.as_ref().map(|folder| folder.display().to_string()),
        "edited": job.edited,
        "works": status.map(JobStatus::works),
        "next_run_at": at(status.and_then(|status| status.next_run.as_ref())),
        "last_run_at": at(status.and_then(|status| status.last_run.as_ref())),
        "last_result": status.and_then(|status| status.last_result.clone()),
        "problems": problems
            .iter()
            .map(|problem| json!({ "message": problem.message, "fix": step::json(Some(&problem.fix)) }))
            .collect::<Vec<_>>(),
    })
}

/// The time of a run, for a person.
pub(crate) fn shown_time(time: &RunTime, now: Timestamp) -> String {
    match time {
        RunTime::At(at) => format!("{} ({})", date_and_time(*at), relative(*at, now)),
        RunTime::Text(text) => text.clone(),
    }
}
