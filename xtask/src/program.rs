//! The program, built from this tree and run as a user runs it, but for what differs from machine to machine.
#![allow(clippy::disallowed_methods, reason = "looks up Cargo and passes on where temporary files may lie")]

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
    /// Builds it; Cargo says where it lies.
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
        let messages = printed(build.current_dir(root()).stderr(Stdio::inherit()), "cargo build -p everlit")?;
        let executable = messages.lines().find_map(|line| {
            let message: Value = serde_json::from_str(line).ok()?;
            let is_everlit = message["target"]["name"] == "everlit";
            message["executable"].as_str().filter(|_| is_everlit).map(PathBuf::from)
        });
        let executable =
            executable.ok_or_else(|| Error::unexpected("cargo build -p everlit", "no executable is named"))?;
        Ok(Self { executable })
    }

    /// What it prints on stdout when run with these arguments, off a terminal and without the caller's settings.
    pub(crate) fn says(&self, arguments: &[&str]) -> Result<String, Error> {
        let mut command = Command::new(&self.executable);
        command.args(arguments).current_dir(root()).env_clear().env("COLUMNS", "100").stdin(Stdio::null());
        for name in ["SystemRoot", "TEMP", "TMP", "TMPDIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        printed(&mut command, &format!("everlit {}", arguments.join(" ")))
    }

    /// The names of its commands, in the order of its help, each followed by the commands below it, such as
    /// `schedule install`.
    pub(crate) fn commands(&self) -> Result<Vec<String>, Error> {
        let mut all = Vec::new();
        for name in listed(&self.says(&["--help"])?) {
            let below = listed(&self.says(&[&name, "--help"])?);
            let below: Vec<_> = below.into_iter().map(|other| format!("{name} {other}")).collect();
            all.push(name);
            all.extend(below);
        }
        if all.is_empty() { Err(Error::unexpected("everlit --help", "no commands")) } else { Ok(all) }
    }
}

/// The commands that a help lists.
fn listed(help: &str) -> Vec<String> {
    let Some((_, list)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    let lines = list.lines().take_while(|line| !line.is_empty());
    // A description that goes on in a second line is set in further.
    let names = lines.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')));
    names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// A library, program or example of the workspace.
#[derive(Debug)]
pub(crate) struct Target {
    /// The folder's name: `keeper` for `everlit-keeper`.
    pub(crate) crate_name: String,
    pub(crate) root_file: PathBuf,
}

/// All targets of the workspace in that folder but tests, by `cargo metadata`.
pub(crate) fn targets(workspace: &Path) -> Result<Vec<Target>, Error> {
    const SHOWN: &str = "cargo metadata";
    let mut command = cargo();
    command.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(workspace);
    let metadata: Value = serde_json::from_str(&printed(&mut command, SHOWN)?)
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
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn printed(command: &mut Command, shown: &str) -> Result<String, Error> {
    let Output { status, stdout, stderr } = command.output().map_err(Error::io(format!("run `{shown}`")))?;
    if !status.success() {
        let said = format!("{status}\n{}", String::from_utf8_lossy(&stderr));
        return Err(Error::Command { command: shown.to_owned(), said });
    }
    String::from_utf8(stdout).map_err(|_| Error::unexpected(shown, "it is not UTF-8 text"))
}
