//! Reads a Kubernetes `CronJob`.

use crate::Scheduler;
use crate::detected::{DetectedSchedule, Unreadable, Warning};
use crate::yaml::{Leaf, of_crons};

/// The schedule of a manifest; `None` if it is of another kind.
pub(crate) fn cron_job(leaves: &[Leaf]) -> Result<Option<DetectedSchedule>, Unreadable> {
    let value = |path: &str| leaves.iter().find(|leaf| leaf.path == path);
    let is_cron_job = value("kind").is_some_and(|kind| kind.value == "CronJob");
    let Some(schedule) = value("spec/schedule").filter(|_| is_cron_job) else { return Ok(None) };
    let mut found = of_crons(Scheduler::Kubernetes, &[schedule])?;
    if let Some(suspend) = value("spec/suspend").filter(|leaf| leaf.value == "true") {
        found.warnings.push(Warning::at(suspend.line, "suspended", "it is suspended: it never runs"));
        found.runs.clear();
    }
    let short = value("spec/startingDeadlineSeconds").filter(|leaf| leaf.value.parse().is_ok_and(|n: u32| n < 10));
    if let Some(deadline) = short {
        let message = "with a starting deadline under 10 seconds it may never run: Kubernetes checks every 10 seconds";
        found.warnings.push(Warning::at(deadline.line, "deadline-too-short", message));
    }
    Ok(Some(found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::documents;

    #[test]
    fn a_cron_job_among_other_documents_is_found() {
        let text = "kind: Service\nspec: {schedule: no}\n---\nkind: CronJob\nspec:\n  schedule: '@daily'\n  \
                    startingDeadlineSeconds: 5\n  suspend: true\n";
        let documents = documents(text).unwrap();
        assert_eq!(cron_job(&documents[0]), Ok(None));
        let found = cron_job(&documents[1]).unwrap().unwrap();
        assert_eq!((found.scheduler, found.line, found.warnings.len()), (Scheduler::Kubernetes, 6, 2));
        assert_eq!(found.runs, []);
    }
}
