//! A token in a slot of the spill: what the bytes of the file mean.

use std::io;
use std::path::Path;

use everlit_disk::{Disk, read_private};
use ring::digest::{SHA256, digest};

/// A token as it was spilled.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Spilled {
    /// The vault it belongs to.
    pub(crate) vault: [u8; 16],
    /// The account's id.
    pub(crate) account: i64,
    /// A candidate, sealed as in the database.
    pub(crate) sealed: Vec<u8>,
}

impl Spilled {
    /// With a checksum: a reader tells it from padding, and from a write that was cut off.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let length = u32::try_from(self.sealed.len()).unwrap_or(u32::MAX).to_be_bytes();
        let mut bytes = [MAGIC, &self.vault[..], &self.account.to_be_bytes(), &length, &self.sealed].concat();
        let checksum = digest(&SHA256, &bytes);
        bytes.extend_from_slice(checksum.as_ref());
        bytes
    }

    /// `None` if there is no whole token.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (vault, rest) = rest.split_first_chunk::<16>()?;
        let (account, rest) = rest.split_first_chunk::<8>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let sealed = rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        let spilled = Self { vault: *vault, account: i64::from_be_bytes(*account), sealed: sealed.to_vec() };
        bytes.starts_with(&spilled.bytes()).then_some(spilled)
    }

    pub(crate) fn read(disk: &dyn Disk, path: &Path) -> io::Result<Option<Self>> {
        const LARGEST: usize = 1 << 20;
        match read_private(disk, path, LARGEST) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            bytes => Ok(Self::parse(&bytes?)),
        }
    }
}

pub(crate) const MAGIC: &[u8] = b"everlit spill 1\n";

/// More than any sealed token needs.
pub(crate) const ROOM: usize = 8192;

/// Not zeros: file systems that compress store those in no space at all.
pub(crate) const PADDING: u8 = b'#';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_token_counts() {
        let spilled = Spilled { vault: [7; 16], account: 5, sealed: vec![1, 2, 3] };
        let whole = spilled.bytes();
        assert_eq!(Spilled::parse(&[&whole[..], b"####"].concat()), Some(spilled));
        for length in 0..whole.len() {
            assert_eq!(Spilled::parse(&whole[..length]), None, "{length}");
            let cut_off = [&whole[..length], &vec![PADDING; ROOM - length]].concat();
            assert_eq!(Spilled::parse(&cut_off), None, "{length}");
        }
    }
}
