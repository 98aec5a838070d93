//! A command that runs as long as everlit does, with every process that it starts.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use tokio::process::{Child, Command};

use crate::Signal;
#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

/// A command and the processes that it starts.
#[derive(Debug)]
pub struct Tree {
    child: Child,
    others: system::Others,
}

impl Tree {
    /// Starts a command. A command that cannot be supervised is ended again.
    pub fn start(mut command: Command) -> io::Result<Self> {
        let is_alone = system::prepare(&mut command);
        let child = command.kill_on_drop(true).spawn()?;
        let others = system::Others::of(&child, is_alone)?;
        Ok(Self { child, others })
    }

    /// Waits for the command itself to end. Cancel safe.
    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Forwards a signal to the command itself, unless the terminal already sent it.
    pub fn forward(&self, signal: Signal) {
        self.others.forward(signal, &self.child);
    }

    /// Asks every process to end and waits; kills what is left after `grace`. `Some` if the command had ended before.
    pub async fn terminate(&mut self, grace: Duration) -> Option<io::Result<ExitStatus>> {
        if let Ok(Some(status)) = self.child.try_wait() {
            return Some(Ok(status));
        }
        self.others.end(&mut self.child, grace).await;
        None
    }

    /// Ends what the command has left behind.
    pub async fn clear(&mut self, grace: Duration) {
        self.others.end(&mut self.child, grace).await;
    }
}

/// The shell's exit code: 128 plus the number of a fatal signal.
pub fn exit_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let by_signal = std::os::unix::process::ExitStatusExt::signal(&status).map(|number| 128 + number);
    #[cfg(not(unix))]
    let by_signal = None;
    // Windows has wider codes; one that does not fit is still a failure.
    status.code().or(by_signal).map_or(1, |code| u8::try_from(code).unwrap_or(1))
}
