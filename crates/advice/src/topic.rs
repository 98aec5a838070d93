//! One shape for everything that can be explained: Meta errors, recorded causes, exit codes and messages.

use everlit_keeper::{Cause, Health, Step};
use everlit_meta_api::{Class, KnownError};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::remedy::{nothing_to_do, remedy};
use crate::step::step_json;

/// One explanation, ready to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    /// `meta-error`, `cause`, `state`, `exit-code`, `http-status` or `message`.
    pub kind: &'static str,
    /// `Meta code 190/460`
    pub title: String,
    /// `password changed`
    pub name: String,
    /// What it means.
    pub meaning: String,
    /// Who can help, as the end of a sentence.
    pub who: Option<&'static str>,
    /// What to do.
    pub action: String,
    /// The command to run.
    pub next: Step,
    class: Option<Class>,
    code: Option<i64>,
    subcode: Option<i64>,
}

impl Topic {
    fn new(kind: &'static str, title: impl Into<String>, name: &str, meaning: &str, action: &str, next: Step) -> Self {
        Self {
            kind,
            title: title.into(),
            name: name.to_owned(),
            meaning: meaning.to_owned(),
            who: None,
            action: action.to_owned(),
            next,
            class: None,
            code: None,
            subcode: None,
        }
    }

    fn of_class(self, class: Class, takes_login: bool) -> Self {
        Self { who: Some(who(class, takes_login)), class: Some(class), next: next(class, takes_login), ..self }
    }

    /// A Meta error; `asked_code` is the code that was asked for, if any.
    pub(crate) fn of_meta(row: &KnownError, asked_code: Option<i64>) -> Self {
        let title = match (codes(row, asked_code), row.subcode) {
            (Some(codes), Some(subcode)) => format!("{codes}/{subcode}"),
            (Some(codes), None) => codes,
            (None, _) => "A Meta error, recognized by its text".to_owned(),
        };
        let action = row.action.replacen("Nothing to do:", "Nothing:", 1);
        let topic = Self::new("meta-error", title, row.name, row.meaning, &action, nothing_to_do());
        let topic = topic.of_class(row.class, row.takes_login);
        Self { code: asked_code.or_else(|| only_code(row)), subcode: row.subcode, ..topic }
    }

    /// An exit code of everlit.
    pub(crate) fn of_exit(exit: Exit) -> Self {
        let (name, meaning) = exit.meaning().split_once(": ").unwrap_or_else(|| (exit.meaning(), ""));
        let meaning =
            if meaning.is_empty() { exit_detail(exit).to_owned() } else { format!("{}.", capitalized(meaning)) };
        let topic = Self::new(
            "exit-code",
            format!("Exit code {}", exit.code()),
            name,
            &meaning,
            exit.action(),
            exit_next(exit),
        );
        Self { code: Some(i64::from(exit.code())), ..topic }
    }

    /// A state of an account.
    pub(crate) fn of_health(health: Health) -> Self {
        let (meaning, action) = health.explanation();
        Self::new("state", "State of an account", health.label(), meaning, action, Step::everlit("status"))
    }

    /// A recorded cause.
    pub(crate) fn of_cause(cause: Cause) -> Self {
        let action = match cause {
            Cause::Meta(Class::Retry | Class::BackOff | Class::Unknown) => {
                "Nothing: everlit retries with growing pauses. `everlit status` says when.".to_owned()
            }
            Cause::AnotherAccount | Cause::NewTokenRefused | Cause::WouldShorten => {
                "Nothing yet: the old token stays in use, and everlit retries. If it keeps failing, create a new token and run `everlit connect`."
                    .to_owned()
            }
            cause => match remedy(cause, None, None) {
                Step { command: Some(command), note: Some(note) } => format!("Run `{command}`; {note}."),
                step => format!("{}.", capitalized(&step.to_string())),
            },
        };
        let message = format!("{}.", capitalized(cause.message()));
        Self::new("cause", "Cause", cause.code(), &message, &action, nothing_to_do()).of_class(cause.class(), false)
    }

    /// The status of a reply.
    pub(crate) fn of_http(status: i64) -> Self {
        let (meaning, action) = match status {
            429 => (
                "Too many calls in too short a time.",
                "Nothing: everlit waits for as long as Meta asks, at least an hour.",
            ),
            500.. => (
                "Meta's servers failed. (Threads also answers 500 for a dead token; Meta's own code beside it then decides.)",
                "Nothing: everlit retries.",
            ),
            _ => (
                "The status alone says little: Meta answers 400 for a dead token, a wrong secret and a rate limit. Its own code and message beside it decide.",
                "Explain the code in the message, or part of its text.",
            ),
        };
        let next = if status == 429 || status >= 500 {
            Step::everlit("status")
        } else {
            Step::everlit("explain 190").with_note("or whichever code the message shows")
        };
        let topic = Self::new("http-status", format!("HTTP {status}"), "the status of a reply", meaning, action, next);
        Self { code: Some(status), ..topic }
    }

    /// A message of everlit's own.
    pub(crate) fn of_message(name: &str, meaning: &str, action: &str, next: Step) -> Self {
        Self::new("message", "A message of everlit", name, meaning, action, next)
    }

    /// For a JSON document.
    pub fn to_json(&self) -> Value {
        json!({
            "kind": self.kind,
            "title": self.title,
            "name": self.name,
            "code": self.code,
            "subcode": self.subcode,
            "class": self.class.map(Class::as_str),
            "meaning": self.meaning,
            "who": self.who,
            "action": self.action,
            "next": step_json(Some(&self.next)),
        })
    }
}

/// `Meta code 190`, `Meta codes 200 to 299`.
fn codes(row: &KnownError, asked_code: Option<i64>) -> Option<String> {
    if let Some(code) = asked_code.or_else(|| only_code(row)) {
        return Some(format!("Meta code {code}"));
    }
    let (from, to) = *row.codes.first()?;
    // 102 stands beside 190 as its older number.
    Some(if from == to { format!("Meta code {from}") } else { format!("Meta codes {from} to {to}") })
}

fn only_code(row: &KnownError) -> Option<i64> {
    match row.codes {
        [(from, to), ..] if from == to => Some(*from),
        _ => None,
    }
}

fn who(class: Class, takes_login: bool) -> &'static str {
    match class {
        Class::Reconnect if takes_login => "whoever logs in; a token in use is untouched.",
        Class::AccountOwner if takes_login => "the account's owner, on the platform itself.",
        Class::Retry => "nobody; everlit retries.",
        Class::BackOff => "nobody; everlit waits for as long as Meta asks.",
        Class::Reconnect => "the account's owner, by logging in again. everlit does not retry a dead token.",
        Class::AccountOwner => "the account's owner, on the platform itself; the token may revive.",
        Class::AppOwner => "the owner of the Meta app, in the App Dashboard.",
        Class::Config => "whoever set this up; the token itself is untouched.",
        Class::Unknown => "nobody yet; everlit retries slowly and never treats the token as dead.",
    }
}

fn next(class: Class, takes_login: bool) -> Step {
    match class {
        _ if takes_login => Step::everlit("connect").with_note("logs in again"),
        Class::Retry | Class::BackOff | Class::Unknown => Step::everlit("status").with_note("says when it is retried"),
        Class::Reconnect => Step::everlit("status").with_note("names the account and the command that reconnects it"),
        Class::AccountOwner | Class::AppOwner => Step::everlit("refresh --force").with_note("once that is done"),
        Class::Config => Step::everlit("doctor"),
    }
}

/// Detail beyond [`Exit::meaning`].
fn exit_detail(exit: Exit) -> &'static str {
    match exit {
        Exit::Success => "Every token is safe. Most daily runs end with nothing due.",
        Exit::NotSaved => {
            "The disk is full or a place cannot be written. What Meta had handed out before that is kept in `.everlit/`."
        }
        Exit::Locked => "Two runs at once would overwrite each other; this one did nothing.",
        Exit::Internal | Exit::Config | Exit::Person | Exit::Temporary | Exit::NotExecutable | Exit::NotFound => "",
    }
}

fn exit_next(exit: Exit) -> Step {
    match exit {
        Exit::Success => nothing_to_do(),
        Exit::Internal | Exit::Config | Exit::Temporary => Step::everlit("doctor"),
        Exit::Person => Step::everlit("status"),
        Exit::NotSaved | Exit::Locked => Step::everlit("refresh").with_note("once that is done"),
        Exit::NotExecutable | Exit::NotFound => Step::everlit("run -- npm start"),
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use everlit_meta_api::explanations;

    #[test]
    fn a_command_in_an_explanation_is_one_to_copy() {
        for cause in [Cause::WrongOwner, Cause::CannotExtend, Cause::Meta(Class::AccountOwner)] {
            let action = Topic::of_cause(cause).action;
            assert!(action.starts_with("Run `everlit "), "{action}");
        }
    }

    #[test]
    fn no_retry_is_promised_where_it_takes_a_login() {
        const LOGIN: [&str; 6] = ["login", "logs in", "redirect", "scope", "connects again", "then connect"];
        // What everlit tries again by itself first, or what a login cannot help with.
        const OTHERS: [&str; 2] = ["follows its instructions", "until then no login helps"];
        for row in explanations() {
            let topic = Topic::of_meta(row, None);
            let text = format!("{} {} {}", row.name, row.meaning, row.action);
            let is_about_login = LOGIN.iter().any(|word| text.contains(word));
            let is_left_out = row.class == Class::Reconnect && !row.name.starts_with("login");
            if is_about_login && !is_left_out && !OTHERS.iter().any(|other| row.action.contains(other)) {
                assert!(row.takes_login, "{text}");
            }
            let shown = format!("{} {} {}", topic.who.unwrap_or_default(), topic.action, topic.next);
            let promises = ["retr", "refresh", "revive"].iter().any(|word| shown.contains(word));
            assert!(!row.takes_login || !promises, "{}: {shown}", row.name);
        }
    }
}
