//! `everlit account export`: accounts with their tokens in a file that the vault's master key opens.

use everlit_disk::uninterrupted;
use everlit_keeper::{AccountName, Step};
use everlit_vault::{Vault, seal_export};
use serde_json::json;

use crate::cli::AccountExport;
use crate::command::new_file;
use crate::context::Context;
use crate::output::{Exit, Mark, Problem, Screen, counted, step};
use everlit_engine::vault_error;

pub(super) fn run(
    context: &Context<'_>,
    vault: &Vault,
    flags: &AccountExport,
    screen: &mut Screen,
) -> Result<Exit, Problem> {
    let exported = context.wait_for_vault(vault.export(flags.tag.as_deref()))?;
    if exported.accounts.is_empty() && exported.unreadable.is_empty() {
        let what = flags
            .tag
            .as_ref()
            .map_or_else(|| "the vault is empty".to_owned(), |tag| format!("no account has the tag {tag}"));
        return Err(
            Problem::config(format!("{what}: there is nothing to export")).with_next(Step::everlit("account list"))
        );
    }
    let master = context.master_key()?;
    let content = seal_export(&exported.accounts, &master).map_err(vault_error)?;
    write(context, flags, &content)?;
    let exit = if exported.unreadable.is_empty() { Exit::Success } else { Exit::Config };
    let next = if exported.unreadable.is_empty() {
        Step::everlit("account import FILE")
            .with_note("at the other vault; with another master key, --master-key-file OLD")
    } else {
        Step::everlit("vault check")
    };
    let file = flags.file.display().to_string();
    let unfinished: Vec<&str> = exported.unfinished.iter().map(AccountName::as_str).collect();
    if context.global.json {
        let fields = json!({
            "file": file, "accounts": exported.accounts.len(), "master_key": master.id(),
            "unreadable": exported.unreadable, "unfinished": unfinished, "next": step::json(Some(&next)),
        });
        screen.document("account_export", context.now(), exit, fields);
        return Ok(exit);
    }
    for why in &exported.unreadable {
        screen.note(format!("{} {why}", Mark::Bad.painted()));
    }
    if !unfinished.is_empty() {
        let names = unfinished.join(", ");
        let mark = Mark::Warning.painted();
        screen.note(format!("{mark} a refresh has not finished, so a newer token was left out: {names}"));
        screen.note_step("", &Step::everlit("refresh").with_note("finishes it; then export again"));
    }
    if context.global.quiet && exit == Exit::Success {
        return Ok(exit);
    }
    let count = counted(exported.accounts.len(), "account");
    screen.say(format!("{} {count} exported to {file}, sealed with master key {}", Mark::Good.painted(), master.id()));
    screen.next(&next);
    Ok(exit)
}

/// Writes a new file that only its owner can read, and removes it again if that fails.
fn write(context: &Context<'_>, flags: &AccountExport, content: &[u8]) -> Result<(), Problem> {
    let path = new_file(context, &flags.file, "an export")?;
    let failed = |error: std::io::Error| {
        Problem::of(Exit::NotSaved, format!("cannot create the export {}: {error}", flags.file.display())).with_next(
            Step::everlit("account export FILE")
                .with_note("with a file that does not exist yet, in a folder with room"),
        )
    };
    let mut file = uninterrupted(|| context.disk.create_private(&path)).map_err(failed)?;
    let written = uninterrupted(|| file.write_at(0, content)).and_then(|()| uninterrupted(|| file.sync()));
    let written = written
        .and_then(|()| path.parent().map_or(Ok(()), |folder| uninterrupted(|| context.disk.sync_folder(folder))));
    written.map_err(|error| {
        let _ = context.disk.remove(&path);
        failed(error)
    })
}
