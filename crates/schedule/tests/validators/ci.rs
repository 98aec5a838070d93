//! GitHub Actions and GitLab CI.

use std::fs;

use everlit_schedule::{HostedMachine, Job, JobError, Scheduler};
use serde_json::{Value, json};

use crate::{accepts, ask, by_pip, job, names, read, read_one, refuses, render, text, words_of, write};

#[test]
fn the_workflow_passes_githubs_schema_and_zizmor() {
    let scratch = tempfile::tempdir().unwrap();
    let file = write(scratch.path(), &render(Scheduler::GitHubActions, &job("/srv/a bakery"))).remove(0);
    let schema = ["--builtin-schema".as_ref(), "vendor.github-workflows".as_ref(), file.as_ref()];
    accepts(by_pip("check-jsonschema"), &schema);
    accepts(by_pip("zizmor"), &["--offline".as_ref(), "--no-progress".as_ref(), file.as_ref()]);

    let good = fs::read_to_string(&file).unwrap();
    fs::write(&file, good.replace("runs-on", "run-on")).unwrap();
    assert!(refuses(by_pip("check-jsonschema"), &schema), "a validator that accepts anything is useless");
}

#[test]
fn the_gitlab_job_passes_gitlabs_schema() {
    let scratch = tempfile::tempdir().unwrap();
    let file = write(scratch.path(), &render(Scheduler::GitLabCi, &job("/srv/a bakery"))).remove(0);
    let schema = ["--builtin-schema".as_ref(), "vendor.gitlab-ci".as_ref(), file.as_ref()];
    accepts(by_pip("check-jsonschema"), &schema);
    let good = fs::read_to_string(&file).unwrap();
    fs::write(&file, good.replace("script:", "scripts:")).unwrap();
    assert!(refuses(by_pip("check-jsonschema"), &schema), "a validator that accepts anything is useless");
}

/// A job for machines that CI lends.
fn hosted() -> Job {
    let variables = ["IG_ACCESS_TOKEN", "EVERLIT_TARGET_CI_TOKEN"].map(str::to_owned).to_vec();
    let environment = Some("the \"live\" one".to_owned());
    job("/srv/bakery").on_hosted_machine(HostedMachine { variables, environment, ..HostedMachine::default() })
}

#[test]
fn the_hosted_jobs_pass_the_schemas_and_zizmor() {
    let scratch = tempfile::tempdir().unwrap();
    let workflow = write(scratch.path(), &render(Scheduler::GitHubActions, &hosted())).remove(0);
    let schema = ["--builtin-schema".as_ref(), "vendor.github-workflows".as_ref(), workflow.as_ref()];
    accepts(by_pip("check-jsonschema"), &schema);
    accepts(by_pip("zizmor"), &["--offline".as_ref(), "--no-progress".as_ref(), workflow.as_ref()]);
    let pipeline = write(scratch.path(), &render(Scheduler::GitLabCi, &hosted())).remove(0);
    accepts(by_pip("check-jsonschema"), &["--builtin-schema".as_ref(), "vendor.gitlab-ci".as_ref(), pipeline.as_ref()]);
}

#[test]
fn a_hosted_workflow_gets_its_secrets_from_one_environment() {
    let file = read_one(&render(Scheduler::GitHubActions, &hosted()));
    let job = &file["jobs"]["refresh"];
    assert_eq!(job["environment"], "the \"live\" one");
    assert_eq!(job["permissions"], json!({"contents": "read", "actions": "write"}));
    let secret = |name: &str| format!("${{{{ secrets.{name} }}}}");
    let env = json!({
        "IG_ACCESS_TOKEN": secret("IG_ACCESS_TOKEN"),
        "EVERLIT_TARGET_CI_TOKEN": secret("EVERLIT_TARGET_CI_TOKEN"),
    });
    assert_eq!(job["steps"][1]["env"], env);
}

#[test]
fn the_script_runs_the_intended_command() {
    let scratch = tempfile::tempdir().unwrap();
    let jobs: Vec<Job> =
        names::many().iter().map(|folder| job(folder)).filter(|job| !job.folder().contains("${{")).collect();
    for scheduler in [Scheduler::GitHubActions, Scheduler::GitLabCi] {
        let paths: Vec<_> = jobs.iter().flat_map(|job| write(scratch.path(), &render(scheduler, job))).collect();
        for (job, file) in jobs.iter().zip(read(&paths)) {
            let script = script(&file, job);
            let line = script.lines().find(|line| line.contains(" refresh ")).unwrap();
            let line = line.split(" || ").filter(|part| !part.contains("code=")).collect::<Vec<_>>().join(" || ");
            let expected = [crate::PROGRAM, "-C", job.folder(), "refresh", "--no-input"];
            assert_eq!(words_of(&line), expected, "{script}");
        }
    }
}

fn script(file: &Value, job: &Job) -> String {
    let github = &file["jobs"]["refresh"]["steps"][0]["run"];
    let gitlab = &file[job.label()]["script"][0];
    github.as_str().or(gitlab.as_str()).unwrap().to_owned()
}

#[test]
fn only_failures_that_need_a_person_fail_the_workflow() {
    let scratch = tempfile::tempdir().unwrap();
    for (code, ends) in [(0, 0), (2, 2), (3, 3), (4, 0), (5, 5), (6, 0)] {
        let program = scratch.path().join(format!("ends-{code}"));
        fs::write(&program, format!("#!/bin/sh\nexit {code}\n")).unwrap();
        fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let job = Job::new(&program, "/srv/bakery".as_ref(), "web1").unwrap();
        let script = script(&read_one(&render(Scheduler::GitHubActions, &job)), &job);
        // The way GitHub runs `shell: sh`.
        let ended = ask("sh", &["-e".as_ref(), "-c".as_ref(), script.as_ref()]);
        assert_eq!(ended.status.code(), Some(ends), "{code}: {}", text(&ended));
        assert_eq!(text(&ended).contains("::warning::"), matches!(code, 4 | 6));
    }
    let job = job("/srv/bakery");
    let file = read_one(&render(Scheduler::GitLabCi, &job));
    assert_eq!(file[job.label()]["allow_failure"]["exit_codes"], json!([4, 6]));
}

#[test]
fn the_workflow_runs_daily_without_rights_or_cancelling() {
    let job = job("/srv/bakery");
    let file = read_one(&render(Scheduler::GitHubActions, &job));
    // YAML 1.1 reads the key `on` as true.
    let cron = format!("{} {} * * *", job.time().minute(), job.time().hour());
    assert_eq!(file["true"], json!({ "schedule": [{ "cron": cron }], "workflow_dispatch": null }));
    assert_eq!(file["permissions"], json!({}));
    assert_eq!(file["concurrency"], json!({ "group": job.label(), "cancel-in-progress": false }));
}

#[test]
fn what_github_would_expand_is_refused() {
    let job = job("/srv/${{ github.token }}");
    let refused = Scheduler::GitHubActions.render(&job);
    assert!(matches!(refused, Err(JobError::Unwritable { scheduler: Scheduler::GitHubActions, .. })));
}
