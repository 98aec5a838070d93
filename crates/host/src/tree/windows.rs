//! Windows: a job object. There is no signal that asks a process to end, and Ctrl-C reaches every process of a console.

use std::io;
use std::time::Duration;

use everlit_win32::Job;
use tokio::process::{Child, Command};

use crate::Signal;

/// The job that holds the command's processes.
#[derive(Debug)]
pub(super) struct Others(Option<Job>);

pub(super) fn prepare(_command: &mut Command) -> bool {
    true
}

impl Others {
    pub(super) fn of(child: &Child, _is_alone: bool) -> io::Result<Self> {
        // One that has ended already has no id.
        Ok(Self(child.id().map(Job::around).transpose()?))
    }

    #[allow(clippy::unused_self, reason = "elsewhere there are signals")]
    pub(super) fn forward(&self, _signal: Signal, _child: &Child) {}

    pub(super) async fn end(&mut self, child: &mut Child, _grace: Duration) {
        // Both fail only for what has ended already.
        let _ = self.0.as_ref().map(Job::end);
        let _ = child.kill().await;
    }
}
