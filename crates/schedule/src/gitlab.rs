//! GitLab CI: a job for a runner with the shell executor ("CI/CD YAML syntax reference" on docs.gitlab.com).

use crate::{GeneratedFile, Job, shell};

pub(crate) fn render(job: &Job) -> GeneratedFile {
    let why_daily = job.why_daily();
    let command = shell::line(&job.command(&["refresh", "--no-input"]));
    let (minute, hour) = (job.time().minute(), job.time().hour());
    let text = format!(
        r#"# everlit refresh, once a day, on the machine that has the project folder. Add it to .gitlab-ci.yml.
#
# Then create a schedule under Build > Pipeline schedules with the interval pattern: {minute} {hour} * * *
#
# {why_daily}
#
# It needs a runner of your own (shell executor, tag `everlit`) whose user can write the project folder: a new token must
# be stored permanently, and a container is discarded. GitLab disables a schedule when its owner leaves the project.
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
  # 4: failed, retried tomorrow. 6: another run is in progress. Any other failure needs a person.
  allow_failure:
    exit_codes: [4, 6]
"#,
        label = job.label(),
    );
    GeneratedFile::utf8(format!("{}.gitlab-ci.yml", job.label()), text, ".gitlab-ci.yml")
}
