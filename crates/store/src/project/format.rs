//! How values are written in everlit's files: names and times as text. What cannot be read is left out, because whatever
//! is wrong with a file of notes must not stop a refresh.

use std::fmt::Write as _;

use everlit_keeper::{Cause, EventKind, Health};
use everlit_meta_api::{AccountId, Fingerprint, Timestamp, TokenKind};
use ring::digest::{SHA256, digest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::rfc3339::{parse as parse_time, rfc3339};

/// A value that is written as text.
pub(crate) trait Text: Sized {
    /// Writes it.
    fn to_text(&self) -> String;
    /// Reads what [`Text::to_text`] writes.
    fn from_text(text: &str) -> Option<Self>;
}

macro_rules! as_text {
    ($($type:ty: $write:expr, $read:expr;)+) => {
        $(impl Text for $type {
            fn to_text(&self) -> String {
                let write: fn(&Self) -> String = $write;
                write(self)
            }

            fn from_text(text: &str) -> Option<Self> {
                let read: fn(&str) -> Option<Self> = $read;
                read(text)
            }
        })+
    };
}

as_text! {
    AccountId: |id| id.as_str().to_owned(), |text| Self::parse(text).ok();
    Cause: |cause| cause.code().to_owned(), Self::from_code;
    EventKind: |kind| kind.code().to_owned(), Self::from_code;
    Fingerprint: |fingerprint| fingerprint.to_string(), |text| text.parse().ok();
    Health: |health| health.code().to_owned(), Self::from_code;
    Timestamp: |at| rfc3339(*at), parse_time;
    TokenKind: |kind| kind.as_str().to_owned(), |text| text.parse().ok();
}

/// For `#[serde(with = "text")]`: a value that must be there.
pub(crate) mod text {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Text};

    pub(crate) fn serialize<T: Text, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.to_text().serialize(serializer)
    }

    pub(crate) fn deserialize<'de, T: Text, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let text = String::deserialize(deserializer)?;
        T::from_text(&text).ok_or_else(|| serde::de::Error::custom("not understood"))
    }
}

/// For `#[serde(default, with = "optional_text")]`: a value that may be missing or not understood.
pub(crate) mod optional_text {
    use super::{Deserializer, Serialize, Serializer, Text, lenient};

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(crate) fn serialize<T: Text, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Text::to_text).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, T: Text, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        let text: Option<String> = lenient(deserializer)?;
        Ok(text.as_deref().and_then(T::from_text))
    }
}

/// For `#[serde(default, deserialize_with = "lenient")]`: the default where the value is of another shape.
pub(crate) fn lenient<'de, T: DeserializeOwned + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).unwrap_or_default())
}

/// For `#[serde(default, deserialize_with = "lenient_list")]`: those entries that can be read.
pub(crate) fn lenient_list<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let entries: Vec<Value> = lenient(deserializer)?;
    Ok(entries.into_iter().filter_map(|entry| serde_json::from_value(entry).ok()).collect())
}

/// The SHA-256 of some bytes, in 64 hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
