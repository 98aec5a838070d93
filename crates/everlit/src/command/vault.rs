//! `everlit vault`: the encrypted database that holds many accounts.

use std::path::{Path, PathBuf};

use everlit_engine::{CONFIG_FILE, VaultSettings, edit_config};
use everlit_keeper::Step;
use everlit_vault::MasterKey;
use serde_json::json;

use super::key::write_key;
use super::{init, new_file};
use crate::cli::{Global, Vault, VaultCreate};
use crate::context::Context;
use crate::output::{Exit, Mark, Problem, Screen, counted, step};

pub(crate) fn run(context: &Context<'_>, command: &Vault, screen: &mut Screen) -> Result<Exit, Problem> {
    match command {
        Vault::Create(flags) => create(context, flags, screen),
        Vault::Check => check(context, screen),
        Vault::Migrate => migrate(context, screen),
        Vault::Backup(flags) => back_up(context, &flags.file, screen),
    }
}

/// The name of the vault if none is given.
const DEFAULT: &str = "sqlite:everlit.db";

/// Creates the vault, its master key if there is none, and the settings that name both.
fn create(context: &Context<'_>, flags: &VaultCreate, screen: &mut Screen) -> Result<Exit, Problem> {
    let is_named = context.settings.vault.is_some();
    // The settings name it last: those of a project with files stay as they are if it cannot be created.
    let vault = (!is_named).then(|| DEFAULT.to_owned()).or_else(|| context.global.vault.clone());
    let global = &Global { vault, ..context.global.clone() };
    let context = Context::without_vault(global, context.environment)?;
    let exists = context.vault_exists()?;
    let mut made = master_key(&context, flags.master_key_file.as_deref(), exists)?;
    let context = Context::without_vault(global, context.environment)?;
    let vault = context.create_vault()?;
    let status = context.wait_for_vault(vault.key_status())?;
    let address = context.settings.vault.as_ref().map(|vault| vault.address.value.to_string()).unwrap_or_default();
    made.push(format!("the vault {address}{}", if exists { ", which already existed" } else { "" }));
    if !is_named {
        edit_config(&context, |text| VaultSettings::added_to(text, "vault", DEFAULT).map(Some))?;
        made.push(format!("`vault` in {CONFIG_FILE}"));
    }
    let (lines, bare) = init::keep_out_of_git(&context);
    made.extend(lines);
    let next = Step::everlit("account add NAME").with_note("then `everlit connect NAME`");
    if context.global.json {
        let fields = json!({
            "vault": address, "master_key": status.master, "created": made, "warnings": bare, "next": step::json(Some(&next)),
        });
        screen.document("vault", context.now(), Exit::Success, fields);
        return Ok(Exit::Success);
    }
    for why in &bare {
        screen.note(format!("{} {why}", Mark::Warning.painted()));
    }
    if context.global.quiet {
        return Ok(Exit::Success);
    }
    for what in made {
        screen.say(format!("{} {what}", Mark::Good.painted()));
    }
    screen.say("Keep a copy of the master key away from the vault and its backups: without it, they cannot be read.");
    screen.next(&next);
    Ok(Exit::Success)
}

/// Makes the master key, and the line of the settings that names its file, unless there is a key already. Returns what was made.
/// Another key could not open a vault that exists, and would be taken for its own.
fn master_key(context: &Context<'_>, wanted: Option<&Path>, vault_exists: bool) -> Result<Vec<String>, Problem> {
    let folder = &context.settings.folder;
    let named = context.settings.vault.as_ref().and_then(|vault| vault.master_key_file.clone());
    let source = context.master_key_source()?;
    let known = source.clone().or_else(|| named.as_ref().map(|file| file.display().to_string()));
    if let (Some(known), Some(wanted)) = (known, wanted)
        && known != folder.join(wanted).display().to_string()
    {
        return Err(Problem::config(format!("the master key of this vault comes from {known}"))
            .with_next(Step::everlit("vault create").with_note("without --master-key-file")));
    }
    if source.is_some() {
        return Ok(Vec::new());
    }
    let mut made = Vec::new();
    let file = wanted.map(Path::to_owned).or_else(|| named.clone()).unwrap_or_else(|| "everlit-master.key".into());
    let path = folder.join(&file);
    if context.disk.lstat(&path).is_err() {
        if vault_exists {
            return Err(Problem::config("the vault is there already, and its master key is not")
                .with_next(Step::note(format!("put the copy of its master key at {}", path.display()))));
        }
        let key = MasterKey::generate().map_err(|error| Problem::internal(error.to_string()))?;
        write_key(context, &path, &key)?;
        made.push(format!("the master key in {}", file.display()));
    }
    if named.is_none() {
        let name = file.display().to_string();
        edit_config(context, |text| VaultSettings::added_to(text, "master_key_file", &name).map(Some))?;
        made.push(format!("`master_key_file` in {CONFIG_FILE}"));
    }
    Ok(made)
}

/// Reads every row, and looks for damage that rows do not show.
fn check(context: &Context<'_>, screen: &mut Screen) -> Result<Exit, Problem> {
    let vault = context.open_vault()?;
    let (count, mut problems) = context.wait_for_vault(vault.check())?;
    let waiting = context.wait_for_vault(vault.waiting())?;
    problems.extend(waiting.iter().map(ToString::to_string));
    if count == 0 {
        // It may be the wrong one, or have lost its rows.
        problems.push("the vault has no account".to_owned());
    }
    let exit = if problems.is_empty() { Exit::Success } else { Exit::Config };
    let next = match (problems.len(), waiting.first()) {
        (0, _) => Step::everlit("status"),
        (1, None) if count == 0 => Step::everlit("account add NAME").with_note("if it is new; else restore a backup"),
        (all, Some(first)) if all == waiting.len() => first.next(),
        _ => Step::note("restore a backup, or remove the account that cannot be read, by its name, and add it again"),
    };
    if context.global.json {
        let fields = json!({ "accounts": count, "problems": problems, "next": step::json(Some(&next)) });
        screen.document("vault_check", context.now(), exit, fields);
        return Ok(exit);
    }
    if context.global.quiet && problems.is_empty() {
        return Ok(exit);
    }
    for problem in &problems {
        screen.say(format!("{} {problem}", Mark::Bad.painted()));
    }
    if problems.is_empty() {
        screen.say(format!("{} {} can be read", Mark::Good.painted(), counted(count, "account")));
    }
    screen.next(&next);
    Ok(exit)
}

/// Opening a vault brings its tables up to date; this says so.
fn migrate(context: &Context<'_>, screen: &mut Screen) -> Result<Exit, Problem> {
    drop(context.open_vault()?);
    let next = Step::everlit("vault check");
    if context.global.json {
        screen.document("vault_migrate", context.now(), Exit::Success, json!({ "next": step::json(Some(&next)) }));
    } else if !context.global.quiet {
        screen.say(format!("{} the tables of the vault are up to date", Mark::Good.painted()));
        screen.next(&next);
    }
    Ok(Exit::Success)
}

/// A server makes its own backups: how, the vault says.
fn not_backed_up_here(context: &Context<'_>, vault: &everlit_vault::Vault, to: PathBuf) -> Problem {
    let why = context.wait_for_vault(vault.back_up(to)).err().map(|error| error.message).unwrap_or_default();
    let next = Step::everlit("account export FILE")
        .with_note("writes the accounts alone, encrypted, without their history and the settings");
    Problem::config(why).with_next(next)
}

/// Copies the vault while others go on working with it.
fn back_up(context: &Context<'_>, file: &Path, screen: &mut Screen) -> Result<Exit, Problem> {
    let vault = context.open_vault()?;
    let to = new_file(context, file, "a backup")?;
    let failed = |why: String| {
        let again =
            Step::everlit("vault backup FILE").with_note("with a file that does not exist yet, in a folder with room");
        Problem::of(Exit::NotSaved, format!("cannot create the backup {}: {why}", file.display())).with_next(again)
    };
    let address = context.settings.vault.as_ref().map(|vault| &vault.address.value);
    if address.is_some_and(|address| address.file().is_none()) {
        return Err(not_backed_up_here(context, &vault, to));
    }
    // Readable for its owner alone before anything is in it.
    context.disk.create_private(&to).map_err(|error| failed(error.to_string()))?;
    if let Err(error) = context.wait_for_vault(vault.back_up(to.clone())) {
        let _ = context.disk.remove(&to);
        return Err(failed(error.message));
    }
    let (_, problems) = context.wait_for_vault(vault.check())?;
    let (exit, mark, next) = if problems.is_empty() {
        (Exit::Success, Mark::Good, Step::note("keep the master key elsewhere: a backup cannot be read without it"))
    } else {
        (Exit::Config, Mark::Warning, Step::note("keep earlier backups: this one cannot restore what cannot be read"))
    };
    if context.global.json {
        let fields = json!({ "file": to.display().to_string(), "problems": problems, "next": step::json(Some(&next)) });
        screen.document("vault_backup", context.now(), exit, fields);
    } else if !context.global.quiet || exit != Exit::Success {
        for problem in problems {
            screen.say(format!("{} {problem}", Mark::Bad.painted()));
        }
        screen.say(format!("{} the vault was copied to {}", mark.painted(), file.display()));
        screen.next(&next);
    }
    Ok(exit)
}
