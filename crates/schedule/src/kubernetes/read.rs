//! Reads Kubernetes `CronJob`s, alone or in a `List`.

use std::time::Duration;

use crate::calendar::dialect;
use crate::detected::{DetectedSchedule, Unreadable};
use crate::yaml::{Leaf, of_crons};
use crate::{Scheduler, command};

/// The schedules of a manifest; none if it is of another kind.
pub(crate) fn cron_jobs(leaves: &[Leaf]) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let is_list = leaves.iter().any(|leaf| leaf.path == "kind" && leaf.value.ends_with("List"));
    if !is_list {
        return Ok(cron_job(&Manifest { leaves, prefix: "", item: None })?.into_iter().collect());
    }
    let last = leaves.iter().filter(|leaf| leaf.path.starts_with(ITEMS)).map(|leaf| leaf.item).max();
    let items = last.map_or(0..0, |last| 0..last + 1);
    let manifests = items.map(|item| Manifest { leaves, prefix: ITEMS, item: Some(item) });
    manifests.filter_map(|manifest| cron_job(&manifest).transpose()).collect()
}

/// What the container at this path runs, and which variables it has, in a file that is one object.
pub(crate) fn apply_container(leaves: &[Leaf], container: &str, found: &mut DetectedSchedule) {
    let manifest = Manifest { leaves, prefix: "", item: None };
    apply_variables(&manifest, container, found);
    apply_command(&manifest, container, found);
}

const ITEMS: &str = "items/[]/";

/// The part of a document that describes one object.
struct Manifest<'l> {
    leaves: &'l [Leaf],
    prefix: &'static str,
    item: Option<usize>,
}

impl<'l> Manifest<'l> {
    fn all(&self, path: &str) -> impl Iterator<Item = &'l Leaf> {
        let leaves = self.leaves.iter().filter(|leaf| self.item.is_none_or(|item| leaf.item == item));
        leaves.filter(move |leaf| leaf.path.strip_prefix(self.prefix) == Some(path))
    }

    fn value(&self, path: &str) -> Option<&'l Leaf> {
        self.all(path).next()
    }
}

fn cron_job(manifest: &Manifest<'_>) -> Result<Option<DetectedSchedule>, Unreadable> {
    let is_cron_job = manifest.value("kind").is_some_and(|kind| kind.value == "CronJob");
    let Some(schedule) = manifest.value("spec/schedule").filter(|_| is_cron_job) else { return Ok(None) };
    if dialect::without_zone(&schedule.value).is_some() {
        return Err(Unreadable::at(schedule.line, "Kubernetes takes no time zone in the schedule: use timeZone"));
    }
    let mut found = of_crons(Scheduler::Kubernetes, &[schedule])?;
    for path in ["spec/suspend", "spec/jobTemplate/spec/suspend"] {
        if let Some(suspend) = manifest.value(path).filter(|leaf| leaf.value == "true") {
            found.stop(suspend.line, "suspended", "it is suspended: it never runs");
        }
    }
    let is_short = |leaf: &&Leaf| leaf.value.parse().is_ok_and(|seconds: u32| seconds < 10);
    if let Some(deadline) = manifest.value("spec/startingDeadlineSeconds").filter(is_short) {
        let message = "with a starting deadline under 10 seconds it may never run: Kubernetes checks every 10 seconds";
        found.block(deadline.line, "deadline-too-short", message);
    }
    apply_settings(manifest, &mut found);
    apply_command(manifest, CONTAINER, &mut found);
    Ok(Some(found))
}

const JOB: &str = "spec/jobTemplate/spec";
const CONTAINER: &str = "spec/jobTemplate/spec/template/spec/containers/[]";

/// What the container's variables and the job's deadlines mean for a run.
fn apply_settings(manifest: &Manifest<'_>, found: &mut DetectedSchedule) {
    apply_variables(manifest, CONTAINER, found);
    for kind in ["configMapRef", "secretRef"] {
        if let Some(source) = manifest.value(&format!("{CONTAINER}/envFrom/[]/{kind}/name")) {
            command::apply_unread_variables("envFrom", source.line, found);
        }
    }
    for path in ["activeDeadlineSeconds", "template/spec/activeDeadlineSeconds"] {
        if let Some(deadline) = manifest.value(&format!("{JOB}/{path}")) {
            let limit = Duration::from_secs(deadline.value.parse().unwrap_or_default());
            command::apply_time_limit("activeDeadlineSeconds", limit, deadline.line, found);
        }
    }
}

fn apply_variables(manifest: &Manifest<'_>, container: &str, found: &mut DetectedSchedule) {
    for variable in manifest.all(&format!("{container}/env/[]/name")) {
        command::apply_variable(&variable.value, variable.line, found);
    }
}

/// What the container at this path runs: the program of its image, if it names none.
fn apply_command(manifest: &Manifest<'_>, container: &str, found: &mut DetectedSchedule) {
    let words = |name: &str| manifest.all(&format!("{container}/{name}/[]")).collect::<Vec<_>>();
    let (mut program, arguments) = (words("command"), words("args"));
    let image = manifest.value(&format!("{container}/image"));
    let Some(line) = program.iter().chain(&arguments).next().copied().or(image).map(|leaf| leaf.line) else { return };
    let has_no_program = program.is_empty();
    program.extend(arguments);
    let mut argv: Vec<String> = program.into_iter().map(|leaf| leaf.value.clone()).collect();
    if has_no_program && image.is_some_and(|image| image.value.contains("everlit")) {
        argv.insert(0, "everlit".to_owned());
    }
    command::apply(command::of_argv(&argv), line, found);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::documents;

    fn read(text: &str) -> Vec<DetectedSchedule> {
        documents(text).unwrap().iter().flat_map(|leaves| cron_jobs(leaves).unwrap()).collect()
    }

    #[test]
    fn a_cron_job_among_other_documents_is_found() {
        let found = read(
            "kind: Service\nspec: {schedule: no}\n---\nkind: CronJob\nspec:\n  schedule: '@daily'\n  \
                    startingDeadlineSeconds: 5\n  suspend: true\n",
        );
        assert_eq!((found.len(), found[0].line, found[0].blockers.len()), (1, 6, 2));
        assert_eq!((found[0].scheduler, found[0].runs.len()), (Scheduler::Kubernetes, 0));
    }

    #[test]
    fn each_cron_job_of_a_list_is_read_alone() {
        let job = |schedule: &str, more: &str| format!("- kind: CronJob\n  spec: {{schedule: '{schedule}'{more}}}\n");
        let text = format!(
            "kind: List\nitems:\n- kind: Service\n  spec: {{}}\n{}{}",
            job("0 1 * * *", ", suspend: true"),
            job("0 2 * * *", "")
        );
        let found = read(&text);
        let shown: Vec<_> = found.iter().map(|found| (found.text.as_str(), found.runs.len())).collect();
        assert_eq!(shown, [("0 1 * * *", 0), ("0 2 * * *", 1)]);
    }

    #[test]
    fn a_container_that_does_not_refresh_is_noticed() {
        let codes = |container: &str| {
            let text = format!(
                "kind: CronJob\nspec:\n  schedule: '0 1 * * *'\n  jobTemplate: {{spec: {{template: {{spec: {{containers: [{container}]}}}}}}}}\n"
            );
            read(&text)[0].blockers.iter().map(|blocker| blocker.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("{image: ghcr.io/everlit/everlit:1, args: [-C, /project, refresh]}"), [""; 0]);
        assert_eq!(codes("{image: x, command: [sh, -c], args: ['everlit refresh']}"), [""; 0]);
        assert_eq!(codes("{image: ghcr.io/everlit/everlit:1, args: [status]}"), ["refreshes-nothing"]);
        assert_eq!(codes("{image: x, command: [sh, -c, '[ -f x ] && everlit refresh']}"), ["guarded"]);
        assert_eq!(codes("{image: backup}"), ["unknown-command"]);
        let refresh = "image: everlit, args: [refresh]";
        let variable = "env: [{name: A, value: b}, {name: EVERLIT_THRESHOLD_DAYS, value: '5'}]";
        assert_eq!(codes(&format!("{{{refresh}, {variable}}}")), ["guarded"]);
    }

    #[test]
    fn a_deadline_too_short_for_a_run_is_a_blocker() {
        let read = |deadline: &str| {
            let text = format!(
                "kind: CronJob\nspec:\n  schedule: '0 1 * * *'\n  jobTemplate: {{spec: {{activeDeadlineSeconds: {deadline}, template: {{spec: {{\
                 containers: [{{image: everlit, args: [refresh], envFrom: [{{secretRef: {{name: x}}}}]}}]}}}}}}}}\n"
            );
            read(&text).remove(0)
        };
        assert_eq!((read("30").blockers[0].code, read("300").blockers.len()), ("guarded", 0));
        assert_eq!(read("300").warnings[0].message, "envFrom is not read: a threshold that it sets is not simulated");
    }
}
