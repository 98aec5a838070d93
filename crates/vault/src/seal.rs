//! What goes into the database is encrypted, and bound to its place there.
//!
//! XChaCha20-Poly1305 (<https://datatracker.ietf.org/doc/html/draft-irtf-cfrg-xchacha-03>): its nonces of 192 bits may be
//! random for any number of values. The associated data names the vault, the column, the account, the generation of its row
//! and the key, so that a value that was moved, exchanged or put back from an older row does not open.

use std::collections::BTreeMap;
use std::fmt;

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

/// The length of a key.
pub(crate) const KEY_LEN: usize = 32;

const NONCE_LEN: usize = 24;

/// The version of the format: the first byte of a sealed value.
const FORMAT: u8 = 1;

/// Where a sealed value belongs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Place {
    /// The table and column.
    pub(crate) column: &'static str,
    /// The account's id; 0 for what belongs to the whole vault.
    pub(crate) account: i64,
    /// The generation of the account's row; 0 where there is none.
    pub(crate) generation: i64,
}

impl Place {
    pub(crate) const fn new(column: &'static str, account: i64, generation: i64) -> Self {
        Self { column, account, generation }
    }
}

/// Why a sealed value cannot be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum SealError {
    /// It was sealed with a key that is not known.
    UnknownKey(u32),
    /// It was not sealed for this place with this key: moved, put back or edited.
    NotOfThisPlace,
    /// It is not a sealed value, or one of a later version.
    NotSealed,
}

/// One key at work.
#[derive(Clone)]
pub(crate) struct Cipher(XChaCha20Poly1305);

impl Cipher {
    pub(crate) fn new(key: &[u8; KEY_LEN]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// Nonce and ciphertext. The system's random numbers do not fail once they have begun; where they did, sealing with a
    /// nonce that repeats would be the worse choice.
    pub(crate) fn seal(&self, plaintext: &[u8], associated: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let payload = Payload { msg: plaintext, aad: associated };
        let ciphertext = self.0.encrypt(&XNonce::from(nonce), payload).ok()?;
        Some([&nonce[..], &ciphertext].concat())
    }

    pub(crate) fn open(&self, sealed: &[u8], associated: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let payload = Payload { msg: ciphertext, aad: associated };
        self.0.decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
    }
}

/// The data keys of a vault: any of them opens, the newest one seals.
#[derive(Clone)]
pub(crate) struct Keyring {
    vault: [u8; 16],
    keys: BTreeMap<u32, Cipher>,
    index: hmac::Key,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring of {} keys", self.keys.len())
    }
}

impl Keyring {
    /// The keys of the vault with this id. `index` makes names searchable that the database must not know.
    pub(crate) fn new(vault: [u8; 16], index: &[u8; KEY_LEN], keys: BTreeMap<u32, Cipher>) -> Self {
        Self { vault, keys, index: hmac::Key::new(hmac::HMAC_SHA256, index) }
    }

    /// The id of the vault.
    pub(crate) fn vault(&self) -> [u8; 16] {
        self.vault
    }

    /// The key that seals.
    pub(crate) fn newest(&self) -> u32 {
        self.keys.last_key_value().map_or(0, |(id, _)| *id)
    }

    /// Seals a value for its place. `None` only where the system has no random numbers.
    pub(crate) fn seal(&self, place: Place, plaintext: &[u8]) -> Option<Vec<u8>> {
        let (id, cipher) = self.keys.last_key_value()?;
        let sealed = cipher.seal(plaintext, &self.associated(place, *id))?;
        Some([&[FORMAT][..], &id.to_be_bytes(), &sealed].concat())
    }

    /// Opens what was sealed for this place.
    pub(crate) fn open(&self, place: Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let id = key_of(sealed).ok_or(SealError::NotSealed)?;
        let cipher = self.keys.get(&id).ok_or(SealError::UnknownKey(id))?;
        cipher.open(&sealed[5..], &self.associated(place, id)).ok_or(SealError::NotOfThisPlace)
    }

    /// Finds a text without storing it: the same text of the same kind always has the same index.
    pub(crate) fn index(&self, kind: &str, text: &str) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.index);
        for part in [kind, "\0", text] {
            context.update(part.as_bytes());
        }
        context.sign().as_ref().to_vec()
    }

    fn associated(&self, place: Place, key: u32) -> Vec<u8> {
        let numbers = [place.account.to_be_bytes(), place.generation.to_be_bytes()].concat();
        [b"everlit vault\0", &self.vault[..], place.column.as_bytes(), b"\0", &numbers, &key.to_be_bytes()].concat()
    }
}

/// The id of the key with which a value was sealed.
pub(crate) fn key_of(sealed: &[u8]) -> Option<u32> {
    let (format, rest) = sealed.split_first()?;
    let id = rest.first_chunk::<4>().filter(|_| *format == FORMAT)?;
    Some(u32::from_be_bytes(*id))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HERE: Place = Place::new("accounts.sealed", 7, 3);

    fn keyring(vault: u8, ids: &[u32]) -> Keyring {
        let keys = ids.iter().map(|id| (*id, Cipher::new(&[u8::try_from(*id).unwrap(); KEY_LEN])));
        Keyring::new([vault; 16], &[9; KEY_LEN], keys.collect())
    }

    #[test]
    fn a_value_opens_in_its_own_place_alone() {
        let keys = keyring(1, &[1]);
        let sealed = keys.seal(HERE, b"IGAAfake").unwrap();
        assert_eq!(keys.open(HERE, &sealed).unwrap().as_slice(), b"IGAAfake");
        let others = [
            Place { column: "alerts.sealed", ..HERE },
            Place { account: 8, ..HERE },
            Place { generation: 2, ..HERE },
            Place { generation: 4, ..HERE },
        ];
        for other in others {
            assert_eq!(keys.open(other, &sealed).unwrap_err(), SealError::NotOfThisPlace, "{other:?}");
        }
        assert_eq!(keyring(2, &[1]).open(HERE, &sealed).unwrap_err(), SealError::NotOfThisPlace, "of another vault");
    }

    #[test]
    fn older_keys_open_and_the_newest_one_seals() {
        let old = keyring(1, &[1]).seal(HERE, b"x").unwrap();
        let both = keyring(1, &[1, 2]);
        assert!(both.open(HERE, &old).is_ok());
        let new = both.seal(HERE, b"x").unwrap();
        assert_eq!((key_of(&old), key_of(&new)), (Some(1), Some(2)));
        assert_eq!(keyring(1, &[1]).open(HERE, &new).unwrap_err(), SealError::UnknownKey(2));
    }

    #[test]
    fn the_same_value_is_never_sealed_alike_and_never_shown() {
        let keys = keyring(1, &[1]);
        let [first, second] = [(); 2].map(|()| keys.seal(HERE, b"IGAAfakefake").unwrap());
        assert_ne!(first, second);
        assert!(!first.windows(4).any(|part| part == b"fake"));
    }

    proptest! {
        #[test]
        fn no_garbage_and_no_edited_value_opens(text in proptest::collection::vec(any::<u8>(), 0..200), at in any::<usize>(), bit in 0_u8..8) {
            let keys = keyring(1, &[1]);
            prop_assert!(keys.open(HERE, &text).is_err());
            let mut sealed = keys.seal(HERE, &text).unwrap();
            let at = at % sealed.len();
            sealed[at] ^= 1_u8 << bit;
            prop_assert!(keys.open(HERE, &sealed).is_err());
            prop_assert!(keys.open(HERE, &sealed[..at]).is_err());
        }
    }
}
