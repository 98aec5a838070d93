//! Processes that are struck: started, killed, stopped, and started again.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// A process that is killed when dropped.
#[derive(Debug)]
pub(crate) struct Process(Child);

/// The same command, whose process is killed when this one ends in whatever way. To be called before its environment is set.
pub(crate) fn mortal(command: &Command) -> Command {
    let mut mortal = Command::new("setpriv");
    mortal.args(["--pdeathsig", "KILL"]);
    // `setpriv` may be there already, to become another user: Linux forgets the wish for the signal at that moment, so it is
    // made by the same call, which makes it afterwards.
    if command.get_program() != "setpriv" {
        mortal.arg(command.get_program());
    }
    mortal.args(command.get_args());
    mortal
}

impl Process {
    /// Starts it; what it says goes to the end of a file.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("cannot start {command:?}: {error}");
        let log = File::options().create(true).append(true).open(log).map_err(failed)?;
        let also = log.try_clone().map_err(failed)?;
        command.stdin(Stdio::null()).stdout(log).stderr(also);
        command.spawn().map(Self).map_err(|error| format!("cannot start {command:?}: {error}"))
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    pub(crate) fn signal(&self, signal: Signal) -> Result<(), String> {
        let pid = i32::try_from(self.id()).map_err(|error| error.to_string())?;
        kill(Pid::from_raw(pid), signal).map_err(|error| format!("cannot send {signal} to process {pid}: {error}"))
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    /// Asks it to end, and says whether it ended well within this time.
    pub(crate) fn end(&mut self, longest: Duration) -> bool {
        let asked = self.signal(Signal::SIGTERM);
        asked.is_ok()
            && wait_for("end", longest, || self.has_ended()).is_ok()
            && self.0.wait().is_ok_and(|status| status.success())
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

/// A port that nobody listens on. Not one of those that Linux gives to connections: a server that is started again would find it
/// taken now and then.
pub(crate) fn port() -> u16 {
    const FIRST: u16 = 12_000;
    const COUNT: u16 = 20_000;
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 199 * 100).unwrap_or(0);
    loop {
        let port = FIRST + (start + GIVEN.fetch_add(1, Ordering::Relaxed)) % COUNT;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
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
    let began = Instant::now();
    loop {
        if is_so() {
            return Ok(());
        }
        if began.elapsed() > longest {
            return Err(format!("no {what} within {} s", longest.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}
