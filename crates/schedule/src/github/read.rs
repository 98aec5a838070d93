//! Reads `on.schedule` of a GitHub workflow, and what decides whether its job refreshes.

use crate::Scheduler;
use crate::command::{self, Verdict};
use crate::detected::{DetectedSchedule, Unreadable};
use crate::yaml::{Leaf, of_crons};

/// The schedule of a workflow: all of its cron expressions together.
pub(crate) fn workflow(leaves: &[Leaf]) -> Result<Option<DetectedSchedule>, Unreadable> {
    let crons: Vec<&Leaf> = leaves.iter().filter(|leaf| leaf.path == "on/schedule/[]/cron").collect();
    if crons.is_empty() {
        return Ok(None);
    }
    let mut found = of_crons(Scheduler::GitHubActions, &crons)?;
    apply_jobs(leaves, &mut found);
    Ok(Some(found))
}

/// Looks for the best step that refreshes, and at what its job and the step depend on.
fn apply_jobs(leaves: &[Leaf], found: &mut DetectedSchedule) {
    let in_jobs = |leaf: &&Leaf| leaf.path.starts_with("jobs/");
    let Some(first) = leaves.iter().find(in_jobs) else { return };
    let best = leaves.iter().filter(in_jobs).filter_map(step).min_by_key(|(verdict, ..)| *verdict);
    let uses = leaves.iter().find(|leaf| leaf.path.ends_with("/uses") && !leaf.value.starts_with("actions/"));
    let Some((verdict, run, job)) = best.filter(|(verdict, ..)| *verdict < Verdict::Unknown || uses.is_none()) else {
        return command::apply(Verdict::Unknown, uses.unwrap_or(first).line, found);
    };
    command::apply(verdict, run.line, found);
    let of_job = |name: &str| leaves.iter().find(|leaf| leaf.path.strip_prefix(job).is_some_and(|rest| rest == name));
    let condition_of_step =
        leaves.iter().find(|leaf| leaf.item == run.item && leaf.path.strip_prefix(job) == Some("/steps/[]/if"));
    for condition in of_job("/if").into_iter().chain(condition_of_step) {
        apply_condition(condition, found);
    }
    if let Some(needs) = of_job("/needs").or_else(|| of_job("/needs/[]")) {
        found.block(needs.line, "guarded", "it runs only if the jobs that it needs succeed");
    }
    apply_variables(leaves, job, run, found);
    let runner =
        of_job("/runs-on").into_iter().chain(leaves.iter().filter(|leaf| leaf.path == format!("{job}/runs-on/[]")));
    let keeps_elsewhere = is_our_action(run);
    if let Some(hosted) = runner.into_iter().find(|leaf| is_hosted(&leaf.value) && !keeps_elsewhere) {
        let message = "GitHub discards this machine after the job: the new token is lost unless a later step stores it";
        found.block(hosted.line, "keeps-no-files", message);
    }
}

/// What a step that runs something does, and the path of its job.
fn step(leaf: &Leaf) -> Option<(Verdict, &Leaf, &str)> {
    let (job, name) = leaf.path.split_once("/steps/[]/")?;
    match name {
        "run" => Some((command::of_shell(&leaf.value), leaf, job)),
        "uses" if is_our_action(leaf) => Some((Verdict::Refreshes, leaf, job)),
        _ => None,
    }
}

/// Whether a step is everlit's own action, which fails where no target keeps the new token.
fn is_our_action(step: &Leaf) -> bool {
    step.path.ends_with("/uses") && step.value.starts_with("everlit/everlit@")
}

/// What `env:` sets for the workflow, the job or the step, and what an earlier step sets for those after it.
fn apply_variables(leaves: &[Leaf], job: &str, run: &Leaf, found: &mut DetectedSchedule) {
    for leaf in leaves {
        let of_job = leaf.path.strip_prefix(job).unwrap_or_default();
        let of_step = of_job.strip_prefix("/steps/[]/").unwrap_or_default();
        let name = leaf.path.strip_prefix("env/").or_else(|| of_job.strip_prefix("/env/"));
        let name = name.or_else(|| of_step.strip_prefix("env/").filter(|_| leaf.item == run.item));
        if let Some(name) = name {
            command::apply_variable(name, leaf.line, found);
        }
        if of_step == "run" && leaf.item < run.item && leaf.value.contains("GITHUB_ENV") {
            let names = leaf.value.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            names.for_each(|name| command::apply_variable(name, leaf.line, found));
        }
    }
}

fn apply_condition(condition: &Leaf, found: &mut DetectedSchedule) {
    let text = condition.value.trim();
    let text =
        text.strip_prefix("${{").and_then(|text| text.strip_suffix("}}")).unwrap_or(text).trim().replace('"', "'");
    match text.as_str() {
        "true" | "always()" | "success()" | "!cancelled()" | "github.event_name == 'schedule'" => {}
        "false" => found.stop(condition.line, "disabled", "`if: false`: it never runs"),
        _ => found.block(condition.line, "condition", "`if:` decides whether it runs"),
    }
}

/// GitHub's own machines, and those that only a run knows.
fn is_hosted(label: &str) -> bool {
    ["ubuntu-", "windows-", "macos-", "${{"].iter().any(|start| label.trim().starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::documents;

    fn read(text: &str) -> Result<Option<DetectedSchedule>, Unreadable> {
        workflow(&documents(text).unwrap()[0])
    }

    #[test]
    fn all_cron_lines_of_a_workflow_are_one_schedule() {
        let text = "name: refresh\non:\n  workflow_dispatch: {}\n  schedule:\n    - cron: '0 2 1 * *'  # monthly\n    \
                    - cron: \"0 2 15 * *\"\njobs:\n  a:\n    steps:\n      - cron: never\n";
        let found = read(text).unwrap().unwrap();
        assert_eq!((found.line, found.text.as_str()), (5, "0 2 1 * *; 0 2 15 * *"));
    }

    #[test]
    fn a_wrong_expression_is_reported_with_line_and_column() {
        let error = read("on:\n  schedule:\n    - cron: '0 25 * * *'\n").unwrap_err();
        assert_eq!((error.line, error.column), (Some(3), Some(16)), "{error}");
    }

    #[test]
    fn what_decides_about_a_job_is_a_blocker() {
        let own = "runs-on: [self-hosted, everlit]";
        let step = "run: everlit refresh";
        for (job, steps, codes) in [
            (own, step.to_owned(), vec![]),
            ("runs-on: ubuntu-latest", step.to_owned(), vec!["keeps-no-files"]),
            ("runs-on: ['${{ inputs.os }}']", step.to_owned(), vec!["keeps-no-files"]),
            ("runs-on: web1\n    if: ${{ vars.ON == 'yes' }}", step.to_owned(), vec!["condition"]),
            ("runs-on: web1\n    if: github.event_name == 'schedule'", step.to_owned(), vec![]),
            ("runs-on: web1\n    if: false", step.to_owned(), vec!["disabled"]),
            ("runs-on: web1\n    needs: build", step.to_owned(), vec!["guarded"]),
            (own, format!("run: make\n        if: failure()\n      - {step}"), vec![]),
            (own, format!("{step}\n        if: failure()"), vec!["condition"]),
            (own, "run: everlit status".to_owned(), vec!["refreshes-nothing"]),
            (own, "run: '[ -f x ] && everlit refresh'".to_owned(), vec!["guarded"]),
            ("runs-on: web1\n    env: {EVERLIT_THRESHOLD_DAYS: 5}", step.to_owned(), vec!["guarded"]),
            (own, format!("{step}\n        env: {{EVERLIT_META_URL: 'http://127.0.0.1:1'}}"), vec!["guarded"]),
            (own, format!("run: make\n        env: {{EVERLIT_THRESHOLD_DAYS: 5}}\n      - {step}"), vec![]),
            (own, format!("run: echo EVERLIT_THRESHOLD_DAYS=5 >>$GITHUB_ENV\n      - {step}"), vec!["guarded"]),
            (own, "run: make".to_owned(), vec!["unknown-command"]),
            (own, "uses: someone/refresh@v1".to_owned(), vec!["unknown-command"]),
            ("runs-on: ubuntu-latest", "uses: everlit/everlit@v1".to_owned(), vec![]),
        ] {
            let text = format!(
                "on: {{schedule: [{{cron: 17 3 * * *}}]}}\njobs:\n  a:\n    {job}\n    steps:\n      - uses: actions/checkout@v4\n      - {steps}\n"
            );
            let found = read(&text).unwrap().unwrap();
            assert_eq!(found.blockers.iter().map(|blocker| blocker.code).collect::<Vec<_>>(), codes, "{text}");
        }
        let text = "on: {schedule: [{cron: 17 3 * * *}]}\nenv: {EVERLIT_META_URL: x}\njobs: {a: {steps: [{run: everlit refresh}]}}\n";
        assert_eq!(read(text).unwrap().unwrap().blockers[0].code, "guarded", "of the whole workflow");
    }
}
