//! Whether the metadata file is everlit's to write. Other scripts keep whole tokens, or something else, under the same
//! name: what everlit has not written stays as it is.

use everlit_meta_api::{Token, TokenKind};
use serde_json::{Map, Value};

use crate::project::metadata::{self, OURS};

/// What somebody else's metadata file holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Foreign {
    /// The token in use, in full.
    ThisToken,
    /// Another whole token.
    OtherToken,
    /// No whole token: a list, another script's object, dates in another unit.
    Something,
}

impl Foreign {
    /// What the file of somebody else holds; `None` if everlit may write the file: the older script's, everlit's own, or
    /// one that is damaged and holds no token.
    pub(crate) fn of(file: &[u8], current: &Token) -> Option<Self> {
        let value = metadata::value(file);
        if matches!(&value, Some(Value::Object(fields)) if is_ours(fields)) {
            return None;
        }
        let text = String::from_utf8_lossy(file);
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '|')));
        let whole: Vec<Token> = words.filter_map(|word| whole_token(word, current)).collect();
        match (whole.as_slice(), value) {
            ([], None | Some(Value::Null)) => None,
            ([], _) => Some(Self::Something),
            (whole, _) if whole.iter().all(|token| token == current) => Some(Self::ThisToken),
            _ => Some(Self::OtherToken),
        }
    }

    /// What people should know about the file, as the end of a sentence that begins with its name.
    pub(crate) fn note(self) -> &'static str {
        match self {
            Self::ThisToken => {
                "holds the whole token in clear: another script keeps it, so everlit leaves it alone and keeps its notes in \
                 .everlit/"
            }
            Self::OtherToken => {
                "holds a whole token in clear that is not the one in use and may still work, perhaps of another account: \
                 everlit leaves it alone and keeps its notes in .everlit/"
            }
            Self::Something => "was not written by everlit, which leaves it alone and keeps its notes in .everlit/",
        }
    }
}

/// The older script writes the first characters of the token, and dates in seconds.
fn is_ours(fields: &Map<String, Value>) -> bool {
    const OLDER: [&str; 4] = ["token_type", "expires_in", "expires_at", "refreshed_at"];
    let is_hint = |text: &str| text.ends_with("...") || text.ends_with('…');
    if fields.contains_key(OURS) {
        return fields.get("access_token").and_then(Value::as_str).is_none_or(is_hint);
    }
    let is_known_shape = match fields.get("access_token") {
        Some(Value::String(text)) if !text.is_empty() => is_hint(text),
        Some(Value::String(_) | Value::Null) | None => {
            fields.is_empty() || OLDER.iter().any(|name| fields.contains_key(*name))
        }
        Some(_) => false,
    };
    is_known_shape && fields.get("expires_at").is_none_or(|date| !metadata::is_in_another_unit(date))
}

/// A word that is a token; the first characters of one, as the metadata holds them, are too few.
fn whole_token(word: &str, current: &Token) -> Option<Token> {
    Token::parse(word).ok().filter(|token| token.kind() != TokenKind::Unknown || token == current)
}
