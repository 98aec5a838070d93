//! Adds an account to [`CONFIG_FILE`] and leaves the rest as written.

use crate::output::view::connect;
use everlit_engine::{CONFIG_FILE, parse_config};
use everlit_keeper::AccountName;
use std::fmt::Write as _;

use toml_edit::{DocumentMut, Value};

use crate::output::problem::Problem;

const NAMELESS: &str = AccountName::NAMELESS;

/// An account to add to [`CONFIG_FILE`].
pub(super) struct Addition {
    pub(super) name: String,
    /// Its settings, by their TOML keys.
    pub(super) lines: Vec<(&'static str, String)>,
    /// The unnamed account is in use, and needs a name once there is another.
    pub(super) names_the_nameless: bool,
}

impl Addition {
    /// The text with the account added, and a list of changes.
    pub(super) fn to(&self, text: &str) -> Result<(String, Vec<String>), Problem> {
        let Self { name, lines, names_the_nameless } = self;
        let mut next = NextConfig::of(text)?;
        let mut changes = Vec::new();
        match next.document.get("account") {
            Some(accounts) if accounts.get(name).is_some() => {
                let message = format!("somebody else has just added an account named {name} to {CONFIG_FILE}");
                return Err(Problem::config(message).with_next(connect(Some(name), &[])));
            }
            None if *names_the_nameless => {
                next.name_the_nameless();
                changes.push(format!("the unnamed account is now called {NAMELESS}: [account.{NAMELESS}]"));
            }
            _ => {}
        }
        next.add_account(name, lines);
        changes.push(format!("added [account.{name}]"));
        Ok((next.text(), changes))
    }
}

/// The top-level settings of the unnamed account.
pub(super) const SETTINGS: [&str; 3] = ["env_file", "key", "metadata"];

/// [`CONFIG_FILE`] while it is edited: existing text is kept, additions are appended.
struct NextConfig {
    document: DocumentMut,
    before: String,
    added: String,
    line_end: &'static str,
}

impl NextConfig {
    fn of(text: &str) -> Result<Self, Problem> {
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        Ok(Self { document: parse_config(text)?, before: text.to_owned(), added: String::new(), line_end })
    }

    /// Moves the unnamed account's settings, with their comments, into [`NAMELESS`].
    fn name_the_nameless(&mut self) {
        let usual = [("env_file", ".env.local"), ("metadata", "scripts/instagram-token.json")];
        let mut lines = String::new();
        for name in SETTINGS {
            if let Some((key, item)) = self.document.remove_entry(name) {
                // The parser turns every line end into LF.
                self.before = self.document.to_string().replace('\n', self.line_end);
                let comment = key.leaf_decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
                let _ = write!(lines, "{}{name} ={item}{}", comment.trim_start(), self.line_end);
            } else if let Some((_, value)) = usual.iter().find(|(usual, _)| *usual == name) {
                let _ = write!(lines, "{name} = {}{}", quoted(value), self.line_end);
            }
        }
        let _ = write!(self.added, "{0}[account.{NAMELESS}]{0}{lines}", self.line_end);
    }

    fn add_account(&mut self, name: &str, settings: &[(&str, String)]) {
        let header = if name.contains('.') { quoted(name) } else { name.to_owned() };
        let _ = write!(self.added, "{0}[account.{header}]{0}", self.line_end);
        for (key, value) in settings {
            let _ = write!(self.added, "{key} = {}{}", quoted(value), self.line_end);
        }
    }

    fn text(&self) -> String {
        let before = &self.before;
        let gap = if before.is_empty() || before.ends_with('\n') { "" } else { self.line_end };
        let added = if before.is_empty() { self.added.trim_start_matches(['\r', '\n']) } else { &self.added };
        format!("{before}{gap}{added}")
    }
}

pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
