//! A child process that runs as long as everlit does.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use tokio::process::Child;

use crate::Signal;
#[cfg(unix)]
use crate::signals::send;
#[cfg(unix)]
use crate::this_process::is_in_foreground;

/// Asks a child to end and waits; kills it after `grace`. `Some` if it had already ended.
pub async fn terminate(child: &mut Child, grace: Duration) -> Option<io::Result<ExitStatus>> {
    if let Ok(Some(status)) = child.try_wait() {
        return Some(Ok(status));
    }
    forward(Signal::Terminate, child);
    if tokio::time::timeout(grace, child.wait()).await.is_err() {
        // It may have ended just now.
        let _ = child.kill().await;
    }
    None
}

/// Forwards a signal to a child, unless the terminal already sent it.
#[cfg(unix)]
pub fn forward(signal: Signal, child: &Child) {
    let told = matches!(signal, Signal::Interrupt | Signal::Quit) && is_in_foreground();
    if let Some(process) = child.id().filter(|_| !told) {
        send(signal, process);
    }
}

/// Windows notifies every process of a console itself and has no other signals.
#[cfg(not(unix))]
pub fn forward(_signal: Signal, _child: &Child) {}

/// The shell's exit code: 128 plus the number of a fatal signal.
pub fn exit_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let by_signal = std::os::unix::process::ExitStatusExt::signal(&status).map(|number| 128 + number);
    #[cfg(not(unix))]
    let by_signal = None;
    // Windows has wider codes; one that does not fit is still a failure.
    status.code().or(by_signal).map_or(1, |code| u8::try_from(code).unwrap_or(1))
}
