//! `everlit account`: the accounts of a vault.

mod export;
mod import;
mod list;

use everlit_keeper::{AccountName, Step};
use everlit_meta_api::{Secret, Token};
use everlit_vault::{NewAccount, Vault};
use serde_json::json;

use crate::cli::Account;
use crate::context::Context;
use crate::input;
use crate::output::{Exit, Mark, Problem, Screen, rerun};
use everlit_engine::{TargetSettings, no_vault};

pub(crate) fn run(context: &Context<'_>, command: &Account, screen: &mut Screen) -> Result<Exit, Problem> {
    let vault = context.vault().ok_or_else(|| Problem::from(no_vault()))?;
    let now = context.now();
    match command {
        Account::List(flags) => return list::all(context, vault, flags.tag.as_deref(), screen),
        Account::Show(flags) => return list::one(context, vault, &named(&flags.name), screen),
        Account::Import(flags) => return import::run(context, vault, flags, screen),
        Account::Export(flags) => return export::run(context, vault, flags, screen),
        Account::Add(flags) => {
            let token = if flags.stdin { Some(piped_token()?) } else { None };
            context.check_app(flags.app.as_deref(), token.as_ref().and_then(|token| token.kind().platform()))?;
            let has_token = token.is_some();
            if let Some(token) = &token {
                is_new_token(context, vault, token)?;
            }
            let account = NewAccount {
                name: named(&flags.name),
                token,
                record: None,
                tags: flags.tag.clone(),
                app: flags.app.clone(),
            };
            context.wait_for_vault(vault.add(account, now))?;
            note_same_variable(context, &named(&flags.name), None, screen);
            let next = if has_token {
                Step::everlit_args(["refresh", "--account", &flags.name]).with_note("verifies the token")
            } else {
                Step::everlit_args(["connect", &flags.name]).with_note("gives it a token")
            };
            let what = if has_token { "added" } else { "added without a token" };
            done(context, what, &flags.name, &next, screen);
        }
        Account::Pause(flags) => pause(context, vault, &flags.name, true, screen)?,
        Account::Resume(flags) => pause(context, vault, &flags.name, false, screen)?,
        Account::Rename(flags) => {
            let (old, new) = (named(&flags.name), named(&flags.new_name));
            context.wait_for_vault(vault.rename(&old, &new, now))?;
            note_same_variable(context, &new, Some(&old), screen);
            rename_in_settings(context, &old, &new, screen)?;
            let next = note_new_variable(context, &old, &new, screen);
            done(context, "renamed", &flags.new_name, &next, screen);
        }
        Account::Tag(flags) => {
            context.wait_for_vault(vault.tag(&named(&flags.name), flags.tags.clone(), now))?;
            let what = if flags.tags.is_empty() { "has no tags now" } else { "tagged" };
            done(context, what, &flags.name, &Step::everlit_args(["account", "show", &*flags.name]), screen);
        }
        Account::App(flags) => {
            let record = context.wait_for_vault(vault.account(&named(&flags.name)))?.record;
            context.check_app(flags.app.as_deref(), record.and_then(|record| record.kind.platform()))?;
            context.wait_for_vault(vault.set_app(&named(&flags.name), flags.app.as_deref(), now))?;
            let none = || "no app of its own".to_owned();
            let what = flags.app.as_ref().map_or_else(none, |app| format!("its app is {app}"));
            done(context, &what, &flags.name, &Step::everlit("app list"), screen);
        }
        Account::Remove(flags) => {
            may_remove(context, &flags.name, flags.yes, screen)?;
            context.wait_for_vault(vault.remove(&named(&flags.name), now))?;
            let is_only = |target: &&TargetSettings| target.account == Some(named(&flags.name));
            let next = match context.settings.targets.iter().find(is_only) {
                Some(target) => Step::everlit_args(["target", "remove", &target.name])
                    .with_note(format!("{} was for {} alone", target.name, flags.name)),
                None => Step::everlit("account list"),
            };
            done(context, "removed", &flags.name, &next, screen);
        }
    }
    Ok(Exit::Success)
}

fn named(name: &str) -> AccountName {
    AccountName::new(name)
}

/// Refuses a token that an account of the vault has: both would refresh it, each unaware of the other.
fn is_new_token(context: &Context<'_>, vault: &Vault, token: &Token) -> Result<(), Problem> {
    let known = context.wait_for_vault(vault.with_token(token.fingerprint()))?;
    let Some(name) = known.first() else { return Ok(()) };
    let next = Step::everlit_args(["account", "show", name.as_str()]);
    Err(Problem::config(format!("the vault has this token already, as {name}; nothing was added")).with_next(next))
}

/// Says which account has the same variable: a target with room for one of them does not take both.
fn note_same_variable(context: &Context<'_>, name: &AccountName, old: Option<&AccountName>, screen: &mut Screen) {
    let store = context.store();
    let Ok(key) = store.key(name) else { return };
    let others = context.settings.all_accounts.iter().map(|account| &account.name).chain(&context.settings.paused);
    let mut others = others.filter(|other| *other != name && Some(*other) != old);
    if let Some(other) = others.find(|other| store.key(other).is_ok_and(|theirs| theirs == key)) {
        let message = format!("{name} and {other} have the same variable, {key}: targets take one of them");
        screen.note(format!("{} {message}; rename one, or give each a target with a `key`", Mark::Warning.painted()));
    }
}

/// Says that its targets keep the token of now under the old name, where nothing renews it. Returns the next step.
fn note_new_variable(context: &Context<'_>, old: &AccountName, new: &AccountName, screen: &mut Screen) -> Step {
    let store = context.store();
    let (before, now) = (store.key(old).unwrap_or_default(), store.key(new).unwrap_or_default());
    if before == now || !context.settings.targets.iter().any(|target| target.takes(old)) {
        return Step::everlit("account list");
    }
    let message =
        format!("targets without a `key` get {now} from now on: change what reads {before}, which stays as it is");
    screen.note(format!("{} {message}", Mark::Warning.painted()));
    Step::everlit("refresh").with_note("brings the token to the targets under its new name")
}

/// Changes the targets that name the account.
fn rename_in_settings(
    context: &Context<'_>,
    old: &AccountName,
    new: &AccountName,
    screen: &mut Screen,
) -> Result<(), Problem> {
    let edit = |text: &str| TargetSettings::with_renamed_account(text, old, new);
    let changed = context.edit_settings("an account was renamed", edit).map_err(|error| {
        let problem = Problem::from(error);
        let message = format!("{old} is {new} now, but the settings still name {old}: {}", problem.message);
        Problem::of(problem.exit, message).with_next(Step::note(format!("change `account` of the targets to {new}")))
    })?;
    for home in changed {
        screen.note(format!("{home} names {new} now, where it named {old}"));
    }
    Ok(())
}

fn pause(
    context: &Context<'_>,
    vault: &Vault,
    name: &str,
    is_paused: bool,
    screen: &mut Screen,
) -> Result<(), Problem> {
    context.wait_for_vault(vault.pause(&named(name), is_paused, context.now()))?;
    if is_paused {
        let next = Step::everlit_args(["account", "resume", name]).with_note("before its token dies");
        done(context, "paused: nothing is refreshed", name, &next, screen);
    } else {
        done(context, "resumed", name, &Step::everlit("refresh"), screen);
    }
    Ok(())
}

/// Its tokens are gone for good: Meta does not hand them out again.
fn may_remove(context: &Context<'_>, name: &str, is_agreed: bool, screen: &mut Screen) -> Result<(), Problem> {
    if is_agreed {
        return Ok(());
    }
    let next = || Step::everlit_args(["account", "remove", name, "--yes"]).with_note("removes it with its tokens");
    if !input::has_person(context) {
        return Err(Problem::config(format!("removing {name} also removes its tokens")).with_next(next()));
    }
    let answer = input::answer(&format!("Remove {name} and its tokens? [y/N]"), screen);
    match answer.as_deref() {
        Some("y" | "Y" | "yes") => Ok(()),
        _ => Err(Problem::config("nothing was removed").with_next(next())),
    }
}

fn piped_token() -> Result<Token, Problem> {
    let text: Secret = input::piped("token", rerun("without --stdin, then `everlit connect`"))?;
    let not_a_token = |error| Problem::config(format!("stdin holds no token: {error}"));
    Token::parse(text.expose().trim())
        .map_err(|error| not_a_token(error).with_next(rerun("with the token alone on stdin")))
}

fn done(context: &Context<'_>, what: &str, name: &str, next: &Step, screen: &mut Screen) {
    if context.global.json {
        let next = crate::output::step::json(Some(next));
        let fields = json!({ "account": name, "done": what, "next": next });
        return screen.document("account", context.now(), Exit::Success, fields);
    }
    if !context.global.quiet {
        screen.say(format!("{} {name}  {what}", Mark::Good.painted()));
        screen.next(next);
    }
}
