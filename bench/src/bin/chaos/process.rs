//! Processes that are struck: started, killed, stopped, and started again.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// A process that is killed when dropped.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    /// Starts it; what it says goes to the end of a file.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("cannot start {command:?}: {error}");
        let log = File::options().create(true).append(true).open(log).map_err(failed)?;
        let also = log.try_clone().map_err(failed)?;
        command.stdin(Stdio::null()).stdout(log).stderr(also);
        command.spawn().map(Self).map_err(|error| format!("cannot start {command:?}: {error}"))
    }

    pub(crate) fn signal(&self, signal: Signal) {
        if let Ok(pid) = i32::try_from(self.0.id()) {
            let _ = kill(Pid::from_raw(pid), signal);
        }
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    /// Asks it to end, and says whether it ended well.
    pub(crate) fn end(mut self) -> bool {
        self.signal(Signal::SIGTERM);
        self.0.wait().is_ok_and(|status| status.success())
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().is_ok_and(|status| status.is_some())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("cannot start {command:?}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The status of an HTTP answer on this machine; `None` without one.
pub(crate) fn status(port: u16, path: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(3))).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\nhost: localhost\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.split(' ').nth(1)?.parse().ok()
}

/// Waits until it is so, at most this long.
pub(crate) fn wait_for(what: &str, longest: Duration, mut is_so: impl FnMut() -> bool) -> Result<(), String> {
    const STEP: Duration = Duration::from_millis(200);
    for _ in 0..longest.as_millis() / STEP.as_millis() {
        if is_so() {
            return Ok(());
        }
        std::thread::sleep(STEP);
    }
    Err(format!("no {what} within {} s", longest.as_secs()))
}
