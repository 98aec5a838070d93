//! Starts the programs of the machine: what sets up a schedule is `systemctl`, `crontab`, `launchctl`, `schtasks`.
//!
//! Each gets a cleaned environment (there may be secrets in ours), no terminal to ask at, and a deadline.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::child_env;
use crate::system::Environment;

/// Starts programs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Programs<'a> {
    environment: &'a Environment,
}

/// How a program ended, and what it said.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Ended {
    /// `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

/// Why nothing can be said of how a program ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum NotRun {
    /// There is no such program.
    Absent,
    /// It was still running at its deadline, and was ended.
    TimedOut,
    /// The system did not start it.
    Failed(String),
}

impl Ended {
    pub(crate) fn well(&self) -> bool {
        self.code == Some(0)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// What it said first of its trouble, or its exit code.
    pub(crate) fn failure(&self) -> String {
        let text = self.text();
        let said = self.stderr.lines().chain(text.lines()).map(str::trim).find(|line| !line.is_empty());
        match (said, self.code) {
            (Some(line), _) => everlit_meta_api::redact(line),
            (None, Some(code)) => format!("it ended with {code}"),
            (None, None) => "a signal ended it".to_owned(),
        }
    }
}

impl NotRun {
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Absent => "it is not on this machine".to_owned(),
            Self::TimedOut => "it did not end in time".to_owned(),
            Self::Failed(message) => message.clone(),
        }
    }
}

/// How long a question to a scheduler may take: it answers from memory.
const SOON: Duration = Duration::from_secs(20);

impl<'a> Programs<'a> {
    pub(crate) fn new(environment: &'a Environment) -> Self {
        Self { environment }
    }

    /// Runs a program with what it needs of our environment; its words are in English, its times in UTC.
    pub(crate) fn ask(self, message: &[&str]) -> Result<Ended, NotRun> {
        self.give(message, None)
    }

    /// The same, with this on its stdin.
    pub(crate) fn give(self, message: &[&str], input: Option<&[u8]>) -> Result<Ended, NotRun> {
        self.ask_within(message, input, SOON)
    }

    /// The same, with a deadline of the caller's.
    pub(crate) fn ask_within(
        self,
        message: &[&str],
        input: Option<&[u8]>,
        deadline: Duration,
    ) -> Result<Ended, NotRun> {
        let mut command = command(message);
        command.envs(child_env::to_scheduler(self.environment));
        command.envs([("LC_ALL", "C"), ("TZ", "UTC"), ("SYSTEMD_PAGER", ""), ("SYSTEMD_COLORS", "0")]);
        run(command, input, deadline)
    }

    /// Runs a program in this environment, with nothing added, and in this folder.
    pub(crate) fn run_in(
        message: &[&str],
        environment: &[(String, String)],
        folder: &Path,
        deadline: Duration,
    ) -> Result<Ended, NotRun> {
        let mut command = command(message);
        command.envs(environment.iter().map(|(name, value)| (name, value))).current_dir(folder);
        run(command, None, deadline)
    }
}

fn command(message: &[&str]) -> Command {
    let mut command = Command::new(message.first().copied().unwrap_or_default());
    command.args(message.get(1..).unwrap_or_default()).env_clear();
    command
}

fn run(mut command: Command, input: Option<&[u8]>, deadline: Duration) -> Result<Ended, NotRun> {
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    // A group of its own: at the deadline, whatever it has started ends with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => NotRun::Absent,
        _ => NotRun::Failed(error.to_string()),
    })?;
    if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input.map(<[u8]>::to_vec)) {
        // Beside the reading, or two full pipes would wait for each other. One that reads nothing says why when it ends.
        thread::spawn(move || drop(stdin.write_all(&input)));
    }
    let (stdout, stderr) = (read(child.stdout.take()), read(child.stderr.take()));
    let Some(status) = wait(&mut child, deadline).map_err(|error| NotRun::Failed(error.to_string()))? else {
        end(&mut child);
        return Err(NotRun::TimedOut);
    };
    Ok(Ended {
        code: status.code(),
        stdout: collected(&stdout),
        stderr: String::from_utf8_lossy(&collected(&stderr)).into_owned(),
    })
}

/// `None` at the deadline.
fn wait(child: &mut Child, deadline: Duration) -> io::Result<Option<ExitStatus>> {
    const PAUSE: Duration = Duration::from_millis(10);
    for _ in 0..=deadline.as_millis() / PAUSE.as_millis() {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(PAUSE);
    }
    Ok(None)
}

fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        // One that has ended meanwhile is what was wanted.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Reads a pipe to its end, beside everything else.
fn read(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    const MOST: u64 = 4 << 20;
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            let mut pipe = pipe.take(MOST);
            let mut part = [0; 8192];
            while let Ok(count @ 1..) = pipe.read(&mut part) {
                bytes.extend_from_slice(&part[..count]);
            }
        }
        drop(sender.send(bytes));
    });
    receiver
}

/// What was read. Something that the program left running may hold the pipe open for ever; it is not waited for.
fn collected(receiver: &Receiver<Vec<u8>>) -> Vec<u8> {
    receiver.recv_timeout(Duration::from_secs(2)).unwrap_or_default()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, environment: &[(&str, &str)]) -> Result<Ended, NotRun> {
        let all: Vec<_> = [("PATH", "/usr/bin:/bin")].iter().chain(environment).copied().collect();
        let environment = Environment::of_test("/".into(), &all);
        Programs::new(&environment).ask(&["sh", "-c", script])
    }

    #[test]
    fn a_program_gets_what_it_needs_of_the_environment_and_no_secret() {
        let ended = shell("env", &[("META_APP_SECRET", "fa4e"), ("HOME", "/home/ada")]).unwrap();
        let text = ended.text();
        assert!(text.contains("HOME=/home/ada") && text.contains("LC_ALL=C") && !text.contains("fa4e"), "{text}");
    }

    #[test]
    fn what_a_program_says_and_how_it_ends_comes_back() {
        let ended = shell("echo data; echo why >&2; exit 7", &[]).unwrap();
        assert_eq!((ended.code, ended.text().as_str(), ended.failure().as_str()), (Some(7), "data\n", "why"));
        assert_eq!(shell("kill -9 $$", &[]).unwrap().failure(), "a signal ended it");
    }

    #[test]
    fn a_program_that_is_not_there_is_called_absent() {
        let environment = Environment::empty("/".into());
        assert_eq!(Programs::new(&environment).ask(&["no-such-program-of-everlit"]), Err(NotRun::Absent));
    }

    #[test]
    fn a_program_that_hangs_is_ended_with_all_that_it_has_started() {
        let environment = Environment::of_test("/".into(), &[("PATH", "/usr/bin:/bin")]);
        let message = ["sh", "-c", "sleep 600 & sleep 600"];
        let ended = Programs::new(&environment).ask_within(&message, None, Duration::from_millis(100));
        assert_eq!(ended, Err(NotRun::TimedOut));
    }

    #[test]
    fn a_program_reads_all_that_it_is_given_however_much_it_answers() {
        let environment = Environment::of_test("/".into(), &[("PATH", "/usr/bin:/bin")]);
        let much = vec![b'x'; 1 << 20];
        assert_eq!(Programs::new(&environment).give(&["cat"], Some(&much)).unwrap().stdout, much);
    }
}
