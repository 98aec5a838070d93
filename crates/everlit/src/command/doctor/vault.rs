//! The vault: its accounts, its keys, and who else can read its files.

use std::path::PathBuf;

use everlit_engine::MASTER_KEY;
use everlit_host::Repository;
use everlit_keeper::Step;
use everlit_vault::Vault;

use super::finding::Finding;
use crate::context::Context;
use crate::output::{Exit, Problem, counted, path};

const CHECK: &str = "vault";

pub(super) fn of(context: &Context<'_>, vault: &Vault) -> Vec<Finding> {
    let mut findings = vec![of_rows(context, vault), of_writes(context, vault), of_keys(context, vault)];
    findings.extend(of_key_file(context));
    findings.extend(of_git(context));
    findings
}

fn of_rows(context: &Context<'_>, vault: &Vault) -> Finding {
    match context.wait_for_vault(vault.check()) {
        Ok((count, problems)) if problems.is_empty() => {
            Finding::ok(CHECK, format!("{} can be read", counted(count, "account")))
        }
        Ok((_, problems)) => {
            let message = format!("{} with the vault's rows or its file", counted(problems.len(), "problem"));
            Finding::problem(CHECK, Exit::Config, message).fix(Step::everlit("vault check").with_note("names them"))
        }
        Err(error) => failed(error.into()),
    }
}

/// Tried with a lease, which changes no account.
fn of_writes(context: &Context<'_>, vault: &Vault) -> Finding {
    let leased = context.wait_for_vault(vault.lease_alerting(context.now()));
    match (leased, vault.cannot_spill()) {
        (Err(error), _) => failed(error.into()),
        (_, Some(error)) => Finding::problem(CHECK, Exit::NotSaved, error.message)
            .fix(Step::everlit("refresh").with_note("once that folder can be written")),
        (Ok(_), None) => of_waiting(context, vault),
    }
}

/// New tokens that are not in the vault.
fn of_waiting(context: &Context<'_>, vault: &Vault) -> Finding {
    match context.wait_for_vault(vault.waiting()) {
        Ok(waiting) => match waiting.first() {
            None => Finding::ok(CHECK, "a new token can be saved"),
            Some(first) => Finding::problem(CHECK, Exit::NotSaved, first.to_string()).fix(first.next()),
        },
        Err(error) => failed(error.into()),
    }
}

fn of_keys(context: &Context<'_>, vault: &Vault) -> Finding {
    match context.wait_for_vault(vault.key_status()) {
        Ok(status) => {
            let keys = counted(status.keys.len(), "data key");
            Finding::ok(CHECK, format!("locked with master key {}, sealed with {keys}", status.master))
        }
        Err(error) => failed(error.into()),
    }
}

fn failed(problem: Problem) -> Finding {
    Finding::problem(CHECK, problem.exit, problem.message).fix(problem.next)
}

/// The master key of the settings: who can read it, and whether a copy of the vault's folder takes it along.
fn of_key_file(context: &Context<'_>) -> Vec<Finding> {
    const OTHERS: u32 = 0o077;
    let Some(settings) = &context.settings.vault else { return Vec::new() };
    let Some(file) = &context.master_key_file() else { return Vec::new() };
    let mut findings = Vec::new();
    let shown = path(context.global, file);
    if cfg!(unix) && context.disk.stat(file).is_ok_and(|stat| stat.mode & OTHERS != 0) {
        let message = format!("other users of this machine can read the master key in {shown}");
        findings.push(Finding::problem(CHECK, Exit::Config, message).fix(Step::shell(format!("chmod 600 {shown}"))));
    }
    if settings.address.value.file().is_some_and(|vault| file.parent() == vault.parent()) {
        let message = "the master key lies beside the vault: whoever copies the folder can read every token";
        let next = format!("move {shown} elsewhere, and set `master_key_file` or {MASTER_KEY}_FILE to its new place");
        findings.push(Finding::warning(CHECK, message).fix(Step::note(next)));
    }
    findings
}

/// The files of the vault that git would commit.
fn of_git(context: &Context<'_>) -> Option<Finding> {
    let settings = context.settings.vault.as_ref()?;
    let repository = Repository::around(&context.settings.folder, context.environment, &*context.disk)?;
    let key = context.master_key_file();
    let files = [settings.address.value.file(), key.as_ref()].into_iter().flatten();
    let bare: Vec<&PathBuf> = files.filter(|file| repository.ignores(file) == Some(false)).collect();
    bare.first()?;
    let names: Vec<String> = bare.iter().map(|file| path(context.global, file)).collect();
    let message = format!("git does not ignore {}", names.join(" and "));
    Some(Finding::problem(CHECK, Exit::Config, message).fix(Step::everlit("init")))
}
