//! Measures one run of a command: wall time, CPU time, page faults, peak memory.
//!
//! The kernel adds up the usage of all ended children of a process. So each run gets a parent of its own: the bench
//! starts itself as `everlit-bench measure-one COMMAND...`, and that process starts one child, waits, and prints the
//! usage.

use std::{
    ffi::{OsStr, OsString},
    io,
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{clock, error::Error};

/// The first argument that makes the bench measure one command.
pub(crate) const MEASURE_ONE: &str = "measure-one";

/// A command to measure. It gets no input, and no environment except `env`.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<OsString>,
    pub(crate) dir: PathBuf,
    pub(crate) env: Vec<(&'static str, OsString)>,
}

/// The resources that one run used.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sample {
    /// From before the spawn to after the wait.
    pub(crate) wall: Duration,
    /// User and system time of the command and the children it waited for.
    pub(crate) cpu: Duration,
    /// Pages mapped without reading the disk (minor faults), from the fork on.
    pub(crate) page_faults: u64,
    /// Bytes. At least the peak of its parent (about 2 MiB), because the kernel counts from before `exec`.
    pub(crate) peak_memory: u64,
}

impl Run {
    /// The command line, for messages.
    pub(crate) fn line(&self) -> String {
        let message = self.args.iter().map(|arg| arg.to_string_lossy());
        [self.program.to_string_lossy()].into_iter().chain(message).collect::<Vec<_>>().join(" ")
    }

    /// The command line of `parent`, a program that starts this command, with its own arguments first.
    pub(crate) fn started_by(&self, parent: impl AsRef<OsStr>, parent_args: &[&str]) -> Command {
        let mut command = Command::new(parent);
        command.args(parent_args).arg(&self.program).args(&self.args);
        command.current_dir(&self.dir).env_clear().envs(self.env.iter().cloned()).stdin(Stdio::null());
        command
    }

    /// Runs it once.
    ///
    /// # Errors
    /// If it cannot be started or fails. The error holds what it wrote to stderr.
    pub(crate) fn measure(&self) -> Result<Sample, Error> {
        let own = std::env::current_exe().map_err(Error::io("find the bench's own executable"))?;
        let output = self.started_by(own, &[MEASURE_ONE]).output().map_err(Error::io(self.line()))?;
        let failed = |output: &[u8]| Error::Command {
            command: self.line(),
            output: String::from_utf8_lossy(output).trim_end().to_owned(),
        };
        if !output.status.success() {
            return Err(failed(&output.stderr));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string().as_bytes()))
    }
}

/// Runs `everlit-bench measure-one COMMAND...` and returns the sample as JSON.
///
/// # Errors
/// If the command cannot be started or fails.
pub(crate) fn measure_one(mut command_line: impl Iterator<Item = OsString>) -> Result<String, Error> {
    let program = command_line.next().unwrap_or_default();
    let name = program.to_string_lossy().into_owned();
    let mut command = Command::new(program);
    command.args(command_line).stdout(Stdio::null());

    let (status, wall) = clock::timed(|| command.status());
    let status = status.map_err(Error::io(name.clone()))?;
    if !status.success() {
        return Err(Error::Command { command: name, output: status.to_string() });
    }

    let sample = usage_of_children(wall).map_err(Error::io("getrusage"))?;
    serde_json::to_string(&sample).map_err(|error| Error::io("the sample")(error.into()))
}

/// What all ended children used together; the peak memory is that of the largest one.
#[cfg(unix)]
fn usage_of_children(wall: Duration) -> io::Result<Sample> {
    use nix::sys::{
        resource::{UsageWho, getrusage},
        time::TimeValLike as _,
    };

    /// `ru_maxrss` is in bytes on Apple's systems, in KiB elsewhere.
    const UNIT: u64 = if cfg!(target_vendor = "apple") { 1 } else { 1024 };

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = (usage.user_time() + usage.system_time()).num_microseconds();
    Ok(Sample {
        wall,
        cpu: Duration::from_micros(u64::try_from(micros).unwrap_or(0)),
        page_faults: u64::try_from(usage.minor_page_faults()).unwrap_or(0),
        peak_memory: u64::try_from(usage.max_rss()).unwrap_or(0) * UNIT,
    })
}

/// Only Unix has `getrusage`.
#[cfg(not(unix))]
fn usage_of_children(_: Duration) -> io::Result<Sample> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn measure(command_line: &[&str]) -> Result<Sample, Error> {
        measure_one(command_line.iter().map(OsString::from)).map(|json| serde_json::from_str(&json).unwrap())
    }

    #[test]
    fn a_run_has_a_wall_time_page_faults_and_peak_memory() {
        let sample = measure(&["sh", "-c", "exit 0"]).unwrap();
        assert!(sample.wall > Duration::ZERO, "{sample:?}");
        assert!((10..10_000).contains(&sample.page_faults), "{sample:?}");
        assert!((100_000..1_000_000_000).contains(&sample.peak_memory), "{sample:?}");
    }

    #[test]
    fn a_command_that_fails_is_not_measured() {
        let error = measure(&["sh", "-c", "exit 3"]).unwrap_err().to_string();
        assert!(error.contains("`sh` failed") && error.contains("exit status: 3"), "{error}");
    }
}
