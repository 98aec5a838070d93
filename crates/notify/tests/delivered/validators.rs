//! Third-party programs that check what we send, installed by `validators/setup.sh`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The folder of the validators. A test without its validator proves nothing, so it fails.
pub(crate) fn folder() -> PathBuf {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/validators");
    let folder = std::env::var_os("EVERLIT_VALIDATORS").map_or(usual, PathBuf::from).join("notify");
    assert!(folder.join("installed").exists(), "the validators are not installed; run: tools/setup-tests.sh");
    folder
}

/// One of the programs beside this file.
pub(crate) fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/delivered/validators").join(name)
}

pub(crate) fn python() -> Command {
    let mut python = Command::new(folder().join("python/bin/python"));
    python.env_clear().env("PYTHONDONTWRITEBYTECODE", "1");
    python
}

/// What Microsoft's library understands of an adaptive card.
pub(crate) fn card(card: &Value) -> Value {
    let mut node = Command::new("node");
    node.arg(script("card.cjs")).arg(folder());
    json(&run(&mut node, &card.to_string()))
}

/// Whether the library of Standard Webhooks accepts a call.
pub(crate) fn verify(call: &Value) -> Value {
    json(&run(python().arg(script("verify.py")), &call.to_string()))
}

pub(crate) fn run(command: &mut Command, input: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn json(output: &Output) -> Value {
    let error = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no result: {error}"))
}
