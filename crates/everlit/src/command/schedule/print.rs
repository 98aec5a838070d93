//! `everlit schedule print`: the files for a scheduler, to read or to install by hand.

use std::path::Path;

use everlit_keeper::Step;
use everlit_schedule::{Encoding, GeneratedFile, Job, JobError, Machine, Scheduler, User, write_files};
use serde_json::json;

use super::job::{left_behind, of_this_folder};
use crate::cli::SchedulePrint;
use crate::context::Context;
use crate::output::step;
use crate::output::{Exit, Mark, Problem, Screen};

pub(crate) fn run(context: &Context<'_>, flags: &SchedulePrint, screen: &mut Screen) -> Result<Exit, Problem> {
    let scheduler = flags.scheduler;
    let job = complete(of_this_folder(context)?, context, flags)?;
    let files = scheduler.render(&job)?;
    let folder = flags.output.as_ref().map(|output| context.settings.folder.join(output));
    if let Some(folder) = &folder {
        write_files(Machine::new(context.environment, &*context.disk), folder, &files)?;
    }
    let next = scheduler.next_step(&job, folder.as_deref());
    if context.global.json {
        show_json(context, scheduler, &files, folder.as_deref(), &next, screen);
    } else if let Some(folder) = &folder {
        for file in &files {
            screen.say(folder.join(&file.name).display().to_string());
        }
    } else {
        show_text(&files, screen);
    }
    if !context.global.quiet {
        let mut notes = if job.runs_elsewhere(scheduler) { Vec::new() } else { left_behind(context)? };
        if folder.is_none() && files.iter().any(|file| file.encoding == Encoding::Utf16) {
            notes.push(format!(
                "shown as UTF-8, but Windows needs UTF-16: write it with `everlit schedule print {scheduler} --output .`"
            ));
        }
        for note in notes {
            screen.note(format!("{} {note}", Mark::Warning.painted()));
        }
        if !context.global.json {
            screen.note_next(&next);
        }
    }
    Ok(Exit::Success)
}

/// Adds what only some schedulers need.
fn complete(job: Job, context: &Context<'_>, flags: &SchedulePrint) -> Result<Job, JobError> {
    let home = context.environment.variable("HOME").map(Path::new).filter(|home| home.is_absolute());
    let machine = Machine::new(context.environment, &*context.disk);
    let folder = Path::new(job.folder());
    match flags.scheduler {
        // A crontab of one's own needs no name.
        scheduler @ (Scheduler::SystemdSystem | Scheduler::Cron) => {
            let owner = User::owner_of(machine, folder);
            let owner = owner.filter(|owner| scheduler == Scheduler::SystemdSystem || owner.is_other());
            match flags.user.as_deref().or_else(|| owner.as_ref().map(User::name)) {
                Some(user) => job.with_user(user),
                None => Ok(job),
            }
        }
        Scheduler::Launchd if home.is_some() => {
            let home = home.unwrap_or(folder);
            let log = home.join("Library/Logs").join(format!("{}.log", job.label()));
            job.with_log(&log)
        }
        Scheduler::Compose | Scheduler::Kubernetes => match context.disk.stat(folder) {
            Ok(stat) => Ok(job.owned_by(stat.uid, stat.gid)),
            Err(_) => Ok(job),
        },
        _ => Ok(job),
    }
}

/// Prints a single file as it is, so that it can be redirected; several files each under a line that names them.
fn show_text(files: &[GeneratedFile], screen: &mut Screen) {
    if let [file] = files {
        return screen.print(&file.text);
    }
    for (index, file) in files.iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        screen.print(format!("{gap}# ---- {} (goes to {})\n{}", file.name, file.goes_to, file.text));
    }
}

fn show_json(
    context: &Context<'_>,
    scheduler: Scheduler,
    files: &[GeneratedFile],
    folder: Option<&Path>,
    next: &Step,
    screen: &mut Screen,
) {
    let rows: Vec<_> = files
        .iter()
        .map(|file| {
            json!({
                "name": file.name,
                "text": file.text,
                "encoding": match file.encoding { Encoding::Utf8 => "utf-8", Encoding::Utf16 => "utf-16le with a byte order mark" },
                "goes_to": file.goes_to,
                "written": folder.map(|folder| folder.join(&file.name).display().to_string()),
            })
        })
        .collect();
    let fields = json!({
        "scheduler": scheduler.name(),
        "files": rows,
        "next": step::json(Some(next)),
    });
    screen.document("schedule-print", context.machine_time(), Exit::Success, fields);
}
