//! A hash that is the same on every machine and in every version.

use ring::digest::{Context, SHA256};

/// The first 64 bits of the SHA-256 of the parts, each followed by a NUL.
pub(crate) fn hash(parts: &[&[u8]]) -> u64 {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
        context.update(&[0]);
    }
    context.finish().as_ref().iter().take(8).fold(0, |hash, byte| (hash << 8) | u64::from(*byte))
}
