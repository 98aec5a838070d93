//! Meta's platforms.

use std::fmt;
use std::str::FromStr;

/// One of Meta's platforms with token endpoints of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// Instagram API with Instagram Login.
    Instagram,
    /// Facebook Login.
    Facebook,
    /// Threads.
    Threads,
}

impl Platform {
    /// Every platform.
    pub const ALL: [Self; 3] = [Self::Instagram, Self::Facebook, Self::Threads];

    /// The name used in files and JSON: `instagram`, `facebook`, `threads`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instagram => "instagram",
            Self::Facebook => "facebook",
            Self::Threads => "threads",
        }
    }

    /// The name as people write it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Instagram => "Instagram",
            Self::Facebook => "Facebook",
            Self::Threads => "Threads",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Platform {
    type Err = UnknownPlatform;

    fn from_str(text: &str) -> Result<Self, UnknownPlatform> {
        Self::ALL.into_iter().find(|platform| platform.as_str() == text).ok_or(UnknownPlatform)
    }
}

/// The text names none of Meta's platforms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of instagram, facebook, threads")]
pub struct UnknownPlatform;
