//! What a file or a key holds: the token and nothing else, or a JSON object about it.

use everlit_keeper::AccountName;
use everlit_meta_api::{Timestamp, Token};
use everlit_options::{OptionSpec, Shape};
use serde_json::{Value, json};

use crate::kind::optional;
use crate::setup::Setup;

/// One of the formats.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    account: AccountName,
    is_json: bool,
}

impl Content {
    /// The option that names the format.
    pub(crate) const FORMAT: OptionSpec = optional("format", Shape::OneOf(&["raw", "json"]));

    /// As the settings say.
    pub(crate) fn of(setup: &Setup<'_>) -> Self {
        Self { account: setup.account.clone(), is_json: setup.options.text("format") == Some("json") }
    }

    /// What it is, for people.
    pub(crate) fn name(&self) -> &'static str {
        if self.is_json { "a JSON object with the token" } else { "the token" }
    }

    /// The content with this token.
    pub(crate) fn with(&self, token: &Token, expires_at: Option<Timestamp>) -> String {
        if !self.is_json {
            return token.expose().to_owned();
        }
        let content = json!({
            "account": self.account.as_str(),
            "access_token": token.expose(),
            "expires_at": expires_at.map(Timestamp::as_unix),
        });
        format!("{content:#}\n")
    }

    /// The token in a content. `None` if it is something else.
    pub(crate) fn token_in(&self, content: &[u8]) -> Option<Token> {
        if !self.is_json {
            return Token::parse(std::str::from_utf8(content).ok()?).ok();
        }
        let value: Value = serde_json::from_slice(content).ok()?;
        Token::parse(value.get("access_token")?.as_str()?).ok()
    }
}
