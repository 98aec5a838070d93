//! What the sources of an import hold.

use everlit_keeper::{AccountName, Record};
use everlit_meta_api::{Token, TokenError, TokenKind, redact};
use everlit_vault::{WholeAccount, check_name};

use crate::config::is_token;

/// An account of a source.
#[derive(Clone, Debug)]
pub struct Found {
    /// The account.
    pub account: WholeAccount,
    /// The file it is in, and where it is in it, for people.
    pub origin: String,
}

/// What cannot be imported.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LeftOut {
    /// The file, and the line, row or variable.
    pub origin: String,
    /// Why; holds no token.
    pub why: String,
}

/// The content of all sources, in their order.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// The accounts.
    pub found: Vec<Found>,
    /// What looks like an account and is none.
    pub left_out: Vec<LeftOut>,
    /// What a person should know beside that.
    pub notes: Vec<String>,
}

impl Gathered {
    /// Leaves something out.
    pub(super) fn leave_out(&mut self, origin: &str, why: impl Into<String>) {
        self.left_out.push(LeftOut { origin: origin.to_owned(), why: why.into() });
    }

    /// Takes the text for a token, or leaves it out.
    pub(super) fn token(&mut self, origin: &str, text: &str) -> Option<Token> {
        match Token::parse(text) {
            Ok(token) if token.kind() == TokenKind::InstagramBasicDisplay => {
                let why = "a token of Instagram Basic Display, which Meta shut down on 4 December 2024: connect the \
                           account again";
                self.leave_out(origin, why);
                None
            }
            Ok(token) => Some(token),
            Err(TokenError::Empty) => {
                self.leave_out(origin, "no token");
                None
            }
            Err(error) => {
                self.leave_out(origin, error.to_string());
                None
            }
        }
    }

    /// Adds an account with a token, or leaves it out because of its name.
    pub(super) fn add(&mut self, origin: String, name: &str, token: Token, record: Record, tags: Vec<String>) {
        match usable_name(name) {
            Ok(name) => {
                let token = Some(token.or_kind(record.kind));
                let account = WholeAccount { name, token, record: Some(record), tags, app: None, is_paused: false };
                self.found.push(Found { account, origin });
            }
            Err(why) => self.leave_out(&origin, why),
        }
    }
}

/// The name, if an account of a vault can have it. The error does not repeat it: it may be a secret.
pub(super) fn usable_name(name: &str) -> Result<AccountName, String> {
    if is_token(name) || redact(name) != name {
        return Err("what looks like a token is where the name belongs".to_owned());
    }
    let name = AccountName::new(name);
    check_name(&name).map_err(|error| error.message).map(|()| name)
}

/// Text of a source in a message: short, without secrets, without characters that a terminal obeys.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    let shown: String = redact(text).chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().count() > LONGEST { format!("{shown}...") } else { shown }
}
