//! `everlit schedule remove`: takes away all that install has put there, and nothing else.

use everlit_store::rfc3339;
use serde_json::json;

use crate::cli::ScheduleRemove;
use crate::output::exit::Exit;
use crate::output::problem::Problem;
use crate::output::screen::{Mark, Screen};
use crate::wire::Context;

use super::machine::{InstalledJob, Machine, User};
use super::show::row;

pub(super) fn run(context: &Context<'_>, flags: &ScheduleRemove, screen: &mut Screen) -> Result<Exit, Problem> {
    let machine = Machine::new(context.environment, &*context.disk);
    let folder = context.disk.resolve(&context.settings.folder).unwrap_or_else(|_| context.settings.folder.clone());
    let whose = User::of_folder(machine, &folder)?;
    let obsolete = |found: &InstalledJob| found.is_of(&folder) || (flags.gone && found.is_gone(&*context.disk));
    let mut removed = Vec::new();
    let mut notes = Vec::new();
    let mut steps = Vec::new();
    let mut unmanaged = Vec::new();
    let managers = machine.all(&whose);
    for manager in &managers {
        let found = match manager.found() {
            Ok(found) => found,
            Err(problem) => {
                notes.push(format!("not looked into: {}: {}", manager.place(), problem.message));
                continue;
            }
        };
        unmanaged.extend(manager.unmanaged(&folder));
        let found: Vec<InstalledJob> = found.into_iter().filter(&obsolete).collect();
        if found.is_empty() {
            continue;
        }
        if let Some(edited) = found.iter().find(|found| found.edited && !flags.force) {
            return Err(super::install::edited(edited, "remove"));
        }
        let these = manager.removal(&found.iter().collect::<Vec<_>>())?;
        if !flags.dry_run {
            machine.carry_out(&these)?;
            if let Some(left) = manager.found()?.iter().find(|left| found.iter().any(|gone| gone.label == left.label)) {
                let message = format!("{} is still in {}", left.label, left.place);
                return Err(Problem::of(Exit::Temporary, message).with_next("everlit schedule remove, once more"));
            }
        }
        steps.extend(these);
        removed.extend(found);
    }
    notes.extend(
        unmanaged.iter().map(|other| format!("runs it as well, made by hand: {}: {}", other.place, other.line)),
    );
    let next = match (unmanaged.is_empty(), flags.dry_run && !removed.is_empty(), flags.gone) {
        (false, ..) => "remove the line that was made by hand, too",
        (true, true, true) => "everlit schedule remove --gone",
        (true, true, false) => "everlit schedule remove",
        (true, false, _) => "nothing to do",
    };
    if context.global.json {
        screen.json(&json!({
            "schema": "everlit.schedule-remove/1",
            "generated_at": rfc3339(context.now()),
            "exit_code": Exit::Success.code(),
            "dry_run": flags.dry_run,
            "removed": removed.iter().map(|found| row(found, None)).collect::<Vec<_>>(),
            "steps": steps.iter().map(super::machine::Step::message).collect::<Vec<_>>(),
            "notes": notes,
            "next": next,
        }));
        return Ok(Exit::Success);
    }
    for note in &notes {
        screen.note(format!("{} {note}", Mark::Warning.painted()));
    }
    if flags.dry_run {
        screen.note("Dry run: nothing is changed.");
        for step in &steps {
            screen.say(format!("would {}", step.message()));
        }
    } else if !context.global.quiet {
        for found in &removed {
            screen.say(format!("{} removed {} from {}", Mark::Good.painted(), found.label, found.place));
        }
    }
    if removed.is_empty() && !context.global.quiet {
        screen.say("nothing of everlit's is installed on this machine for this folder");
    }
    if !context.global.quiet || !unmanaged.is_empty() {
        screen.next(next);
    }
    Ok(Exit::Success)
}
