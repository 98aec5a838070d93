//! Finds the explanation of what a person typed or pasted.

use everlit_keeper::{Cause, Health, Step};
use everlit_meta_api::{FAMILIAR, KnownError, explain, explanations, recognize};

use crate::exit::Exit;
use crate::topic::Topic;

/// What is known about a question.
#[derive(Debug)]
pub struct Answer {
    /// Best match first.
    pub topics: Vec<Topic>,
    /// A remark about the question itself.
    pub note: Option<String>,
    /// Other arguments for `everlit explain`, and what they are about.
    pub near: Vec<(String, &'static str)>,
}

/// The question.
#[derive(Debug, PartialEq, Eq)]
pub enum Query {
    /// `exit`
    EveryExit,
    /// `exit 3`
    Exit(i64),
    /// `190`, `190/460`, `code 190 subcode 460`
    Code(i64, Option<i64>),
    /// Part of a message, in lower case, with the code in it.
    Text(String, Option<(i64, Option<i64>)>),
}

impl Query {
    /// Reads what a person typed or pasted.
    pub fn of(asked_code: &str) -> Self {
        let text = asked_code.trim().to_lowercase();
        let message: Vec<&str> = message(&text).collect();
        let is_filler = |word: &str| {
            matches!(word, "meta" | "code" | "error" | "subcode" | "error_subcode" | "error_code" | "http" | "status")
        };
        let numbers: Vec<i64> = message.iter().filter_map(|word| word.parse().ok()).collect();
        if message.first().is_some_and(|word| matches!(*word, "exit" | "exits")) && message.len() <= 3 {
            match numbers.as_slice() {
                [] => return Self::EveryExit,
                [code] => return Self::Exit(*code),
                _ => {}
            }
        }
        let only_numbers = message.iter().all(|word| word.parse::<i64>().is_ok() || is_filler(word));
        match numbers.as_slice() {
            [code] if only_numbers => Self::Code(*code, None),
            [code, subcode] if only_numbers => Self::Code(*code, Some(*subcode)),
            _ => {
                let code = number_after(&message, &["code", "error_code"])
                    .or_else(|| text.split_once("(#")?.1.split(')').next()?.parse().ok());
                let subcode = number_after(&message, &["subcode", "error_subcode"]);
                Self::Text(text, code.map(|code| (code, subcode)))
            }
        }
    }
}

/// Everything between blanks, slashes and the punctuation of JSON; a minus before a digit stays, as in `-2`.
fn message(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
        .flat_map(|word| {
            // `190-460` is two numbers, `short-lived` is one word, `-2` is one number.
            let is_pair = word.bytes().all(|b| b.is_ascii_digit() || b == b'-') && !word.starts_with('-');
            word.split(move |c| is_pair && c == '-')
        })
        .filter(|word| !word.is_empty())
}

fn number_after(message: &[&str], names: &[&str]) -> Option<i64> {
    message.windows(2).find(|pair| names.contains(&pair[0])).and_then(|pair| pair[1].parse().ok())
}

/// Everything that explains it.
pub fn answer(query: &Query) -> Answer {
    match query {
        Query::EveryExit => found(Exit::ALL.map(Topic::of_exit).to_vec()),
        Query::Exit(code) => match exit_of(*code) {
            Some(exit) => found(vec![Topic::of_exit(exit)]),
            None => nothing(
                Some(format!("everlit never exits with {code}; shells report 128 and above for a signal")),
                vec![("exit".to_owned(), "all of them")],
            ),
        },
        Query::Code(code, subcode) => of_code(*code, *subcode),
        Query::Text(text, code) => of_text(text, *code),
    }
}

fn found(topics: Vec<Topic>) -> Answer {
    Answer { topics, note: None, near: Vec::new() }
}

fn nothing(note: Option<String>, near: Vec<(String, &'static str)>) -> Answer {
    Answer { topics: Vec::new(), note, near }
}

fn exit_of(code: i64) -> Option<Exit> {
    let of_a_command = [Exit::NotExecutable, Exit::NotFound];
    Exit::ALL.into_iter().chain(of_a_command).find(|exit| i64::from(exit.code()) == code)
}

fn of_code(code: i64, subcode: Option<i64>) -> Answer {
    let Some(row) = explain(code, subcode) else {
        return match (exit_of(code), code) {
            (Some(exit), _) => found(vec![Topic::of_exit(exit)]),
            (None, 400..=599) => found(vec![Topic::of_http(code)]),
            (None, _) => nothing(
                Some(format!(
                    "everlit does not know Meta's code {code}; it retries slowly and never treats the token as dead"
                )),
                Vec::new(),
            ),
        };
    };
    let note = subcode
        .filter(|_| row.subcode != subcode)
        .map(|subcode| format!("everlit does not know subcode {subcode}; this is about code {code}."));
    let subcodes: Vec<&KnownError> = explanations()
        .filter(|other| covers(other, code) && other.subcode.is_some() && other.subcode != row.subcode)
        .collect();
    let mut near = Vec::new();
    if subcode.is_none() {
        let with_subcode = subcodes.iter().filter_map(|other| Some((format!("{code}/{}", other.subcode?), other.name)));
        near.extend(with_subcode);
        // A small number may just as well be how everlit itself ended.
        near.extend(exit_of(code).map(|exit| (format!("exit {}", exit.code()), "if everlit ended with it")));
    }
    Answer { topics: vec![Topic::of_meta(row, Some(code))], note, near }
}

fn covers(row: &KnownError, code: i64) -> bool {
    row.codes.iter().any(|&(from, to)| (from..=to).contains(&code))
}

const ERROR_TYPE: &str =
    "The type of an error of Meta's. It says little: dead tokens, wrong secrets and limits share it.";
const ITS_CODE: &str = "Explain the code or the message beside it.";

/// Messages that no row of Meta's table explains: text, meaning, action, next command.
const OWN: [(&str, &str, &str, &str); 4] = [
    ("oauthexception", ERROR_TYPE, ITS_CODE, "explain 190"),
    ("apiexception", ERROR_TYPE, ITS_CODE, "explain 190"),
    (
        "could not load current token",
        "The env file is missing, or the key in it is missing, empty or not a token. Meta was not asked.",
        "Put the token there, or name its place with --env-file and --key. The rest of the message says what is wrong.",
        "init",
    ),
    (
        "refresh failed",
        "Meta answered a refresh with an error. The number is the HTTP status; Meta's own message and code follow, and they decide.",
        "Explain the code in the message, or part of its text. The current token was not touched.",
        "status",
    ),
];

fn of_text(text: &str, code: Option<(i64, Option<i64>)>) -> Answer {
    const MOST: usize = 3;
    let mut scored: Vec<(u8, Topic)> = Vec::new();
    for cause in Cause::ALL {
        let name = cause.code();
        let score = if squeezed(text) == squeezed(name) { 100 } else { 0 };
        scored.push((score.max(by_words(text, name, cause.message())), Topic::of_cause(cause)));
    }
    for row in explanations() {
        let asked_code = code.map(|(code, _)| code).filter(|code| covers(row, *code));
        scored.push((score(row, text, code), Topic::of_meta(row, asked_code)));
    }
    for health in Health::ALL {
        let score = if squeezed(text) == squeezed(health.code()) || text == health.label() { 100 } else { 0 };
        scored.push((score, Topic::of_health(health)));
    }
    for exit in Exit::ALL {
        scored.push((by_words(text, "", exit.meaning()), Topic::of_exit(exit)));
    }
    for (message, meaning, action, next) in OWN {
        scored.push((
            if text.contains(message) { 50 } else { 0 },
            Topic::of_message(message, meaning, action, Step::everlit(next)),
        ));
    }
    // Stable: among equals the order of the table, which is the order in which everlit itself decides.
    scored.sort_by_key(|(score, _)| u8::MAX - score);
    let best = scored.first().map_or(0, |(score, _)| *score);
    if best == 0 {
        return nothing(None, similar(text));
    }
    let mut topics: Vec<Topic> = Vec::new();
    for (_, topic) in scored.into_iter().filter(|(score, _)| *score == best) {
        if !topics.iter().any(|shown| shown.name == topic.name) {
            topics.push(topic);
        }
    }
    let note = (topics.len() > MOST).then(|| {
        format!("{} explanations fit; these are the first. More of the message narrows it down.", topics.len())
    });
    topics.truncate(MOST);
    Answer { topics, note, near: Vec::new() }
}

fn score(row: &KnownError, text: &str, code: Option<(i64, Option<i64>)>) -> u8 {
    if let Some((code, subcode)) = code {
        // With the code in the message, the row that everlit itself takes.
        return if recognize(code, subcode, text) == Some(row) { 200 } else { 0 };
    }
    // The longest phrase of the message tells the most.
    let words = |phrase: &str| u8::try_from(phrase.split(' ').count()).unwrap_or(8).min(8);
    let said = row.phrases.iter().filter(|phrase| text.contains(**phrase)).map(|phrase| 89 + words(phrase)).max();
    let is_begun = text.len() >= 4 && row.phrases.iter().any(|phrase| phrase.contains(text));
    let is_meant = |message: &str| text.contains(message) || (text.len() >= 8 && message.contains(text));
    let familiar = FAMILIAR
        .iter()
        .find(|(message, name, _)| row.name == *name && is_meant(message))
        .map_or(0, |(_, _, score)| *score);
    let said = familiar.max(said.unwrap_or(if is_begun { 90 } else { 0 }));
    said.max(by_words(text, row.name, row.meaning))
}

/// How well the text fits a name and a meaning.
fn by_words(text: &str, name: &str, meaning: &str) -> u8 {
    let (name, meaning) = (name.to_lowercase(), meaning.to_lowercase());
    if text == name {
        return 99;
    }
    if text.len() >= 4 && name.contains(text) || name.len() >= 8 && text.contains(&name) {
        return 60;
    }
    if text.len() >= 4 && meaning.contains(text) {
        return 40;
    }
    let everything = format!("{name} {meaning}");
    let telling: Vec<&str> = message(text).filter(|word| word.len() >= 4).collect();
    let all_there = telling.len() >= 2 && telling.iter().all(|word| everything.contains(word));
    if all_there { 20 } else { 0 }
}

/// Letters and digits alone: `short lived` is `short-lived`.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The causes whose names begin most like a word of the text.
fn similar(text: &str) -> Vec<(String, &'static str)> {
    let common = |code: &str| {
        let alike = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
        code.split('-').flat_map(|part| message(text).map(move |word| alike(part, word))).max().unwrap_or(0)
    };
    let best = Cause::ALL.into_iter().map(|cause| common(cause.code())).max().unwrap_or(0);
    let near = Cause::ALL.into_iter().filter(|cause| best >= 4 && common(cause.code()) == best);
    near.take(3).map(|cause| (cause.code().to_owned(), cause.message())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_every_usual_form() {
        let cases = [
            ("190", Query::Code(190, None)),
            ("190/460", Query::Code(190, Some(460))),
            ("190-460", Query::Code(190, Some(460))),
            ("190 460", Query::Code(190, Some(460))),
            ("Meta code 190, subcode 460", Query::Code(190, Some(460))),
            ("-2", Query::Code(-2, None)),
            ("HTTP 500", Query::Code(500, None)),
            ("exit", Query::EveryExit),
            ("exit codes", Query::EveryExit),
            ("exit 3", Query::Exit(3)),
            ("Exit code 3", Query::Exit(3)),
            ("short-lived", Query::Text("short-lived".to_owned(), None)),
            ("", Query::Text(String::new(), None)),
        ];
        for (asked_code, query) in cases {
            assert_eq!(Query::of(asked_code), query, "{asked_code}");
        }
    }

    #[test]
    fn the_code_inside_a_pasted_message_is_found() {
        let messages = [
            ("Refresh failed 400: Session has expired (code 190, subcode 463)", (190, Some(463))),
            (r#"{"error":{"message":"x","type":"OAuthException","code":190,"error_subcode":460}}"#, (190, Some(460))),
            ("(#10) Application does not have permission for this action", (10, None)),
        ];
        for (message, expected) in messages {
            let Query::Text(_, code) = Query::of(message) else { panic!("{message}") };
            assert_eq!(code, Some(expected), "{message}");
        }
    }

    #[test]
    fn every_known_message_leads_to_an_existing_row() {
        for (message, name, _) in FAMILIAR {
            let first = answer(&Query::of(message)).topics.into_iter().next().map(|topic| topic.name);
            assert_eq!(first.as_deref(), Some(name), "{message}");
        }
    }

    #[test]
    fn every_row_is_found_by_its_name_and_every_cause_by_its_code() {
        for row in explanations() {
            let names: Vec<String> = answer(&Query::of(row.name)).topics.into_iter().map(|topic| topic.name).collect();
            assert!(
                names.contains(&row.name.to_owned())
                    || Query::of(row.name) != Query::Text(row.name.to_lowercase(), None),
                "{}: {names:?}",
                row.name
            );
        }
        for cause in Cause::ALL {
            let topics = answer(&Query::of(cause.code())).topics;
            assert_eq!(topics.first().map(|topic| topic.name.as_str()), Some(cause.code()));
        }
    }
}
