//! The program as it is shipped.
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// As releases for Linux are built, but without optimisation: against musl, or where Rust's library for that is
/// not installed against a static glibc. Either runs on any Linux.
pub fn static_program() -> PathBuf {
    let target = |libc: &str| format!("{}-unknown-linux-{libc}", std::env::consts::ARCH);
    let has = |target: &str| {
        let library = Command::new("rustc").args(["--print", "target-libdir", "--target", target]).output().unwrap();
        Path::new(String::from_utf8_lossy(&library.stdout).trim()).is_dir()
    };
    let musl = Some(target("musl")).filter(|musl| has(musl));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--locked", "--quiet", "-p", "everlit", "--bin", "everlit"]);
    build.args(["--config", "profile.dev.debug=false", "--config", "profile.dev.strip=true"]);
    build.args(["--config", "profile.dev.package.'*'.opt-level=0", "--target-dir"]).arg(folder);
    // `.cargo/config.toml` links statically against musl.
    if musl.is_none() {
        build.env("RUSTFLAGS", "-C target-feature=+crt-static");
    }
    let target = musl.unwrap_or_else(|| target("gnu"));
    build.args(["--target", &target]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let built = build.output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    folder.join(target).join("debug/everlit")
}
