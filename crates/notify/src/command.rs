//! The user's own command, with the notice as JSON on its standard input.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use everlit_keeper::{Clock, Notice, Notifier, NotifyError};
use everlit_meta_api::BoxFuture;

use crate::retry::{ATTEMPT, Failure, retry};
use crate::{Error, Setup, event};

/// A program that is started for each notice, without a shell. It gets `variables` and no others: ours may contain
/// secrets. Exit code 0 means delivered, 75 (`EX_TEMPFAIL` in sysexits.h) retry, anything else failed.
#[derive(Debug)]
pub(crate) struct Command {
    name: String,
    program: String,
    file: OsString,
    arguments: Vec<String>,
    folder: PathBuf,
    variables: Vec<(String, String)>,
    clock: Arc<dyn Clock>,
}

impl Command {
    pub(crate) fn new(setup: &Setup<'_>) -> Result<Self, Error> {
        let mut argv = setup.options.list("command").iter().cloned();
        let program = argv.next().filter(|program| !program.trim().is_empty()).ok_or(Error::NoProgram)?;
        Ok(Self {
            name: setup.name.to_owned(),
            file: setup.program.clone().unwrap_or_else(|| program.clone().into()),
            program,
            arguments: argv.collect(),
            folder: setup.folder.clone(),
            variables: setup.variables.clone(),
            clock: Arc::clone(&setup.clock),
        })
    }

    async fn run(&self, input: &str) -> Result<(), Failure> {
        let program = self.program_name();
        let started = self.start().map_err(|error| {
            let why = match error.kind() {
                io::ErrorKind::NotFound => "no such program".to_owned(),
                kind => kind.to_string(),
            };
            let message = format!("cannot start {program} ({why}); check the first part of the command");
            Failure::misconfigured(message).io(Some(error.kind()))
        })?;
        let mut running = Running::of(started);
        running.feed(input);
        let status = match tokio::time::timeout(ATTEMPT, running.exit_status()).await {
            Ok(Ok(status)) => status,
            Ok(Err(error)) => {
                let message = format!("cannot read the exit status of {program} ({})", error.kind());
                return Err(Failure::temporary(message).io(Some(error.kind())));
            }
            Err(_) => {
                let message = format!("{program} did not exit within {} seconds and was killed", ATTEMPT.as_secs());
                return Err(Failure::temporary(message));
            }
        };
        match status.code() {
            Some(0) => Ok(()),
            Some(75) => Err(Failure::temporary(format!("{program} asks for a retry (exit code 75)"))),
            Some(code) => {
                Err(Failure::refused(format!("{program} failed (exit code {code}); run it by hand to see why")))
            }
            None => Err(Failure::refused(format!("{program} was killed; run it by hand to see why"))),
        }
    }

    /// Its output is discarded: it may contain anything.
    fn start(&self) -> io::Result<Child> {
        let mut command = std::process::Command::new(&self.file);
        command.args(&self.arguments).current_dir(&self.folder).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // A process group of its own, so that its children can be killed with it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.spawn()
    }

    /// The program without its folder and its arguments, which may be secret.
    fn program_name(&self) -> &str {
        self.program.rsplit(['/', '\\']).next().unwrap_or_default()
    }
}

impl Notifier for Command {
    fn name(&self) -> &str {
        &self.name
    }

    fn goes_to(&self) -> Option<&str> {
        Some(self.program_name())
    }

    fn notify<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotifyError>> {
        Box::pin(async move {
            let input = event(notice).to_string();
            retry(&*self.clock, self.program_name(), || self.run(&input)).await
        })
    }
}

/// A started program, which is killed with its children on drop.
struct Running {
    child: Child,
    /// Holds its children; `None` where the system does not allow it.
    #[cfg(windows)]
    job: Option<everlit_win32::Job>,
}

impl Running {
    fn of(child: Child) -> Self {
        Self {
            #[cfg(windows)]
            job: everlit_win32::Job::around(child.id()).ok(),
            child,
        }
    }

    /// Writes from a thread of its own, because the program may not read. A closed pipe is not a failure.
    fn feed(&mut self, input: &str) {
        if let Some(mut pipe) = self.child.stdin.take() {
            let input = input.as_bytes().to_vec();
            std::thread::spawn(move || pipe.write_all(&input));
        }
    }

    /// Polls for the exit status: a SIGCHLD handler would have to be installed in every run.
    async fn exit_status(&mut self) -> io::Result<ExitStatus> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Running {
    /// Kills the program and its children, unless they have exited already.
    #[cfg(unix)]
    fn kill(&mut self) {
        use rustix::process::{Pid, Signal, kill_process_group};
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }

    #[cfg(windows)]
    fn kill(&mut self) {
        let _ = self.job.as_ref().map(everlit_win32::Job::end);
        let _ = self.child.kill();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Still running, so its process id cannot have been reused.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.kill();
            // Nothing more can be done about a program that survives this.
            let _ = self.child.wait();
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "a real pipe")]

    use super::*;
    use crate::hostile::setup;
    use everlit_options::Options;

    #[test]
    fn a_killed_command_takes_its_children_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("alive");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let script = format!("exec >'{}'; echo here; sleep 1000 & sleep 1000", pipe.display());
        let argv = ["/bin/sh", "-c", &script].map(str::to_owned).to_vec();
        let mut options = Options::default();
        options.set("command", argv);
        let command = Command::new(&setup("command", &options)).unwrap();
        let running = Running::of(command.start().unwrap());
        // Opens once the other end is open; ends when no process holds it any more.
        let mut alive = io::BufReader::new(std::fs::File::open(&pipe).unwrap());
        let mut text = String::new();
        io::BufRead::read_line(&mut alive, &mut text).unwrap();
        drop(running);
        assert_eq!(io::Read::read_to_string(&mut alive, &mut text).unwrap(), 0);
        assert_eq!(text, "here\n");
    }
}
