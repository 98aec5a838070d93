//! Could a new token be saved? Tried with the code of a refresh, up to the last step.
//!
//! Without taking the account's lock: that would move the time of the lock file, which tells when a run last looked.

use everlit_keeper::Step;
use std::path::{Path, PathBuf};

use everlit_disk::{ReplaceError, ReplaceOptions, Replacement};
use everlit_envfile::EnvFile;
use everlit_store::ProjectFiles;

use super::finding::{AccountCheck, Finding};
use crate::env_files;
use crate::output::exit::Exit;
use crate::wire::Context;

/// A token and everything that is noted about it.
const ROOM: usize = 32 << 10;

pub(super) fn of(context: &Context<'_>, store: &ProjectFiles, account_check: &AccountCheck<'_>) -> Vec<Finding> {
    let mut findings = leftovers(context, account_check);
    if account_check.found.is_err() {
        return findings;
    }
    let folder = &context.settings.folder;
    let env_file = folder.join(&account_check.account.env_file.value);
    let metadata = folder.join(&account_check.account.metadata.value);
    let name = account_check.account.env_file.value.display();
    let bytes = env_files::read(&env_file, &*context.disk);
    if let Err(error) = EnvFile::parse(&bytes).with_value(&account_check.key(store), &[b'x'; 200]) {
        findings.push(
            Finding::problem("saving", Exit::Config, format!("a new token cannot be written into {name}: {error}"))
                .fix(Step::note("edit that line")),
        );
        return findings;
    }
    let home = if saved(context, &beside(&env_file)).is_ok() { &env_file } else { &metadata };
    let options = ReplaceOptions { recovery: Some(beside(home)), ..ReplaceOptions::default() };
    let env = Replacement::reserve(&*context.disk, &env_file, bytes.len() + ROOM, &options);
    let in_place = env.as_ref().is_ok_and(Replacement::is_in_place);
    let tried = [env.map(drop), saved(context, &beside(home)), saved(context, &metadata)];
    let failures: Vec<Finding> = tried.into_iter().filter_map(Result::err).map(|error| of_failure(&error)).collect();
    if failures.is_empty() {
        let how = if in_place { ", which is written in place" } else { "" };
        findings.push(Finding::ok(
            "saving",
            format!("a new token can be saved in {name}{how}, with a copy beside it and the metadata"),
        ));
    }
    findings.extend(failures);
    findings
}

/// The private file in which a new token is kept first.
fn beside(file: &Path) -> PathBuf {
    file.with_file_name(".env.everlit-doctor.local")
}

/// Whether the file could be written. Where its folder is yet to be made, the nearest one above tells.
fn saved(context: &Context<'_>, file: &Path) -> Result<(), ReplaceError> {
    let disk = &*context.disk;
    let folder = file.ancestors().skip(1).find(|folder| disk.stat(folder).is_ok());
    let file = match folder {
        Some(folder) if file.parent() != Some(folder) => folder.join(".env.everlit-doctor.local"),
        _ => file.to_owned(),
    };
    Replacement::reserve(disk, &file, ROOM, &ReplaceOptions::default()).map(drop)
}

fn of_failure(error: &ReplaceError) -> Finding {
    let path = error.path().display();
    let fix = match error {
        ReplaceError::Unfinished { .. } | ReplaceError::HalfWritten { .. } => {
            Step::everlit("refresh").with_note("finishes it")
        }
        ReplaceError::Dangling { .. } => Step::note(format!("remove the link {path}, or create what it points to")),
        ReplaceError::NotAFile { .. } => Step::note(format!("move {path} away")),
        error if error.is_full() => Step::note("free some space on that disk"),
        error if error.is_read_only() => {
            Step::note("mount that file system writable, or keep the files elsewhere (--env-file, --metadata)")
        }
        _ => Step::note(format!("let the user that runs everlit write {path} and its folder: chmod u+w, or chown")),
    };
    Finding::problem("saving", Exit::NotSaved, format!("a new token could not be saved: {error}")).fix(fix)
}

/// What an interrupted run has left.
fn leftovers(context: &Context<'_>, account_check: &AccountCheck<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if account_check.found.as_ref().is_ok_and(|stored| stored.candidate.is_some()) {
        let message =
            "an interrupted run has received a new token and not finished saving it; it is safe beside the env file";
        findings
            .push(Finding::warning("leftovers", message).fix(Step::everlit("refresh").with_note("puts it in place")));
    }
    let files = [&account_check.account.env_file.value, &account_check.account.metadata.value];
    let mut homes = files.map(|file| context.settings.folder.join(file).parent().map(Path::to_owned)).to_vec();
    homes.dedup();
    for home in homes.into_iter().flatten() {
        let names = context.disk.list(&home).unwrap_or_default();
        let copies = names
            .iter()
            .filter_map(|name| name.to_str())
            .filter(|name| name.starts_with(".env.everlit") && name.contains("-recovery"));
        findings.extend(copies.map(|name| {
            let message = format!("{name} holds an env file's content from before an interrupted write");
            Finding::warning("leftovers", message)
                .fix(Step::everlit("refresh").with_note("restores the env file; do not delete the copy by hand"))
        }));
    }
    findings
}
