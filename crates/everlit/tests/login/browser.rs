//! A real browser: a person clicks, and everything between the two pages is the browser's own doing.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::person::{Login, calls, connect, param, project};
use crate::support::{Meta, Project};

/// Chromium goes to the address, presses the button, and says where it ended.
fn clicks(project: &Project, address: &str, button: &str) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/login/browser.mjs");
    let mut node = Command::new("node");
    node.args([script, address, button]).env("HOME", project.home()).stdin(Stdio::null());
    let output = node.output().unwrap_or_else(|error| panic!("node: {error}; tools/setup-tests.sh installs it"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "tools/setup-tests.sh installs Chromium and Node\n{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn clicking_allow_in_a_real_browser_connects() {
    let (meta, project) = (Meta::friendly(), project());
    let call = connect(&project, &meta, &["--instagram", "--port", "0", "--no-browser"]);
    let mut login = Login::at_a_terminal(call);
    let address = login.address();
    login.hears("Waiting for the browser");
    let page = clicks(&project, &address, "Allow");
    let (url, text) = (page["url"].as_str().unwrap(), page["text"].as_str().unwrap());
    assert!(url.starts_with("https://localhost:") && text.contains("You can close this tab"), "{page}");
    let run = login.ended().ended(0);
    let newest = meta.sandbox.with(|meta| meta.tokens().next_back().unwrap().text.to_string());
    assert!(project.read(".env.local").contains(&newest), "{run}");
    run.never_shows(&param(url, "code")).never_shows(&newest[24..]);
}

#[test]
fn clicking_cancel_is_reported_in_browser_and_terminal() {
    let (meta, project) = (Meta::friendly(), project());
    let call = connect(&project, &meta, &["--threads", "--port", "0", "--no-browser"]);
    let mut login = Login::at_a_terminal(call);
    let address = login.address();
    login.hears("Waiting for the browser");
    let page = clicks(&project, &address, "Cancel");
    assert!(page["text"].as_str().unwrap().contains("The login has ended: access was denied"), "{page}");
    login.ended().ended(3).notes("access was denied");
    assert_eq!(calls(&meta), [0; 4]);
}

/// `xdg-open` as a program of ours that tells what it was given.
#[cfg(target_os = "linux")]
#[test]
fn the_browser_gets_the_address_and_no_secrets() {
    let (meta, project) = (Meta::friendly(), project());
    let bin = project.home().join("bin");
    std::fs::create_dir(&bin).unwrap();
    let fifo = project.home().join("opened");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let opener = bin.join("xdg-open");
    std::fs::write(&opener, format!("#!/bin/sh\n{{ echo \"$1\"; env; }} > '{}'\n", fifo.display())).unwrap();
    std::fs::set_permissions(&opener, PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());

    let on_a_screen =
        || connect(&project, &meta, &["--instagram", "--port", "0"]).env("PATH", &path).env("DISPLAY", ":0");
    let mut login = Login::at_a_terminal(on_a_screen());
    let address = login.address();
    let opened = std::fs::read_to_string(&fifo).unwrap();
    login.hears("Opening it in the browser.");
    assert_eq!(opened.lines().next(), Some(address.as_str()));
    assert!(opened.contains("DISPLAY=:0"), "{opened}");
    assert!(!opened.contains("APP_SECRET") && !opened.contains("fa4e5a4d"), "{opened}");
    login.child.kill().unwrap();
    login.ended();

    // Where there is no screen, or it is not the person's, or they want none, nothing is started.
    for (name, value, flag) in
        [("DISPLAY", "", "--http"), ("SSH_CONNECTION", "::1", "--http"), ("LANG", "C", "--no-browser")]
    {
        let arguments = ["--facebook", "--port", "0", flag];
        let call = connect(&project, &meta, &arguments).env("PATH", &path).env("DISPLAY", ":0").env(name, value);
        let mut login = Login::at_a_terminal(call);
        login.hears("Waiting for the browser");
        login.child.kill().unwrap();
        login.ended().never_shows("Opening it in the browser");
    }
}
