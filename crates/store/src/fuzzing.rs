//! A way in for fuzzing, and for nothing else.

use everlit_meta_api::{Timestamp, Token};
use serde_json::{Map, Value};

use crate::project::metadata;

/// Reads `file` as a metadata file about `token`, writes what was read, and reads that again.
///
/// # Panics
/// If the second reading is not the first, or a field of somebody else's is gone.
#[doc(hidden)]
pub fn read_metadata(file: &[u8], token: &Token, now: Timestamp) {
    let first = metadata::read(Some(file), token, now).record;
    let written = metadata::write(Some(file), token, &first);
    let second = metadata::read(Some(&written), token, now);
    assert_eq!((second.record, second.note), (first.clone(), None));
    assert_eq!(metadata::write(Some(&written), token, &first), written, "writing it again changes nothing");
    assert_eq!(other_fields(file), other_fields(&written));
    assert!(!String::from_utf8_lossy(&written).contains(token.expose()));
}

/// What neither the older script nor everlit has written.
fn other_fields(file: &[u8]) -> Map<String, Value> {
    const THEIRS: [&str; 6] = ["access_token", "token_type", "expires_in", "expires_at", "refreshed_at", "everlit"];
    let mut fields = metadata::parse(file).unwrap_or_default();
    fields.retain(|name, _| !THEIRS.contains(&name.as_str()));
    fields
}
