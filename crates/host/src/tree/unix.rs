//! Unix: a process group of the command's own, and the descendants of the command wherever they are.
//!
//! A command that reads the keyboard stays in everlit's group, because the terminal stops any other group that reads it.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use rustix::process::{Pid, Signal as Number, kill_process, kill_process_group};
use tokio::process::{Child, Command};

use crate::Signal;
use crate::processes::{Process, processes};
use crate::signals::send;
use crate::this_process::is_in_foreground;

const PAUSE: Duration = Duration::from_millis(20);

/// How long a killed process may take to disappear.
const LAST: Duration = Duration::from_secs(2);

/// The processes beside the command itself.
#[derive(Debug)]
pub(super) struct Others {
    command: Option<Pid>,
    has_own_group: bool,
}

/// Whether the command gets a process group of its own.
pub(super) fn prepare(command: &mut Command) -> bool {
    let reads_keyboard = io::stdin().is_terminal();
    if !reads_keyboard {
        command.process_group(0);
    }
    !reads_keyboard
}

impl Others {
    #[allow(clippy::unnecessary_wraps, reason = "on Windows it can fail")]
    pub(super) fn of(child: &Child, has_own_group: bool) -> io::Result<Self> {
        let command = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        Ok(Self { command, has_own_group })
    }

    pub(super) fn forward(&self, signal: Signal, child: &Child) {
        let sent = matches!(signal, Signal::Interrupt | Signal::Quit) && !self.has_own_group && is_in_foreground();
        if let Some(process) = child.id().filter(|_| !sent) {
            send(signal, process);
        }
    }

    /// SIGTERM to all, SIGKILL to those that are left after `grace`.
    pub(super) async fn end(&self, child: &mut Child, grace: Duration) {
        let command = self.command.filter(|_| child.id().is_some());
        let known: Vec<Process> =
            processes().into_iter().filter(|process| Some(process.id) == command || self.in_group(*process)).collect();
        let known = self.living(&known);
        if command.is_none() && known.is_empty() {
            return;
        }
        self.signal(command, &known, Number::TERM);
        let ended = async {
            let _ = child.wait().await;
            self.gone(&known).await;
        };
        if tokio::time::timeout(grace, ended).await.is_ok() {
            return;
        }
        let command = command.filter(|_| child.id().is_some());
        let left = self.living(&known);
        self.signal(command, &left, Number::KILL);
        let _ = child.wait().await;
        // What even SIGKILL does not end waits for a device.
        let _ = tokio::time::timeout(LAST, self.gone(&left)).await;
    }

    /// Signals each process; one that has ended already is not an error.
    fn signal(&self, command: Option<Pid>, known: &[Process], number: Number) {
        if let Some(group) = self.command.filter(|_| self.has_own_group) {
            let _ = kill_process_group(group, number);
        } else if let Some(command) = command {
            let _ = kill_process(command, number);
        }
        for process in known.iter().filter(|process| !self.in_group(**process) && Some(process.id) != command) {
            let _ = kill_process(process.id, number);
        }
    }

    async fn gone(&self, known: &[Process]) {
        while !self.living(known).is_empty() {
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Which of these processes still run, and all their descendants.
    fn living(&self, known: &[Process]) -> Vec<Process> {
        let all = processes();
        let is_known = |process: &Process| {
            self.in_group(*process)
                || known.iter().any(|known| known.id == process.id && known.started == process.started)
        };
        let mut found: Vec<Process> = all.iter().copied().filter(is_known).collect();
        let mut index = 0;
        while let Some(parent) = found.get(index).map(|process| process.id) {
            let is_new = |child: &Process| child.parent == Some(parent) && !found.iter().any(|one| one.id == child.id);
            let children: Vec<Process> = all.iter().copied().filter(is_new).collect();
            found.extend(children);
            index += 1;
        }
        found
    }

    fn in_group(&self, process: Process) -> bool {
        self.has_own_group && self.command.is_some() && process.group == self.command
    }
}
