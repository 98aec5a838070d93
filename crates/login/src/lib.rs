//! OAuth login at Meta, without a terminal: who shows the authorize URL and who brings the answer is the caller's affair.
//!
//! ```text
//! authorize URL -> person -> redirect URI (Listener) or pasted address -> code -> short-lived token -> long-lived token -> /me
//! ```

mod certificate;
mod error;
mod exchange;
mod listener;
mod page;

pub use error::{LoginError, Stage};
pub use exchange::{LoggedIn, exchange};
pub use listener::{Listener, ends_login};
