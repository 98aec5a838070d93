//! GitHub Actions: a workflow for a self-hosted runner. Format: "Workflow syntax for GitHub Actions" on docs.github.com.

use crate::{GeneratedFile, Job, JobError, Scheduler, WHY_DAILY, shell};

pub(crate) fn render(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    let command = shell::line(&job.command(&["refresh", "--no-input"]));
    if command.contains("${{") {
        return Err(JobError::Unwritable {
            scheduler: Scheduler::GitHubActions,
            what: "a path or flag with `${{`",
            why: "GitHub would put an expression's value in its place",
        });
    }
    let text = format!(
        r#"# everlit refresh, once a day, on the machine that has the project folder.
#
# {WHY_DAILY}
#
# Why a self-hosted runner: a new token must be written to a place that lasts. A runner of GitHub's is gone after the
# job; repository secrets can be read there and not written (GITHUB_TOKEN has no such right); and a commit, a cache or an
# artifact would hand the token to everybody who can read the repository.
#
# What to know:
# - No secret of GitHub's is used: token and app secret stand in the project folder, which the runner's user must be able
#   to write. Give that runner the label `everlit`.
# - Only in a private repository: in a public one a stranger's pull request can run code on a self-hosted runner.
# - GitHub starts schedules of the default branch only, in UTC, at times hours late or not at all on a day. A public
#   repository's stop after 60 days without a commit: `gh workflow enable` starts them again.
# - A failed run is mailed to whoever changed the schedule last.
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
    name: Refresh what is due
    runs-on: [self-hosted, everlit]
    timeout-minutes: 15
    steps:
      - name: everlit refresh
        shell: sh
        run: |
          code=0
          {command} || code=$?
          # 4: failed for now, tried again tomorrow. 6: another run is at it. What fails the job needs a person.
          case $code in
            4 | 6) echo "::warning::everlit ended with $code and tries again tomorrow" ;;
            *) exit "$code" ;;
          esac
"#,
        minute = job.time().minute(),
        hour = job.time().hour(),
        label = job.label(),
    );
    Ok(vec![GeneratedFile::utf8(format!("{}.yml", job.label()), text, ".github/workflows")])
}
