//! The candidate file: a token that Meta has handed out and that is not in use yet, beside the env file, private.
//! It is an env file itself, so the ignore rules and habits that keep env files out of git cover it.

use everlit_envfile::EnvFile;
use everlit_keeper::{Candidate, Expiry, Origin};
use everlit_meta_api::{AccountId, Token};

use crate::rfc3339::{parse as parse_time, rfc3339};

/// Room enough for the longest token and everything beside it.
pub(crate) const RESERVED: usize = 4096;

const TOKEN: &str = "EVERLIT_CANDIDATE";
const REPLACES: &str = "EVERLIT_REPLACES";
const RECEIVED_AT: &str = "EVERLIT_RECEIVED_AT";
const EXPIRES: &str = "EVERLIT_EXPIRES";
const ACCOUNT: &str = "EVERLIT_ACCOUNT";
/// [`PERSON`], or absent.
const ORIGIN: &str = "EVERLIT_ORIGIN";
const PERSON: &str = "person";

pub(crate) fn write(candidate: &Candidate) -> Vec<u8> {
    let expires = match candidate.expiry {
        Expiry::At(end) => rfc3339(end),
        Expiry::Assumed(end) => format!("{} assumed", rfc3339(end)),
        Expiry::Never => "never".to_owned(),
        Expiry::Unknown => "unknown".to_owned(),
    };
    let account = candidate.account.as_ref().map_or_else(String::new, |account| format!("{ACCOUNT}={account}\n"));
    let origin = match candidate.origin {
        Origin::Person => format!("{ORIGIN}={PERSON}\n"),
        Origin::Refresh => String::new(),
    };
    // The expiry comes last, in quotes: of a file that was cut off, no part is taken for a whole candidate.
    format!(
        "# A new token that everlit received and has not finished saving. `everlit refresh` does that; do not delete.\n\
         {TOKEN}=\"{}\"\n{REPLACES}={}\n{RECEIVED_AT}={}\n{account}{origin}{EXPIRES}=\"{expires}\"\n",
        candidate.token.expose(),
        candidate.replaces,
        rfc3339(candidate.received_at),
    )
    .into_bytes()
}

/// `None` for a file that holds no candidate: it is set aside by the next one.
pub(crate) fn read(bytes: &[u8]) -> Option<Candidate> {
    let file = EnvFile::parse(bytes);
    let value = |key: &str| -> Option<String> { String::from_utf8(file.value(key).ok()??.into_owned()).ok() };
    let expires = value(EXPIRES)?;
    let expiry = match expires.split_once(' ') {
        _ if expires == "never" => Expiry::Never,
        _ if expires == "unknown" => Expiry::Unknown,
        Some((end, "assumed")) => Expiry::Assumed(parse_time(end)?),
        _ => Expiry::At(parse_time(&expires)?),
    };
    Some(Candidate {
        token: Token::parse(&value(TOKEN)?).ok()?,
        replaces: value(REPLACES)?.parse().ok()?,
        received_at: parse_time(&value(RECEIVED_AT)?)?,
        expiry,
        account: value(ACCOUNT).and_then(|id| AccountId::parse(&id).ok()),
        origin: if value(ORIGIN).as_deref() == Some(PERSON) { Origin::Person } else { Origin::Refresh },
    })
}
