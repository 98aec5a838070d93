//! `everlit schedule remove`: removes what install has installed, and nothing else.

use everlit_keeper::Step;
use everlit_schedule::{Action, Machine, Removal, RemoveOptions, remove};
use serde_json::json;

use crate::cli::ScheduleRemove;
use crate::context::Context;
use crate::output::step;
use crate::output::{Exit, Mark, Problem, Screen};

use super::rows;

pub(super) fn run(context: &Context<'_>, flags: &ScheduleRemove, screen: &mut Screen) -> Result<Exit, Problem> {
    let machine = Machine::new(context.environment, &*context.disk);
    let options = RemoveOptions { gone: flags.gone, force: flags.force, dry_run: flags.dry_run };
    let removal = remove(machine, &context.settings.folder, options)?;
    let next = next(&removal, flags);
    let unmanaged = removal.unmanaged.iter();
    let unmanaged = unmanaged.map(|other| format!("another job still runs this: {}: {}", other.place, other.line));
    let unreadable = removal.unreadable.iter().map(|why| format!("cannot read {why}"));
    let notes: Vec<String> = unreadable.chain(unmanaged).collect();
    if context.global.json {
        let fields = json!({
            "dry_run": flags.dry_run,
            "removed": removal.removed.iter().map(|job| rows::to_json(job, None)).collect::<Vec<_>>(),
            "steps": removal.actions.iter().map(Action::message).collect::<Vec<_>>(),
            "notes": notes,
            "next": step::json(Some(&next)),
        });
        screen.document("schedule-remove", context.machine_time(), Exit::Success, fields);
        return Ok(Exit::Success);
    }
    for note in &notes {
        screen.note(format!("{} {note}", Mark::Warning.painted()));
    }
    show(&removal, flags, context.global.quiet, screen);
    if !context.global.quiet || !removal.unmanaged.is_empty() {
        screen.next(&next);
    }
    Ok(Exit::Success)
}

fn show(removal: &Removal, flags: &ScheduleRemove, quiet: bool, screen: &mut Screen) {
    if flags.dry_run {
        screen.note("Dry run: nothing is changed.");
        for action in &removal.actions {
            screen.say(format!("would {}", action.message()));
        }
    } else if !quiet {
        for job in &removal.removed {
            screen.say(format!("{} removed {} from {}", Mark::Good.painted(), job.label, job.place));
        }
    }
    if removal.removed.is_empty() && !quiet {
        let which = if flags.gone { "a folder that no longer exists" } else { "this folder" };
        screen.say(format!("no job for {which} is installed on this machine"));
    }
}

fn next(removal: &Removal, flags: &ScheduleRemove) -> Step {
    match (removal.unmanaged.is_empty(), flags.dry_run && !removal.removed.is_empty(), flags.gone) {
        (false, ..) => Step::note("remove the other job by hand"),
        (true, true, true) => Step::everlit("schedule remove --gone"),
        (true, true, false) => Step::everlit("schedule remove"),
        (true, false, _) => Step::note("nothing to do"),
    }
}
