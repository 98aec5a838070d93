//! Counts with strace how often a command waits for the disk.

use std::{io, process::Stdio};

use crate::{error::Error, measure::Run};

/// Runs the command once under strace and counts its `fsync` and `fdatasync` calls, including those of threads and
/// children. `None` if strace is not installed or not allowed to trace.
pub(crate) fn count(run: &Run) -> Result<Option<u64>, Error> {
    let strace = ["-f", "-c", "-e", "trace=fsync,fdatasync", "--"];
    match run.started_by("strace", &strace).stdout(Stdio::null()).output() {
        Ok(output) if output.status.success() => Ok(Some(calls(&String::from_utf8_lossy(&output.stderr)))),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("strace")(error)),
    }
}

/// Adds up the calls in a table of `strace -c`. Its columns: % time, seconds, usecs/call, calls, errors (may be empty), name.
fn calls(table: &str) -> u64 {
    let row = |line: &str| {
        let columns: Vec<_> = line.split_whitespace().collect();
        match (columns.get(3), columns.last()) {
            (Some(calls), Some(&("fsync" | "fdatasync"))) => calls.parse().unwrap_or(0),
            _ => 0_u64,
        }
    };
    table.lines().map(row).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fsync_and_fdatasync_are_counted_once_errors_included() {
        let table = "\
strace: Process 4711 attached
token refreshed, fsync is not a column here
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 90.00    0.009000        1500         6           fsync
 10.00    0.001000         500         2         1 fdatasync
------ ----------- ----------- --------- --------- ----------------
100.00    0.010000        1250         8         1 total
";
        assert_eq!(calls(table), 8);
    }

    #[test]
    fn a_command_that_never_syncs_has_no_calls() {
        assert_eq!(calls(""), 0);
    }
}
