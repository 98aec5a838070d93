//! Jobs on hosted runners of CI, which are new at every run: tokens come from its secrets and go back there.

use crate::{GeneratedFile, HostedMachine, Job, yaml};

/// The version whose action and installer a job uses: a moving one would replace the program overnight.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// "Workflow syntax for GitHub Actions" on docs.github.com.
pub(crate) fn github(job: &Job, machine: &HostedMachine) -> GeneratedFile {
    let why_daily = job.why_daily();
    let variable = |name: &String| format!("          {name}: ${{{{ secrets.{name} }}}}\n");
    let variables: String = machine.variables.iter().map(variable).collect();
    let environment = machine.environment.as_ref().map(|name| format!("    environment: {}\n", yaml::string(name)));
    let text = format!(
        r#"# everlit refresh, once a day, on a GitHub-hosted runner. The token is read from a secret, and the new one goes back there.
#
# {why_daily}
#
# Create the secrets that `env` names below{of_environment}; everlit writes the token's own secret from then on. More:
# docs/targets/github-actions.md of everlit.
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
    runs-on: ubuntu-latest
{environment}    timeout-minutes: 15
    permissions:
      contents: read
      # Keeps this workflow enabled: GitHub disables it after 60 days without a commit, which is as long as a token lives.
      actions: write
    steps:
      - uses: actions/checkout@d23441a48e516b6c34aea4fa41551a30e30af803 # v6.1.0
        with:
          persist-credentials: false
      - uses: everlit/everlit@v{VERSION} # zizmor: ignore[unpinned-uses] or the commit of that tag
        env:
{variables}"#,
        of_environment = if environment.is_some() { " in that environment" } else { "" },
        minute = job.time().minute(),
        hour = job.time().hour(),
        label = job.label(),
        environment = environment.unwrap_or_default(),
    );
    GeneratedFile::utf8(format!("{}.yml", job.label()), text, ".github/workflows")
}

/// "CI/CD YAML syntax reference" on docs.gitlab.com. GitLab puts the project's variables into the environment by itself.
pub(crate) fn gitlab(job: &Job, machine: &HostedMachine) -> GeneratedFile {
    let why_daily = job.why_daily();
    let (minute, hour) = (job.time().minute(), job.time().hour());
    let text = format!(
        r#"# everlit refresh, once a day, on a runner hosted by GitLab. Add it to .gitlab-ci.yml.
#
# Then create a schedule under Build > Pipeline schedules with the interval pattern: {minute} {hour} * * *
# and, under Settings > CI/CD > Variables, masked and protected: {variables}
#
# {why_daily}
#
# GitLab disables a schedule when its owner leaves the project.
{label}:
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  image: alpine:3
  variables:
    EVERLIT_CACHE: $CI_PROJECT_DIR/.everlit-notes
  cache:
    # What everlit knows about the tokens, without a token.
    key: {label}
    paths: [.everlit-notes]
    when: always
  resource_group: {label}
  interruptible: false
  timeout: 15 minutes
  script:
    - wget -q -O install.sh https://github.com/everlit/everlit/releases/download/v{VERSION}/install.sh
    - sh install.sh --version {VERSION} --to /usr/local/bin
    - everlit refresh --no-input
  # 4: failed, retried tomorrow. 6: another run is in progress. Any other failure needs a person.
  allow_failure:
    exit_codes: [4, 6]
"#,
        variables = machine.variables.join(", "),
        label = job.label(),
    );
    GeneratedFile::utf8(format!("{}.gitlab-ci.yml", job.label()), text, ".gitlab-ci.yml")
}
