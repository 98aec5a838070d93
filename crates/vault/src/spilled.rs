//! A token in a slot of the spill: what the bytes of the file mean.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use everlit_disk::{Disk, read_private};
use everlit_keeper::{AccountName, Outcome, Report, Step, StoreError, StoreErrorClass};
use everlit_meta_api::Timestamp;
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

/// A token that waits on this machine's disk for the vault.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Waiting {
    /// The file that holds it, sealed.
    pub file: PathBuf,
    /// Whose it is, where the vault can tell.
    pub account: Option<AccountName>,
    /// Why the vault, as it is now, cannot take it; `None` if the next run puts it there.
    pub problem: Option<String>,
}

impl Waiting {
    /// What it is called where accounts have names.
    pub fn subject(&self) -> AccountName {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        AccountName::new(format!("the token in {name}"))
    }

    /// What to do about it.
    pub fn next(&self) -> Step {
        match &self.problem {
            None => Step::everlit("refresh"),
            Some(_) => Step::note("restore a later backup of the vault, or remove that file if nobody needs the token"),
        }
    }

    /// The same as an error, where the vault cannot take it.
    pub fn error(&self) -> Option<StoreError> {
        self.problem.as_ref()?;
        Some(StoreError::new(StoreErrorClass::Unusable, self.to_string()).at(&self.file))
    }

    /// The same as a report.
    pub(crate) fn report(&self, now: Timestamp) -> Option<Report> {
        Some(Report {
            account: self.subject(),
            at: now,
            outcome: Outcome::Refused(self.error()?),
            record: None,
            undelivered: Vec::new(),
            notes: Vec::new(),
        })
    }
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        match &self.problem {
            None => write!(f, "a new token waits in {file}; the next run puts it into the vault"),
            Some(why) => write!(f, "the new token in {file} cannot be put into the vault: {why}"),
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
