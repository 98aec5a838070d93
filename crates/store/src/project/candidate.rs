//! The candidate file: a token that Meta has handed out, or a person has given, and that is not in use yet. The files of
//! tokens that are not in use any more, `previous` and `refused`, look the same.
//!
//! It is written by one call into a file that is there already, filled with padding. So the content checks itself: a
//! line with its length and its SHA-256, then the JSON. A reader takes it only if both hold; padding, a part of a
//! candidate, or anything else is no candidate.

use everlit_keeper::{Candidate, Expiry, Origin};
use everlit_meta_api::{AccountId, Fingerprint, Timestamp, Token};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::project::files::{AccountFiles, Identity};
use crate::project::format::{optional, required, sha256};
use crate::rfc3339::{parse as parse_time, rfc3339};

/// Room for the longest token and everything beside it.
pub(crate) const ROOM: usize = 4096;

/// A candidate file is smaller, with all that it can hold.
pub(crate) const LARGEST: usize = 1 << 16;

/// Candidates that have given way to a later one and are kept until that one is in use.
pub(crate) const EARLIER_KEPT: usize = 3;

/// What a candidate file holds.
#[derive(Debug, PartialEq)]
pub(crate) struct Waiting {
    /// Whose it is.
    pub(crate) identity: Identity,
    /// The token that waits.
    pub(crate) candidate: Candidate,
    /// Those that it gave way to, latest first.
    pub(crate) earlier: Vec<Candidate>,
}

impl Waiting {
    /// Whether it is where its account's candidate belongs.
    pub(crate) fn is_of(&self, home: &AccountFiles) -> bool {
        self.identity == home.identity
    }
}

/// The content of a candidate file.
pub(crate) fn write(identity: &Identity, candidate: &Candidate, earlier: &[Candidate]) -> Vec<u8> {
    let file = File {
        identity: identity.clone(),
        newest: Entry::of(candidate),
        earlier: earlier.iter().take(EARLIER_KEPT).map(Entry::of).collect(),
    };
    let json = serde_json::to_string(&file).unwrap_or_default();
    format!("{MARK} {} {}\n{json}\n", json.len(), sha256(json.as_bytes())).into_bytes()
}

/// `None` for a file that holds no candidate.
pub(crate) fn read(bytes: &[u8]) -> Option<Waiting> {
    let line_end = bytes.iter().position(|&byte| byte == b'\n')?;
    let line = std::str::from_utf8(bytes.get(..line_end)?).ok()?;
    let (len, checksum) = line.strip_prefix(MARK)?.strip_prefix(' ')?.split_once(' ')?;
    let json = bytes.get(line_end + 1..)?.get(..len.parse().ok()?)?;
    if sha256(json) != checksum {
        return None;
    }
    let file: File = serde_json::from_slice(json).ok()?;
    let earlier = file.earlier.into_iter().map(Entry::candidate).collect::<Option<_>>()?;
    Some(Waiting { identity: file.identity, candidate: file.newest.candidate()?, earlier })
}

/// A candidate as JSON, without a checksum.
pub(crate) fn to_json(candidate: &Candidate) -> Value {
    serde_json::to_value(Entry::of(candidate)).unwrap_or_default()
}

/// Reads it back.
pub(crate) fn from_json(fields: Value) -> Option<Candidate> {
    serde_json::from_value::<Entry>(fields).ok()?.candidate()
}

/// The first word of the file, and the version of its format.
const MARK: &str = "everlit-candidate/1";

#[derive(Deserialize, Serialize)]
struct File {
    #[serde(flatten)]
    identity: Identity,
    #[serde(flatten)]
    newest: Entry,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<Entry>,
}

#[derive(Deserialize, Serialize)]
struct Entry {
    token: String,
    #[serde(with = "required")]
    replaces: Fingerprint,
    #[serde(with = "required")]
    received_at: Timestamp,
    /// A time, perhaps with ` assumed`; `never` or `unknown`.
    expires: String,
    #[serde(default, with = "optional")]
    account: Option<AccountId>,
    is_from_person: bool,
}

impl Entry {
    fn of(candidate: &Candidate) -> Self {
        Self {
            token: candidate.token.expose().to_owned(),
            replaces: candidate.replaces,
            received_at: candidate.received_at,
            expires: match candidate.expiry {
                Expiry::At(end) => rfc3339(end),
                Expiry::Assumed(end) => format!("{} {ASSUMED}", rfc3339(end)),
                Expiry::Never => NEVER.to_owned(),
                Expiry::Unknown => UNKNOWN.to_owned(),
            },
            account: candidate.account.clone(),
            is_from_person: candidate.origin == Origin::Person,
        }
    }

    fn candidate(self) -> Option<Candidate> {
        let expiry = match self.expires.split_once(' ') {
            _ if self.expires == NEVER => Expiry::Never,
            _ if self.expires == UNKNOWN => Expiry::Unknown,
            Some((end, ASSUMED)) => Expiry::Assumed(parse_time(end)?),
            _ => Expiry::At(parse_time(&self.expires)?),
        };
        Some(Candidate {
            token: Token::parse(&self.token).ok()?,
            replaces: self.replaces,
            received_at: self.received_at,
            expiry,
            account: self.account,
            origin: if self.is_from_person { Origin::Person } else { Origin::Refresh },
        })
    }
}

const ASSUMED: &str = "assumed";
const NEVER: &str = "never";
const UNKNOWN: &str = "unknown";
