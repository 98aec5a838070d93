//! Commands, with real programs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use everlit_keeper::{Notifier, NotifyError, NotifyErrorClass};
use everlit_notify::{Error, Options, Setup, event};

use crate::{NOW, Stepping, notice, setup};

fn build(folder: &Path, argv: Vec<String>, clock: &Arc<Stepping>) -> Result<Arc<dyn Notifier>, Error> {
    let mut options = Options::default();
    options.set("command", argv);
    Setup { folder: folder.to_owned(), ..setup("command", &options, &[], clock) }.channel()
}

/// Runs a script that gets its own folder as `$1`: the outcome, and the waits between the attempts.
async fn notify(folder: &Path, script: &str) -> (Result<(), NotifyError>, Vec<u64>) {
    let program = folder.join("notify.sh");
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let argv = vec!["/bin/sh".to_owned(), program.to_str().unwrap().to_owned(), folder.to_str().unwrap().to_owned()];
    let clock = Stepping::at(NOW);
    let command = build(folder, argv, &clock).unwrap();
    (command.notify(&notice()).await, clock.slept())
}

#[tokio::test]
async fn a_command_gets_json_on_stdin_and_a_clean_environment() {
    let folder = tempfile::tempdir().unwrap();
    let (outcome, _) = notify(folder.path(), "cat >\"$1/input\"; env >\"$1/variables\"; pwd >\"$1/folder\"").await;
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
async fn exit_code_75_is_retried_and_any_other_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let (outcome, waits) =
        notify(folder.path(), "echo x >>\"$1/tries\"; [ $(wc -l <\"$1/tries\") = 3 ] || exit 75").await;
    assert_eq!((outcome, waits), (Ok(()), vec![1, 4]));
    let (outcome, waits) = notify(folder.path(), "exit 3").await;
    assert_eq!(
        (outcome.unwrap_err().message.as_str(), waits),
        ("sh failed (exit code 3); run it by hand to see why", vec![])
    );
    let (outcome, _) = notify(folder.path(), "kill -9 $$").await;
    assert!(outcome.unwrap_err().message.contains("was killed"));
}

#[tokio::test]
async fn a_command_may_ignore_its_input() {
    let folder = tempfile::tempdir().unwrap();
    notify(folder.path(), "exec <&-; exit 0").await.0.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_command_that_hangs_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let (outcome, _) = notify(folder.path(), "sleep 1000").await;
    assert!(outcome.unwrap_err().message.contains("did not exit within 10 seconds"));
}

#[tokio::test]
async fn a_command_that_cannot_start_is_named_without_arguments() {
    let argv = vec!["/no/such/program".to_owned(), "fake-secret".to_owned()];
    let folder = tempfile::tempdir().unwrap();
    let command = build(folder.path(), argv, &Stepping::at(NOW)).unwrap();
    let error = command.notify(&notice()).await.unwrap_err();
    assert_eq!((error.class, error.io), (NotifyErrorClass::Misconfigured, Some(std::io::ErrorKind::NotFound)));
    let message = error.message;
    assert!(message.starts_with("cannot start program") && !message.contains("fake-secret"), "{message}");
    let none = build(folder.path(), Vec::new(), &Stepping::at(NOW));
    assert_eq!(none.unwrap_err(), Error::NoProgram);
}
