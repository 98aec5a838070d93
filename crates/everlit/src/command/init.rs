//! `everlit init`: sets up a folder. Idempotent.

mod ignore;
mod package;
mod row;
mod tokens;

use crate::output::step;
use everlit_engine::VaultSettings;
use everlit_keeper::Step;
use everlit_store::STATE_FOLDER;
use serde_json::json;

use self::row::{Row, State};
use crate::cli::Init;
use crate::context::Context;
use crate::output::{Exit, Problem, Screen, counted, strong};

pub(crate) fn run(context: &Context<'_>, flags: &Init, screen: &mut Screen) -> Result<Exit, Problem> {
    context.warn_of_settings(screen);
    let found = match &context.settings.vault {
        Some(vault) => of_vault(context, vault),
        None => tokens::look(context, flags.dry_run)?,
    };
    let mut steps = found.steps;
    steps.push(package::add_script(context, flags.dry_run));
    steps.extend(ignore::cover(context, &found.files, flags.dry_run));
    steps.extend(state_folder(context, flags.dry_run));
    show(context, flags, &steps, screen);
    Ok(worst(&steps))
}

/// The accounts are in the vault, not in env files.
fn of_vault(context: &Context<'_>, vault: &VaultSettings) -> tokens::Found {
    let count = context.settings.all_accounts.len();
    let address = vault.address.value.to_string();
    let row = match count {
        0 => {
            let next = Step::everlit("account add NAME").with_note("then `everlit connect NAME`");
            Row { next: Some(next), ..Row::new(address, State::NoToken, "the vault has no account yet") }
        }
        _ => Row::new(address, State::Ready, format!("the vault has {}", counted(count, "account"))),
    };
    tokens::Found { steps: vec![row], files: Vec::new() }
}

/// Makes git ignore the files of a new vault. Returns what was written, and what a person should see.
pub(crate) fn keep_out_of_git(context: &Context<'_>) -> (Vec<String>, Vec<String>) {
    let (mut written, mut warnings) = (Vec::new(), Vec::new());
    for row in ignore::cover(context, &[], false) {
        match row.state {
            State::Added => written.push(format!("{} in {}", row.message, row.file)),
            State::Look | State::Problem => warnings.push(format!("{}: {}", row.file, row.message)),
            State::Ready | State::WouldAdd | State::Skipped | State::NoToken => {}
        }
    }
    (written, warnings)
}

/// The folder of everlit's own files, so that secrets can be put there; git ignores it by its own `.gitignore`. Says
/// nothing where it is ready.
fn state_folder(context: &Context<'_>, dry_run: bool) -> Option<Row> {
    let (state, disk) = (context.state(), &*context.disk);
    if state.is_ready(disk) {
        return None;
    }
    let created = if dry_run { Ok(()) } else { state.create(disk) };
    Some(match created {
        Ok(()) => Row::new(STATE_FOLDER, State::written(dry_run), "everlit's own files, which git ignores"),
        Err(error) => Row::problem(
            STATE_FOLDER,
            Exit::NotSaved,
            format!("it cannot be created: {error}"),
            Step::everlit("doctor"),
        ),
    })
}

fn worst(steps: &[Row]) -> Exit {
    steps.iter().map(|step| step.exit).max().unwrap_or(Exit::Success)
}

/// Problems first; warnings do not hold up the first refresh.
fn next(steps: &[Row], dry_run: bool) -> Step {
    let problem = steps.iter().filter(|step| step.exit != Exit::Success).max_by_key(|step| step.exit);
    match problem.and_then(|step| step.next.clone()) {
        Some(next) => next,
        None if dry_run && steps.iter().any(|step| step.state == State::WouldAdd) => Step::everlit("init"),
        None => {
            let no_token = steps.iter().find(|step| step.state == State::NoToken);
            no_token.and_then(|step| step.next.clone()).unwrap_or_else(|| Step::everlit("refresh"))
        }
    }
}

fn show(context: &Context<'_>, flags: &Init, steps: &[Row], screen: &mut Screen) {
    let exit = worst(steps);
    let next = next(steps, flags.dry_run);
    if context.global.json {
        let rows: Vec<_> = steps
            .iter()
            .map(|step| json!({ "file": step.file, "state": step.state.word(), "message": step.message, "next": step::json(step.next.as_ref()) }))
            .collect();
        let fields = json!({
            "dry_run": flags.dry_run,
            "changed": steps.iter().any(|step| step.state == State::Added),
            "steps": rows,
            "next": step::json(Some(&next)),
        });
        return screen.document("init", context.now(), exit, fields);
    }
    let quiet =
        |step: &&Row| !context.global.quiet || matches!(step.state, State::NoToken | State::Look | State::Problem);
    if flags.dry_run {
        screen.note("Dry run: nothing is written.");
    }
    let width = steps.iter().map(|step| step.file.chars().count()).max().unwrap_or(0);
    for step in steps.iter().filter(quiet) {
        let state = strong(&format!("{:<9}", step.state.word()));
        screen.say(format!("{} {state}  {:<width$}  {}", step.state.mark().painted(), step.file, step.message));
        if let Some(next) = step.next.as_ref().filter(|_| step.state == State::Look) {
            screen.say_step(&format!("  {:<9}  {:<width$}  ", "", ""), next);
        }
    }
    if !context.global.quiet || exit != Exit::Success {
        screen.next(&next);
    }
}
