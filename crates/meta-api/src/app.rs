//! The app that asks.

use everlit_http::Secret;

/// An app registered with Meta. Instagram, Threads and Facebook each give an id and a secret of their own to the same app;
/// confusing them is the most common setup error.
#[derive(Debug, Clone)]
pub struct App {
    /// The app id, decimal digits.
    pub id: String,
    /// The app secret that belongs to this id.
    pub secret: Secret,
}
