//! The duties of PID 1 in a container: forward signals, whose default actions do not apply to it, and reap orphans.
//!
//! PID 1 starts everlit once more as its child and does only this, so that nothing else has to know.
#![allow(clippy::disallowed_methods, reason = "the child gets this process's arguments and environment unchanged")]

use crate::{Signal, Signals, runtime};
use std::process::{Command, ExitCode};

use rustix::process::{Pid, WaitOptions, getpid, wait};

use crate::signals::send;
use crate::this_process::is_in_foreground;

/// Runs as PID 1 and returns the child's exit code; `None` if this process is not PID 1.
pub fn duties() -> Option<ExitCode> {
    if getpid() != Pid::INIT {
        return None;
    }
    runtime().ok()?.block_on(async {
        let mut signals = Signals::listen_with_children().ok()?;
        // If the child cannot be started, run the command here, without these duties.
        let itself = std::env::current_exe().ok()?;
        let child = Command::new(itself).args(std::env::args_os().skip(1)).spawn().ok()?;
        loop {
            match signals.next().await {
                Signal::ChildEnded => {
                    if let Some(code) = reap(child.id()) {
                        return Some(ExitCode::from(code));
                    }
                }
                // The terminal already sent it to every process in the foreground.
                Signal::Interrupt | Signal::Quit if is_in_foreground() => {}
                signal => send(signal, child.id()),
            }
        }
    })
}

/// Reaps every process that has ended; returns the child's exit code if it is among them.
fn reap(child: u32) -> Option<u8> {
    let mut code = None;
    while let Ok(Some((pid, status))) = wait(WaitOptions::NOHANG) {
        if u32::try_from(pid.as_raw_nonzero().get()) == Ok(child) {
            let by_signal = status.terminating_signal().map(|number| 128 + number);
            code = status.exit_status().or(by_signal).and_then(|code| u8::try_from(code).ok()).or(Some(1));
        }
    }
    code
}
