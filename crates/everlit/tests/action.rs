//! The GitHub Action, run by a script that does what GitHub's runner does.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "tests create files and start programs directly")]
#![allow(clippy::unwrap_used, reason = "a failure here fails the test")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use support::program::static_program;
use support::service::Service;
use support::{Meta, Project};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A repository whose token is kept by a host, on a machine that forgets everything but its cache.
struct Job {
    project: Project,
    host: Service,
    github: Service,
}

impl Job {
    fn new() -> Self {
        let (host, github) = (Service::new(), Service::new());
        host.answers_with(201, r#"{"created": {}, "failed": [], "envs": []}"#);
        let settings = format!(
            "[target.site]\nkind = \"vercel\"\nproject = \"p\"\nafter = \"none\"\nurl = \"{}\"\n",
            host.address
        );
        let project = Project::empty().with_file("repository/site/everlit.toml", &settings);
        let target = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
        let programs = project.path().join("programs").join(&target);
        fs::create_dir_all(&programs).unwrap();
        fs::create_dir(project.path().join("cache")).unwrap();
        fs::copy(static_program(), programs.join("everlit")).unwrap();
        let package = root().join("packaging/package.sh");
        let command = ["bash", package.to_str().unwrap(), VERSION, "programs", "release", &target];
        project.command_line(&command).env("SOURCE_DATE_EPOCH", "1750000000").run().ended(0);
        Self { project, host, github }
    }

    /// One run of the action with this token as secret.
    fn run(&self, meta: &Meta, token: &str) -> Value {
        let folder = self.project.path();
        let env = json!({
            "IG_ACCESS_TOKEN": token,
            "EVERLIT_TARGET_SITE_TOKEN": "fakeCREDENTIALfake",
            "EVERLIT_META_URL": meta.sandbox.url(),
            "EVERLIT_DOWNLOAD_URL": format!("file://{}", folder.join("release").display()),
            "GITHUB_API_URL": self.github.address,
            "GITHUB_REPOSITORY": "ada/bakery",
            "GITHUB_WORKFLOW_REF": "ada/bakery/.github/workflows/everlit.yml@refs/heads/main",
        });
        let working_directory = folder.join("repository/site");
        let call = json!({"inputs": {"working-directory": working_directory}, "env": env});
        let python = validators().join("schedule/python/bin/python");
        let runner = root().join("crates/everlit/tests/action/runner.py");
        let command =
            [python.to_str().unwrap(), runner.to_str().unwrap(), root().to_str().unwrap(), "cache"].map(str::to_owned);
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        self.project
            .command_line(&words)
            .env("PATH", std::env::var_os("PATH").unwrap())
            .fed(call.to_string())
            .ended(0)
            .json()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn validators() -> PathBuf {
    std::env::var_os("EVERLIT_VALIDATORS").map_or_else(|| root().join("target/validators"), PathBuf::from)
}

#[test]
fn the_action_refreshes_keeps_and_shows_no_token() {
    let (meta, job) = (Meta::friendly(), Job::new());
    let old = meta.token_of_age(40);
    let first = job.run(&meta, &old);
    assert_eq!((&first["ok"], &first["outputs"]), (&json!(true), &json!({"exit-code": "0"})), "{first:#}");
    let new = meta.newest();
    assert!(job.host.at("/v10/projects/p/env?upsert")[0].contains(&new));
    assert!(first["summary"].as_str().unwrap().contains("site keeps the token"), "{first:#}");
    for secret in [&old, &new, "fakeCREDENTIALfake"] {
        assert!(!first.to_string().contains(secret), "{first:#}");
    }
    assert_eq!(job.github.lines(), ["PUT /repos/ada/bakery/actions/workflows/everlit.yml/enable HTTP/1.1"]);

    let refreshes = meta.refreshes();
    let second = job.run(&meta, &new);
    assert!(second["log"].as_str().unwrap().contains("healthy"), "{second:#}");
    assert_eq!(meta.refreshes(), refreshes, "the notes of the first run are there");
    let files = fs::read_dir(job.project.path().join("repository/site")).unwrap().count();
    assert_eq!(files, 1, "nothing is written into the repository");
}

#[test]
fn the_action_fails_where_a_person_is_needed() {
    let (meta, job) = (Meta::friendly(), Job::new());
    job.host.answers(403);
    job.github.answers(403);
    let run = job.run(&meta, &meta.token_of_age(40));
    assert_eq!((&run["ok"], &run["outputs"]["exit-code"]), (&json!(false), &json!("5")), "{run:#}");
    let log = run["log"].as_str().unwrap();
    assert!(log.contains("::error title=everlit::exit code 5") && log.contains("actions: write"), "{log}");
    assert_eq!(meta.refreshes(), 0);
}
