//! `everlit app`: the Meta apps that issue the tokens of a vault's accounts.

use everlit_engine::{AppSettings, app_secret_variable, no_vault};
use everlit_keeper::{AccountName, Step};
use everlit_meta_api::{Platform, Secret};
use serde_json::json;
use toml_edit::{Table, value};

use crate::cli::{App, AppAdd};
use crate::context::Context;
use crate::input;
use crate::output::{Exit, Mark, Problem, Screen, counted, dim, is_still_in_vault, next_after_removal, rerun};

pub(crate) fn run(context: &Context<'_>, command: &App, screen: &mut Screen) -> Result<Exit, Problem> {
    match command {
        App::Add(flags) => add(context, flags, screen),
        App::List => list(context, screen),
        App::Remove(flags) => remove(context, &flags.name, screen),
    }
}

fn add(context: &Context<'_>, flags: &AppAdd, screen: &mut Screen) -> Result<Exit, Problem> {
    context.vault().ok_or_else(|| Problem::from(no_vault()))?;
    let mut table = Table::new();
    table.insert("platform", value(flags.platform.as_str()));
    table.insert("id", value(&flags.id));
    let app = context.app_to_add(&flags.name, &table)?;
    let is_known = context.settings.apps.iter().any(|known| known.name == app.name);
    if let Some(secret) = secret(context, flags, screen)? {
        app.check_secret(&secret)?;
        context.store_secret(context.home_of(&["app"], &app.name)?, &app.variable(), secret.expose())?;
    }
    let home = context.put_table("app", &app.name, &table)?;
    let next = Step::everlit_args(["account", "app", "NAME", &*app.name])
        .with_note("says that it issues the tokens of an account");
    let what = if is_known { "changed in" } else { "added to" };
    done(context, &app.name, &format!("{what} {home}"), &next, screen);
    Ok(Exit::Success)
}

/// The app's secret, from stdin or from the person at the terminal; `None` if it is set already, or not needed: only
/// Facebook's tokens cannot be refreshed without it.
fn secret(context: &Context<'_>, flags: &AppAdd, screen: &mut Screen) -> Result<Option<Secret>, Problem> {
    let is_needed = flags.platform == Platform::Facebook;
    let variable = app_secret_variable(&flags.name);
    let text = if flags.stdin {
        input::piped("secret", rerun("without --stdin: it asks without showing what is typed"))?
    } else if context.secret(&variable)?.is_some() || !is_needed && !input::has_person(context) {
        return Ok(None);
    } else if input::has_person(context) {
        let or_none = if is_needed { "" } else { " Press Enter to skip." };
        screen.note(format!("Paste the app's secret and press Enter; it is not shown.{or_none}"));
        input::unseen("Secret: ")?
    } else {
        let (platform, name) = (flags.platform.as_str(), &*flags.name);
        let command = ["app", "add", name, "--platform", platform, "--id", &flags.id, "--stdin"];
        let next = Step::everlit_args(command).with_note(format!("with the secret on stdin; or set {variable} first"));
        return Err(Problem::config("no terminal to ask for the app's secret on").with_next(next));
    };
    match text.expose().trim() {
        "" if is_needed => Err(Problem::config("the app's secret is needed").with_next(rerun("with it"))),
        "" => Ok(None),
        text => Ok(Some(Secret::new(text))),
    }
}

fn list(context: &Context<'_>, screen: &mut Screen) -> Result<Exit, Problem> {
    let accounts = context.accounts_by_app()?;
    let count = |app: &AppSettings| accounts.get(&app.name).map_or(0, Vec::len);
    let apps = &context.settings.apps;
    let next = match apps.first() {
        Some(app) => Step::everlit_args(["account", "app", "NAME", &*app.name]),
        None => Step::everlit("app add NAME --platform facebook --id NUMBER"),
    };
    if context.global.json {
        let mut rows = Vec::new();
        for app in apps {
            let has_secret = context.secret(&app.variable())?.is_some();
            let platform = app.platform.as_str();
            rows.push(json!({"name": app.name, "platform": platform, "id": app.id, "has_secret": has_secret, "accounts": count(app)}));
        }
        screen.document("apps", context.now(), Exit::Success, json!({ "apps": rows }));
        return Ok(Exit::Success);
    }
    let width = apps.iter().map(|app| app.name.len()).max().unwrap_or(0);
    for app in apps {
        let secret = match context.secret(&app.variable())? {
            Some(secret) => format!("secret from {}", secret.origin),
            None => format!("no secret: {} is not set", app.variable()),
        };
        let (platform, accounts) = (app.platform.as_str(), counted(count(app), "account"));
        screen.say(format!("{:<width$}  {platform:<9}  {}  {accounts}, {secret}", app.name, app.id));
    }
    if apps.is_empty() {
        screen.say(dim("No app has a name. Without one, all accounts have the app of the environment."));
    }
    screen.next(&next);
    Ok(Exit::Success)
}

fn remove(context: &Context<'_>, name: &str, screen: &mut Screen) -> Result<Exit, Problem> {
    const NAMED: usize = 3;
    let accounts = context.accounts_by_app()?.remove(name).unwrap_or_default();
    if let Some(first) = accounts.first() {
        let named: Vec<&str> = accounts.iter().take(NAMED).map(AccountName::as_str).collect();
        let more = if accounts.len() > NAMED { ", …" } else { "" };
        let count = counted(accounts.len(), "account");
        let message = format!("{name} issues the tokens of {count}: {}{more}", named.join(", "));
        let next = Step::everlit_args(["account", "app", first.as_str(), "--none"]);
        return Err(Problem::config(format!("{message}; nothing was removed")).with_next(next));
    }
    let found = context.remove_table(&["app"], name)?;
    let is_forgotten = context.remove_secrets(found, &[app_secret_variable(name)])?;
    if found.is_none() && !is_forgotten {
        let message = format!("no app is called {}; nothing was changed", everlit_meta_api::redact(name));
        return Err(Problem::config(message).with_next(Step::everlit("app list")));
    }
    let next = next_after_removal(is_still_in_vault(context, found, &["app"], name), "app", name, screen);
    done(context, name, "removed", &next, screen);
    Ok(Exit::Success)
}

fn done(context: &Context<'_>, name: &str, what: &str, next: &Step, screen: &mut Screen) {
    if context.global.json {
        let next = crate::output::step::json(Some(next));
        return screen.document("app", context.now(), Exit::Success, json!({"app": name, "done": what, "next": next}));
    }
    if !context.global.quiet {
        screen.say(format!("{} {name}  {what}", Mark::Good.painted()));
        screen.next(next);
    }
}
