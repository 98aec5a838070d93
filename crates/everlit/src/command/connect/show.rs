//! What was connected, what was written, and what to run next.

use crate::output::{Exit, Mark, Problem, Screen, View, deliver_again, few, left, nothing_to_do, rerun};
use everlit_engine::{CONFIG_FILE, Site, read_env_file};
use everlit_keeper::{AccountName, Cause, Expiry, Outcome, ProvidedToken, Report, Safety, Step};
use std::path::PathBuf;

use everlit_meta_api::{InfoType, Platform, TokenKind};
use everlit_store::user_id_key;
use serde_json::json;

use super::place::Place;
use everlit_host::Repository;

/// Shows how it ended.
pub(super) fn show(
    place: &Place<'_>,
    provided: &ProvidedToken,
    report: &Report,
    config: Result<(), Problem>,
    runs_daily: bool,
    again: &Step,
    screen: &mut Screen,
) -> Exit {
    let context = &place.context;
    let now = context.now();
    let mut view = View::of_report(report);
    let written = (report.outcome == Outcome::Connected).then(|| Written::look(place));
    match &report.outcome {
        Outcome::Connected => {
            let expiry = report.record.as_ref().map_or(provided.expiry, |record| record.expiry);
            view.lines = connected(place, provided, expiry, written.as_ref());
            view.lines
                .extend(report.undelivered.iter().map(|(target, why)| format!("not delivered to {target}: {why}")));
            view.next = next(place, provided, report, runs_daily);
        }
        outcome => not_connected(&mut view, again, outcome, context.vault().is_some()),
    }
    if let Err(Problem { message: why, .. }) = config {
        view.lines.push(format!(
            "{CONFIG_FILE} could not be written: {why}; until it names the account, its token is not refreshed"
        ));
        view.next = Some(rerun(&format!("once {CONFIG_FILE} is writable")));
        (view.exit, view.mark) = (Exit::NotSaved, Mark::Bad);
    }
    if context.global.json {
        let (exit, mut account) = (view.exit, view.to_json(now));
        account["permissions"] = json!(provided.permissions.as_ref().filter(|_| written.is_some()));
        let fields = json!({
            "account": account,
            "already_long_lived": provided.already_long,
            "written": written.as_ref().filter(|_| context.vault().is_none()).map(|written| json!({
                "env_file": written.env_file,
                "keys": written.keys,
                "metadata": written.metadata,
                "config": place.config_changes(),
            })),
        });
        screen.document("connect", now, exit, fields);
        return exit;
    }
    if context.global.quiet && view.exit == Exit::Success {
        return view.exit;
    }
    view.show(screen, view.name.len());
    screen.next(&view.next.unwrap_or_else(nothing_to_do));
    view.exit
}

/// The files that were written.
struct Written {
    env_file: String,
    keys: Vec<String>,
    metadata: String,
}

impl Written {
    fn look(place: &Place<'_>) -> Self {
        let (context, account) = (&place.context, place.account());
        let keys = context.store().key(&place.name).map(|key| {
            let env = read_env_file(&context.settings.folder.join(&account.env_file.value), &*context.disk);
            let is_there = |key: &String| everlit_envfile::EnvFile::parse(&env).assignments(key).next().is_some();
            let beside = user_id_key(&key).filter(is_there);
            std::iter::once(key).chain(beside).collect()
        });
        Self {
            env_file: account.env_file.value.display().to_string(),
            keys: keys.unwrap_or_default(),
            metadata: account.metadata.value.display().to_string(),
        }
    }
}

fn connected(place: &Place<'_>, provided: &ProvidedToken, expiry: Expiry, written: Option<&Written>) -> Vec<String> {
    let context = &place.context;
    let who = provided.me.username.as_ref().map_or_else(String::new, |name| format!("@{name} "));
    let id = provided.me.identity().map_or_else(String::new, |id| format!("({id})"));
    let kind = match provided.stands_for {
        Some(InfoType::Page) => "a Facebook page's token",
        Some(InfoType::SystemUser) => "a Facebook system user's token",
        Some(InfoType::User) if provided.token.kind() == TokenKind::Facebook => "a Facebook user's token",
        _ => provided.token.kind().described(),
    };
    let mut lines = vec![format!("{who}{id}: {kind}, {}", left(expiry, context.now()))];
    if provided.already_long {
        lines.push("it is already long-lived and was kept as it is".to_owned());
    }
    if let Some(permissions) = provided.permissions.as_ref().filter(|permissions| !permissions.is_empty()) {
        lines.push(format!("permissions: {}", permissions.join(", ")));
    }
    if expiry == Expiry::Unknown && provided.token.kind().can_refresh() {
        lines.push("the next run learns when it expires".to_owned());
    }
    if provided.stands_for == Some(InfoType::User) && provided.token.kind() == TokenKind::Facebook {
        lines.push("Meta does not promise to extend it; a page's token (--page) does not expire".to_owned());
    }
    let kept = match context.vault() {
        Some(_) => Some("the vault keeps the token".to_owned()),
        None => context.kept_elsewhere(&place.account().name),
    };
    if let Some(Written { env_file, keys, metadata }) = written.filter(|_| kept.is_none()) {
        let site = Site::of(&context.settings.folder, &*context.disk);
        let see = site.reload_hint(env_file);
        lines.push(format!("written: {env_file} ({}), {metadata}. {see}", keys.join(", ")));
        let repository = Repository::around(&context.settings.folder, context.environment, &*context.disk);
        let files = [&place.account().env_file.value, &place.account().metadata.value];
        let is_bare = |file: &&PathBuf| repository.as_ref().is_some_and(|git| git.ignores(file) == Some(false));
        for file in files.into_iter().filter(is_bare) {
            lines.push(format!("{} is not ignored by git: `everlit init` adds the rule", file.display()));
        }
    }
    lines.extend(kept);
    lines.extend(twins(place, provided));
    lines.extend(place.config_changes().iter().map(|change| format!("{CONFIG_FILE}: {change}")));
    lines
}

/// Other accounts of the vault with this token, or of the same owner: perhaps this one is not needed, or a name was mistaken.
fn twins(place: &Place<'_>, provided: &ProvidedToken) -> Option<String> {
    let (context, name) = (&place.context, &place.name);
    let vault = context.vault()?;
    let others = |names: Vec<AccountName>| few(names.iter().filter(|other| *other != name));
    let same = context.wait_for_vault(vault.with_token(provided.token.fingerprint())).map(others).ok()?;
    if let Some(same) = same {
        return Some(format!("the vault has this token as {same} too: both would refresh it; remove one of them"));
    }
    let record = context.wait_for_vault(vault.account(name)).ok()?.record?;
    let owner = context.wait_for_vault(vault.same_owner(&record)).map(others).ok()??;
    Some(format!("it belongs to the same owner as {owner}"))
}

fn next(place: &Place<'_>, provided: &ProvidedToken, report: &Report, runs_daily: bool) -> Option<Step> {
    if let Some((target, error)) = report.undelivered.first() {
        return Some(deliver_again(target, error));
    }
    let lacks_app = provided.token.kind() == TokenKind::Facebook
        && matches!(place.context.app(place.account(), Platform::Facebook), Ok(None));
    if lacks_app {
        return Some(Step::note(
            "set META_APP_ID and META_APP_SECRET, in the environment or beside the token: Facebook tokens cannot be refreshed without them",
        ));
    }
    (!runs_daily).then(|| Step::everlit("schedule install"))
}

/// Why the token was not connected, and what is in place instead.
fn not_connected(view: &mut View, again: &Step, outcome: &Outcome, in_vault: bool) {
    match outcome {
        Outcome::NotConnected { cause: Cause::AnotherAccount, .. } => {
            view.lines.push("nothing was changed".to_owned());
            let keep_both = if in_vault { "account add NEW-NAME" } else { "connect NEW-NAME" };
            view.next = Some(
                Step::everlit(keep_both)
                    .with_note(format!("keeps both; `{again} --replace-account` replaces the other")),
            );
        }
        Outcome::NotConnected { cause: Cause::ShortLived, .. } => {
            view.lines.push("nothing was changed".to_owned());
            view.next = Some(again.clone());
        }
        Outcome::NotConnected { .. } => {
            view.lines.push("the token before it is unchanged".to_owned());
            view.next = Some(Step::everlit("connect --guide").with_note("shows how to create a new token"));
        }
        Outcome::NotSaved { error, token } => {
            let refresh = Step::everlit("refresh");
            let (what, next) = match token {
                Safety::Current => ("the token is in place; only the metadata could not be written", &refresh),
                Safety::Candidate => {
                    ("the token is kept safe until it can be put in place; the token before it is unchanged", &refresh)
                }
                Safety::NotAsked | Safety::NothingNew | Safety::Pending | Safety::Lost => {
                    ("nothing was changed; the token was not kept and has to be given again", again)
                }
            };
            view.lines = vec![error.to_string(), what.to_owned()];
            let note = "once the place is writable and has room; `everlit doctor` says what is wrong with it";
            view.next = Some(next.clone().with_note(note));
        }
        Outcome::Refused(error) => {
            view.lines = vec![
                error.to_string(),
                "nothing was changed; the token was not kept and has to be given again".to_owned(),
            ];
            if error.is_locked() {
                view.next = Some(again.clone().with_note("once that run has ended"));
            }
        }
        _ => {}
    }
}
