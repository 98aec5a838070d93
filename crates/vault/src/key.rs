//! The master key: 32 random bytes outside of the database, which unlock the vault's data keys.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

use crate::seal::{Cipher, KEY_LEN};

/// What the text of a master key begins with, so that secret scanners and people recognize it.
const PREFIX: &str = "everlit-master-";

/// Unlocks a vault. Kept outside of it: who has only one of the two has nothing.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; KEY_LEN]>);

/// Shows no key.
impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey {}", self.id())
    }
}

/// The text is not a master key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "is not a master key: 32 bytes in base64 or in 64 hexadecimal digits are wanted, as `everlit key create` makes them"
)]
pub struct NotAKey;

/// The system has no random numbers to give.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the operating system provides no random numbers")]
pub struct NoRandomness;

impl MasterKey {
    /// Reads the text of a key: as [`MasterKey::text`] writes it, or 32 bytes in base64 (`openssl rand -base64 32`) or in
    /// hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let text = text.trim();
        let bytes = match text.strip_prefix(PREFIX) {
            Some(encoded) => URL_SAFE_NO_PAD.decode(encoded).ok(),
            None if text.len() == 2 * KEY_LEN => from_hex(text),
            None => STANDARD.decode(text).ok(),
        };
        let bytes = Zeroizing::new(bytes.ok_or(NotAKey)?);
        let bytes: [u8; KEY_LEN] = bytes.as_slice().try_into().map_err(|_| NotAKey)?;
        // What somebody has typed to get on.
        if bytes.iter().all(|byte| *byte == bytes[0]) {
            return Err(NotAKey);
        }
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// A new key.
    pub fn generate() -> Result<Self, NoRandomness> {
        random().map(Self)
    }

    /// The key as text, for the place where it is kept.
    pub fn text(&self) -> Zeroizing<String> {
        let encoded = Zeroizing::new(URL_SAFE_NO_PAD.encode(*self.0));
        Zeroizing::new(format!("{PREFIX}{}", *encoded))
    }

    /// Tells keys apart without saying anything about them: eight hexadecimal digits.
    pub fn id(&self) -> String {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &*self.0), b"everlit master key id");
        let start = tag.as_ref().first_chunk().copied().map_or(0, u32::from_be_bytes);
        format!("{start:08x}")
    }

    /// The cipher that wraps data keys.
    pub(crate) fn cipher(&self) -> Cipher {
        Cipher::new(&self.0)
    }
}

/// New random bytes for a key.
pub(crate) fn random() -> Result<Zeroizing<[u8; KEY_LEN]>, NoRandomness> {
    let mut bytes = Zeroizing::new([0; KEY_LEN]);
    SystemRandom::new().fill(&mut *bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let byte = |pair: &[u8]| u8::try_from(digit(&pair[0])? << 4 | digit(&pair[1])?).ok();
    text.as_bytes().chunks_exact(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_text() {
        let key = MasterKey::generate().unwrap();
        let same = MasterKey::parse(&format!(" {}\n", *key.text())).unwrap();
        assert_eq!((same.id(), &same.0), (key.id(), &key.0));
        assert_ne!(key.id(), MasterKey::generate().unwrap().id());
    }

    #[test]
    fn keys_of_openssl_are_understood() {
        let hex = "00112233445566778899aabbccddeeffFFEEDDCCBBAA99887766554433221100";
        let base64 = "ABEiM0RVZneImaq7zN3u///u3cy7qpmId2ZVRDMiEQA=";
        assert_eq!(MasterKey::parse(hex).unwrap().id(), MasterKey::parse(base64).unwrap().id());
    }

    #[test]
    fn what_is_not_a_key_is_refused_and_not_shown() {
        let zeros = "0".repeat(64);
        for text in ["", "hunter2", "everlit-master-", "everlit-master-AAAA", "ABEiM0RV", &zeros, &"x".repeat(10_000)] {
            let error = MasterKey::parse(text).unwrap_err().to_string();
            assert!(text.is_empty() || !error.contains(text), "{error}");
        }
        let key = MasterKey::generate().unwrap();
        assert!(!format!("{key:?}").contains(&key.text()[15..25]));
    }
}
