//! Which env file holds the token, and under which name.

use crate::output::{Exit, Problem, connect, remedy, rerun};
use everlit_engine::{
    Account, CONFIG_FILE, TokenInFile, edit_config, env_files_with, find_tokens, notes_on_copies, public_prefix,
};
use everlit_keeper::{Step, Store, StoreError, StoreErrorClass};
use std::path::PathBuf;

use everlit_meta_api::{Platform, Token, TokenKind};

use super::row::{Row, State};
use crate::context::Context;
use crate::runtime::runtime;
use everlit_store::{DEFAULT_KEY, WELL_KNOWN_KEYS};

/// What was found, and the files that must stay out of git.
pub(crate) struct Found {
    pub(crate) steps: Vec<Row>,
    pub(crate) files: Vec<PathBuf>,
}

pub(crate) fn look(context: &Context<'_>, dry_run: bool) -> Result<Found, Problem> {
    let store = context.store();
    let runtime = runtime()?;
    let mut found = Found { steps: Vec::new(), files: Vec::new() };
    let (folder, disk) = (&context.settings.folder, &*context.disk);
    let mut elsewhere = find_tokens(folder, disk, env_files_with(folder, disk, &context.settings.accounts));
    found.files.extend(elsewhere.iter().map(|other| other.file.clone().into()));
    let load = |account: &Account| runtime.block_on(store.load(&account.name, context.now()));
    let loaded: Vec<_> = context.settings.all_accounts.iter().filter_map(|account| load(account).ok()).collect();
    elsewhere.retain(|other| loaded.iter().all(|stored| stored.current != other.token));
    for account in &context.settings.accounts {
        found.files.push(account.env_file.value.clone());
        let step = match load(account) {
            Ok(stored) => {
                let notes = notes_on_copies(context, &store, &account.name, &stored);
                let rows =
                    notes.into_iter().map(|note| Row::look(".env*", note, Step::note("use one token everywhere")));
                found.steps.extend(rows);
                let key = store.key(&account.name).unwrap_or_else(|_| DEFAULT_KEY.to_owned());
                of_token(context, account, &key, &stored.current)
            }
            Err(error) => no_token(context, account, &error, &elsewhere),
        };
        let is_usable = step.state != State::Problem;
        found.steps.push(step);
        found.steps.extend(is_usable.then(|| remember(context, account, dry_run)).flatten());
    }
    found.files.sort();
    found.files.dedup();
    Ok(found)
}

fn of_token(context: &Context<'_>, account: &Account, key: &str, token: &Token) -> Row {
    let file = account.env_file.value.display().to_string();
    let what = format!("{key} holds {} ({})", token.kind().described(), token.fingerprint());
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
        TokenKind::InstagramBasicDisplay => {
            let why = "Meta ended that product on 4 December 2024, and such a token cannot be revived";
            let step = remedy(everlit_keeper::Cause::BasicDisplay, None, None);
            Row::problem(file, Exit::Person, format!("{what}: {why}"), step)
        }
        TokenKind::Unknown => {
            let message = format!("{what}: Instagram tokens begin with IGAA, Threads with THAA, Facebook with EAA");
            Row::problem(file, Exit::Config, message, Step::everlit("connect").with_note("with the whole token"))
        }
    }
}

fn no_token(context: &Context<'_>, account: &Account, error: &StoreError, elsewhere: &[TokenInFile]) -> Row {
    let file = account.env_file.value.display().to_string();
    let message = error.to_string();
    let message = message.split_once(&format!("from {file}: ")).map_or(message.as_str(), |(_, why)| why).to_owned();
    if error.class != StoreErrorClass::Missing {
        return Row::problem(file, Exit::Config, message, rerun("once that is corrected"));
    }
    let exists = context.disk.lstat(&context.settings.folder.join(&account.env_file.value)).is_ok();
    let missing = if exists { message } else { "no such file".to_owned() };
    let mut found: Vec<&TokenInFile> = elsewhere.iter().collect();
    found.sort_by_key(|found| public_prefix(&found.key).is_some());
    let Some(first) = found.first() else {
        return Row {
            next: Some(connect(Some(account.name.as_str()), &[])),
            ..Row::new(file, State::NoToken, missing)
        };
    };
    let places: Vec<String> = found
        .iter()
        .map(|TokenInFile { file, key, token }| format!("{file} holds {} in {key}", token.kind().described()))
        .collect();
    let message = format!("{missing}; but {}", places.join(", "));
    let usual = |key: &str| key == DEFAULT_KEY || WELL_KNOWN_KEYS.contains(&key);
    let env_file = (first.file != file).then(|| ["--env-file", &first.file]);
    let key = (!usual(&first.key) || found.iter().any(|other| other.file == first.file && other.key != first.key))
        .then(|| ["--key", &first.key]);
    let flags = env_file.into_iter().chain(key).flatten();
    let init = Step::everlit_args(["init"].into_iter().chain(flags));
    match public_prefix(&first.key) {
        None => Row::problem(file, Exit::Config, message, init.with_note(format!("writes that into {CONFIG_FILE}"))),
        Some(prefix) => {
            let message = format!("{message}, and bundlers compile names with {prefix} into public pages");
            let note = format!(
                "takes it as it is; better rename it to {}, read it on the server only, and create a new token: this one is public",
                first.key.trim_start_matches(prefix)
            );
            Row::problem(file, Exit::Config, message, init.with_note(note))
        }
    }
}

/// Writes settings given as flags into the configuration: the next run does not have the flags.
fn remember(context: &Context<'_>, account: &Account, dry_run: bool) -> Option<Row> {
    let lines = account.lines_from_flags();
    if lines.is_empty() {
        return None;
    }
    let lines = lines.join(", ");
    let edited = if dry_run { Ok(true) } else { edit_config(context, |text| account.remembered_in(text)) };
    Some(match edited {
        Ok(true) => Row::new(CONFIG_FILE, State::written(dry_run), lines),
        Ok(false) => Row::new(CONFIG_FILE, State::Ready, lines),
        Err(error) => {
            let step = Step::note(format!("write into it by hand: {lines}"));
            Row::problem(CONFIG_FILE, Exit::NotSaved, error.message, step)
        }
    })
}
