//! What can be explained: one shape for errors of Meta, causes in everlit's records, exit codes and messages.

use everlit_keeper::Cause;
use everlit_meta_api::{Class, KnownError};
use serde_json::{Value, json};

use crate::output::exit::Exit;
use crate::output::view::remedy;

/// One explanation, ready to be shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Topic {
    /// `meta-error`, `cause`, `exit-code`, `http-status` or `message`.
    pub(crate) kind: &'static str,
    /// `Meta code 190/460`
    pub(crate) title: String,
    /// `password changed`
    pub(crate) name: String,
    pub(crate) meaning: String,
    pub(crate) who: Option<&'static str>,
    pub(crate) action: String,
    /// The command to run.
    pub(crate) next: &'static str,
    class: Option<Class>,
    code: Option<i64>,
    subcode: Option<i64>,
}

impl Topic {
    fn new(
        kind: &'static str,
        title: impl Into<String>,
        name: &str,
        meaning: &str,
        action: &str,
        next: &'static str,
    ) -> Self {
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

    fn of_class(self, class: Class) -> Self {
        Self { who: Some(who(class)), class: Some(class), ..self }
    }

    /// An error of Meta; `failed_call` is the code that led here, where one did.
    pub(crate) fn of_meta(row: &KnownError, failed_call: Option<i64>) -> Self {
        let title = match (codes(row, failed_call), row.subcode) {
            (Some(codes), Some(subcode)) => format!("{codes}/{subcode}"),
            (Some(codes), None) => codes,
            (None, _) => "An error of Meta, known by its words".to_owned(),
        };
        let action = row.action.replacen("Nothing to do:", "Nothing:", 1);
        let topic = Self::new("meta-error", title, row.name, row.meaning, &action, next(row.class)).of_class(row.class);
        Self { code: failed_call.or_else(|| only_code(row)), subcode: row.subcode, ..topic }
    }

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

    pub(crate) fn of_cause(cause: Cause) -> Self {
        let action = match cause {
            Cause::Meta(Class::Retry | Class::BackOff | Class::Unknown) => {
                "Nothing: it is tried again by itself, ever more slowly. `everlit status` says when.".to_owned()
            }
            Cause::AnotherAccount | Cause::NewTokenRefused | Cause::WouldShorten => {
                "Nothing yet: the old token stays in use, and it is tried again. If it lasts, make a new token and give it to `everlit connect`."
                    .to_owned()
            }
            cause => format!("{}.", capitalized(&remedy(cause, None).to_string())),
        };
        let message = format!("{}.", capitalized(cause.message()));
        Self::new("cause", "Cause", cause.code(), &message, &action, next(cause.class())).of_class(cause.class())
    }

    pub(crate) fn of_http(status: i64) -> Self {
        let (meaning, action) = match status {
            429 => (
                "Too many calls in too short a time.",
                "Nothing to do: everlit waits for the time that Meta asks for, an hour at least.",
            ),
            500.. => (
                "Meta's servers had a fault. (Threads also answers 500 for a dead token; then Meta's own code stands beside it and decides.)",
                "Nothing to do: it is retried automatically.",
            ),
            _ => (
                "The status alone says little: the same 400 comes for a dead token, a wrong secret and a limit. Meta's own code and words beside it decide.",
                "Explain the code that stands in the message, or a part of its words.",
            ),
        };
        let next = if status == 429 || status >= 500 {
            "everlit status"
        } else {
            "everlit explain CODE, such as everlit explain 190"
        };
        let topic = Self::new("http-status", format!("HTTP {status}"), "a status of the reply", meaning, action, next);
        Self { code: Some(status), ..topic }
    }

    /// What everlit itself says.
    pub(crate) fn of_message(name: &str, meaning: &str, action: &str, next: &'static str) -> Self {
        Self::new("message", "A message of everlit", name, meaning, action, next)
    }

    pub(crate) fn to_json(&self) -> Value {
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
            "next": self.next,
        })
    }
}

/// `Meta code 190`, `Meta codes 200 to 299`.
fn codes(row: &KnownError, failed_call: Option<i64>) -> Option<String> {
    if let Some(code) = failed_call.or_else(|| only_code(row)) {
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

fn who(class: Class) -> &'static str {
    match class {
        Class::Retry => "nobody; everlit tries again by itself.",
        Class::BackOff => "nobody; everlit leaves Meta alone for as long as it asks.",
        Class::Reconnect => "the account's owner, by logging in once more. everlit does not try a dead token again.",
        Class::AccountOwner => "the account's owner, in Instagram or Facebook itself; the token may revive.",
        Class::AppOwner => "the owner of the Meta app, in the App Dashboard.",
        Class::Config => "whoever set this up; the token itself is untouched.",
        Class::Unknown => "nobody yet; everlit tries again slowly and never takes such a token for dead.",
    }
}

fn next(class: Class) -> &'static str {
    match class {
        Class::Retry | Class::BackOff | Class::Unknown => "nothing to do; everlit status says when it is tried again",
        Class::Reconnect => {
            "everlit status names the account; a new token in the env file is taken up by everlit refresh"
        }
        Class::AccountOwner | Class::AppOwner => "everlit refresh --force, once that is done",
        Class::Config => "everlit doctor",
    }
}

/// More than the few words of [`Exit::meaning`], where they have no second half.
fn exit_detail(exit: Exit) -> &'static str {
    match exit {
        Exit::Success => "Every token is safe. Nothing being due is the usual end of a daily run.",
        Exit::NotSaved => {
            "The disk is full or a place cannot be written. What Meta had handed out before that is kept in `.env.everlit.local`."
        }
        Exit::Locked => "Two runs at once would overwrite each other; this one has stepped back and has done nothing.",
        Exit::Internal | Exit::Config | Exit::Person | Exit::Temporary => "",
    }
}

fn exit_next(exit: Exit) -> &'static str {
    match exit {
        Exit::Success => "nothing to do",
        Exit::Internal | Exit::Config | Exit::Temporary => "everlit doctor",
        Exit::Person => "everlit status",
        Exit::NotSaved | Exit::Locked => "everlit refresh, once that is done",
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
