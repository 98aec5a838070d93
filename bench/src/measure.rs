//! One command, run once: wall time, CPU time, peak memory.
//!
//! The kernel adds up what ended children used, per parent. So each run gets a parent of its own: the bench starts
//! itself as `everlit-bench measure-one COMMAND...`, and that process starts one child, waits, and prints the sums.

use std::{
    ffi::OsString,
    io,
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{clock, error::Error};

/// The first argument that turns the bench into the parent of one run.
pub(crate) const MEASURE_ONE: &str = "measure-one";

/// A command as it is run each time: with no input, and no environment but `env`.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<OsString>,
    pub(crate) dir: PathBuf,
    pub(crate) env: Vec<(&'static str, OsString)>,
}

/// What one run took.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sample {
    /// From just before the spawn to just after the wait.
    pub(crate) wall: Duration,
    /// User and system time, of the command and of the children it waited for.
    pub(crate) cpu: Duration,
    /// Bytes. Never less than the peak of the parent that started it (about 2 MiB): the kernel counts from before `exec`.
    pub(crate) peak_memory: u64,
}

impl Run {
    /// The command line, for people.
    pub(crate) fn line(&self) -> String {
        let message = self.args.iter().map(|arg| arg.to_string_lossy());
        [self.program.to_string_lossy()].into_iter().chain(message).collect::<Vec<_>>().join(" ")
    }

    /// Runs it once.
    ///
    /// # Errors
    /// Where it cannot be started or does not end with 0; what it wrote to stderr is in the error.
    pub(crate) fn measure(&self) -> Result<Sample, Error> {
        let own = std::env::current_exe().map_err(Error::io("where the bench itself is"))?;
        let output = Command::new(own)
            .arg(MEASURE_ONE)
            .arg(&self.program)
            .args(&self.args)
            .current_dir(&self.dir)
            .env_clear()
            .envs(self.env.iter().cloned())
            .stdin(Stdio::null())
            .output()
            .map_err(Error::io(self.line()))?;
        let failed = |said: &[u8]| Error::Command {
            command: self.line(),
            said: String::from_utf8_lossy(said).trim_end().to_owned(),
        };
        if !output.status.success() {
            return Err(failed(&output.stderr));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string().as_bytes()))
    }
}

/// The body of `everlit-bench measure-one COMMAND...`: the sample as JSON.
///
/// # Errors
/// Where the command cannot be started or fails.
pub(crate) fn measure_one(mut command_line: impl Iterator<Item = OsString>) -> Result<String, Error> {
    let program = command_line.next().ok_or_else(|| Error::Usage(format!("{MEASURE_ONE} needs a command")))?;
    let name = program.to_string_lossy().into_owned();
    let mut command = Command::new(program);
    command.args(command_line).stdout(Stdio::null());

    let (status, wall) = clock::timed(|| command.status());
    let status = status.map_err(Error::io(name.clone()))?;
    if !status.success() {
        return Err(Error::Command { command: name, said: status.to_string() });
    }

    let (cpu, peak_memory) = usage_of_children().map_err(Error::io("getrusage"))?;
    let sample = Sample { wall, cpu, peak_memory };
    serde_json::to_string(&sample).map_err(|error| Error::io("the sample")(error.into()))
}

/// CPU time of all ended children together, and the peak memory of the largest one in bytes.
#[cfg(unix)]
fn usage_of_children() -> io::Result<(Duration, u64)> {
    use nix::sys::{
        resource::{UsageWho, getrusage},
        time::TimeValLike as _,
    };

    /// `ru_maxrss` is in bytes on Apple's systems, in KiB elsewhere.
    const UNIT: u64 = if cfg!(target_vendor = "apple") { 1 } else { 1024 };

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = (usage.user_time() + usage.system_time()).num_microseconds();
    Ok((Duration::from_micros(u64::try_from(micros).unwrap_or(0)), u64::try_from(usage.max_rss()).unwrap_or(0) * UNIT))
}

/// The bench is for Unix: nothing here tells these numbers elsewhere.
#[cfg(not(unix))]
fn usage_of_children() -> io::Result<(Duration, u64)> {
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
    fn a_run_has_a_wall_time_and_a_peak_of_memory() {
        let sample = measure(&["sh", "-c", "exit 0"]).unwrap();
        assert!(sample.wall > Duration::ZERO, "{sample:?}");
        assert!((100_000..1_000_000_000).contains(&sample.peak_memory), "{sample:?}");
    }

    #[test]
    fn a_command_that_fails_is_not_measured() {
        let error = measure(&["sh", "-c", "exit 3"]).unwrap_err().to_string();
        assert!(error.contains("`sh` failed") && error.contains("exit status: 3"), "{error}");
    }
}
