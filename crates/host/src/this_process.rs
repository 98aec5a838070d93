//! What everlit asks of, and sets for, its own process.
#![allow(clippy::disallowed_methods, reason = "the process itself is not a file of a user's")]

use std::io::{self, IsTerminal, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use zeroize::Zeroizing;

use crate::Environment;

/// `pid 4711 on web1`: who holds a lock.
pub fn this_process(environment: &Environment) -> String {
    format!("pid {} on {}", std::process::id(), host_name(environment))
}

/// The machine's name.
pub fn host_name(environment: &Environment) -> String {
    let host = environment.variable("HOSTNAME").or_else(|| environment.variable("COMPUTERNAME")).map(str::to_owned);
    host.or_else(node_name).unwrap_or_else(|| "this machine".to_owned())
}

#[cfg(unix)]
fn node_name() -> Option<String> {
    rustix::system::uname().nodename().to_str().ok().map(str::to_owned).filter(|name| !name.is_empty())
}

#[cfg(not(unix))]
fn node_name() -> Option<String> {
    None
}

/// The effective user id; `None` on systems without numeric user ids.
#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere there is none")]
pub fn user_id() -> Option<u32> {
    Some(rustix::process::geteuid().as_raw())
}

/// The effective user id; `None` on systems without numeric user ids.
#[cfg(not(unix))]
pub fn user_id() -> Option<u32> {
    None
}

/// A seed for the jitter of waits that differs between runs; not for secrets.
pub fn seed() -> u64 {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
    (u64::from(std::process::id()) << 32) ^ u64::from(nanos)
}

/// 256 random bits from the operating system; `None` if it cannot provide any.
pub fn unguessable() -> Option<Zeroizing<[u8; 32]>> {
    use ring::rand::SecureRandom as _;
    let mut bytes = Zeroizing::new([0; 32]);
    ring::rand::SystemRandom::new().fill(&mut *bytes).ok()?;
    Some(bytes)
}

/// Disables core dumps, which would contain tokens.
#[cfg(unix)]
pub fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // Lowering a limit is always allowed; if it fails all the same, everlit still works.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    // core(5): the limit does not apply when dumps are piped to a program (apport, systemd-coredump). An empty filter
    // leaves nothing to dump.
    #[cfg(target_os = "linux")]
    let _ = std::fs::write("/proc/self/coredump_filter", "0");
}

/// Handles SIGXFSZ, so that a write beyond `ulimit -f` fails with an error instead of killing the process.
#[cfg(unix)]
pub fn outlive_file_size_limit() {
    use rustix::process::{Resource, Signal, getrlimit};
    use tokio::signal::unix::{SignalKind, signal};

    if getrlimit(Resource::Fsize).current.is_none() {
        return;
    }
    // A handler stays when its runtime is gone. Children begin without it, and keep the limit.
    if let Ok(runtime) = runtime() {
        let _ = runtime.block_on(async { signal(SignalKind::from_raw(Signal::XFSZ.as_raw())) });
    }
}

/// Only Unix has SIGXFSZ.
#[cfg(not(unix))]
pub fn outlive_file_size_limit() {}

/// Whether SIGHUP is ignored, as under `nohup`. Read from `/proc` on Linux; elsewhere no safe call tells.
#[cfg(unix)]
pub(crate) fn ignores_hang_up() -> bool {
    const HANG_UP: u64 = 1;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).is_ok_and(|mask| mask & HANG_UP != 0))
}

/// Windows does not write dumps unless configured to.
#[cfg(not(unix))]
pub fn forbid_core_dumps() {}

/// Redacts secrets from panic messages.
pub fn redact_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = everlit_meta_api::redact(&panic.to_string());
        // A closed stderr leaves nobody to tell.
        let _ = writeln!(io::stderr(), "everlit failed; please report it: {message}");
    }));
}

/// Whether a person reads stdout, rather than a program.
pub fn stdout_is_a_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether this process group is in the terminal's foreground, where Ctrl-C reaches every process.
#[cfg(unix)]
pub(crate) fn is_in_foreground() -> bool {
    rustix::termios::tcgetpgrp(io::stdin()).is_ok_and(|group| group == rustix::process::getpgrp())
}

/// A single-threaded async runtime that waits for no thread when it ends: one whose file system or resolver hangs must not
/// keep the process.
#[derive(Debug)]
pub struct Runtime(Option<tokio::runtime::Runtime>);

/// Starts a [`Runtime`].
///
/// # Errors
/// The system refused the resources, such as file descriptors.
pub fn runtime() -> io::Result<Runtime> {
    check_descriptors()?;
    Ok(Runtime(Some(tokio::runtime::Builder::new_current_thread().enable_all().build()?)))
}

impl Runtime {
    /// Runs a future to its end on this thread.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "only `drop` takes the runtime")]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.0.as_ref().expect("a runtime until it is dropped").block_on(future)
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Tokio panics where the process may not open as many files as it needs.
#[cfg(unix)]
fn check_descriptors() -> io::Result<()> {
    use std::os::fd::AsFd as _;

    /// Seven are the runtime's; one is for the first file or connection.
    const NEEDED: usize = 8;
    let stdin = io::stdin();
    let opened: io::Result<Vec<_>> = (0..NEEDED).map(|_| stdin.as_fd().try_clone_to_owned()).collect();
    opened.map(drop).map_err(|error| io::Error::new(error.kind(), format!("{error}; raise the limit (ulimit -n)")))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "can fail on Unix")]
fn check_descriptors() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// The hook belongs to the whole process, so the test starts itself again.
    #[test]
    fn p3_never_leaked_by_the_words_of_a_panic() {
        const CHILD: &str = "EVERLIT_TEST_OF_PANICS";
        let token = format!("IGAAfake{}", "FAKEfake".repeat(20));
        if std::env::var_os(CHILD).is_some() {
            redact_panics();
            panic!("a bug shows {token}");
        }
        let test = "this_process::tests::p3_never_leaked_by_the_words_of_a_panic";
        let mut command = Command::new(std::env::current_exe().unwrap());
        let output = command.args(["--exact", test, "--nocapture"]).env(CHILD, "1").output().unwrap();
        let shown = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(shown.contains("everlit failed; please report it: ") && shown.contains("a bug shows"), "{shown}");
        assert!(!shown.contains(&token[8..24]), "{shown}");
    }
}
