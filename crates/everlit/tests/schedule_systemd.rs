//! `everlit schedule install | show | check | remove` with a real systemd, booted in a container of its own.
//!
//! `systemd/boot.sh` makes the container, out of which nothing of this machine can be changed; the scripts beside it are
//! what a person would do there.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stderr, reason = "it is said when there is no judge")]

mod support;

use support::{Project, Run};

/// Runs one of the scripts as root of the container; `None` where no container can be had.
fn booted(script: &str) -> Option<Run> {
    let boot = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/systemd/boot.sh");
    let is_root = rustix::process::getuid().is_root();
    let sudo: &[&str] = if is_root { &[] } else { &["sudo", "--non-interactive"] };
    let message = [sudo, &["sh", boot, env!("CARGO_BIN_EXE_everlit"), script]].concat();
    let run = Project::empty().command_line(&message).run();
    if run.code == Some(77) {
        eprintln!("not tested with a real systemd: {}", run.stderr.trim());
        return None;
    }
    Some(run)
}

#[test]
fn a_timer_of_the_machine_is_active_refreshes_a_token_and_leaves_nothing_behind() {
    if let Some(run) = booted("system.sh") {
        run.ended(0).says("✓ installed").says("ended well").says("it ended      well").says("  next run");
    }
}

#[test]
fn a_timer_of_a_user_lingers_refreshes_a_token_and_leaves_nothing_behind() {
    if let Some(run) = booted("user.sh") {
        let run = run.ended(0).notes("no systemd of ada answers").says("sudo loginctl enable-linger ada");
        run.says("✓ already installed").says("ended well");
    }
}
