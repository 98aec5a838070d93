//! Whether something on this machine refreshes the folder daily. No user name is shown.

use everlit_keeper::Step;

use super::finding::Finding;
use crate::command::schedule::{shown_time, survey};
use crate::context::Context;
use crate::output::Serving;

pub(super) fn of(context: &Context<'_>) -> Option<Finding> {
    // Without an answer from the schedulers there is nothing to report.
    let survey = survey(context).ok()?;
    let warning = |message: String| Finding::warning("schedule", message);
    if let Some((job, _)) = survey.installed.iter().find(|(job, _)| job.edited) {
        let message = format!("the job in {} was edited and is no longer what everlit wrote", job.scheduler);
        return Some(warning(message).fix(Step::everlit("schedule show")));
    }
    if let Some((job, _)) = survey.installed.iter().find(|(_, status)| !status.works()) {
        return Some(
            warning(format!("the job in {} will not run reliably", job.scheduler)).fix(Step::everlit("schedule show")),
        );
    }
    if survey.count() > 1 {
        let message = "more than one job refreshes this folder".to_owned();
        return Some(warning(message).fix(Step::everlit("schedule show").with_note("keep only one of them")));
    }
    Some(match (survey.installed.first(), survey.unmanaged.is_empty()) {
        (Some((job, status)), _) => {
            let next = status.next_run.as_ref();
            let next = next
                .map_or_else(String::new, |next| format!("; next run {}", shown_time(next, context.machine_time())));
            Finding::ok("schedule", format!("{} runs it daily{next}", job.scheduler))
        }
        (None, false) => Finding::ok("schedule", "a job that everlit did not install refreshes this folder"),
        (None, true) => match Serving::worker_of(context) {
            Some(worker) => Finding::ok("schedule", format!("served by {worker}")),
            None => warning("no job for this folder is installed on this machine".to_owned())
                .fix(Step::everlit("schedule install")),
        },
    })
}
