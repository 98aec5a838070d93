//! The files for `everlit serve`.

use std::fs;
use std::path::{Path, PathBuf};

use everlit_schedule::Scheduler;
use serde_json::{Value, json};

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
    let is_secret = |(name, value): (&String, &Value)| {
        let is_file = name.ends_with("_FILE") && value.as_str().unwrap().starts_with("/run/secrets/");
        (name.contains("KEY") || name.contains("PASSWORD")) && !is_file
    };
    assert!(!secrets.iter().any(is_secret), "{secrets:?}");
}

#[test]
fn kubernetes_accepts_the_service() {
    let scratch = tempfile::tempdir().unwrap();
    for document in documents(scratch.path()) {
        accepts(by_pip("kubernetes-validate"), &["--strict".as_ref(), document.as_ref()]);
        let text = fs::read_to_string(&document).unwrap();
        if text.contains("readOnlyRootFilesystem") {
            fs::write(&document, text.replace("readOnlyRootFilesystem", "readonlyRootFilesystem")).unwrap();
            assert!(refuses(by_pip("kubernetes-validate"), &["--strict".as_ref(), document.as_ref()]));
        }
    }
}

#[test]
fn a_pod_keeps_its_spill_and_has_few_rights() {
    let scratch = tempfile::tempdir().unwrap();
    let set = object(scratch.path(), "StatefulSet");
    let retained = json!({ "whenDeleted": "Retain", "whenScaled": "Retain" });
    assert_eq!(set["spec"]["persistentVolumeClaimRetentionPolicy"], retained);
    let (pod, container) = (pod(&set), container(&set));
    let spill = env(container, "EVERLIT_SPILL");
    let claim = set["spec"]["volumeClaimTemplates"][0]["metadata"]["name"].as_str().unwrap();
    assert!(spill.starts_with(mount(container, claim)), "{spill}");
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert_eq!(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
    assert_eq!(pod["automountServiceAccountToken"], false);
    let rights = json!({
        "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": { "drop": ["ALL"] }
    });
    assert_eq!(container["securityContext"], rights);
}

#[test]
fn a_pod_is_probed_and_may_end_its_refreshes() {
    let scratch = tempfile::tempdir().unwrap();
    let set = object(scratch.path(), "StatefulSet");
    let (pod, container) = (pod(&set), container(&set));
    for (probe, path) in [("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")] {
        assert_eq!(container[probe]["httpGet"], json!({ "path": path, "port": "metrics" }));
    }
    let longest = everlit_keeper::policy::Deadlines::default().whole.as_secs();
    assert!(pod["terminationGracePeriodSeconds"].as_u64().unwrap() >= longest + 60);
}

#[test]
fn pods_are_spread_and_leave_one_at_a_time() {
    let scratch = tempfile::tempdir().unwrap();
    let set = object(scratch.path(), "StatefulSet");
    let labels = &set["spec"]["template"]["metadata"]["labels"];
    let spread = pod(&set)["topologySpreadConstraints"].as_array().unwrap();
    let keys: Vec<_> = spread.iter().map(|constraint| constraint["topologyKey"].as_str().unwrap()).collect();
    assert_eq!(keys, ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]);
    let budget = &object(scratch.path(), "PodDisruptionBudget")["spec"];
    assert_eq!(budget["maxUnavailable"], 1);
    let policy = &object(scratch.path(), "NetworkPolicy")["spec"];
    assert_eq!(policy["policyTypes"], json!(["Ingress", "Egress"]));
    let service = &object(scratch.path(), "Service")["spec"]["selector"];
    let chosen = spread.iter().map(|constraint| &constraint["labelSelector"]["matchLabels"]);
    let chosen = chosen.chain([&budget["selector"]["matchLabels"], &policy["podSelector"]["matchLabels"], service]);
    for selector in chosen.chain([&set["spec"]["selector"]["matchLabels"]]) {
        assert_eq!(selector, labels);
    }
}

#[test]
fn the_secret_of_the_comment_is_the_one_that_pods_read() {
    let scratch = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(file(scratch.path(), Scheduler::KubernetesService)).unwrap();
    let set = object(scratch.path(), "StatefulSet");
    let volumes = pod(&set)["volumes"].as_array().unwrap();
    let volume = volumes.iter().find(|volume| !volume["secret"].is_null()).unwrap();
    let name = volume["secret"]["secretName"].as_str().unwrap();
    assert!(text.contains(&format!("create secret generic {name} ")), "{text}");
    let container = container(&set);
    let folder = mount(container, volume["name"].as_str().unwrap());
    for variable in ["EVERLIT_VAULT_FILE", "EVERLIT_MASTER_KEY_FILE"] {
        let key = env(container, variable).strip_prefix(folder).unwrap().trim_start_matches('/');
        assert!(["file", "literal"].iter().any(|from| text.contains(&format!("--from-{from}={key}="))), "{key}");
    }
    assert!(!text.contains("kind: Secret"), "what is in a repository holds no secret");
}

/// The objects of the file for Kubernetes, each in a file of its own.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(file(folder, Scheduler::KubernetesService)).unwrap();
    let write = |(number, document)| {
        let path = folder.join(format!("{number}.yaml"));
        fs::write(&path, document).unwrap();
        path
    };
    text.split("\n---\n").enumerate().map(write).collect()
}

/// The object of this kind.
fn object(folder: &Path, kind: &str) -> Value {
    let objects = read(&documents(folder));
    objects.into_iter().find(|object| object["kind"] == kind).unwrap_or_else(|| panic!("there is no {kind}"))
}

fn pod(set: &Value) -> &Value {
    &set["spec"]["template"]["spec"]
}

fn container(set: &Value) -> &Value {
    &pod(set)["containers"][0]
}

/// The value of a variable.
fn env<'v>(container: &'v Value, name: &str) -> &'v str {
    named(&container["env"], name)["value"].as_str().unwrap()
}

/// Where a volume is mounted.
fn mount<'v>(container: &'v Value, volume: &str) -> &'v str {
    named(&container["volumeMounts"], volume)["mountPath"].as_str().unwrap()
}

fn named<'v>(list: &'v Value, name: &str) -> &'v Value {
    list.as_array().unwrap().iter().find(|item| item["name"] == name).unwrap_or_else(|| panic!("no {name}: {list}"))
}
