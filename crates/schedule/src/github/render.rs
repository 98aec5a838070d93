//! Renders a workflow for a self-hosted runner ("Workflow syntax for GitHub Actions" on docs.github.com).

use crate::{GeneratedFile, Job, JobError, Scheduler, shell};

pub(crate) fn render(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    let why_daily = job.why_daily();
    let command = shell::line(&job.command(&["refresh", "--no-input"]));
    if command.contains("${{") {
        return Err(JobError::Unwritable {
            scheduler: Scheduler::GitHubActions,
            what: "a path or flag that contains `${{`",
            why: "GitHub would expand it",
        });
    }
    let text = format!(
        r#"# everlit refresh, once a day, on the machine that has the project folder.
#
# {why_daily}
#
# It needs a self-hosted runner with the label `everlit` whose user can write the project folder: a new token must be
# stored permanently, and a hosted runner cannot do that. Use it in a private repository only: in a public one, a
# stranger's pull request can run code on the runner. More: docs/schedule.md of everlit.
name: everlit

on:
  schedule:
    - cron: "{minute} {hour} * * *"
  workflow_dispatch:

permissions: {{}}

concurrency:
  group: {label}
  cancel-in-progress: false

jobs:
  refresh:
    name: Refresh due tokens
    runs-on: [self-hosted, everlit]
    timeout-minutes: 15
    steps:
      - name: everlit refresh
        shell: sh
        run: |
          code=0
          {command} || code=$?
          # 4: failed, retried tomorrow. 6: another run is in progress. Any other failure needs a person.
          case $code in
            4 | 6) echo "::warning::everlit exited with $code and retries tomorrow" ;;
            *) exit "$code" ;;
          esac
"#,
        minute = job.time().minute(),
        hour = job.time().hour(),
        label = job.label(),
    );
    Ok(vec![GeneratedFile::utf8(format!("{}.yml", job.label()), text, ".github/workflows")])
}
