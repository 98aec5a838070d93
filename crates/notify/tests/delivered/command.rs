//! Commands: real programs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use everlit_keeper::{Clock, Notifier as _, NotifyError};
use everlit_notify::{Command, Error, event};

use crate::{NOW, Steps, notice};

/// Runs a script that finds its own folder as `$1`; the outcome, and the waits between the tries.
async fn alert_state(folder: &Path, script: &str) -> (Result<(), NotifyError>, Vec<u64>) {
    let program = folder.join("tell.sh");
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let argv = vec!["/bin/sh".to_owned(), program.to_str().unwrap().to_owned(), folder.to_str().unwrap().to_owned()];
    let variables = vec![("PATH".to_owned(), "/usr/bin:/bin".to_owned())];
    let clock = Steps::at(NOW);
    let command = Command::new(
        "pager",
        argv,
        folder.to_owned(),
        variables,
        std::sync::Arc::clone(&clock) as std::sync::Arc<dyn Clock>,
    );
    (command.unwrap().notify(&notice()).await, clock.slept())
}

#[tokio::test]
async fn a_command_gets_the_notice_as_json_its_folder_and_only_the_variables_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let (outcome, _) = alert_state(folder.path(), "cat >\"$1/input\"; env >\"$1/variables\"; pwd >\"$1/folder\"").await;
    outcome.unwrap();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&read("input")).unwrap(), event(&notice()));
    let variables = read("variables");
    let names: Vec<_> = variables.lines().map(|line| line.split('=').next().unwrap()).collect();
    // The shell adds PWD and its like itself.
    assert!(names.iter().all(|name| ["PATH", "PWD", "OLDPWD", "SHLVL", "_"].contains(name)), "{names:?}");
    assert_eq!(Path::new(read("folder").trim()), folder.path().canonicalize().unwrap());
}

#[tokio::test]
async fn exit_code_75_means_try_again_and_any_other_means_not_told() {
    let folder = tempfile::tempdir().unwrap();
    let (outcome, waits) =
        alert_state(folder.path(), "echo x >>\"$1/tries\"; [ $(wc -l <\"$1/tries\") = 3 ] || exit 75").await;
    assert_eq!((outcome, waits), (Ok(()), vec![1, 4]));
    let (outcome, waits) = alert_state(folder.path(), "exit 3").await;
    assert_eq!(
        (outcome.unwrap_err().message.as_str(), waits),
        ("sh failed (exit code 3); run it by hand to see why", vec![])
    );
    let (outcome, _) = alert_state(folder.path(), "kill -9 $$").await;
    assert!(outcome.unwrap_err().message.contains("was killed"));
}

#[tokio::test]
async fn a_command_that_reads_nothing_is_as_good() {
    let folder = tempfile::tempdir().unwrap();
    alert_state(folder.path(), "exec <&-; exit 0").await.0.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_command_that_hangs_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let (outcome, _) = alert_state(folder.path(), "sleep 1000").await;
    assert!(outcome.unwrap_err().message.contains("did not end within 10 seconds"));
}

#[tokio::test]
async fn a_command_that_cannot_be_started_is_named_without_its_arguments() {
    let argv = vec!["/no/such/program".to_owned(), "fake-secret".to_owned()];
    let folder = tempfile::tempdir().unwrap();
    let command = Command::new("pager", argv, folder.path().to_owned(), Vec::new(), Steps::at(NOW)).unwrap();
    let message = command.notify(&notice()).await.unwrap_err().message;
    assert!(message.starts_with("program cannot be started") && !message.contains("fake-secret"), "{message}");
    let none = Command::new("pager", Vec::new(), folder.path().to_owned(), Vec::new(), Steps::at(NOW));
    assert_eq!(none.unwrap_err(), Error::NoProgram);
}
