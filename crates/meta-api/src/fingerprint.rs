//! A short name for a token that reveals nothing about it.

use std::fmt;
use std::str::FromStr;

use ring::digest::{SHA256, digest};

/// The first 8 bytes of a token's SHA-256, written as `sha256:` and 16 hexadecimal digits.
///
/// Tokens have far more than 64 random bits, so a fingerprint cannot be turned back into one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 8]);

impl Fingerprint {
    const PREFIX: &str = "sha256:";

    /// The fingerprint of a text.
    pub fn of(secret: &str) -> Self {
        let mut first = [0; 8];
        // A SHA-256 has 32 bytes, so all 8 are filled.
        first.iter_mut().zip(digest(&SHA256, secret.as_bytes()).as_ref()).for_each(|(to, from)| *to = *from);
        Self(first)
    }

    /// The fingerprint as a number, evenly distributed over all numbers of 64 bits: spreads work over time or shards.
    pub const fn as_u64(self) -> u64 {
        u64::from_be_bytes(self.0)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::PREFIX)?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    /// Parses what `Display` writes.
    fn from_str(text: &str) -> Result<Self, FingerprintError> {
        let digits = text.strip_prefix(Self::PREFIX).ok_or(FingerprintError)?;
        if digits.len() != 16 || !digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(FingerprintError);
        }
        u64::from_str_radix(digits, 16).map(|number| Self(number.to_be_bytes())).map_err(|_| FingerprintError)
    }
}

/// The text is not `sha256:` and 16 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is \"sha256:\" and 16 hexadecimal digits")]
pub struct FingerprintError;
