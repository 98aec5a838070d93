//! The real world: the one place where the clock, the environment and the process are touched.
#![allow(clippy::disallowed_methods, reason = "this is the module that hands them to everything else")]

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use everlit_keeper::Clock;
use everlit_meta_api::{BoxFuture, Timestamp};
use zeroize::Zeroizing;

use crate::screen::Problem;

/// What comes in from outside: variables and the working folder. Handed on as an argument, so tests bring their own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    variables: HashMap<String, String>,
    pub(crate) folder: PathBuf,
}

impl Environment {
    pub(crate) fn of_this_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((one_case(name.to_str()?).into_owned(), value.into_string().ok()?))
        };
        Self {
            variables: std::env::vars_os().filter_map(text).collect(),
            folder: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
        }
    }

    /// A folder and not one variable.
    pub(crate) fn empty(folder: PathBuf) -> Self {
        Self { variables: HashMap::new(), folder }
    }

    #[cfg(test)]
    pub(crate) fn of_test(folder: PathBuf, variables: &[(&str, &str)]) -> Self {
        let own = |(name, value): &(&str, &str)| (one_case(name).into_owned(), (*value).to_owned());
        let variables = variables.iter().map(own).collect();
        Self { variables, folder }
    }

    /// The names of all variables.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }

    /// A variable's value; an empty one counts as not set.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(&*one_case(name)).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Those of these variables that are set, with their values.
    pub(crate) fn some(&self, names: impl IntoIterator<Item = &'static str>) -> impl Iterator<Item = (&str, &str)> {
        names.into_iter().filter_map(|name| Some((name, self.variable(name)?)))
    }
}

/// To Windows `Path` and `PATH` are one name, and it is mostly written `Path`.
fn one_case(name: &str) -> Cow<'_, str> {
    if cfg!(windows) { name.to_ascii_uppercase().into() } else { name.into() }
}

/// The clock on the wall.
#[derive(Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = SystemTime::now();
        let seconds = match now.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
        };
        Timestamp::from_unix(seconds)
    }

    /// A person at a terminal is told of a wait that is long enough to look like a hang.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        let mut stderr = std::io::stderr();
        if duration >= Duration::from_secs(1) && stderr.is_terminal() {
            // Nobody there to read it is no failure.
            let _ = writeln!(stderr, "  no luck yet; trying again in {} s", duration.as_secs());
        }
        Box::pin(tokio::time::sleep(duration))
    }
}

/// `pid 4711 on web1`: who holds a lock.
pub(crate) fn this_process(environment: &Environment) -> String {
    format!("pid {} on {}", std::process::id(), host_name(environment))
}

/// The machine's name.
pub(crate) fn host_name(environment: &Environment) -> String {
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

/// Who this process acts as; `None` where users have no numbers.
#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere there is none")]
pub(crate) fn user_id() -> Option<u32> {
    Some(rustix::process::geteuid().as_raw())
}

/// Who this process acts as; `None` where users have no numbers.
#[cfg(not(unix))]
pub(crate) fn user_id() -> Option<u32> {
    None
}

/// A number that another run will not have: for the jitter of waits, not for secrets.
pub(crate) fn seed() -> u64 {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
    (u64::from(std::process::id()) << 32) ^ u64::from(nanos)
}

/// 256 bits from the operating system; `None` where it has none to give.
pub(crate) fn unguessable() -> Option<Zeroizing<[u8; 32]>> {
    use ring::rand::SecureRandom as _;
    let mut bytes = Zeroizing::new([0; 32]);
    ring::rand::SystemRandom::new().fill(&mut *bytes).ok()?;
    Some(bytes)
}

/// A token must not end up in a core dump.
#[cfg(unix)]
pub(crate) fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // Where the limit cannot be lowered (it always can) the program works all the same.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    // Where Linux hands dumps to a program (apport, systemd-coredump) the limit does not hold, core(5) says; of no memory
    // there is nothing to hand over.
    #[cfg(target_os = "linux")]
    let _ = std::fs::write("/proc/self/coredump_filter", "0");
}

/// Whether a hang-up is ignored, as under `nohup`. Linux says so in `/proc`; elsewhere there is no safe call that tells.
#[cfg(unix)]
pub(crate) fn ignores_hang_up() -> bool {
    const HANG_UP: u64 = 1;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).is_ok_and(|mask| mask & HANG_UP != 0))
}

/// Windows writes no dump of a program unless told to.
#[cfg(not(unix))]
pub(crate) fn forbid_core_dumps() {}

/// The words of a panic may hold what must not be seen: they go through the net that Meta's words go through.
pub(crate) fn redact_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = everlit_meta_api::redact(&panic.to_string());
        // Where stderr is gone there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "everlit failed; please report it: {message}");
    }));
}

/// What goes to stdout is read by a person, not by a program.
pub(crate) fn stdout_is_a_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Ctrl-C reaches every process in the terminal's foreground, not this one alone.
#[cfg(unix)]
pub(crate) fn is_in_foreground() -> bool {
    rustix::termios::tcgetpgrp(std::io::stdin()).is_ok_and(|group| group == rustix::process::getpgrp())
}

/// A runtime of one thread: a run waits for the network, it computes nothing.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Problem::internal(format!("cannot start: {error}")))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_variable_is_found_as_the_system_would_find_it() {
        let environment = Environment::of_test(PathBuf::new(), &[("Path", "here"), ("Empty", "")]);
        assert_eq!(environment.variable("Path"), Some("here"));
        assert_eq!(environment.variable("PATH"), cfg!(windows).then_some("here"));
        assert_eq!(environment.variable("Empty"), None);
    }

    /// The hook belongs to the whole process, so the test starts itself again.
    #[test]
    fn p3_never_leaked_by_the_words_of_a_panic() {
        const CHILD: &str = "EVERLIT_TEST_OF_PANICS";
        let token = format!("IGAAfake{}", "FAKEfake".repeat(20));
        if std::env::var_os(CHILD).is_some() {
            redact_panics();
            panic!("a bug shows {token}");
        }
        let test = "system::tests::p3_never_leaked_by_the_words_of_a_panic";
        let mut command = Command::new(std::env::current_exe().unwrap());
        let output = command.args(["--exact", test, "--nocapture"]).env(CHILD, "1").output().unwrap();
        let shown = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(shown.contains("everlit failed; please report it: ") && shown.contains("a bug shows"), "{shown}");
        assert!(!shown.contains(&token[8..24]), "{shown}");
    }
}
