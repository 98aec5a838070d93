//! One run of this program, as a child process, and what came of it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::process::Command;

use crate::{RUNTIME_API, SECRET, SECRET_FILE};

/// What is started for a run.
#[derive(Clone, Debug)]
pub(crate) struct Runner {
    program: PathBuf,
    /// What stands before the command.
    flags: Vec<OsString>,
}

/// A run that did what it could: all is well, or the next run tries again.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Whether nothing is left for the next run.
    pub(crate) is_complete: bool,
    /// What `everlit refresh --json` has written.
    pub(crate) report: Value,
}

/// A run that needs a person, or was not made.
#[derive(Debug)]
pub(crate) struct Failure {
    /// A name for it, such as `ExitCode3`.
    pub(crate) kind: String,
    /// What happened.
    pub(crate) why: String,
}

impl Failure {
    pub(crate) fn new(kind: impl Into<String>, why: impl Into<String>) -> Self {
        Self { kind: kind.into(), why: why.into() }
    }
}

impl Runner {
    /// Runs of this program with these flags.
    pub(crate) fn new(flags: Vec<OsString>) -> Result<Self, String> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        Ok(Self { program, flags })
    }

    /// Runs of another program.
    #[cfg(all(test, unix))]
    pub(crate) fn of(program: PathBuf, flags: Vec<OsString>) -> Self {
        Self { program, flags }
    }

    /// One run, for all accounts or one of them, with these variables beside those of this process.
    pub(crate) async fn run(&self, account: Option<&str>, variable: Option<(&str, String)>) -> Result<Ran, Failure> {
        let mut refresh = Command::new(&self.program);
        refresh.args(&self.flags).args(["refresh", "--json", "--no-input"]);
        refresh.args(account.map(|name| format!("--account={name}"))).envs(variable);
        // What started this process is nothing to the run.
        refresh.env_remove(RUNTIME_API).env_remove(SECRET).env_remove(SECRET_FILE);
        refresh.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).kill_on_drop(true);
        // Ctrl-C ends this process once the run is done.
        #[cfg(unix)]
        refresh.process_group(0);
        let not_started = |error: std::io::Error| Failure::new("NotStarted", error.to_string());
        let output = refresh.spawn().map_err(not_started)?.wait_with_output().await.map_err(not_started)?;
        let code = output.status.code();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| json!({"exit_code": code}));
        match code {
            // A store that cannot be read keeps how long it has been so to itself: somebody has to hear of it each time.
            Some(4) if report["accounts"].as_array().is_some_and(|accounts| accounts.iter().any(is_unknown)) => {
                Err(Failure::new("Unreachable", reasons(&report)))
            }
            // 4 and 6: failed or busy, and tried again by the next run.
            Some(code @ (0 | 4 | 6)) => Ok(Ran { is_complete: code == 0, report }),
            Some(code) => Err(Failure::new(format!("ExitCode{code}"), reasons(&report))),
            None => Err(Failure::new("Killed", "a signal ended the run")),
        }
    }
}

/// `shop: expired 2 days ago`, for each account that is not well.
pub(crate) fn reasons(report: &Value) -> String {
    let accounts = report["accounts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let failing = accounts.iter().filter(|account| account["exit_code"] != 0);
    let reasons: Vec<String> = failing
        .filter_map(|account| Some(format!("{}: {}", account["name"].as_str()?, account["message"].as_str()?)))
        .collect();
    let message = report["message"].as_str().unwrap_or("a person is needed");
    if reasons.is_empty() { message.to_owned() } else { reasons.join("; ") }
}

/// Whether not even the token of an account is known.
fn is_unknown(account: &Value) -> bool {
    account["fingerprint"].is_null()
}
