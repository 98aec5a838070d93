//! How the keeper's and Meta's types are written in everlit's files. What cannot be read is left out, because whatever is
//! wrong with a file of notes must not stop a refresh.

use std::fmt::Write as _;
use std::time::Duration;

use everlit_keeper::{Cause, DeliveryErrorClass, EventKind, Health};
use everlit_meta_api::{AccountId, Fingerprint, Timestamp, TokenKind};
use ring::digest::{SHA256, digest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::rfc3339::{parse as parse_time, rfc3339};

/// A type of another crate with a format in these files.
pub(crate) trait Formatted: Sized {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Gives a type the format of a struct with `#[serde(remote)]`.
macro_rules! formatted {
    ($($type:ty = $format:ty;)+) => {
        $(impl crate::project::format::Formatted for $type {
            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                <$format>::serialize(self, serializer)
            }

            fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$format>::deserialize(deserializer)
            }
        })+
    };
}
pub(crate) use formatted;

/// Writes a type as another, mostly as text.
macro_rules! written_as {
    ($($type:ty as $plain:ty: $write:expr, $read:expr;)+) => {
        $(impl Formatted for $type {
            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let write: fn(&Self) -> $plain = $write;
                write(self).serialize(serializer)
            }

            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let read: fn(&$plain) -> Option<Self> = $read;
                let plain = <$plain>::deserialize(deserializer)?;
                read(&plain).ok_or_else(|| serde::de::Error::custom("not understood"))
            }
        })+
    };
}

written_as! {
    AccountId as String: |id| id.as_str().to_owned(), |text| Self::parse(text).ok();
    DeliveryErrorClass as String: |class| class.code().to_owned(), |text| Self::from_code(text);
    Cause as String: |cause| cause.code().to_owned(), |text| Self::from_code(text);
    Duration as u64: Self::as_secs, |seconds| Some(Self::from_secs(*seconds));
    EventKind as String: |kind| kind.code().to_owned(), |text| Self::from_code(text);
    Fingerprint as String: ToString::to_string, |text| text.parse().ok();
    Health as String: |health| health.code().to_owned(), |text| Self::from_code(text);
    Timestamp as String: |at| rfc3339(*at), |text| parse_time(text);
    TokenKind as String: |kind| kind.as_str().to_owned(), |text| text.parse().ok();
}

struct As<T>(T);

impl<T: Formatted> Serialize for As<&T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl<'de, T: Formatted> Deserialize<'de> for As<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

/// For `#[serde(with = "required")]`.
pub(crate) mod required {
    use super::{Deserializer, Formatted, Serializer};

    pub(crate) fn serialize<T: Formatted, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.write(serializer)
    }

    pub(crate) fn deserialize<'de, T: Formatted, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

/// For `#[serde(default, with = "optional")]`: `None` where the value cannot be read.
pub(crate) mod optional {
    use super::{As, Deserializer, Formatted, Serialize, Serializer, lenient};

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(crate) fn serialize<T: Formatted, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        value.as_ref().map(As).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, T: Formatted, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        lenient(deserializer).map(|value: Option<As<T>>| value.map(|value| value.0))
    }
}

/// For `#[serde(default, with = "list")]`: those entries that can be read.
pub(crate) mod list {
    use super::{As, Deserializer, Formatted, Serializer, Value, lenient};

    pub(crate) fn serialize<T: Formatted, S: Serializer>(list: &[T], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(list.iter().map(As))
    }

    pub(crate) fn deserialize<'de, T: Formatted, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        let entries: Vec<Value> = lenient(deserializer)?;
        Ok(entries.into_iter().filter_map(|entry| T::read(entry).ok()).collect())
    }
}

/// For `#[serde(default, deserialize_with = "lenient")]`: the default where the value is of another shape.
pub(crate) fn lenient<'de, T: DeserializeOwned + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).unwrap_or_default())
}

/// The SHA-256 of some bytes, in 64 hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().chunks(8).fold(String::with_capacity(64), |mut text, eight| {
        let number = eight.iter().fold(0, |number, &byte| number << 8 | u64::from(byte));
        let _ = write!(text, "{number:016x}");
        text
    })
}
