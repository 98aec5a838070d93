//! Redacts a report that is made to be pasted in public.

use everlit_host::Environment;
use everlit_keeper::{AccountName, Step, StepCommand, Stored};
use everlit_meta_api::redact;

/// Hides home folders, names of users and accounts, and tokens.
#[derive(Debug)]
pub struct Redactor {
    home: Option<String>,
    /// User names and ids of accounts.
    names: Vec<String>,
}

impl Redactor {
    /// One that knows the user's home folder.
    #[must_use]
    pub fn new(environment: &Environment) -> Self {
        let home = environment.variable("HOME").or_else(|| environment.variable("USERPROFILE"));
        let home = home.map(|home| home.trim_end_matches(['/', '\\']).to_owned()).filter(|home| home.len() > 1);
        Self { home, names: Vec::new() }
    }

    /// Hides the name and the id of an account as well.
    pub fn hide_names_of(&mut self, stored: &Stored) {
        let id = stored.record.account.as_ref().map(|id| id.as_str().to_owned());
        self.names.extend(id.into_iter().chain(stored.record.username.clone()).filter(|name| !name.is_empty()));
    }

    /// A finding, safe for the public.
    pub fn message(&self, text: &str) -> String {
        self.names.iter().fold(self.command(text), |text, name| without_user_name(&text, name))
    }

    /// A command, without home folders.
    pub fn command(&self, text: &str) -> String {
        let text = match &self.home {
            Some(home) => without_home(text, home),
            None => text.to_owned(),
        };
        redact(&without_users(text))
    }

    /// The same of a step whose command is a line already.
    pub fn step(&self, step: &Step) -> Step {
        let command = step.command.as_ref().map(|line| StepCommand::Shell(self.command(&line.to_string())));
        Step { command, note: step.note.as_deref().map(|note| self.command(note)) }
    }
}

/// `/home/ada/site` as `~/site`; `/home/adam` stays.
fn without_home(text: &str, home: &str) -> String {
    replaced(text, home, |_, after| (!after.starts_with(is_of_a_word)).then_some("~"))
}

/// `/home/jane/site` as `/home/USER/site`: another user's folder, or one's own under `sudo`.
fn without_users(mut text: String) -> String {
    for folder in ["/home/", "/Users/", "\\Users\\"] {
        let mut parts = text.split(folder);
        let mut shown = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest = if folder == "/home/" { part.trim_start_matches(is_of_a_word) } else { after_name(part) };
            shown.extend([folder, if rest.len() < part.len() { "USER" } else { "" }, rest]);
        }
        text = shown;
    }
    text
}

/// What follows a user name, which may hold blanks (`Jane Doe\\site`) if a separator comes after it.
fn after_name(text: &str) -> &str {
    let end = text.find(|c: char| "/\\`'\",:;()".contains(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let is_whole = rest.starts_with(['/', '\\']) && !name.ends_with(' ');
    if is_whole { rest } else { text.trim_start_matches(is_of_a_word) }
}

/// `@sunny_bakery` as `@(account)`. A name of letters only, or a very short one, counts only after `@`: elsewhere it is an
/// ordinary word such as `local` or `default`.
fn without_user_name(text: &str, name: &str) -> String {
    const SHORTEST: usize = 4;
    let is_word = name.len() < SHORTEST || name.chars().all(char::is_alphabetic);
    let goes_on = |c: char| c.is_alphanumeric() || c == '_';
    replaced(text, name, |before, after| {
        let is_whole = !before.ends_with(goes_on) && !after.starts_with(goes_on);
        (is_whole && (!is_word || before.ends_with('@'))).then_some("(account)")
    })
}

/// The text without the name of an account of everlit's, even if that is an ordinary word: `tokens/bakery.txt` as
/// `tokens/(account).txt`.
pub fn without_name(text: &str, account: &AccountName) -> String {
    let is_whole = |before: &str, after: &str| {
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    };
    replaced(text, account.as_str(), |before, after| is_whole(before, after).then_some("(account)"))
}

/// Replaces occurrences of `what`; `by` sees the text before and after each.
fn replaced(text: &str, what: &str, by: impl Fn(&str, &str) -> Option<&'static str>) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    for (at, found) in text.match_indices(what) {
        let end = at + found.len();
        shown.push_str(&text[done..at]);
        shown.push_str(by(&text[..at], &text[end..]).unwrap_or(found));
        done = end;
    }
    shown + &text[done..]
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || "-_.".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_home_folder_itself_becomes_a_tilde() {
        let cases = [
            ("in /home/ada/site", "in ~/site"),
            ("chmod 600 /home/ada/.env /home/ada", "chmod 600 ~/.env ~"),
            ("/home/adam/x and /home/ada-old", "/home/adam/x and /home/ada-old"),
            ("`/home/ada`: no", "`~`: no"),
        ];
        for (text, shown) in cases {
            assert_eq!(without_home(text, "/home/ada"), shown);
        }
    }

    #[test]
    fn home_folders_of_all_users_are_redacted() {
        let redactor = Redactor { home: Some("/srv/ada".to_owned()), names: Vec::new() };
        for (text, shown) in [
            ("folder /var/home/jane", "folder /var/home/USER"),
            ("everlit -C /home/jane.d/site doctor", "everlit -C /home/USER/site doctor"),
            ("`/Users/jane`, C:\\Users\\jane\\site", "`/Users/USER`, C:\\Users\\USER\\site"),
            ("/home/ and /homes/jane", "/home/ and /homes/jane"),
            ("folder C:\\Users\\Jane Doe\\site", "folder C:\\Users\\USER\\site"),
            ("/Users/jane and /Users/joe", "/Users/USER and /Users/USER"),
            ("/srv/ada/site", "~/site"),
        ] {
            assert_eq!(redactor.message(text), shown);
            assert_eq!(redactor.command(text), shown);
        }
    }

    #[test]
    fn a_name_that_is_a_common_word_spoils_no_text() {
        for name in ["local", "everlit", "default", "env", "a", "600"] {
            let redactor = Redactor { home: None, names: vec![name.to_owned()] };
            for text in
                ["threshold 30 days (default)", "in .env.local", "everlit schedule install", "/usr/local/bin/everlit"]
            {
                assert_eq!(redactor.message(text), text, "{name}");
            }
            assert_eq!(redactor.command("chmod 600 .env.local"), "chmod 600 .env.local", "{name}");
            assert_eq!(redactor.message(&format!("of @{name}.")), "of @(account).", "{name}");
        }
    }

    #[test]
    fn account_names_and_tokens_are_redacted() {
        let names = vec!["sunny_bakery".to_owned(), "17841400000000001".to_owned()];
        let redactor = Redactor { home: None, names };
        let token = "IGAAfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKE";
        let text = format!("sunny_bakery.json: @sunny_bakery (17841400000000001) has {token}, sha256:0123456789abcdef");
        assert_eq!(
            redactor.message(&text),
            "(account).json: @(account) ((account)) has [redacted], sha256:0123456789abcdef"
        );
        assert_eq!(redactor.command("everlit connect sunny_bakery"), "everlit connect sunny_bakery");
    }
}
