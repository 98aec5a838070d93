//! A short run of `make chaos`: one PostgreSQL behind pgbouncer, two workers, and strikes at all of them.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "the programs under test are other processes")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// Built by `cargo build -p everlit`, which every run of all tests does.
fn everlit() -> PathBuf {
    let chaos = Path::new(env!("CARGO_BIN_EXE_chaos"));
    let program = chaos.with_file_name("everlit");
    if !program.exists() {
        let mut build = Command::new(env!("CARGO"));
        let built = build.args(["build", "--quiet", "--package", "everlit", "--bin", "everlit"]).status().unwrap();
        assert!(built.success());
    }
    program
}

#[test]
fn no_token_is_lost_while_everything_is_struck() {
    let mut chaos = Command::new(env!("CARGO_BIN_EXE_chaos"));
    chaos.arg("--program").arg(everlit()).args(["--alone", "--hurry", "--accounts", "300", "--workers", "2"]);
    let output = chaos.args(["--seconds", "25"]).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}
