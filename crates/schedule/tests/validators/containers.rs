//! Docker Compose and Kubernetes.

use std::fs;

use everlit_schedule::{Job, JobError, Scheduler};
use serde_json::json;

use crate::{PROGRAM, accepts, by_pip, job, names, read, read_one, refuses, render, write};

#[test]
fn the_service_passes_the_compose_specification() {
    let scratch = tempfile::tempdir().unwrap();
    let file = write(scratch.path(), &render(Scheduler::Compose, &job("/srv/a bakery"))).remove(0);
    let schema = ["--builtin-schema".as_ref(), "vendor.compose-spec".as_ref(), file.as_ref()];
    accepts(by_pip("check-jsonschema"), &schema);
    let good = fs::read_to_string(&file).unwrap();
    fs::write(&file, good.replace("cap_drop", "cap_drops")).unwrap();
    assert!(refuses(by_pip("check-jsonschema"), &schema), "a validator that accepts anything is useless");
}

#[test]
fn compose_mounts_the_intended_folder() {
    let scratch = tempfile::tempdir().unwrap();
    let jobs: Vec<Job> = names::many().iter().map(|folder| job(folder)).collect();
    let paths: Vec<_> = jobs.iter().flat_map(|job| write(scratch.path(), &render(Scheduler::Compose, job))).collect();
    for (job, file) in jobs.iter().zip(read(&paths)) {
        let volume = &file["services"][job.label()]["volumes"][0];
        // Compose's "Interpolation": `$$` is a dollar sign, and a single one begins a variable.
        let source = volume["source"].as_str().unwrap();
        assert!(!source.replace("$$", "").contains('$'), "{source}");
        assert_eq!(source.replace("$$", "$"), job.folder());
        assert_eq!(volume["target"], "/project");
    }
}

#[test]
fn the_service_watches_as_non_root_and_reports_its_health() {
    let job = job("/srv/bakery").owned_by(501, 20);
    let service = read_one(&render(Scheduler::Compose, &job))["services"][job.label()].clone();
    assert_eq!(service["command"], json!(["-C", "/project", "refresh", "--watch", "--no-input"]));
    assert_eq!(service["user"], "501:20");
    assert_eq!(service["restart"], "unless-stopped");
    assert_eq!(service["healthcheck"]["test"], json!(["CMD", "everlit", "-C", "/project", "status", "--check"]));
    let of_root = job.owned_by(0, 0);
    let text = Scheduler::Compose.render(&of_root).unwrap().remove(0).text;
    assert!(text.contains("must belong to this user: chown -R 1000:1000"), "{text}");
    assert_eq!(read_one(&render(Scheduler::Compose, &of_root))["services"][of_root.label()]["user"], "1000:1000");
}

#[test]
fn the_cronjob_passes_strict_kubernetes_validation() {
    let scratch = tempfile::tempdir().unwrap();
    let job = job("/srv/bakery");
    let file = write(scratch.path(), &render(Scheduler::Kubernetes, &job)).remove(0);
    let strict = ["--strict".as_ref(), file.as_ref()];
    accepts(by_pip("kubernetes-validate"), &strict);
    let good = fs::read_to_string(&file).unwrap();
    fs::write(&file, good.replace("concurrencyPolicy", "concurrencyPolice")).unwrap();
    assert!(refuses(by_pip("kubernetes-validate"), &strict), "a validator that accepts anything is useless");
    fs::write(&file, good).unwrap();

    let spec = read(&[file]).remove(0)["spec"].clone();
    assert_eq!(spec["schedule"], format!("{} {} * * *", job.time().minute(), job.time().hour()));
    assert_eq!((&spec["concurrencyPolicy"], &spec["timeZone"]), (&json!("Forbid"), &json!("Etc/UTC")));
    let pod = &spec["jobTemplate"]["spec"]["template"]["spec"];
    assert_eq!(pod["containers"][0]["args"], json!(["-C", "/project", "refresh", "--no-input"]));
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
}

#[test]
fn paths_become_relative_to_the_folder_or_are_refused() {
    let with = |flags: &[&str]| {
        let job = Job::new(PROGRAM.as_ref(), "/srv/bakery".as_ref(), "web1").unwrap();
        job.with_flags(flags.iter().map(|flag| (*flag).to_owned()).collect()).unwrap()
    };
    let inside = with(&["--env-file", "/srv/bakery/config/.env", "--metadata=/srv/bakery/m.json", "--account", "shop"]);
    let service = read_one(&render(Scheduler::Compose, &inside))["services"][inside.label()].clone();
    let message = [
        "-C",
        "/project",
        "--env-file",
        "config/.env",
        "--metadata=m.json",
        "--account",
        "shop",
        "refresh",
        "--watch",
        "--no-input",
    ];
    assert_eq!(service["command"], json!(message));
    for outside in ["/srv/bakery2/.env", "/etc/env", r"C:\.env"] {
        let refused = Scheduler::Kubernetes.render(&with(&["--env-file", outside]));
        assert_eq!(refused, Err(JobError::OutsideFolder { path: outside.to_owned() }));
    }
}
