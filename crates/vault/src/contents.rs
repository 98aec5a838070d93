//! The sealed content of an account's row.

use everlit_keeper::{AccountName, Candidate, Event, EventKind, Expiry, Health, Policy, Record, Report};
use everlit_meta_api::{AccountId, Platform, Timestamp, Token};
use everlit_store::json;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::database::{AccountRow, Columns, EventRow, Kept, NewEvent};
use crate::seal::{Keyring, Place, SealError};
use crate::{VaultError, VaultErrorClass};

/// The column of accounts.
const ACCOUNT: &str = "accounts.sealed";

/// The column of tokens beside the one in use.
pub(crate) const KEPT: &str = "kept_tokens.sealed";

/// The column of events.
const EVENT: &str = "events.sealed";

/// What is known of an account.
#[derive(Clone, Debug)]
pub(crate) struct Contents {
    pub(crate) name: AccountName,
    /// `None` until a person has given one.
    pub(crate) token: Option<Token>,
    /// Describes the token.
    pub(crate) record: Option<Record>,
    pub(crate) tags: Vec<String>,
    /// The name of the Meta app that issues its tokens; `None` for the one of the settings.
    pub(crate) app: Option<String>,
    pub(crate) is_paused: bool,
}

/// The content as JSON, in the vault and in an export.
#[derive(Deserialize, Serialize)]
pub(crate) struct Document {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    record: Value,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    app: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    paused: bool,
}

impl Contents {
    /// The row's columns for this content in the generation that is to be written.
    pub(crate) fn columns(&self, keyring: &Keyring, id: i64, generation: i64) -> Result<Columns, VaultError> {
        let record = self.record.as_ref();
        let plaintext = Zeroizing::new(serde_json::to_vec(&self.document()).unwrap_or_default());
        let platform = record.and_then(|record| record.kind.platform());
        let owner = record.and_then(|record| record.account.as_ref()).map(AccountId::as_str);
        let platform_word = platform.map_or("unknown", Platform::as_str);
        Ok(Columns {
            sealed: seal(keyring, Place::new(ACCOUNT, id, generation), &plaintext)?,
            key: keyring.newest(),
            platform: platform_word,
            state: self.state(),
            owner_index: owner.map(|owner| keyring.index("owner", &format!("{platform_word} {owner}"))),
            expires_at: record.and_then(|record| record.expiry.instant()).map(Timestamp::as_unix),
            data_access_ends_at: record.and_then(|record| record.data_access_ends).map(Timestamp::as_unix),
            run_at: self.run_at(),
        })
    }

    /// The content for JSON, without events.
    pub(crate) fn document(&self) -> Document {
        Document {
            name: self.name.as_str().to_owned(),
            token: self.token.as_ref().map(|token| token.expose().to_owned()),
            record: self.record.as_ref().map(json::record_without_events).unwrap_or_default(),
            tags: self.tags.clone(),
            app: self.app.clone(),
            paused: self.is_paused,
        }
    }

    /// Reads it back, without events.
    pub(crate) fn of_document(document: Document) -> Result<Self, Unreadable> {
        let record = match document.record {
            Value::Null => None,
            fields => {
                let record = json::read_record(fields).ok_or(Unreadable::Format)?;
                Some(Record { app: document.app.clone(), ..record })
            }
        };
        let token = match (document.token, &record) {
            (Some(text), Some(record)) => {
                let token = Token::parse(&text).map_err(|_| Unreadable::Format)?.or_kind(record.kind);
                Some(token).filter(|token| token.fingerprint() == record.fingerprint).ok_or(Unreadable::Format)?.into()
            }
            _ => None,
        };
        let name = AccountName::new(document.name);
        let Document { tags, app, paused: is_paused, .. } = document;
        Ok(Self { name, token, record, tags, app, is_paused })
    }

    /// The state in a word, as it was when the record was saved.
    fn state(&self) -> &'static str {
        match &self.record {
            _ if self.is_paused => "paused",
            None => Health::NoToken.code(),
            Some(record) => {
                let policy = Policy::default();
                Report::idle(&self.name, record.clone(), &policy, saved_at(record)).health().code()
            }
        }
    }

    /// When there is something to do; `None` for never.
    fn run_at(&self) -> Option<i64> {
        let record = self.record.as_ref().filter(|_| !self.is_paused)?;
        Some(record.next_check_at.map_or(0, Timestamp::as_unix))
    }

    /// Opens a row. `Err` says in words what is wrong with it.
    pub(crate) fn open(keyring: &Keyring, row: &AccountRow) -> Result<Self, Unreadable> {
        match row.queued_generation {
            None => return Err(Unreadable::NotQueued),
            Some(queued) if queued > row.generation => return Err(Unreadable::PutBack),
            Some(_) => {}
        }
        let plaintext = keyring.open(Place::new(ACCOUNT, row.id, row.generation), &row.sealed)?;
        let document: Document = serde_json::from_slice(&plaintext).map_err(|_| Unreadable::Format)?;
        if keyring.index("name", &document.name) != row.name_index {
            return Err(Unreadable::Edited);
        }
        let mut contents = Self::of_document(document)?;
        if let Some(record) = &mut contents.record {
            record.events = row.events.iter().map(|event| open_event(keyring, event)).collect::<Result<_, _>>()?;
        }
        Ok(contents)
    }

    /// What was changed by hand in the columns that the database searches by.
    pub(crate) fn edited(&self, row: &AccountRow) -> Option<String> {
        let expiry = self.record.as_ref().map_or(Expiry::Unknown, |record| record.expiry);
        (expiry.instant().map(Timestamp::as_unix) != row.expires_at).then(|| {
            "the expiry in the vault's table was edited by hand; the sealed one counts, and is written again".to_owned()
        })
    }
}

/// The latest time that a record names: it was saved then, or soon after.
fn saved_at(record: &Record) -> Timestamp {
    let failed = record.failure.as_ref().map(|failure| failure.last_at);
    let times = [record.last_verified_at, record.issued_at, failed, record.events.last().map(|event| event.at)];
    times.into_iter().flatten().fold(record.first_seen, Timestamp::max)
}

/// Why a row cannot be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unreadable {
    /// The row is older than the queue knows.
    PutBack,
    /// The row is not in the queue: nothing would ever be done for it.
    NotQueued,
    /// What is sealed belongs elsewhere, or was edited.
    Edited,
    /// It was sealed with a key that the vault does not have.
    UnknownKey(u32),
    /// What is sealed cannot be understood.
    Format,
}

impl From<SealError> for Unreadable {
    fn from(error: SealError) -> Self {
        match error {
            SealError::UnknownKey(id) => Self::UnknownKey(id),
            SealError::NotOfThisPlace | SealError::NotSealed => Self::Edited,
        }
    }
}

impl Unreadable {
    /// The same for people, about the account whose row it is.
    pub(crate) fn error(self, account: &str) -> VaultError {
        let why = match self {
            Self::PutBack => {
                "the row is older than the vault's queue knows: somebody has put back an older one".to_owned()
            }
            Self::NotQueued => "somebody has removed it from the vault's queue".to_owned(),
            Self::Edited => "the row was moved, exchanged or edited by hand".to_owned(),
            Self::UnknownKey(id) => format!("it was sealed with key {id}, which the vault does not have"),
            Self::Format => "a later everlit has written it, or it is damaged".to_owned(),
        };
        let message = format!(
            "{account} cannot be read from the vault: {why}. Restore it from a backup, or remove it and add it again"
        );
        VaultError::new(VaultErrorClass::Damaged, message)
    }
}

/// Seals a candidate of an account.
pub(crate) fn seal_kept(keyring: &Keyring, account: i64, candidate: &Candidate) -> Result<Vec<u8>, VaultError> {
    let plaintext = Zeroizing::new(serde_json::to_vec(&json::candidate(candidate)).unwrap_or_default());
    seal(keyring, Place::new(KEPT, account, 0), &plaintext)
}

/// The tokens of a kind that are kept beside the one in use, oldest first, with their ids.
pub(crate) fn kept(keyring: &Keyring, row: &AccountRow, kind: Kept) -> Result<Vec<(i64, Candidate)>, Unreadable> {
    let of_kind = row.kept.iter().filter(|kept| kept.kind == kind);
    of_kind
        .map(|kept| {
            let plaintext = keyring.open(Place::new(KEPT, row.id, 0), &kept.sealed)?;
            let fields = serde_json::from_slice(&plaintext).map_err(|_| Unreadable::Format)?;
            Ok((kept.id, json::read_candidate(fields).ok_or(Unreadable::Format)?))
        })
        .collect()
}

/// Seals an event of an account.
pub(crate) fn seal_event(keyring: &Keyring, account: i64, actor: &str, event: &Event) -> Result<NewEvent, VaultError> {
    let at = event.at.as_unix();
    let sealed = seal(keyring, Place::new(EVENT, account, at), event.detail.as_bytes())?;
    Ok(NewEvent { at, actor: actor.to_owned(), what: event.what.code(), sealed })
}

/// Opens an event.
pub(crate) fn open_event(keyring: &Keyring, row: &EventRow) -> Result<Event, Unreadable> {
    let detail = keyring.open(Place::new(EVENT, row.account, row.at), &row.sealed)?;
    let detail = String::from_utf8(detail.to_vec()).map_err(|_| Unreadable::Format)?;
    let what = EventKind::from_code(&row.what).ok_or(Unreadable::Format)?;
    Ok(Event { at: Timestamp::from_unix(row.at), what, detail })
}

/// Seals a value.
pub(crate) fn seal(keyring: &Keyring, place: Place, plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
    let no_randomness = || VaultError::new(VaultErrorClass::Internal, crate::NoRandomness.to_string());
    keyring.seal(place, plaintext).ok_or_else(no_randomness)
}
