//! Measures how long it takes to edit a 5 MB file: `cargo run --release -p everlit-envfile --example speed`.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "all it does is measure and print")]

use std::time::Instant;

use everlit_envfile::EnvFile;

const SIZE: usize = 5_000_000;

fn main() {
    let line = "SOME_VARIABLE='a value of ordinary length'  # and a comment\n";
    let short = line.repeat(SIZE / line.len());
    let long = format!("SOME_VARIABLE={}\n", "x".repeat(SIZE));
    for (what, others) in [("short lines", short), ("one long line", long)] {
        measure(&format!("{what}, key at the end"), &format!("{others}TOKEN=old\n"));
        measure(&format!("{what}, key at the start"), &format!("TOKEN=old\n{others}"));
    }
    measure("nothing but copies of the key", &"TOKEN=old\n".repeat(SIZE / 10));
}

fn measure(what: &str, file: &str) {
    let started = Instant::now();
    let new = EnvFile::parse(file.as_bytes()).with_value("TOKEN", b"new");
    let took = started.elapsed();
    println!("{what}: {} bytes in {took:?}{}", file.len(), if new.is_ok() { "" } else { ", refused" });
}
