//! Runs the machine's own programs, such as `systemctl`, `crontab`, `launchctl` and `schtasks`.
//!
//! Each gets a cleaned environment (ours may hold secrets), no terminal, and a deadline.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::Environment;
use crate::child_env;

/// Runs programs with a cleaned environment.
#[derive(Clone, Copy, Debug)]
pub struct Programs<'a> {
    environment: &'a Environment,
}

/// A finished program: exit code and output.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Ended {
    /// The exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// Up to 4 MiB of its output.
    pub stdout: Vec<u8>,
    /// Up to 4 MiB of its error output, lossily decoded.
    pub stderr: String,
}

/// Why a program has no exit status.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NotRun {
    /// There is no such program.
    Absent,
    /// It was still running at its deadline, and was ended.
    TimedOut,
    /// The system did not start it.
    Failed(String),
}

impl Ended {
    /// Whether it exited with 0.
    pub fn well(&self) -> bool {
        self.code == Some(0)
    }

    /// Its output as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// The first line it printed, errors first, or else its exit code; without secrets.
    pub fn failure(&self) -> String {
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
    /// The reason, for a person.
    pub fn message(&self) -> String {
        match self {
            Self::Absent => "it is not on this machine".to_owned(),
            Self::TimedOut => "it did not end in time".to_owned(),
            Self::Failed(message) => message.clone(),
        }
    }
}

/// Schedulers answer queries from memory.
const SOON: Duration = Duration::from_secs(20);

impl<'a> Programs<'a> {
    /// Programs get the allowed part of this environment.
    pub fn new(environment: &'a Environment) -> Self {
        Self { environment }
    }

    /// Runs a program, with output in English and times in UTC, for at most 20 seconds.
    pub fn ask(self, args: &[&str]) -> Result<Ended, NotRun> {
        self.give(args, None)
    }

    /// The same, with `input` on its stdin.
    pub fn give(self, args: &[&str], input: Option<&[u8]>) -> Result<Ended, NotRun> {
        self.ask_within(args, input, SOON)
    }

    /// The same, with the caller's deadline.
    pub fn ask_within(self, args: &[&str], input: Option<&[u8]>, deadline: Duration) -> Result<Ended, NotRun> {
        let mut command = command(args);
        command.envs(child_env::to_scheduler(self.environment));
        command.envs([("LC_ALL", "C"), ("TZ", "UTC"), ("SYSTEMD_PAGER", ""), ("SYSTEMD_COLORS", "0")]);
        run(command, input, deadline)
    }

    /// Runs a program with exactly this environment, in this folder, with `input` on its stdin.
    pub fn run_in(
        args: &[&str],
        environment: &[(String, String)],
        folder: &Path,
        input: Option<&[u8]>,
        deadline: Duration,
    ) -> Result<Ended, NotRun> {
        let mut command = command(args);
        command.envs(environment.iter().map(|(name, value)| (name, value))).current_dir(folder);
        run(command, input, deadline)
    }
}

/// What a command of the user's own prints. It keeps this program's environment, terminal and error output, as it may have to
/// ask for a passphrase.
pub fn printed_by(mut command: Command, deadline: Duration) -> Result<Ended, NotRun> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    run(command, None, deadline)
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(args.first().copied().unwrap_or_default());
    command.args(args.get(1..).unwrap_or_default()).env_clear();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Its own process group, so that the deadline ends its children too.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

fn run(mut command: Command, input: Option<&[u8]>, deadline: Duration) -> Result<Ended, NotRun> {
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => NotRun::Absent,
        _ => NotRun::Failed(error.to_string()),
    })?;
    // Windows has no process groups. Where it allows no job, the deadline ends the program alone.
    #[cfg(windows)]
    let job = everlit_win32::Job::around(child.id()).ok();
    if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input.map(<[u8]>::to_vec)) {
        // Written on another thread: two full pipes would deadlock. A program that reads nothing explains itself by its exit.
        thread::spawn(move || drop(stdin.write_all(&input)));
    }
    let (stdout, stderr) = (read(child.stdout.take()), read(child.stderr.take()));
    let Some(status) = wait(&mut child, deadline).map_err(|error| NotRun::Failed(error.to_string()))? else {
        #[cfg(windows)]
        let _ = job.as_ref().map(everlit_win32::Job::end);
        end(&mut child);
        return Err(NotRun::TimedOut);
    };
    // What a program leaves behind may be what it was to start.
    #[cfg(windows)]
    let _ = job.map(everlit_win32::Job::release);
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

/// Reads a pipe to its end on another thread. What is too much is read all the same: a closed pipe would end the program.
fn read(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    const MOST: usize = 4 << 20;
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let mut part = [0; 8192];
            while let Ok(count @ 1..) = pipe.read(&mut part) {
                bytes.extend_from_slice(&part[..count.min(MOST - bytes.len())]);
            }
        }
        drop(sender.send(bytes));
    });
    receiver
}

/// What was read. A process that the program left behind may hold the pipe open; it is not waited for.
fn collected(receiver: &Receiver<Vec<u8>>) -> Vec<u8> {
    receiver.recv_timeout(Duration::from_secs(2)).unwrap_or_default()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_command_of_the_users_own_has_a_deadline_too() {
        let sh = |script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            command
        };
        assert_eq!(printed_by(sh("exec sleep 600"), Duration::from_millis(50)), Err(NotRun::TimedOut));
        let printed = printed_by(sh("echo a key"), Duration::from_secs(20)).unwrap();
        assert!(printed.well() && printed.text() == "a key\n");
    }

    fn shell(script: &str, environment: &[(&str, &str)]) -> Result<Ended, NotRun> {
        let all: Vec<_> = [("PATH", "/usr/bin:/bin")].iter().chain(environment).copied().collect();
        let environment = Environment::of("/".into(), &all);
        Programs::new(&environment).ask(&["sh", "-c", script])
    }

    #[test]
    fn a_program_gets_no_secrets_from_the_environment() {
        let ended = shell("env", &[("META_APP_SECRET", "fa4e"), ("HOME", "/home/ada")]).unwrap();
        let text = ended.text();
        assert!(text.contains("HOME=/home/ada") && text.contains("LC_ALL=C") && !text.contains("fa4e"), "{text}");
    }

    #[test]
    fn output_and_exit_code_are_returned() {
        let ended = shell("echo data; echo why >&2; exit 7", &[]).unwrap();
        assert_eq!((ended.code, ended.text().as_str(), ended.failure().as_str()), (Some(7), "data\n", "why"));
        assert_eq!(shell("kill -9 $$", &[]).unwrap().failure(), "a signal ended it");
    }

    #[test]
    fn a_missing_program_is_absent() {
        let environment = Environment::empty("/".into());
        assert_eq!(Programs::new(&environment).ask(&["no-such-program-of-everlit"]), Err(NotRun::Absent));
    }

    #[test]
    fn a_hanging_program_is_killed_with_its_children() {
        let environment = Environment::of("/".into(), &[("PATH", "/usr/bin:/bin")]);
        let message = ["sh", "-c", "sleep 600 & sleep 600"];
        let ended = Programs::new(&environment).ask_within(&message, None, Duration::from_millis(100));
        assert_eq!(ended, Err(NotRun::TimedOut));
    }

    #[test]
    fn a_program_that_writes_too_much_comes_to_its_end() {
        let ended = shell("head -c 9000000 /dev/zero; echo end >&2", &[]).unwrap();
        assert_eq!((ended.code, ended.stdout.len(), ended.stderr.as_str()), (Some(0), 4 << 20, "end\n"));
    }

    #[test]
    fn large_input_and_output_do_not_deadlock() {
        let environment = Environment::of("/".into(), &[("PATH", "/usr/bin:/bin")]);
        let much = vec![b'x'; 1 << 20];
        assert_eq!(Programs::new(&environment).give(&["cat"], Some(&much)).unwrap().stdout, much);
    }
}
