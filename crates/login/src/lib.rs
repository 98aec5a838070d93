//! OAuth login at Meta, without a terminal: who shows the authorize URL and who brings the answer is the caller's affair.
//!
//! ```text
//! authorize URL -> person -> redirect URI (Listener) or pasted address -> code -> short-lived token -> long-lived token -> /me
//! ```

mod authorize;
mod certificate;
mod error;
mod exchange;
mod listener;
mod page;
mod redirect;

pub use authorize::{Permissions, authorize_url, default_scopes};
pub use error::{LoginError, Stage};
pub use exchange::exchange;
pub use listener::{Listener, ends_login};
pub use redirect::{Redirect, RedirectError, is_unfinished, read_redirect};
