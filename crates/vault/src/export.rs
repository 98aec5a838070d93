//! The file of `everlit account export`: accounts with their tokens, sealed with the vault's master key.
//!
//! One line of JSON says what it is, with which master key it was sealed, and how many accounts are in it. The next line is
//! the sealed list in base64. The first line is part of what the seal is bound to: a file that was edited does not open.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::account::WholeAccount;
use crate::contents::{Contents, Document};
use crate::{MasterKey, VaultError, VaultErrorClass};

/// What an export says about itself in its first line.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ExportHeader {
    format: String,
    /// The version of the format.
    pub version: u32,
    /// The id of the master key with which it was sealed.
    pub master_key: String,
    /// The number of accounts.
    pub accounts: usize,
}

const FORMAT: &str = "everlit export";

const VERSION: u32 = 1;

/// What every export of this version is bound to, beside its first line.
const ASSOCIATED: &[u8] = b"everlit export 1";

/// The first line of an export; `None` if it is something else.
pub fn export_header(bytes: &[u8]) -> Option<ExportHeader> {
    let (line, _) = split(bytes);
    serde_json::from_slice::<ExportHeader>(line).ok().filter(|header| header.format == FORMAT)
}

/// Seals accounts for a file. The records' events are left out.
///
/// # Errors
/// The system has no random numbers.
pub fn seal_export(accounts: &[WholeAccount], master: &MasterKey) -> Result<Vec<u8>, VaultError> {
    let documents: Vec<Document> = accounts.iter().map(|account| Contents::from(account.clone()).document()).collect();
    let plaintext = Zeroizing::new(serde_json::to_vec(&documents).unwrap_or_default());
    let header =
        ExportHeader { format: FORMAT.to_owned(), version: VERSION, master_key: master.id(), accounts: accounts.len() };
    let line = serde_json::to_vec(&header).unwrap_or_default();
    let no_randomness = || VaultError::new(VaultErrorClass::Internal, crate::NoRandomness.to_string());
    let sealed = master.cipher().seal(&plaintext, &associated(&line)).ok_or_else(no_randomness)?;
    Ok([&line, &b"\n"[..], STANDARD.encode(sealed).as_bytes(), b"\n"].concat())
}

/// Opens an export.
///
/// # Errors
/// It was sealed with another master key ([`VaultErrorClass::Key`]), written by a later everlit
/// ([`VaultErrorClass::Newer`]), cut off or edited ([`VaultErrorClass::Damaged`]): then nothing of it can be read.
pub fn open_export(bytes: &[u8], master: &MasterKey) -> Result<Vec<WholeAccount>, VaultError> {
    let damaged = || VaultError::new(VaultErrorClass::Damaged, "it was cut off or edited");
    let header = export_header(bytes).ok_or_else(damaged)?;
    if header.version != VERSION {
        return Err(VaultError::new(VaultErrorClass::Newer, "a later everlit has written it: upgrade this one"));
    }
    if header.master_key != master.id() {
        let (sealed_with, id) = (header.master_key.escape_debug(), master.id());
        let message = format!("it was sealed with master key {sealed_with}, and the key given is {id}");
        return Err(VaultError::new(VaultErrorClass::Key, message));
    }
    let (line, body) = split(bytes);
    let sealed = STANDARD.decode(body.trim_ascii()).map_err(|_| damaged())?;
    let plaintext = master.cipher().open(&sealed, &associated(line)).ok_or_else(damaged)?;
    let documents: Vec<Document> = serde_json::from_slice(&plaintext).map_err(|_| damaged())?;
    let accounts = documents.into_iter().map(|document| Contents::of_document(document).map(WholeAccount::from));
    accounts.collect::<Result<_, _>>().map_err(|_| {
        VaultError::new(VaultErrorClass::Newer, "an account in it cannot be understood: a later everlit has written it")
    })
}

/// The first line, without its end, and the rest.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (line, rest) = bytes.split_at(end);
    (line.trim_ascii_end(), rest)
}

fn associated(line: &[u8]) -> Vec<u8> {
    [ASSOCIATED, b"\0", line].concat()
}

#[cfg(test)]
mod tests {
    use everlit_keeper::{AccountName, Expiry, Record};
    use everlit_meta_api::{Timestamp, Token};
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn key(byte: u8) -> MasterKey {
        MasterKey::parse(&format!("{}{byte:02x}", "0123456789abcdef".repeat(4).get(..62).unwrap())).unwrap()
    }

    fn account(name: &str, days: u64) -> WholeAccount {
        let token = Token::parse(&format!("IGAAfakeFAKE{}", "fake".repeat(12))).unwrap();
        let new = Record::of_new_token(token.kind(), token.fingerprint(), NOW);
        let expiry = Expiry::At(NOW + std::time::Duration::from_secs(days));
        let app = (days % 3 == 1).then(|| "app".to_owned());
        let record = Some(Record { expiry, next_check_at: Some(NOW), app: app.clone(), ..new });
        let (name, tags) = (AccountName::new(name), vec!["vip".to_owned()]);
        WholeAccount { name, token: Some(token), record, tags, app, is_paused: days % 2 == 1 }
    }

    #[test]
    fn an_export_shows_neither_names_nor_tokens() {
        let file = seal_export(&[account("secretbakery", 1)], &key(1)).unwrap();
        let text = String::from_utf8(file).unwrap();
        assert!(!text.contains("secretbakery") && !text.contains("IGAA") && !text.contains("vip"), "{text}");
        let header = export_header(text.as_bytes()).unwrap();
        assert_eq!((header.accounts, header.master_key), (1, key(1).id()));
    }

    #[test]
    fn another_key_and_a_later_format_are_named() {
        let file = seal_export(&[account("shop", 2)], &key(1)).unwrap();
        assert_eq!(open_export(&file, &key(2)).unwrap_err().class, VaultErrorClass::Key);
        let later = String::from_utf8(file).unwrap().replace("\"version\":1", "\"version\":2");
        assert_eq!(open_export(later.as_bytes(), &key(1)).unwrap_err().class, VaultErrorClass::Newer);
    }

    #[test]
    fn mail_programs_may_change_the_line_ends() {
        let file = seal_export(&[account("shop", 2)], &key(1)).unwrap();
        let with_crlf = String::from_utf8(file).unwrap().replace('\n', "\r\n");
        assert_eq!(open_export(with_crlf.as_bytes(), &key(1)).unwrap().len(), 1);
    }

    proptest! {
        #[test]
        fn what_was_exported_comes_back(names in proptest::collection::vec("\\PC{1,20}", 0..5), days in 0_u64..99) {
            let accounts: Vec<_> = names.iter().map(|name| account(name, days)).collect();
            let without = WholeAccount { token: None, record: None, ..account("waiting", 3) };
            let accounts = [accounts, vec![without]].concat();
            let file = seal_export(&accounts, &key(1)).unwrap();
            prop_assert_eq!(open_export(&file, &key(1)).unwrap(), accounts);
        }

        #[test]
        fn an_edited_or_truncated_file_does_not_open(at in any::<usize>(), bit in 0_u8..7) {
            let mut file = seal_export(&[account("shop", 2)], &key(1)).unwrap();
            let at = at % (file.len() - 1);
            prop_assert!(open_export(&file[..at], &key(1)).is_err());
            file[at] ^= 1_u8 << bit;
            prop_assert!(open_export(&file, &key(1)).is_err());
        }

        #[test]
        fn garbage_is_not_an_export(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(export_header(&bytes).is_none());
            prop_assert!(open_export(&bytes, &key(1)).is_err());
        }
    }
}
