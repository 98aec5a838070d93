//! `everlit key`: the keys of a vault.

use std::path::Path;

use everlit_keeper::Step;
use everlit_store::rfc3339;
use everlit_vault::{MasterKey, Resealing, Vault};
use serde_json::json;
use zeroize::Zeroizing;

use super::new_file;
use crate::cli::{Key, KeyRotate};
use crate::context::Context;
use crate::output::{Exit, Mark, Problem, Screen, counted, dim, step};

pub(crate) fn run(context: &Context<'_>, command: &Key, screen: &mut Screen) -> Result<Exit, Problem> {
    match command {
        Key::Create(flags) => create(context, &flags.file, screen),
        Key::Rotate(flags) => rotate(context, flags, screen),
        Key::Status => status(context, screen),
    }
}

/// Makes a master key in a new file.
fn create(context: &Context<'_>, file: &Path, screen: &mut Screen) -> Result<Exit, Problem> {
    let key = MasterKey::generate().map_err(|error| Problem::internal(error.to_string()))?;
    write_key(context, &new_file(context, file, "a key")?, &key)?;
    let name = file.display();
    let next = if context.vault_exists().unwrap_or(false) {
        Step::everlit_args(["key", "rotate", "--master-key-file", &*name.to_string()]).with_note("puts it in use")
    } else {
        Step::note(format!("set `master_key_file = \"{name}\"` in everlit.toml; keep a copy away from the vault"))
    };
    if context.global.json {
        let fields = json!({ "file": name.to_string(), "master_key": key.id(), "next": step::json(Some(&next)) });
        screen.document("key", context.now(), Exit::Success, fields);
    } else if !context.global.quiet {
        screen.say(format!("{} master key {} in {name}", Mark::Good.painted(), key.id()));
        screen.next(&next);
    }
    Ok(Exit::Success)
}

/// Writes a key into a new file that only its owner can read.
pub(super) fn write_key(context: &Context<'_>, path: &Path, key: &MasterKey) -> Result<(), Problem> {
    let failed = |error: std::io::Error| {
        Problem::of(Exit::NotSaved, format!("cannot write the master key to {}: {error}", path.display())).with_next(
            Step::everlit("key create FILE").with_note("with a file that does not exist yet, in a folder with room"),
        )
    };
    let mut file = context.disk.create_private(path).map_err(failed)?;
    let written = file.write_at(0, format!("{}\n", *key.text()).as_bytes()).and_then(|()| file.sync());
    written.map_err(|error| {
        // The file is new, and holds no whole key.
        let _ = context.disk.remove(path);
        failed(error)
    })
}

/// The master key in a file. `next` is the step where there is none.
pub(super) fn read_key(context: &Context<'_>, file: &Path, next: &Step) -> Result<MasterKey, Problem> {
    const LARGEST: usize = 4096;
    let (text, name) = (context.disk.read(&context.settings.folder.join(file), LARGEST), file.display());
    let text = text.map(Zeroizing::new);
    let text = text.map_err(|error| Problem::config(format!("cannot read {name}: {error}")).with_next(next.clone()))?;
    let key = MasterKey::parse(&Zeroizing::new(String::from_utf8_lossy(&text).into_owned()));
    key.map_err(|error| Problem::config(format!("{name} {error}")).with_next(next.clone()))
}

/// Makes a new data key; with `--now`, seals everything with it, else each account moves when it is next saved.
fn rotate(context: &Context<'_>, flags: &KeyRotate, screen: &mut Screen) -> Result<Exit, Problem> {
    let vault = context.open_vault()?;
    if let Some(file) = &flags.master_key_file {
        let next = Step::everlit("key create FILE").with_note("makes a key for --master-key-file");
        let (key, name) = (read_key(context, file, &next)?, file.display());
        if context.wait_for_vault(vault.key_status())?.master == key.id() {
            return Err(Problem::config(format!("{name} already holds the master key of the vault")).with_next(next));
        }
        context.wait_for_vault(vault.change_master(&key, context.now()))?;
        let next =
            Step::note(format!("put {name} in the old key's place everywhere; earlier backups need the old one"));
        if context.global.json {
            let fields = json!({ "master_key": key.id(), "next": step::json(Some(&next)) });
            screen.document("key_rotate", context.now(), Exit::Success, fields);
        } else if !context.global.quiet {
            screen.say(format!(
                "{} the vault is locked with master key {} from now on",
                Mark::Good.painted(),
                key.id()
            ));
            screen.next(&next);
        }
        return Ok(Exit::Success);
    }
    let number = if flags.resume { None } else { Some(context.wait_for_vault(vault.rotate_key(context.now()))?) };
    let sweep = if flags.now || flags.resume { move_all(context, &vault, screen)? } else { Resealing::default() };
    let (moved, unreadable) = (sweep.moved(), sweep.unreadable());
    let status = context.wait_for_vault(vault.key_status())?;
    let newest = status.keys.last().map_or(0, |(number, ..)| *number);
    let old: u64 = status.keys.iter().filter(|(number, ..)| *number < newest).map(|(.., accounts)| accounts).sum();
    let exit = if unreadable > 0 { Exit::Config } else { Exit::Success };
    let next = if unreadable > 0 {
        Step::everlit("vault check").with_note("names the accounts that cannot be read")
    } else if old > 0 {
        Step::everlit("key rotate --resume").with_note(
            "moves the others, unless they are being worked on; by themselves they move when they are next saved",
        )
    } else {
        Step::everlit("key status")
    };
    if context.global.json {
        let fields = json!({
            "key": newest, "moved": moved, "left": old, "unreadable": unreadable, "next": step::json(Some(&next)),
        });
        screen.document("key_rotate", context.now(), exit, fields);
        return Ok(exit);
    }
    if context.global.quiet && old == 0 {
        return Ok(Exit::Success);
    }
    if let Some(number) = number {
        screen.say(format!("{} key {number} seals what is saved from now on", Mark::Good.painted()));
    }
    screen.say(format!("{moved} moved, {old} still sealed with older keys"));
    if unreadable > 0 {
        screen.say(format!(
            "{} {} cannot be read, and cannot be moved",
            Mark::Bad.painted(),
            counted(unreadable, "account")
        ));
    }
    screen.next(&next);
    Ok(exit)
}

/// Seals all accounts with the newest key, some at a time.
fn move_all(context: &Context<'_>, vault: &Vault, screen: &mut Screen) -> Result<Resealing, Problem> {
    let (mut sweep, mut noted) = (Resealing::default(), 0);
    while context.wait_for_vault(vault.reseal(&mut sweep))? {
        if sweep.moved() > noted && !context.global.quiet {
            screen.note(dim(&format!("{} moved to the new key", counted(sweep.moved(), "account"))));
        }
        noted = sweep.moved();
    }
    Ok(sweep)
}

/// How the keys stand.
fn status(context: &Context<'_>, screen: &mut Screen) -> Result<Exit, Problem> {
    let source = context.master_key_source()?;
    let vault = context.open_vault()?;
    let status = context.wait_for_vault(vault.key_status())?;
    let newest = status.keys.last().map_or(0, |(number, ..)| *number);
    let is_unfinished = status.keys.iter().any(|(number, _, accounts)| *number < newest && *accounts > 0);
    let next = if is_unfinished {
        Step::everlit("key rotate --resume").with_note("moves the accounts that older keys have sealed")
    } else {
        Step::everlit("key rotate").with_note("makes a new data key")
    };
    if context.global.json {
        let keys: Vec<_> = status
            .keys
            .iter()
            .map(|(number, since, accounts)| json!({ "key": number, "since": rfc3339(*since), "accounts": accounts }))
            .collect();
        let fields = json!({
            "master_key": status.master, "from": source, "keys": keys, "next": step::json(Some(&next)),
        });
        screen.document("key_status", context.now(), Exit::Success, fields);
        return Ok(Exit::Success);
    }
    screen.say(format!("{} master key {} from {}", Mark::Good.painted(), status.master, source.unwrap_or_default()));
    for (number, since, accounts) in &status.keys {
        let accounts = usize::try_from(*accounts).unwrap_or(usize::MAX);
        screen.say(format!("  key {number:<3} since {}  {}", rfc3339(*since), counted(accounts, "account")));
    }
    screen.next(&next);
    Ok(Exit::Success)
}
