//! `everlit schedule install | show | check | remove` with a real systemd, booted in a container.
//!
//! `systemd/boot.sh` creates the container, which cannot change this machine; the scripts beside it do what a person would.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stderr, reason = "reports a missing container")]

mod support;

use support::{Project, Run};

/// Runs a script as root of the container; `None` if this machine cannot run one.
fn booted(script: &str) -> Option<Run> {
    let boot = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/systemd/boot.sh");
    let is_root = rustix::process::getuid().is_root();
    let sudo: &[&str] = if is_root { &[] } else { &["sudo", "--non-interactive"] };
    let message = [sudo, &["sh", boot, env!("CARGO_BIN_EXE_everlit"), script]].concat();
    let run = Project::empty().command_line(&message).run();
    if run.code == Some(77) {
        eprintln!("skipped, no container with a real systemd: {}", run.stderr.trim());
        return None;
    }
    Some(run)
}

#[test]
fn a_system_timer_refreshes_a_token_and_leaves_no_trace() {
    if let Some(run) = booted("system.sh") {
        run.ended(0).says("✓ installed").says("succeeded").says("last result   success").says("  next run");
    }
}

#[test]
fn a_user_timer_refreshes_a_token_and_leaves_no_trace() {
    if let Some(run) = booted("user.sh") {
        let run = run.ended(0).notes("systemd of ada is not running").says("sudo loginctl enable-linger ada");
        run.says("✓ already installed").says("succeeded");
    }
}
