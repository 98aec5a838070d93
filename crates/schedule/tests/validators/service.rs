//! The files for `everlit serve`.

use std::fs;
use std::path::{Path, PathBuf};

use everlit_schedule::Scheduler;
use serde_json::json;

use crate::{accepts, by_pip, job, read, refuses, render, write};

/// The file for this service manager, in a folder.
fn file(folder: &Path, scheduler: Scheduler) -> PathBuf {
    write(folder, &render(scheduler, &job("/srv/bakery"))).remove(0)
}

#[test]
fn systemd_accepts_the_service_and_finds_it_confined() {
    let scratch = tempfile::tempdir().unwrap();
    let unit = file(scratch.path(), Scheduler::SystemdService);
    accepts("systemd-analyze", &["verify".as_ref(), unit.as_ref()]);
    // Tenths of its exposure, of 100.
    let confined = |threshold: &str| format!("--threshold={threshold}");
    let arguments = |threshold: &str| ["security".to_owned(), "--offline=true".to_owned(), confined(threshold)];
    let judge = |threshold: &str| {
        let arguments = arguments(threshold);
        let mut all: Vec<&std::ffi::OsStr> = arguments.iter().map(AsRef::as_ref).collect();
        all.push(unit.as_ref());
        refuses("systemd-analyze", &all)
    };
    assert!(!judge("20") && judge("1"), "a judge that accepts anything is useless");
}

#[test]
fn compose_accepts_the_service() {
    let scratch = tempfile::tempdir().unwrap();
    let file = file(scratch.path(), Scheduler::ComposeService);
    let schema = ["--builtin-schema".as_ref(), "vendor.compose-spec".as_ref(), file.as_ref()];
    accepts(by_pip("check-jsonschema"), &schema);
    let compose = read(&[file]).remove(0);
    let everlit = &compose["services"]["everlit"];
    assert_eq!(everlit["depends_on"]["database"]["condition"], "service_healthy");
    assert!(compose["services"]["database"]["image"].as_str().unwrap().ends_with("postgres:17"));
    let secrets = everlit["environment"].as_object().unwrap();
    let is_secret = |(name, value): (&String, &serde_json::Value)| {
        let is_file = name.ends_with("_FILE") && value.as_str().unwrap().starts_with("/run/secrets/");
        (name.contains("KEY") || name.contains("PASSWORD")) && !is_file
    };
    assert!(!secrets.iter().any(is_secret), "{secrets:?}");
}

#[test]
fn kubernetes_accepts_the_service() {
    let scratch = tempfile::tempdir().unwrap();
    let file = file(scratch.path(), Scheduler::KubernetesService);
    let text = fs::read_to_string(&file).unwrap();
    let documents: Vec<PathBuf> = text
        .split("\n---\n")
        .enumerate()
        .map(|(number, document)| {
            let path = scratch.path().join(format!("{number}.yaml"));
            fs::write(&path, document).unwrap();
            path
        })
        .collect();
    for document in &documents {
        accepts(by_pip("kubernetes-validate"), &["--strict".as_ref(), document.as_ref()]);
    }
    let read = read(&documents);
    let kinds: Vec<_> = read.iter().map(|document| document["kind"].as_str().unwrap()).collect();
    for kind in ["StatefulSet", "PodDisruptionBudget", "NetworkPolicy", "ConfigMap", "ServiceAccount", "Service"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    let set = read.iter().find(|document| document["kind"] == "StatefulSet").unwrap();
    let pod = &set["spec"]["template"]["spec"];
    assert_eq!(pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"], true);
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert_eq!(pod["containers"][0]["livenessProbe"]["httpGet"]["path"], json!("/healthz"));
    fs::write(&documents[3], text.replace("readOnlyRootFilesystem", "readonlyRootFilesystem")).unwrap();
    assert!(refuses(by_pip("kubernetes-validate"), &["--strict".as_ref(), documents[3].as_ref()]));
}
