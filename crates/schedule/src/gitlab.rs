//! GitLab CI: a job for a runner with the shell executor. Format: "CI/CD YAML syntax reference" on docs.gitlab.com.

use crate::{GeneratedFile, Job, WHY_DAILY, shell};

pub(crate) fn render(job: &Job) -> Vec<GeneratedFile> {
    let command = shell::line(&job.command(&["refresh", "--no-input"]));
    let (minute, hour) = (job.time().minute(), job.time().hour());
    let text = format!(
        r#"# everlit refresh, once a day, on the machine that has the project folder. A part of .gitlab-ci.yml.
#
# Then, under Build > Pipeline schedules, a new schedule with the interval pattern: {minute} {hour} * * *
#
# {WHY_DAILY}
#
# Why a runner of your own (shell executor, tag `everlit`): a new token must be written to a place that lasts. What a job
# in a container writes is gone with it, and a commit, a cache or an artifact would hand the token to everybody who can
# read the project.
#
# What to know:
# - Token and app secret stand in the project folder, which the runner's user must be able to write.
# - GitLab switches a schedule off when the person who owns it leaves the project.
{label}:
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  tags: [everlit]
  variables:
    GIT_STRATEGY: none
  resource_group: {label}
  interruptible: false
  timeout: 15 minutes
  script:
    - |
      {command}
  # 4: failed for now, tried again tomorrow. 6: another run is at it. What fails the pipeline needs a person.
  allow_failure:
    exit_codes: [4, 6]
"#,
        label = job.label(),
    );
    vec![GeneratedFile::utf8(format!("{}.gitlab-ci.yml", job.label()), text, ".gitlab-ci.yml")]
}
