//! Docker Compose: a container that keeps running and needs no scheduler (Compose Specification).

use crate::{GeneratedFile, Job, JobError, yaml};

/// The image of this version: a moving tag would replace the program overnight.
pub(crate) const IMAGE: &str = concat!("ghcr.io/everlit/everlit:", env!("CARGO_PKG_VERSION"));

/// The same without its registry.
pub(crate) const VERSIONED: &str = concat!("everlit/everlit:", env!("CARGO_PKG_VERSION"));

pub(crate) fn render(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    // In a compose file `$` begins a variable in every value.
    let plain = |text: &str| text.replace('$', "$$");
    let plain_args = |args: Vec<String>| args.iter().map(|arg| plain(arg)).collect::<Vec<_>>();
    let command = plain_args(job.container_args(&["refresh", "--watch", "--no-input"])?);
    let mut check = vec!["CMD".to_owned(), "everlit".to_owned()];
    check.extend(plain_args(job.container_args(&["status", "--check"])?));
    let (uid, gid) = job.owner.unwrap_or((1000, 1000));
    let whose = match job.owner {
        Some(_) => "The owner of the project folder (stat -c %u:%g).".to_owned(),
        None => format!("The project folder must belong to this user: chown -R {uid}:{gid}."),
    };
    let (left, down) = job.due_with();
    let text = format!(
        r#"# everlit in a container of its own: checks every hour whether a token is due and refreshes it. Needs no scheduler.
#
# A token lives 60 days and is due with {left} left, so the container may be down for {down} days.
services:
  {label}:
    image: {IMAGE}
    command: {command}
    # {whose} Never root.
    user: "{uid}:{gid}"
    restart: unless-stopped
    volumes:
      # The folder, not just the env file: a single mounted file cannot be replaced by renaming.
      - type: bind
        source: {folder}
        target: /project
        bind:
          create_host_path: false
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    # Unhealthy if a token needs a person or runs have stopped.
    healthcheck:
      test: {check}
      interval: 1h
      timeout: 30s
      start_period: 5m
      retries: 3
"#,
        label = job.label(),
        command = yaml::list(&command),
        folder = yaml::string(&plain(job.folder())),
        check = yaml::list(&check),
    );
    Ok(vec![GeneratedFile::utf8(format!("{}.compose.yaml", job.label()), text, "next to your compose.yaml")])
}
