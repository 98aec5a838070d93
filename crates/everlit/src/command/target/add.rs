//! `everlit target add`: stores the secrets first, then the settings, then checks the credential. No token is written.

use everlit_engine::{Origin, SettingsHome, TargetSettings, places};
use everlit_keeper::{Step, in_time};
use everlit_meta_api::Secret;
use everlit_options::Shape;
use everlit_target::Kind;
use serde_json::json;
use toml_edit::{Array, Table, value};

use super::common::check_name;
use crate::cli::TargetAdd;
use crate::context::Context;
use crate::input;
use crate::output::{Exit, Mark, Problem, Screen, rerun};
use crate::runtime::runtime;

pub(super) fn run(context: &Context<'_>, flags: &TargetAdd, screen: &mut Screen) -> Result<Exit, Problem> {
    check_name(&flags.name)?;
    let (name, kind) = (&flags.name, flags.kind);
    let known = context.settings.targets.iter().find(|known| known.name == *name);
    if let Some(known) = known.filter(|known| known.kind.name != kind.name) {
        let message = format!("{name} already exists, with kind {}", known.kind.name);
        let next = Step::everlit_args(["target", "remove", name]).with_note("or choose another name");
        return Err(Problem::config(message).with_next(next));
    }
    // Repeated without settings, it replaces the secrets alone.
    if let Some(known) = known.filter(|_| flags.settings.is_empty() && flags.command.is_empty()) {
        store_secrets(context, flags, screen)?;
        return Ok(check(context, known, screen));
    }
    let table = table(flags)?;
    // What is wrong with the table is said before anything is asked or stored.
    let target = context.settings.target_to_add(name, &table).map_err(|error| {
        let next = Step::everlit_args(["target", "explain", kind.name]).with_note("says what the kind needs");
        Problem::config(error.message).with_next(next)
    })?;
    store_secrets(context, flags, screen)?;
    let home = context.put_table("target", name, &table)?;
    let what = if known.is_some() { "changed" } else { "added" };
    if !context.global.json {
        screen.say(format!("{what} {name} in {home}"));
        if home == SettingsHome::Vault && ["file", "env-file", "command"].contains(&kind.name) {
            screen.note("it acts on whichever machine refreshes the account, and on no other");
        }
    }
    Ok(check(context, &target, screen))
}

/// Asks the place whether it is there and may be written.
fn check(context: &Context<'_>, target: &TargetSettings, screen: &mut Screen) -> Exit {
    let Ok(runtime) = runtime() else { return Exit::Internal };
    let (mut exit, mut rows) = (Exit::Success, Vec::new());
    let effect = target.kind.effect.message();
    for (account, place) in places(context, &context.store(), target) {
        let checked = place.map_err(|error| (error.message, true)).and_then(|place| {
            let check = runtime.block_on(in_time(place.timeout(), place.check()));
            check.map(|_| place.plan()).map_err(|error| (error.to_string(), error.needs_person()))
        });
        if let Err((_, needs_person)) = &checked {
            exit = exit.max(if *needs_person { Exit::Person } else { Exit::Temporary });
        }
        if context.global.json {
            let (plan, failure) = (checked.as_ref().ok(), checked.as_ref().err().map(|(why, _)| why));
            rows.push(json!({"account": account.as_str(), "plan": plan, "takes_effect": effect, "failure": failure}));
            continue;
        }
        match checked {
            Ok(plan) => screen.say(format!("{} {account}: {plan}; {effect}", Mark::Good.painted())),
            Err((why, _)) => screen.say(format!("{} {account}: {why}", Mark::Bad.painted())),
        }
    }
    if context.global.json {
        let is_unasked = target.kind.room.is_unasked();
        let fields = json!({"name": target.name, "kind": target.kind.name, "checked": !is_unasked, "accounts": rows});
        screen.document("target-added", context.now(), exit, fields);
        return exit;
    }
    if exit == Exit::Success && target.kind.room.is_unasked() {
        screen.say("  Only a delivery shows whether it works.");
    }
    screen.next(&match exit {
        Exit::Success => Step::everlit_args(["target", "push", &target.name])
            .with_note("delivers the token now; each new one goes there by itself"),
        _ => Step::everlit_args(["target", "test", &target.name]).with_note("once that is corrected"),
    });
    exit
}

/// The table of the settings.
fn table(flags: &TargetAdd) -> Result<Table, Problem> {
    let kind = flags.kind;
    let explain = || Step::everlit_args(["target", "explain", kind.name]).with_note("lists the settings");
    let mut table = Table::new();
    table.insert("kind", value(kind.name));
    for setting in &flags.settings {
        let (name, text) =
            setting.split_once('=').ok_or_else(|| Problem::config("--set takes NAME=VALUE").with_next(explain()))?;
        let shape = kind.options.iter().find(|option| option.key == name).map(|option| option.shape);
        match shape {
            Some(Shape::List | Shape::Command) => {
                let list = table.entry(name).or_insert_with(|| value(Array::new()));
                list.as_array_mut().into_iter().for_each(|list| list.push(text));
            }
            Some(_) => drop(table.insert(name, value(text))),
            None if matches!(name, "account" | "key") => drop(table.insert(name, value(text))),
            None if name == "source" => drop(table.insert(name, value(text == "true"))),
            None => {
                let message =
                    format!("--set {} does not apply to --kind {}", everlit_meta_api::redact(name), kind.name);
                return Err(Problem::config(message).with_next(explain()));
            }
        }
    }
    if !flags.command.is_empty() {
        table.insert("command", value(Array::from_iter(&flags.command)));
    }
    Ok(table)
}

/// Reads the secrets that are not set yet and stores them: from stdin, or from the person at the terminal.
fn store_secrets(context: &Context<'_>, flags: &TargetAdd, screen: &mut Screen) -> Result<(), Problem> {
    let kind: &Kind = flags.kind;
    let piped = if flags.stdin {
        Some(input::piped("secret", rerun("without --stdin: it asks without showing what is typed"))?)
    } else {
        None
    };
    let mut lines = piped.as_ref().map(|text| text.expose().trim().lines());
    for spec in kind.secrets {
        let variable = kind.variable(&flags.name, spec);
        let known = context.secret(&variable)?;
        let secret = match &mut lines {
            Some(lines) => Secret::new(lines.next().unwrap_or_default().trim()),
            None if known.is_some() || !spec.is_required && !input::has_person(context) => continue,
            None if !input::has_person(context) => {
                let command = ["target", "add", &*flags.name, "--kind", kind.name, "--stdin"];
                let next =
                    Step::everlit_args(command).with_note(format!("with the secret on stdin; or set {variable} first"));
                return Err(Problem::config(format!("no terminal to ask for {} on", spec.prompt)).with_next(next));
            }
            None => {
                let or_none = if spec.is_required { "" } else { " Press Enter to skip." };
                screen.note(format!("Paste {} and press Enter; it is not shown.{or_none}", spec.prompt));
                input::unseen("Secret: ")?
            }
        };
        let text = secret.expose().trim();
        if text.is_empty() && spec.is_required && known.is_none() {
            return Err(Problem::config(format!("{} is needed", spec.prompt)).with_next(rerun("with it")));
        }
        if !text.is_empty() && !known.is_some_and(|known| matches!(known.origin, Origin::Environment(_))) {
            context.store_secret(context.home_of(&["target"], &flags.name)?, &variable, text)?;
        }
    }
    Ok(())
}
