//! Variants of Meta's behavior: what its replies look like where it replies in more than one way.

use serde::{Deserialize, Serialize};

/// One or several variants; each call picks one at random. In JSON: `"a"` or `["a", "b"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOf<T>(Vec<T>);

impl<T: Copy> OneOf<T> {
    /// Always this variant.
    pub fn only(variant: T) -> Self {
        Self(vec![variant])
    }

    /// One of these for each call; `None` if the list is empty.
    pub fn any(variants: Vec<T>) -> Option<Self> {
        (!variants.is_empty()).then_some(Self(variants))
    }

    /// Like [`OneOf::any`], for constant lists.
    pub(crate) fn several(variants: &[T]) -> Self {
        debug_assert!(!variants.is_empty(), "a knob needs at least one variant");
        Self(variants.to_vec())
    }

    pub(crate) fn pick(&self, rng: &mut fastrand::Rng) -> T {
        self.0[rng.usize(..self.0.len())]
    }
}

impl<T: Serialize> Serialize for OneOf<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [only] => only.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOf<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form<T> {
            Several(Vec<T>),
            One(T),
        }
        match Form::deserialize(deserializer)? {
            Form::One(one) => Ok(Self(vec![one])),
            Form::Several(several) if several.is_empty() => {
                Err(serde::de::Error::custom("at least one value is needed"))
            }
            Form::Several(several) => Ok(Self(several)),
        }
    }
}

/// Defines enums whose values have one name each, in JSON and in the log.
macro_rules! named {
    ($($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal),+ $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in JSON and in the log.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    )+};
}
pub(crate) use named;

named! {
    /// Shape of the reply to a code exchange.
    ExchangeShape {
        /// `{"data":[{..., "user_id":"...", "permissions":"a,b"}]}`, as documented.
        A = "a",
        /// Flat, numeric id, list of permissions.
        B = "b",
        /// Flat, id as text, no permissions.
        C = "c",
        /// `data` list, numeric id, list of permissions.
        D = "d",
    }
    /// Form of `permissions` in the shapes that include it.
    Permissions {
        /// `"a,b"`
        Text = "text",
        /// `["a","b"]`
        List = "list",
        /// Absent.
        Absent = "absent",
    }
    /// Shape of Instagram's `/me`.
    MeShape {
        /// `{"user_id":...}`
        Flat = "flat",
        /// `{"data":[{"user_id":...}]}`, as documented.
        Data = "data",
    }
    /// Form of ids.
    Ids {
        /// `"17841400000000001"`
        Text = "text",
        /// `17841400000000001`
        Number = "number",
    }
    /// Form of `expires_in`.
    ExpiresIn {
        /// `5183944`
        Number = "number",
        /// `"5183944"`
        Text = "text",
        /// Absent.
        Absent = "absent",
        /// `0`
        Zero = "zero",
    }
    /// Form of `token_type`.
    TokenType {
        /// `bearer`
        Lower = "lower",
        /// `Bearer`
        Capital = "capital",
        /// Absent.
        Absent = "absent",
    }
    /// The string that a refresh returns.
    RefreshString {
        /// The one that was sent, with a later expiry.
        Same = "same",
        /// A new one.
        New = "new",
    }
    /// What happens to the old string when a refresh returns a new one.
    OldAfterRefresh {
        /// It stays valid until its own expiry.
        Valid = "valid",
        /// It is revoked at once.
        Dies = "dies",
    }
    /// Reply to a refresh of a token that is too young.
    RefreshUnder24h {
        /// The same token and its remaining lifetime.
        NoOp = "no_op",
        /// Error 100.
        Error100 = "error_100",
        /// Error 190.
        Error190 = "error_190",
    }
    /// Reply to a refresh of a short-lived token.
    RefreshShort {
        /// Error 190.
        Error190 = "error_190",
        /// Error 100.
        Error100 = "error_100",
        /// Error 452.
        Error452 = "error_452",
    }
    /// Result of exchanging a long-lived Facebook user token.
    FbReexchange {
        /// A token with the same expiry.
        CountsDown = "counts_down",
        /// A token that is valid for 60 days.
        Extends = "extends",
    }
    /// The error with which `debug_token` wrongly says that a token is not valid.
    InvalidReason {
        /// No error.
        None = "none",
        /// Code 2, `is_transient`.
        Transient = "transient",
        /// Code 190 without a subcode.
        Undecided = "undecided",
        /// Code 190 with subcode 459: the account's owner has to act.
        Checkpoint = "checkpoint",
    }
    /// Language of a message.
    Language {
        /// English.
        En = "en",
        /// Portuguese.
        Pt = "pt",
        /// Korean.
        Ko = "ko",
    }
    /// Form of the usage headers.
    UsageHeaders {
        /// No header.
        Absent = "absent",
        /// `X-App-Usage` with Facebook's keys.
        Facebook = "facebook",
        /// `X-App-Usage` with Instagram's keys.
        Instagram = "instagram",
        /// `X-Business-Use-Case-Usage`, with its estimate in minutes.
        Business = "business",
        /// `X-App-Usage` that is not JSON.
        Malformed = "malformed",
    }
}

impl InvalidReason {
    /// `data.error` of a `debug_token` reply.
    pub(crate) fn json(self) -> Option<serde_json::Value> {
        use serde_json::json;
        let later = "An unexpected error has occurred. Please retry your request later.";
        let checkpoint = "Error validating access token: You cannot access the app till you log in to www.facebook.com and \
                          follow the instructions given.";
        match self {
            Self::None => None,
            Self::Transient => Some(json!({"code": 2, "message": later, "is_transient": true})),
            Self::Undecided => Some(json!({"code": 190, "message": "Error validating access token."})),
            Self::Checkpoint => Some(json!({"code": 190, "message": checkpoint, "subcode": 459})),
        }
    }
}

impl Ids {
    /// An id as JSON text or as a bare number, with every digit kept.
    pub(crate) fn json(self, id: &str) -> serde_json::Value {
        match (self, id.parse::<u64>()) {
            (Self::Number, Ok(number)) => number.into(),
            _ => id.into(),
        }
    }
}
