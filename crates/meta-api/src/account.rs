//! Account ids.

use std::fmt;

use serde_json::Value;

/// An account id: decimal digits, kept as text because ids above 2^53 (30927608773521030, say) do not survive a float.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(String);

impl AccountId {
    /// The longest id accepted. Meta's ids have up to 17 digits today; a `u64` has at most 20.
    const MAX_DIGITS: usize = 32;

    /// Parses 1 to 32 decimal digits.
    pub fn parse(text: &str) -> Result<Self, AccountIdError> {
        let text = text.trim();
        if (1..=Self::MAX_DIGITS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(AccountIdError)
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Meta sends ids as text and as numbers. A float has already lost digits and is refused.
    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Self::parse(text).ok(),
            Value::Number(number) => number.as_u64().map(|id| Self(id.to_string())),
            _ => None,
        }
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The text is not a decimal number of 1 to 32 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an account id is a number, such as 17841400000000000")]
pub struct AccountIdError;
