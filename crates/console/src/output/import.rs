//! The accounts that are to be imported, as people and programs read them.

use everlit_engine::import::{Action, Found, Planned};
use everlit_keeper::{AccountName, Expiry, Step};
use everlit_meta_api::Timestamp;
use everlit_store::rfc3339;
use serde_json::{Value, json};

use super::{Mark, dim, left};
use crate::cli::{AccountImport, ImportFormat};

/// One account, in a line.
pub fn planned_line(
    Planned { found: Found { account, origin }, action, same_owner }: &Planned,
    now: Timestamp,
) -> String {
    let (mark, what) = described(action);
    let is_over = account.record.as_ref().is_some_and(|record| record.is_dead(now));
    let mark = if is_over && mark == Mark::Good { Mark::Warning } else { mark };
    let token = account.record.as_ref().map_or_else(
        || "no token yet".to_owned(),
        |record| {
            let end = match record.expiry {
                Expiry::Unknown => "expiry unknown".to_owned(),
                expiry => left(expiry, now),
            };
            format!("{}, {end}", record.kind.described())
        },
    );
    let names: Vec<&str> = same_owner.iter().map(AccountName::as_str).collect();
    let owner =
        if names.is_empty() { String::new() } else { format!("; belongs to the same owner as {}", names.join(", ")) };
    let paused = if account.is_paused { ", paused" } else { "" };
    format!("{} {}  {what}: {token}{paused}{owner} {}", mark.painted(), account.name, dim(&format!("({origin})")))
}

/// One account, for programs.
pub fn planned_json(planned: &Planned) -> Value {
    let Found { account, origin } = &planned.found;
    let record = account.record.as_ref();
    let names: Vec<&str> = planned.same_owner.iter().map(AccountName::as_str).collect();
    json!({
        "name": account.name.as_str(),
        "source": origin,
        "action": code(&planned.action),
        "fingerprint": record.map(|record| record.fingerprint.to_string()),
        "expires_at": record.and_then(|record| record.expiry.instant()).map(rfc3339),
        "first_check_at": record.and_then(|record| record.next_check_at).map(rfc3339),
        "app": account.app,
        "tags": account.tags,
        "paused": account.is_paused,
        "same_owner": names,
    })
}

/// The same command with another flag in the place of `--dry-run` or `--yes`.
pub fn import_again(flags: &AccountImport, flag: &str) -> Step {
    let AccountImport { sources, format, map, table, tag, app, replace, master_key_file, .. } = flags;
    let mut args: Vec<String> = ["account", "import"].map(str::to_owned).into();
    args.extend(sources.iter().cloned());
    let mut valued = |name: &str, value: Option<String>| {
        args.extend(value.into_iter().flat_map(|value| [name.to_owned(), value]));
    };
    let format_name = |format: ImportFormat| Some(clap::ValueEnum::to_possible_value(&format)?.get_name().to_owned());
    valued("--format", format.and_then(format_name));
    valued("--map", map.as_ref().map(ToString::to_string));
    valued("--table", table.clone());
    for tag in tag {
        valued("--tag", Some(tag.clone()));
    }
    valued("--app", app.clone());
    valued("--master-key-file", master_key_file.as_ref().map(|file| file.display().to_string()));
    args.extend(replace.then(|| "--replace".to_owned()));
    args.push(flag.to_owned());
    Step::everlit_args(args.iter().map(String::as_str))
}

/// What is done with an account, for people.
fn described(action: &Action) -> (Mark, String) {
    match action {
        Action::Add => (Mark::Good, "new".to_owned()),
        Action::Replace => (Mark::Good, "in the vault: gets this token".to_owned()),
        Action::Known(name) => (Mark::Good, format!("skipped: the vault has this token as {name}")),
        Action::OtherToken => {
            (Mark::Warning, "skipped: the vault has another token for it (--replace takes this one)".to_owned())
        }
        Action::Older => (
            Mark::Bad,
            "skipped: the token in the vault is newer; `everlit connect` asks Meta about this one".to_owned(),
        ),
        Action::OtherOwner => (Mark::Bad, "skipped: in the vault, this name belongs to another owner".to_owned()),
        Action::UnknownOwner => (
            Mark::Bad,
            "skipped: the account's owner is known, the token's is not (`everlit connect` asks Meta)".to_owned(),
        ),
        Action::Repeated(first) => (Mark::Warning, format!("skipped: the same token as in {first}")),
        Action::NameTaken(first) => (Mark::Warning, format!("skipped: the same name as in {first}")),
    }
}

/// The same in a word.
fn code(action: &Action) -> &'static str {
    match action {
        Action::Add => "add",
        Action::Replace => "replace",
        Action::Known(_) => "known",
        Action::OtherToken => "other_token",
        Action::Older => "older",
        Action::OtherOwner => "other_owner",
        Action::UnknownOwner => "unknown_owner",
        Action::Repeated(_) => "repeated",
        Action::NameTaken(_) => "name_taken",
    }
}
