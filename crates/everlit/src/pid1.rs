//! As the first process of a container (PID 1) a program has two duties more: to pass signals on, which have none of
//! their usual effects on it, and to bury the processes that others have left behind.
//!
//! So that nothing else in everlit need know, the first process starts everlit a second time and does only this.
#![allow(
    clippy::disallowed_methods,
    reason = "the second process gets this one's arguments and environment as they are"
)]

use std::process::{Command, ExitCode};

use rustix::process::{Pid, WaitOptions, getpid, wait};

use crate::signals::{Signal, Signals, send};
use crate::system::{is_in_foreground, runtime};

/// Does the duties of a first process and returns how the second one has ended; `None` where this is no first process.
pub(crate) fn duties() -> Option<ExitCode> {
    if getpid() != Pid::INIT {
        return None;
    }
    runtime().ok()?.block_on(async {
        let mut signals = Signals::listen_with_children().ok()?;
        // Where it cannot be started again the duties stay undone, and the command runs all the same.
        let itself = std::env::current_exe().ok()?;
        let second = Command::new(itself).args(std::env::args_os().skip(1)).spawn().ok()?;
        loop {
            match signals.next().await {
                Signal::ChildEnded => {
                    if let Some(code) = reap(second.id()) {
                        return Some(ExitCode::from(code));
                    }
                }
                // The terminal has told every process in its foreground already.
                Signal::Interrupt | Signal::Quit if is_in_foreground() => {}
                signal => send(signal, second.id()),
            }
        }
    })
}

/// Takes note of every process that has ended; the exit code of the second one, if it is among them.
fn reap(second: u32) -> Option<u8> {
    let mut code = None;
    while let Ok(Some((pid, status))) = wait(WaitOptions::NOHANG) {
        if u32::try_from(pid.as_raw_nonzero().get()) == Ok(second) {
            let by_signal = status.terminating_signal().map(|number| 128 + number);
            code = status.exit_status().or(by_signal).and_then(|code| u8::try_from(code).ok()).or(Some(1));
        }
    }
    code
}
