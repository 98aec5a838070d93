//! Builds everlit and runs it as a user does, without what differs from machine to machine; asks Cargo for the targets.
#![allow(clippy::disallowed_methods, reason = "finds Cargo and passes on the folder for temporary files")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::error::Error;

/// A freshly built `everlit`.
#[derive(Debug)]
pub(crate) struct Program {
    executable: PathBuf,
}

impl Program {
    /// Builds it and asks Cargo where it is.
    pub(crate) fn build() -> Result<Self, Error> {
        let mut build = cargo();
        build.args([
            "build",
            "--quiet",
            "-p",
            "everlit",
            "--bin",
            "everlit",
            "--message-format=json-render-diagnostics",
        ]);
        let messages = run(build.current_dir(root()).stderr(Stdio::inherit()), "cargo build -p everlit")?;
        let executable = messages.lines().find_map(|line| {
            let message: Value = serde_json::from_str(line).ok()?;
            let is_everlit = message["target"]["name"] == "everlit";
            message["executable"].as_str().filter(|_| is_everlit).map(PathBuf::from)
        });
        let executable = executable.ok_or_else(|| Error::unexpected("cargo build -p everlit", "no executable"))?;
        Ok(Self { executable })
    }

    /// Runs it without a terminal and without the caller's settings, and returns what it prints to stdout.
    pub(crate) fn stdout_of(&self, arguments: &[&str]) -> Result<String, Error> {
        let mut command = Command::new(&self.executable);
        command.args(arguments).current_dir(root()).env_clear().env("COLUMNS", "100").stdin(Stdio::null());
        for name in ["SystemRoot", "TEMP", "TMP", "TMPDIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        run(&mut command, &format!("everlit {}", arguments.join(" ")))
    }

    /// The names of its commands in the order of its help, each followed by its subcommands, such as `schedule install`.
    pub(crate) fn commands(&self) -> Result<Vec<String>, Error> {
        let mut all = Vec::new();
        for name in commands_in(&self.stdout_of(&["--help"])?) {
            let subcommands = commands_in(&self.stdout_of(&[&name, "--help"])?);
            let subcommands: Vec<_> = subcommands.into_iter().map(|other| format!("{name} {other}")).collect();
            all.push(name);
            all.extend(subcommands);
        }
        if all.is_empty() { Err(Error::unexpected("everlit --help", "no commands")) } else { Ok(all) }
    }
}

/// The commands listed in a help text.
fn commands_in(help: &str) -> Vec<String> {
    let Some((_, list)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    let lines = list.lines().take_while(|line| !line.is_empty());
    // The second line of a description is indented further.
    let names = lines.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')));
    let names = names.filter_map(|line| line.split_whitespace().next());
    // clap adds `help`, which has no flags.
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// A library, program or example of the workspace.
#[derive(Debug)]
pub(crate) struct Target {
    /// The folder's name: `keeper` for `everlit-keeper`.
    pub(crate) crate_name: String,
    pub(crate) root_file: PathBuf,
}

/// All targets but tests of the workspace in a folder, from `cargo metadata`.
pub(crate) fn targets(workspace: &Path) -> Result<Vec<Target>, Error> {
    const SHOWN: &str = "cargo metadata";
    let mut command = cargo();
    command.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(workspace);
    let metadata: Value = serde_json::from_str(&run(&mut command, SHOWN)?)
        .map_err(|error| Error::unexpected(SHOWN, error.to_string()))?;
    let mut targets = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let folder = Path::new(package["manifest_path"].as_str().unwrap_or_default()).parent();
        let crate_name = folder.and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        let not_tests =
            package["targets"].as_array().into_iter().flatten().filter(|target| target["kind"][0] != "test");
        targets.extend(not_tests.filter_map(|target| {
            Some(Target { crate_name: crate_name.clone(), root_file: target["src_path"].as_str()?.into() })
        }));
    }
    if targets.is_empty() { Err(Error::unexpected(SHOWN, "no targets")) } else { Ok(targets) }
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own)
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a command and returns its stdout. `shown` is its name in errors.
fn run(command: &mut Command, shown: &str) -> Result<String, Error> {
    let Output { status, stdout, stderr } = command.output().map_err(Error::io(format!("run `{shown}`")))?;
    if !status.success() {
        let output = format!("{status}\n{}", String::from_utf8_lossy(&stderr));
        return Err(Error::Command { command: shown.to_owned(), output });
    }
    String::from_utf8(stdout).map_err(|_| Error::unexpected(shown, "not UTF-8"))
}
