//! Any bytes as a `.env` file, edited: `cargo fuzz run envfile_edit`.
//! The first line of the input is the new value if it starts with `=`; the rest is the file.

#![no_main]

#[path = "../../crates/envfile/tests/invariant/mod.rs"]
mod invariant;

use invariant::{check_addition, check_edit};
use libfuzzer_sys::fuzz_target;

const KEY: &str = "KEY";
const TOKEN: &[u8] = b"IGAAfakeFAKEfake_new-1";

fuzz_target!(|input: &[u8]| {
    let (new, file) = match input.strip_prefix(b"=") {
        Some(rest) => rest.split_at(rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len())),
        None => (TOKEN, input),
    };
    check_edit(file, KEY, new);
    check_addition(file, KEY, new);
});
