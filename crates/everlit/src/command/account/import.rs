//! `everlit account import`: shows what is to be imported, asks, and imports it.

use std::collections::HashMap;

use everlit_engine::import::{self, Action, Existing, Found, Gathered, ImportOptions, LeftOut, Plan, Planned, gather};
use everlit_keeper::{AccountName, Expiry, Step};
use everlit_store::rfc3339;
use everlit_vault::Vault;
use serde_json::{Value, json};

use crate::cli::{AccountImport, ImportFormat};
use crate::command::key::read_key;
use crate::context::Context;
use crate::input;
use crate::output::{Exit, Mark, Problem, Screen, counted, dim, left, step};

pub(super) fn run(
    context: &Context<'_>,
    vault: &Vault,
    flags: &AccountImport,
    screen: &mut Screen,
) -> Result<Exit, Problem> {
    let Gathered { found, left_out, notes } = gather(context, &flags.sources, &options(context, flags)?)?;
    let existing = context.wait_for_vault(Existing::read(vault))?;
    let plan = Plan::new(found, &existing, flags.replace);
    let notes = notes.into_iter().chain(same_variables(context, &plan)).collect();
    let import = Import { context, flags, changes: plan.changes().count(), left_out, notes };
    let is_agreed = flags.dry_run || flags.yes || import.changes == 0;
    if !context.global.json && (!context.global.quiet || !is_agreed || flags.dry_run) {
        import.show(&plan, screen);
    }
    if !is_agreed && (context.global.json || !import.is_wanted(screen)) {
        let message = format!("{} would be imported; nothing was", counted(import.changes, "account"));
        return Err(Problem::config(message).with_next(import.again("--yes")));
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
    Ok(ImportOptions { format, mapping, table, tags: flags.tag.clone(), master })
}

/// One import, with what was left out of it.
struct Import<'a> {
    context: &'a Context<'a>,
    flags: &'a AccountImport,
    /// How many accounts are to be written.
    changes: usize,
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
            screen.say(self.line(planned));
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

    fn line(&self, Planned { found: Found { account, origin }, action, same_owner }: &Planned) -> String {
        let (mark, what) = described(action);
        let token = account.record.as_ref().map_or_else(
            || "no token yet".to_owned(),
            |record| {
                let end = match record.expiry {
                    Expiry::Unknown => "expiry unknown".to_owned(),
                    expiry => left(expiry, self.context.now()),
                };
                format!("{}, {end}", record.kind.described())
            },
        );
        let names: Vec<&str> = same_owner.iter().map(AccountName::as_str).collect();
        let owner = if names.is_empty() {
            String::new()
        } else {
            format!("; belongs to the same owner as {}", names.join(", "))
        };
        let paused = if account.is_paused { ", paused" } else { "" };
        format!("{} {}  {what}: {token}{paused}{owner} {}", mark.painted(), account.name, dim(&format!("({origin})")))
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
            let next = self.again("--yes").with_note("goes on where this ended, once the vault can be written");
            Problem::of(problem.exit, message).with_next(next)
        })
    }

    /// Says how it ended.
    fn end(&self, taken: &[AccountName], document: Option<Value>, screen: &mut Screen) -> Exit {
        let is_complete = self.left_out.is_empty() && taken.is_empty();
        let exit = if is_complete { Exit::Success } else { Exit::Config };
        let next = match () {
            () if self.flags.dry_run && self.changes > 0 => self.again("--yes"),
            () if !is_complete => self.again("--dry-run").with_note("once the sources are corrected"),
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
            screen.say(format!("{} {name}: left out: somebody has added or changed it meanwhile", Mark::Bad.painted()));
        }
        if self.context.global.quiet && exit == Exit::Success {
            return exit;
        }
        let out = if self.left_out.is_empty() { String::new() } else { format!(", {} left out", self.left_out.len()) };
        let what = if self.flags.dry_run { "would be imported" } else { "imported" };
        let count = counted(if self.flags.dry_run { self.changes } else { done }, "account");
        let mark = if is_complete { Mark::Good } else { Mark::Warning };
        screen.say(format!("{} {count} {what}{out}", mark.painted()));
        screen.next(&next);
        exit
    }

    fn to_json(&self, plan: &Plan) -> Value {
        let account = |planned: &Planned| {
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
                "tags": account.tags,
                "paused": account.is_paused,
                "same_owner": names,
            })
        };
        let left_out = self.left_out.iter().map(|left| json!({ "source": left.origin, "why": left.why }));
        json!({
            "dry_run": self.flags.dry_run,
            "accounts": plan.0.iter().map(account).collect::<Vec<_>>(),
            "left_out": left_out.collect::<Vec<_>>(),
            "notes": self.notes,
        })
    }

    /// The same command with another flag in the place of `--dry-run` or `--yes`.
    fn again(&self, flag: &str) -> Step {
        let AccountImport { sources, format, map, table, tag, replace, master_key_file, .. } = self.flags;
        let mut args: Vec<String> = ["account", "import"].map(str::to_owned).into();
        args.extend(sources.iter().cloned());
        let mut valued = |name: &str, value: Option<String>| {
            args.extend(value.into_iter().flat_map(|value| [name.to_owned(), value]));
        };
        let format_name =
            |format: ImportFormat| Some(clap::ValueEnum::to_possible_value(&format)?.get_name().to_owned());
        valued("--format", format.and_then(format_name));
        valued("--map", map.as_ref().map(ToString::to_string));
        valued("--table", table.clone());
        for tag in tag {
            valued("--tag", Some(tag.clone()));
        }
        valued("--master-key-file", master_key_file.as_ref().map(|file| file.display().to_string()));
        args.extend(replace.then(|| "--replace".to_owned()));
        args.push(flag.to_owned());
        Step::everlit_args(args.iter().map(String::as_str))
    }
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
        Action::OtherOwner => (Mark::Bad, "skipped: in the vault, this name belongs to another owner".to_owned()),
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
        Action::OtherOwner => "other_owner",
        Action::Repeated(_) => "repeated",
        Action::NameTaken(_) => "name_taken",
    }
}
