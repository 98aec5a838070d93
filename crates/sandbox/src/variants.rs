//! The ways in which Meta's replies come, where there is more than one.

use serde::{Deserialize, Serialize};

/// One or several ways; each call picks one. In JSON `"a"` or `["a", "b"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOf<T>(Vec<T>);

impl<T: Copy> OneOf<T> {
    /// Always this one.
    pub fn only(variant: T) -> Self {
        Self(vec![variant])
    }

    /// Each call picks one of these; `None` where there are none.
    pub fn any(variants: Vec<T>) -> Option<Self> {
        (!variants.is_empty()).then_some(Self(variants))
    }

    /// As [`OneOf::any`], for lists that are written out.
    pub(crate) fn several(variants: Vec<T>) -> Self {
        debug_assert!(!variants.is_empty(), "a knob needs at least one way");
        Self(variants)
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

macro_rules! variants {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant),+ }
    )+};
}

variants! {
    /// Shape of a reply to a code exchange.
    ExchangeShape {
        /// `{"data":[{..., "user_id":"...", "permissions":"a,b"}]}`, as documented.
        A = "a",
        /// Flat, bare numeric id, list of permissions.
        B = "b",
        /// Flat, id as text, no permissions.
        C = "c",
        /// `data` list, numeric id, list of permissions.
        D = "d",
    }
    /// Form of `permissions`, where the shape has them.
    Permissions {
        /// `"a,b"`
        Text = "text",
        /// `["a","b"]`
        List = "list",
        /// Not there.
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
        /// Not there.
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
        /// Not there.
        Absent = "absent",
    }
    /// What string a refresh returns.
    RefreshString {
        /// The one that was sent; it lives longer now.
        Same = "same",
        /// A new one.
        New = "new",
    }
    /// What becomes of the old string after a refresh that returned a new one.
    OldAfterRefresh {
        /// It lives to its own expiry.
        Valid = "valid",
        /// It is dead at once.
        Dies = "dies",
    }
    /// Reply to a refresh of a token that is too young.
    RefreshUnder24h {
        /// The same token and the time that it has left.
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
    /// What exchanging a long-lived Facebook user token does.
    FbReexchange {
        /// A token with no more time than before.
        CountsDown = "counts_down",
        /// A token with 60 days.
        Extends = "extends",
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
        /// None.
        Absent = "absent",
        /// `X-App-Usage` with Facebook's keys.
        Facebook = "facebook",
        /// `X-App-Usage` with Instagram's keys.
        Instagram = "instagram",
        /// `X-Business-Use-Case-Usage`, its estimate in minutes.
        Business = "business",
        /// `X-App-Usage` that is not JSON.
        Malformed = "malformed",
    }
}
