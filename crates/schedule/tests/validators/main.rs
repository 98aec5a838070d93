//! Checks the generated files with the programs that know each scheduler: `crontab`, `systemd-analyze`, Python's
//! `plistlib`, JSON schemas, `kubernetes-validate`, `zizmor`, `xmllint`, `cfn-lint`, Google's description of Cloud Run, the
//! classes of Azure's command line, Cloudflare's `wrangler`.
//!
//! They must read the intended command, whatever the folder is called. A missing validator fails its test:
//! tools/setup-tests.sh installs them all.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "the validators are other programs and read real files")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod ci;
mod containers;
mod cron;
mod launchd;
mod names;
mod serverless;
mod service;
mod systemd;
mod windows;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use everlit_schedule::{GeneratedFile, Job, Scheduler};
use serde_json::Value;

/// A program that is on every machine.
const PROGRAM: &str = "/bin/true";

fn job(folder: &str) -> Job {
    Job::new(PROGRAM.as_ref(), folder.as_ref(), "web1").unwrap().with_user("www-data").unwrap()
}

fn render(scheduler: Scheduler, job: &Job) -> Vec<GeneratedFile> {
    scheduler.render(job).unwrap_or_else(|error| panic!("{scheduler}, {}: {error}", job.folder()))
}

fn write(folder: &Path, files: &[GeneratedFile]) -> Vec<PathBuf> {
    let put = |file: &GeneratedFile| {
        let path = folder.join(&file.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, file.bytes()).unwrap();
        path
    };
    files.iter().map(put).collect()
}

/// Runs a validator; a missing one fails the test.
fn ask(program: impl AsRef<OsStr>, arguments: &[&OsStr]) -> Output {
    let program = program.as_ref();
    // In English, and without settings of the administrator.
    let ended = Command::new(program).args(arguments).env("LC_ALL", "C.UTF-8").env_remove("SYSTEMD_LOG_LEVEL").output();
    ended.unwrap_or_else(|error| panic!("cannot run {} ({error}): tools/setup-tests.sh installs it", program.display()))
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Fails unless the validator accepts.
fn accepts(program: impl AsRef<OsStr>, arguments: &[&OsStr]) -> String {
    let program = program.as_ref();
    let ended = ask(program, arguments);
    assert!(ended.status.success(), "{} {arguments:?}:\n{}", program.display(), text(&ended));
    text(&ended)
}

fn refuses(program: impl AsRef<OsStr>, arguments: &[&OsStr]) -> bool {
    !ask(program, arguments).status.success()
}

/// A validator that pip installs.
fn by_pip(name: &str) -> PathBuf {
    validators().join("python/bin").join(name)
}

/// A file of a package that npm installs.
fn by_npm(name: &str) -> PathBuf {
    validators().join("node_modules").join(name)
}

/// The folder of the validators, installed.
fn validators() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let to = std::env::var_os("EVERLIT_VALIDATORS").map_or_else(|| root.join("../../target/validators"), PathBuf::from);
    let setup = Command::new("bash")
        .arg(root.join("tests/validators/setup.sh"))
        .env("EVERLIT_VALIDATORS", &to)
        .output()
        .unwrap();
    assert!(setup.status.success(), "tests/validators/setup.sh could not install the validators: {}", text(&setup));
    to.canonicalize().unwrap().join("schedule")
}

/// Property lists and YAML files, as Python reads them.
fn read(paths: &[PathBuf]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validators/read.py");
    let mut arguments = vec![script.as_os_str()];
    arguments.extend(paths.iter().map(|path| path.as_os_str()));
    let python = by_pip("python");
    let ended = ask(&python, &arguments);
    assert!(ended.status.success(), "{}", text(&ended));
    serde_json::from_slice(&ended.stdout).unwrap()
}

/// Writes a file and returns what Python reads from it.
fn read_one(files: &[GeneratedFile]) -> Value {
    let scratch = tempfile::tempdir().unwrap();
    read(&write(scratch.path(), files)).remove(0)
}

/// The words of a line, as `sh` splits it.
fn words_of(line: &str) -> Vec<String> {
    let script = format!("printf '%s\\0' {line}");
    let ended = ask("sh", &["-c".as_ref(), script.as_ref()]);
    assert!(ended.status.success(), "{line}\n{}", text(&ended));
    let said = String::from_utf8(ended.stdout).unwrap();
    said.split_terminator('\0').map(str::to_owned).collect()
}
