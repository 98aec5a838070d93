//! `everlit account import`: shows what is to be imported, asks, and imports it.

use std::collections::HashMap;

use everlit_engine::import::{self, Action, Existing, Gathered, ImportOptions, LeftOut, Plan, gather};
use everlit_keeper::{AccountName, Step};
use everlit_vault::Vault;
use serde_json::{Value, json};

use crate::cli::{AccountImport, ImportFormat};
use crate::command::key::read_key;
use crate::context::Context;
use crate::input;
use crate::output::{Exit, Mark, Problem, Screen, counted, dim, import_again, planned_json, planned_line, step};

pub(super) fn run(
    context: &Context<'_>,
    vault: &Vault,
    flags: &AccountImport,
    screen: &mut Screen,
) -> Result<Exit, Problem> {
    context.check_app(flags.app.as_deref(), None)?;
    let Gathered { found, left_out, notes } = gather(context, &flags.sources, &options(context, flags)?)?;
    let existing = context.wait_for_vault(Existing::read(vault))?;
    let plan = Plan::new(found, &existing, flags.replace);
    let notes = notes.into_iter().chain(same_variables(context, &plan)).collect();
    let count = |is: fn(&Action) -> bool| plan.0.iter().filter(|planned| is(&planned.action)).count();
    let (refused, skipped) = (count(Action::is_refused), count(Action::is_skipped));
    let import = Import { context, flags, changes: plan.changes().count(), refused, skipped, left_out, notes };
    let is_agreed = flags.dry_run || flags.yes || import.changes == 0;
    if !context.global.json && (!context.global.quiet || !is_agreed || flags.dry_run) {
        import.show(&plan, screen);
    }
    if !is_agreed && (context.global.json || !import.is_wanted(screen)) {
        let message = format!("{} would be imported; nothing was", counted(import.changes, "account"));
        return Err(Problem::config(message).with_next(import_again(flags, "--yes")));
    }
    let document = context.global.json.then(|| import.to_json(&plan));
    let taken = if flags.dry_run { Vec::new() } else { import.carry_out(vault, plan, screen)? };
    Ok(import.end(&taken, document, screen))
}

/// Accounts that would have one variable in targets, with room for one of them: some by name, the others counted.
fn same_variables(context: &Context<'_>, plan: &Plan) -> Vec<String> {
    const NAMED: usize = 3;
    let store = context.store();
    let known = context.settings.all_accounts.iter().map(|account| &account.name).chain(&context.settings.paused);
    let new = plan.changes().map(|planned| &planned.found.account.name);
    let mut owners: HashMap<String, &AccountName> = HashMap::new();
    let mut pairs = Vec::new();
    for name in known.chain(new) {
        let Ok(key) = store.key(name) else { continue };
        match owners.get(&key) {
            Some(owner) if *owner != name => pairs.push(format!("{owner} and {name} ({key})")),
            _ => drop(owners.insert(key, name)),
        }
    }
    if pairs.is_empty() {
        return Vec::new();
    }
    let more = if pairs.len() > NAMED { format!(" and {} more", pairs.len() - NAMED) } else { String::new() };
    pairs.truncate(NAMED);
    vec![format!("the same variable, of which targets take one: {}{more}", pairs.join(", "))]
}

fn options(context: &Context<'_>, flags: &AccountImport) -> Result<ImportOptions, Problem> {
    let next = || Step::note("name the file with the master key of the vault that the export comes from");
    let master = flags.master_key_file.as_deref().map(|file| read_key(context, file, &next())).transpose()?;
    let format = flags.format.map(|format| match format {
        ImportFormat::Folder => import::ImportFormat::Folder,
        ImportFormat::Csv => import::ImportFormat::Csv,
        ImportFormat::Sqlite => import::ImportFormat::Sqlite,
        ImportFormat::Instatokend => import::ImportFormat::Instatokend,
        ImportFormat::Export => import::ImportFormat::Export,
    });
    let (mapping, table) = (flags.map.clone().unwrap_or_default(), flags.table.clone());
    Ok(ImportOptions { format, mapping, table, tags: flags.tag.clone(), app: flags.app.clone(), master })
}

/// One import, with what was left out of it.
struct Import<'a> {
    context: &'a Context<'a>,
    flags: &'a AccountImport,
    /// How many accounts are to be written.
    changes: usize,
    /// How many must not be imported.
    refused: usize,
    /// How many have tokens that the vault does not get, although nothing is wrong with them.
    skipped: usize,
    left_out: Vec<LeftOut>,
    notes: Vec<String>,
}

impl Import<'_> {
    /// Shows the plan: what needs a person's eye, each, and of the rest the first ones.
    fn show(&self, plan: &Plan, screen: &mut Screen) {
        const SHOWN: usize = 20;
        let (mut shown, mut known) = (0, 0);
        for planned in &plan.0 {
            match &planned.action {
                Action::Add if planned.same_owner.is_empty() => {
                    shown += 1;
                    if shown > SHOWN {
                        continue;
                    }
                }
                Action::Known(name) if *name == planned.found.account.name => {
                    known += 1;
                    continue;
                }
                _ => {}
            }
            screen.say(planned_line(planned, self.context.now()));
        }
        if shown > SHOWN {
            screen.say(dim(&format!("  and {} more; --json names them", counted(shown - SHOWN, "new account"))));
        }
        if known > 0 {
            screen.say(dim(&format!("{} in the vault already", counted(known, "account"))));
        }
        for LeftOut { origin, why } in &self.left_out {
            screen.say(format!("{} {origin}: left out: {why}", Mark::Bad.painted()));
        }
        for note in &self.notes {
            screen.say(format!("{} {note}", Mark::Warning.painted()));
        }
    }

    /// Whether the person at the terminal wants it.
    fn is_wanted(&self, screen: &mut Screen) -> bool {
        if !input::has_person(self.context) {
            return false;
        }
        let answer = input::answer(&format!("Import {}? [y/N]", counted(self.changes, "account")), screen);
        matches!(answer.as_deref(), Some("y" | "Y" | "yes"))
    }

    fn carry_out(&self, vault: &Vault, plan: Plan, screen: &mut Screen) -> Result<Vec<AccountName>, Problem> {
        const MANY: usize = 1_000;
        let (mut done, mut named) = (0, 0);
        let is_shown = self.changes > MANY && !self.context.global.quiet;
        let mut progress = |count: usize| {
            done = count;
            if is_shown && (done >= named + MANY || done == self.changes) {
                named = done;
                screen.note(dim(&format!("{done} of {} imported", counted(self.changes, "account"))));
            }
        };
        let (sender, receiver) = std::sync::mpsc::channel();
        let now = self.context.now();
        let carried_out = std::thread::scope(|scope| {
            let work = scope.spawn(|| {
                let report = move |count| sender.send(count).unwrap_or_default();
                self.context.wait_for_vault(plan.carry_out(vault, now, report))
            });
            receiver.iter().for_each(&mut progress);
            work.join()
        });
        let carried_out = carried_out.map_err(|_| Problem::internal("everlit failed at the vault"))?;
        carried_out.map_err(|error| {
            let problem = Problem::from(error);
            let message = format!("{}; {done} of {} imported", problem.message, counted(self.changes, "account"));
            let next =
                import_again(self.flags, "--yes").with_note("goes on where this ended, once the vault can be written");
            Problem::of(problem.exit, message).with_next(next)
        })
    }

    /// Says how it ended.
    fn end(&self, taken: &[AccountName], document: Option<Value>, screen: &mut Screen) -> Exit {
        let left_out = self.left_out.len() + self.refused;
        let is_complete = left_out == 0 && taken.is_empty();
        let exit = if is_complete { Exit::Success } else { Exit::Config };
        let next = match () {
            () if self.flags.dry_run && self.changes > 0 => import_again(self.flags, "--yes"),
            () if !is_complete => import_again(self.flags, "--dry-run").with_note("once the sources are corrected"),
            () if self.flags.dry_run || self.changes == 0 => Step::everlit("account list"),
            () => Step::everlit("refresh").with_note("verifies the tokens whose first check is due"),
        };
        let done = if self.flags.dry_run { 0 } else { self.changes - taken.len() };
        let taken: Vec<&str> = taken.iter().map(AccountName::as_str).collect();
        if let Some(mut fields) = document {
            fields["imported"] = done.into();
            fields["changed_meanwhile"] = taken.into();
            fields["next"] = step::json(Some(&next));
            screen.document("account_import", self.context.now(), exit, fields);
            return exit;
        }
        for name in taken {
            screen.say(format!(
                "{} {name}: left out: the vault already has this account, which cannot be read or has changed meanwhile",
                Mark::Bad.painted()
            ));
        }
        if self.context.global.quiet && exit == Exit::Success && self.skipped == 0 {
            return exit;
        }
        let part = |count: usize, what| if count == 0 { String::new() } else { format!(", {count} {what}") };
        let out = [part(self.skipped, "skipped"), part(left_out, "left out")].concat();
        let what = if self.flags.dry_run { "would be imported" } else { "imported" };
        let count = counted(if self.flags.dry_run { self.changes } else { done }, "account");
        let mark = if is_complete && self.skipped == 0 { Mark::Good } else { Mark::Warning };
        screen.say(format!("{} {count} {what}{out}", mark.painted()));
        screen.next(&next);
        exit
    }

    fn to_json(&self, plan: &Plan) -> Value {
        let left_out = self.left_out.iter().map(|left| json!({ "source": left.origin, "why": left.why }));
        json!({
            "dry_run": self.flags.dry_run,
            "accounts": plan.0.iter().map(planned_json).collect::<Vec<_>>(),
            "left_out": left_out.collect::<Vec<_>>(),
            "notes": self.notes,
        })
    }
}
