//! Could a new token be saved? Tried with the code of a refresh, up to the last step.

use everlit_engine::read_env_file;
use everlit_keeper::Step;
use std::path::{Path, PathBuf};

use everlit_disk::{Disk, ReplaceError, ReplaceOptions, Replacement};
use everlit_engine::AccountStore;
use everlit_envfile::EnvFile;
use everlit_store::{StateFolder, StateProblem};

use super::finding::{AccountCheck, Finding};
use crate::context::Context;
use crate::output::{Exit, path};
use everlit_host::shell::PERMIT;

/// A token and everything that is noted about it.
const ROOM: usize = 32 << 10;

pub(super) fn of(context: &Context<'_>, store: &AccountStore, account_check: &AccountCheck<'_>) -> Vec<Finding> {
    if let Some(kept) = context.kept_elsewhere(&account_check.account.name) {
        // Whether it can is found out with all targets.
        return vec![Finding::ok("saving", kept)];
    }
    let mut findings = leftovers(store, account_check);
    findings.extend(unusable_state(context, store, account_check));
    if account_check.found.is_err() {
        return findings;
    }
    let folder = &context.settings.folder;
    let env_file = folder.join(&account_check.account.env_file.value);
    let metadata = folder.join(&account_check.account.metadata.value);
    let name = account_check.account.env_file.value.display();
    let bytes = read_env_file(&env_file, &*context.disk);
    if let Err(error) = EnvFile::parse(&bytes).with_value(&account_check.key(store), &[b'x'; 200]) {
        let message = format!("a new token cannot be written into {name}: {error}");
        findings.push(Finding::problem("saving", Exit::Config, message).fix(Step::note("edit that line")));
        return findings;
    }
    let private = match probe(context, &env_file) {
        beside if saved(context, &beside).is_ok() => beside,
        _ => probe(context, &metadata),
    };
    let options = ReplaceOptions { recovery: Some(private.clone()), ..ReplaceOptions::default() };
    let env = Replacement::reserve(&*context.disk, &env_file, bytes.len() + ROOM, &options);
    let in_place = env.as_ref().is_ok_and(Replacement::is_in_place);
    let tried = [env.map(drop), saved(context, &private), saved(context, &metadata)];
    let failures: Vec<Finding> =
        tried.into_iter().filter_map(Result::err).map(|error| of_failure(&*context.disk, &error)).collect();
    if failures.is_empty() {
        let how = if in_place { ", which is written in place" } else { "" };
        let message = format!("a new token can be saved in {name}{how}, with a copy beside it and the metadata");
        findings.push(Finding::ok("saving", message));
    }
    findings.extend(failures);
    findings
}

/// A private file beside `file`, where runs keep a new token first: in the state folder, once that is there.
fn probe(context: &Context<'_>, file: &Path) -> PathBuf {
    StateFolder::within(file.parent().unwrap_or(file)).probe(&*context.disk)
}

/// Whether the file could be written. Where its folder is yet to be made, the nearest one above tells.
fn saved(context: &Context<'_>, file: &Path) -> Result<(), ReplaceError> {
    let disk = &*context.disk;
    let folder = file.ancestors().skip(1).find(|folder| disk.stat(folder).is_ok());
    let file = match folder {
        Some(folder) if file.parent() != Some(folder) => StateFolder::within(folder).probe(disk),
        _ => file.to_owned(),
    };
    Replacement::reserve(disk, &file, ROOM, &ReplaceOptions::default()).map(drop)
}

fn of_failure(disk: &dyn Disk, error: &ReplaceError) -> Finding {
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
        error => {
            // Nobody can change a file that does not exist.
            let there = error.path().ancestors().find(|place| disk.lstat(place).is_ok());
            let what = match there.filter(|place| *place != error.path()) {
                Some(folder) => format!("the folder {}", folder.display()),
                None => format!("{path} and its folder"),
            };
            Step::note(format!("let the user that runs everlit write {what} ({PERMIT})"))
        }
    };
    Finding::problem("saving", Exit::NotSaved, format!("a new token could not be saved: {error}")).fix(fix)
}

/// A lock or a state folder that runs cannot use.
fn unusable_state(context: &Context<'_>, store: &AccountStore, account_check: &AccountCheck<'_>) -> Option<Finding> {
    let unusable = store.files()?.unusable_state(&account_check.account.name)?;
    let file = path(context.global, &unusable.path);
    let fix = match unusable.problem {
        StateProblem::Denied => Step::shell(format!("sudo chown -R \"$(id -un)\" {file}"))
            .with_note("or run everlit as the user who owns it"),
        StateProblem::Roots { owner } => Step::shell(format!("sudo chown -R {owner} {file}")),
        StateProblem::Planted(_) => Step::note(format!("find out who put {file} there, then remove it")),
    };
    Some(Finding::problem("state", Exit::NotSaved, unusable.to_string()).fix(fix))
}

/// What an interrupted run has left.
fn leftovers(store: &AccountStore, account_check: &AccountCheck<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if account_check.found.as_ref().is_ok_and(|stored| stored.candidate.is_some()) {
        let message = "an interrupted run received a new token and has not finished saving it; it is safe in .everlit/";
        findings
            .push(Finding::warning("leftovers", message).fix(Step::everlit("refresh").with_note("puts it in place")));
    }
    let copies =
        store.files().and_then(|files| files.interrupted_writes(&account_check.account.name).ok()).unwrap_or_default();
    findings.extend(copies.into_iter().map(|copy| {
        let message = format!("{} holds an env file's content from before an interrupted write", copy.display());
        Finding::warning("leftovers", message)
            .fix(Step::everlit("refresh").with_note("restores the env file; do not delete the copy by hand"))
    }));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fix_for_a_folder_does_not_name_the_probe_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let probe = folder.path().join(".env.everlit-doctor.local");
        let (kind, os) = (std::io::ErrorKind::PermissionDenied, "Permission denied".to_owned());
        let error = ReplaceError::Failed { path: probe, step: "create", kind, os };
        let fix = of_failure(&everlit_disk::RealDisk, &error).fix.unwrap();
        let text = fix.note.unwrap();
        assert!(text.contains(&format!("write the folder {} (", folder.path().display())), "{text}");
        assert!(!text.contains("everlit-doctor"), "{text}");
    }
}
