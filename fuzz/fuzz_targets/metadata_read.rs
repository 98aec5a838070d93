//! The metadata file of a project: whatever is in it, reading and writing it neither panics nor loses what was known.
#![no_main]

use std::sync::LazyLock;

use everlit_meta_api::{Timestamp, Token};
use everlit_store::fuzzing::read_metadata;
use libfuzzer_sys::fuzz_target;

static TOKEN: LazyLock<Token> = LazyLock::new(|| {
    let text = format!("IGAAfakeFAKEfake{}", "A".repeat(120));
    Token::parse(&text).unwrap_or_else(|error| panic!("{error}"))
});

fuzz_target!(|file: &[u8]| {
    let now = Timestamp::from_unix(1_798_773_420);
    read_metadata(file, &TOKEN, now);
    // What names the token cannot be guessed: the placeholders stand for it.
    let Ok(text) = std::str::from_utf8(file) else { return };
    let about = text.replace("@hint", &TOKEN.hint()).replace("@fingerprint", &TOKEN.fingerprint().to_string());
    read_metadata(about.as_bytes(), &TOKEN, now);
});
