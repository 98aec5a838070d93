//! Secrets other than tokens.

use std::fmt;

use zeroize::Zeroizing;

/// A secret text: wiped on drop, never printed.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The secret itself. For a request; never for a message.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// An app registered with Meta. Instagram, Threads and Facebook each give an id and a secret of their own to the same app;
/// confusing them is the most common setup error.
#[derive(Debug, Clone)]
pub struct App {
    /// The app id, decimal digits.
    pub id: String,
    /// The app secret that belongs to this id.
    pub secret: Secret,
}
