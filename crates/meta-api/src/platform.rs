//! Meta's platforms, and the app registered with one.

use everlit_http::Secret;

use crate::names::names;

/// A Meta platform with its own token endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// Instagram API with Instagram Login.
    Instagram,
    /// Facebook Login.
    Facebook,
    /// Threads.
    Threads,
}

names!(Platform { Instagram = "instagram", Facebook = "facebook", Threads = "threads" });

impl Platform {
    /// The name as people write it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Instagram => "Instagram",
            Self::Facebook => "Facebook",
            Self::Threads => "Threads",
        }
    }
}

/// An app registered with Meta. Instagram, Threads and Facebook each give the same app its own id and secret; mixing
/// them up is the most common setup error.
#[derive(Debug, Clone)]
pub struct App {
    /// The app id, decimal digits.
    pub id: String,
    /// The app secret that belongs to this id.
    pub secret: Secret,
}
