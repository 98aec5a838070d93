//! The user's own command: a deploy hook, or another tool that stores the token.
//!
//! The token goes to its standard input or nowhere, never into an argument or a variable: every user of a machine can read
//! the arguments of all processes.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use everlit_host::{Ended, NotRun, Programs, can_start, child_env, program_file};
use everlit_keeper::{AccountName, DeliveryError, DeliveryErrorClass, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token, redact};
use everlit_options::Shape;
use jiff::Timestamp as Time;
use serde_json::json;

use crate::disk::blocking;
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, optional, required};
use crate::place::Place;
use crate::setup::Setup;

/// What the command reads on its standard input.
const STDIN: [&str; 5] = ["none", "raw", "line", "json", "dotenv"];

/// Seconds.
const TIMEOUT: u64 = 60;
const LONGEST_TIMEOUT: u64 = 600;

pub(crate) static KIND: Kind = Kind {
    name: "command",
    secrets: &[],
    options: &[
        required("command", Shape::Command),
        optional("stdin", Shape::OneOf(&STDIN)),
        optional("timeout", Shape::Text),
        optional("verify", Shape::Command),
    ],
    effect: Effect::Theirs,
    room: Room::Any,
    guide: "A program without a shell, with the token on stdin (raw, line, json or dotenv) or not at all (none). Exit code 0 \
            means delivered, 75 that it should be tried again, anything else that a person must look. EVERLIT_ACCOUNT, \
            EVERLIT_KEY, EVERLIT_EXPIRES_AT and others are in its environment; the token never is.",
    build,
};

#[derive(Clone, Debug)]
struct Command {
    name: String,
    account: AccountName,
    key: String,
    /// As in the settings.
    program: String,
    argv: Vec<String>,
    stdin: String,
    timeout: Duration,
    /// Prints the token that is in place.
    verify: Vec<String>,
    folder: PathBuf,
    variables: Vec<(String, String)>,
    /// Whether the system finds the program.
    can_start: bool,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let argv = setup.options.list("command").to_vec();
    if argv.first().is_none_or(|program| program.trim().is_empty()) {
        return Err(Error::Setting("command", "is empty; its first part is the program".to_owned()));
    }
    let seconds = setup.options.text("timeout").map_or(Ok(TIMEOUT), str::parse).unwrap_or(0);
    if !(1..=LONGEST_TIMEOUT).contains(&seconds) {
        return Err(Error::Setting("timeout", format!("must be 1 to {LONGEST_TIMEOUT} seconds")));
    }
    let (environment, disk, folder) = (setup.environment, &*setup.disk, &setup.folder);
    let can_start = can_start(&argv[0], folder, environment, disk);
    let startable = |mut argv: Vec<String>| {
        if let Some(program) = argv.first_mut() {
            let file = program_file(program.as_ref(), folder, environment, disk);
            *program = file.into_string().unwrap_or_else(|_| program.clone());
        }
        argv
    };
    let variables = child_env::to_any(environment);
    Ok(Arc::new(Command {
        name: setup.name.to_owned(),
        account: setup.account.clone(),
        key: setup.key.clone(),
        program: argv[0].clone(),
        argv: startable(argv),
        stdin: setup.options.text("stdin").unwrap_or("raw").to_owned(),
        timeout: Duration::from_secs(seconds),
        verify: startable(setup.options.list("verify").to_vec()),
        folder: setup.folder.clone(),
        variables: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        can_start,
    }))
}

impl Command {
    /// The program without its folder and its arguments, which may be secret.
    fn program(&self) -> &str {
        self.program.rsplit(['/', '\\']).next().unwrap_or_default()
    }

    fn input(&self, token: &Token, expires_at: Option<Timestamp>) -> Vec<u8> {
        let token = token.expose();
        match self.stdin.as_str() {
            "none" => String::new(),
            "line" => format!("{token}\n"),
            "dotenv" => format!("{}={token}\n", self.key),
            "json" => {
                let expires_at = expires_at.and_then(rfc3339);
                let (account, key) = (self.account.as_str(), &self.key);
                json!({"account": account, "key": key, "access_token": token, "expires_at": expires_at}).to_string()
            }
            _ => token.to_owned(),
        }
        .into_bytes()
    }

    /// What the command may know of the delivery: never the token.
    fn environment(&self, token: &Token, expires_at: Option<Timestamp>) -> Vec<(String, String)> {
        let about = [
            ("EVERLIT_ACCOUNT", self.account.to_string()),
            ("EVERLIT_TARGET", self.name.clone()),
            ("EVERLIT_KEY", self.key.clone()),
            ("EVERLIT_PLATFORM", token.kind().as_str().to_owned()),
            ("EVERLIT_FINGERPRINT", token.fingerprint().to_string()),
            ("EVERLIT_EXPIRES_AT", expires_at.and_then(rfc3339).unwrap_or_default()),
        ];
        self.variables.iter().cloned().chain(about.map(|(name, value)| (name.to_owned(), value))).collect()
    }

    fn run(
        &self,
        argv: &[String],
        token: &Token,
        expires_at: Option<Timestamp>,
        input: &[u8],
    ) -> Result<Ended, DeliveryError> {
        let args: Vec<&str> = argv.iter().map(String::as_str).collect();
        let environment = self.environment(token, expires_at);
        let ended = Programs::run_in(&args, &environment, &self.folder, Some(input), self.timeout);
        ended.map_err(|why| {
            let (class, what) = match why {
                NotRun::Absent => (DeliveryErrorClass::NotFound, "was not found; check its first part".to_owned()),
                NotRun::TimedOut => (
                    DeliveryErrorClass::Retry,
                    format!("did not end within {} s and was ended", self.timeout.as_secs()),
                ),
                NotRun::Failed(message) => (DeliveryErrorClass::NotFound, format!("could not be started: {message}")),
            };
            let is_verify = argv == self.verify.as_slice();
            let program = if is_verify { "its `verify` command" } else { self.program() };
            DeliveryError::new(class, format!("{program} {what}"))
        })
    }

    fn put(&self, token: &Token, expires_at: Option<Timestamp>) -> Result<(), DeliveryError> {
        let ended = self.run(&self.argv, token, expires_at, &self.input(token, expires_at))?;
        let said = said(&ended, token);
        match ended.code {
            Some(0) => {}
            Some(75) => return Err(DeliveryError::retry(format!("{} asks for another try{said}", self.program()))),
            Some(code) => return Err(refused(format!("{} ended with exit code {code}{said}", self.program()))),
            None => return Err(DeliveryError::retry(format!("{} was ended by a signal{said}", self.program()))),
        }
        match self.is_in_place(token)? {
            Some(false) => Err(refused("its `verify` command prints another token".to_owned())),
            _ => Ok(()),
        }
    }

    /// `None` if there is no command to tell.
    fn is_in_place(&self, token: &Token) -> Result<Option<bool>, DeliveryError> {
        if self.verify.is_empty() {
            return Ok(None);
        }
        let ended = self.run(&self.verify, token, None, b"")?;
        if !ended.well() {
            return Err(refused(format!("its `verify` command failed{}", said(&ended, token))));
        }
        Ok(Some(ended.text().trim() == token.expose()))
    }
}

fn refused(message: String) -> DeliveryError {
    DeliveryError::new(DeliveryErrorClass::RefusedByRule, message)
}

/// The last line of what a program printed, errors first; without the token and other secrets.
fn said(ended: &Ended, token: &Token) -> String {
    const LONGEST: usize = 300;
    let text = ended.text();
    let line = ended.stderr.lines().rev().chain(text.lines().rev()).map(str::trim).find(|line| !line.is_empty());
    let Some(line) = line else { return String::new() };
    if reveals(&text, token) || reveals(&ended.stderr, token) {
        return "; its output holds parts of the token and is not shown".to_owned();
    }
    let line = redact(&line.replace(token.expose(), "[redacted]"));
    let line: String = line.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    format!(": {line}")
}

/// Whether a text holds a part of the token, also one with something between its characters. Not the whole token as it is:
/// that can be cut out.
fn reveals(text: &str, token: &Token) -> bool {
    const PART: usize = 12;
    let bare = |text: &str| text.bytes().filter(u8::is_ascii_alphanumeric).collect::<Vec<u8>>();
    let (text, token) = (bare(&text.replace(token.expose(), "")), bare(token.expose()));
    let parts: HashSet<&[u8]> = token.windows(PART).collect();
    text.windows(PART).any(|part| parts.contains(part))
}

fn rfc3339(at: Timestamp) -> Option<String> {
    Time::from_second(at.as_unix()).ok().map(|time| time.to_string())
}

impl Target for Command {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(
        &'a self,
        token: &'a Token,
        expires_at: Option<Timestamp>,
    ) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        let (command, token) = (self.clone(), token.clone());
        Box::pin(blocking(move || command.put(&token, expires_at).map(|()| Receipt::default())))
    }

    /// The command has its own; this one is for a process that cannot be ended.
    fn timeout(&self) -> Duration {
        const MARGIN: Duration = Duration::from_secs(10);
        2 * self.timeout + MARGIN
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        let (command, token) = (self.clone(), token.clone());
        Box::pin(blocking(move || {
            Ok(match command.is_in_place(&token)? {
                None => Holds::Unreadable,
                Some(true) => Holds::ThisToken,
                Some(false) => Holds::Another,
            })
        }))
    }
}

impl Place for Command {
    fn plan(&self) -> String {
        let what = match self.stdin.as_str() {
            "none" => "without the token".to_owned(),
            stdin => format!("with the token on stdin ({stdin})"),
        };
        format!("runs {} {what}", self.program())
    }

    /// Only whether the program is there: started, it might do anything.
    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        let message = || format!("there is no program {} that could be started", self.program());
        let outcome = if self.can_start { Ok(Receipt::default()) } else { Err(message()) };
        let outcome = outcome.map_err(|message| DeliveryError::new(DeliveryErrorClass::NotFound, message));
        Box::pin(std::future::ready(outcome))
    }
}
