//! Which env file holds the token, and under which name.

use crate::output::{Exit, Problem, connect, remedy, rerun, token_kind};
use everlit_engine::{Account, CONFIG_FILE, env_file_names, find_token, read_env_file};
use everlit_keeper::{Step, Store, StoreError, StoreErrorClass};
use std::path::PathBuf;

use everlit_meta_api::{Platform, Token, TokenKind};

use super::row::{Row, State};
use crate::context::Context;
use crate::runtime::runtime;
use everlit_store::DEFAULT_KEY;

/// What was found, and the files that must stay out of git.
pub(crate) struct Found {
    pub(crate) steps: Vec<Row>,
    pub(crate) files: Vec<PathBuf>,
}

pub(crate) fn look(context: &Context<'_>) -> Result<Found, Problem> {
    let store = context.store();
    let runtime = runtime()?;
    let mut found = Found { steps: Vec::new(), files: Vec::new() };
    let elsewhere = others(context);
    found.files.extend(elsewhere.iter().map(|other| other.file.clone().into()));
    for account in &context.settings.accounts {
        found.files.push(account.env_file.value.clone());
        let step = match runtime.block_on(store.load(&account.name, context.now())) {
            Ok(stored) => {
                let key = store.key(&account.name).unwrap_or_else(|_| DEFAULT_KEY.to_owned());
                of_token(context, account, &key, &stored.current)
            }
            Err(error) => no_token(context, account, &error, &elsewhere),
        };
        found.steps.push(step);
        found.steps.extend(not_remembered(account));
    }
    found.files.sort();
    found.files.dedup();
    Ok(found)
}

/// A token in an env file of the folder that no account names.
struct Other {
    file: String,
    key: &'static str,
    kind: TokenKind,
}

fn others(context: &Context<'_>) -> Vec<Other> {
    let folder = &context.settings.folder;
    let is_named =
        |file: &str| context.settings.accounts.iter().any(|account| account.env_file.value.as_os_str() == file);
    let names = env_file_names(folder, &*context.disk).into_iter().filter(|file| !is_named(file));
    let held = names.filter_map(|file| {
        let bytes = read_env_file(&folder.join(&file), &*context.disk);
        let (key, token) = find_token(&bytes)?;
        Some(Other { file, key, kind: token.kind() })
    });
    held.collect()
}

fn of_token(context: &Context<'_>, account: &Account, key: &str, token: &Token) -> Row {
    let file = account.env_file.value.display().to_string();
    let what = format!("{key} holds {} ({})", token_kind(token.kind()), token.fingerprint());
    match token.kind() {
        TokenKind::Instagram | TokenKind::Threads => Row::new(file, State::Ready, what),
        TokenKind::Facebook => match context.app(account, Platform::Facebook) {
            Ok(Some(_)) => Row::new(file, State::Ready, format!("{what}; the app's id and secret are set")),
            Ok(None) => Row::problem(
                file,
                Exit::Config,
                format!("{what}; refreshing it needs the app's id and secret, which are not set"),
                Step::everlit("refresh")
                    .with_note("once META_APP_ID and META_APP_SECRET are set, in the environment or beside the token"),
            ),
            Err(problem) => Row::problem(file, Exit::Config, problem.message, problem.next),
        },
        TokenKind::InstagramBasicDisplay => Row::problem(
            file,
            Exit::Person,
            format!("{what}: Meta ended that product on 4 December 2024, and such a token cannot be revived"),
            remedy(everlit_keeper::Cause::BasicDisplay, None, None),
        ),
        TokenKind::Unknown => Row::problem(
            file,
            Exit::Config,
            format!("{what}: Instagram tokens begin with IGAA, Threads with THAA, Facebook with EAA"),
            Step::everlit("connect").with_note("with the whole token"),
        ),
    }
}

fn no_token(context: &Context<'_>, account: &Account, error: &StoreError, elsewhere: &[Other]) -> Row {
    let file = account.env_file.value.display().to_string();
    let message = error.to_string();
    let message = message.split_once(&format!("from {file}: ")).map_or(message.as_str(), |(_, why)| why).to_owned();
    if error.class != StoreErrorClass::Missing {
        return Row::problem(file, Exit::Config, message, rerun("once that is corrected"));
    }
    let exists = context.disk.lstat(&context.settings.folder.join(&account.env_file.value)).is_ok();
    let missing = if exists { message } else { "there is no such file".to_owned() };
    if let Some(other) = elsewhere.first() {
        let Other { file: there, key, kind } = other;
        return Row::problem(
            file,
            Exit::Config,
            format!("{missing}; but {there} holds {} in {key}", token_kind(*kind)),
            Step::everlit_args(["refresh", "--env-file", there])
                .with_note(format!("to make it permanent, write env_file = \"{there}\" into {CONFIG_FILE}")),
        );
    }
    Row { next: Some(connect(Some(account.name.as_str()), &[])), ..Row::new(file, State::NoToken, missing) }
}

/// Settings given as flags, which the next run will not have.
fn not_remembered(account: &Account) -> Option<Row> {
    let lines = account.lines_from_flags();
    let message = "flags are not stored: the next run looks elsewhere without them";
    (!lines.is_empty())
        .then(|| Row::look(CONFIG_FILE, message, Step::note(format!("write into {CONFIG_FILE}: {}", lines.join(", ")))))
}
