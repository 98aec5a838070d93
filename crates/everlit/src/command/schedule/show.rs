//! `everlit schedule show`: what runs this folder, when next, and how the last run ended.

use std::path::{Path, PathBuf};

use everlit_disk::Disk;
use everlit_meta_api::Timestamp;
use everlit_schedule::Job;
use everlit_store::rfc3339;
use serde_json::{Value, json};

use crate::output::exit::Exit;
use crate::output::format::{date_and_time, relative};
use crate::output::problem::Problem;
use crate::output::screen::{Mark, Screen, dim, strong};
use crate::wire::Context;

use super::machine::{InstalledJob, JobStatus, Machine, UnmanagedJob, User, When};

pub(super) fn run(context: &Context<'_>, screen: &mut Screen) -> Result<Exit, Problem> {
    let seen = look(context)?;
    let (exit, next) = seen.verdict();
    let now = context.now();
    let last_run = last_run(context);
    if context.global.json {
        let rows: Vec<Value> = seen.installed.iter().map(|(found, job_status)| row(found, Some(job_status))).collect();
        screen.json(&json!({
            "schema": "everlit.schedule/1",
            "generated_at": rfc3339(now),
            "exit_code": exit.code(),
            "folder": seen.folder.display().to_string(),
            "last_run_at": last_run.map(rfc3339),
            "schedules": rows,
            "others": seen.unmanaged.iter().map(|other| json!({ "place": other.place, "line": other.line })).collect::<Vec<_>>(),
            "gone": seen.gone.iter().map(|found| row(found, None)).collect::<Vec<_>>(),
            "unread": seen.unread,
            "next": next,
        }));
        return Ok(exit);
    }
    let quiet = context.global.quiet;
    for (found, job_status) in &seen.installed {
        if !quiet || !job_status.troubles.is_empty() {
            say(found, job_status, now, screen);
        }
    }
    for note in seen.notes() {
        screen.say(format!("{} {note}", Mark::Warning.painted()));
    }
    if quiet && exit == Exit::Success {
        return Ok(exit);
    }
    screen.say(dim(&last_run.map_or_else(
        || "no run has been noted yet".to_owned(),
        |at| format!("last run, by whatever started it: {}", relative(at, now)),
    )));
    screen.next(next);
    Ok(exit)
}

/// What this machine has for a folder.
#[derive(Debug)]
pub(crate) struct Seen {
    folder: PathBuf,
    /// Of everlit's own, for this folder.
    pub(crate) installed: Vec<(InstalledJob, JobStatus)>,
    /// Made by hand, or for the older script.
    pub(crate) unmanaged: Vec<UnmanagedJob>,
    /// For folders that are no longer there.
    gone: Vec<InstalledJob>,
    /// What could not be looked into, and why.
    unread: Vec<String>,
}

/// Looks into every scheduler of this machine; starts their programs.
pub(crate) fn look(context: &Context<'_>) -> Result<Seen, Problem> {
    let machine = Machine::new(context.environment, &*context.disk);
    let folder = context.disk.resolve(&context.settings.folder).unwrap_or_else(|_| context.settings.folder.clone());
    let whose = User::of_folder(machine, &folder)?;
    let mut seen = Seen { installed: Vec::new(), unmanaged: Vec::new(), gone: Vec::new(), unread: Vec::new(), folder };
    for manager in machine.all(&whose) {
        match manager.found() {
            Ok(found) => {
                for found in found {
                    if found.is_of(&seen.folder) {
                        let job_status = manager.job_status(&found, context.now());
                        seen.installed.push((found, job_status));
                    } else if found.is_gone(&*context.disk) {
                        seen.gone.push(found);
                    }
                }
                seen.unmanaged.extend(manager.unmanaged(&seen.folder));
            }
            Err(problem) => seen.unread.push(format!("{}: {}", manager.place(), problem.message)),
        }
    }
    Ok(seen)
}

impl Seen {
    /// How it stands, and what to do.
    pub(crate) fn verdict(&self) -> (Exit, String) {
        let failure = self.installed.iter().flat_map(|(_, job_status)| &job_status.troubles).next();
        match (failure, self.installed.is_empty()) {
            (Some((_, next)), _) => (Exit::Person, next.clone()),
            (None, true) if self.unmanaged.is_empty() => (Exit::Person, "everlit schedule install".to_owned()),
            (None, true) => (Exit::Success, "everlit schedule install, then remove the other line".to_owned()),
            (None, false) if self.count() > 1 => (Exit::Success, "keep one of them and remove the others".to_owned()),
            (None, false) if !self.gone.is_empty() => (Exit::Success, "everlit schedule remove --gone".to_owned()),
            (None, false) => (Exit::Success, "nothing to do".to_owned()),
        }
    }

    fn count(&self) -> usize {
        self.installed.len() + self.unmanaged.len()
    }

    /// What a person should know besides.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.installed.is_empty() && self.unmanaged.is_empty() {
            notes.push("nothing of everlit's is installed on this machine for this folder".to_owned());
        }
        for other in &self.unmanaged {
            let twice =
                if self.installed.is_empty() { "runs it, made by hand" } else { "runs it as well: two schedules" };
            notes.push(format!("{twice}: {}: {}", other.place, other.line));
        }
        if self.installed.len() > 1 {
            notes.push("it is installed more than once".to_owned());
        }
        for (found, _) in self.installed.iter().filter(|(found, _)| found.edited) {
            notes.push(format!("{} has been changed by hand", found.place));
        }
        for found in &self.gone {
            let folder = found.folder.as_deref().unwrap_or_else(|| Path::new("?")).display();
            notes.push(format!("{} in {} runs in {folder}, which is not there any more", found.label, found.place));
        }
        notes.extend(self.unread.iter().map(|why| format!("not looked into: {why}")));
        notes
    }
}

impl InstalledJob {
    /// Whether it runs for this folder. The label tells it where a scheduler gives the folder in letters of its own.
    pub(super) fn is_of(&self, folder: &Path) -> bool {
        self.folder.as_deref() == Some(folder) || Job::label_of(folder).is_ok_and(|label| label == self.label)
    }

    /// Whether it runs for a folder that is gone.
    pub(super) fn is_gone(&self, disk: &dyn Disk) -> bool {
        let gone = |folder: &Path| disk.stat(folder).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
        self.folder.as_deref().is_some_and(gone)
    }
}

/// One schedule, for a person.
pub(super) fn say(found: &InstalledJob, job_status: &JobStatus, now: Timestamp, screen: &mut Screen) {
    let mark = if job_status.troubles.is_empty() { Mark::Good } else { Mark::Bad };
    screen.say(format!("{} {}  {}", mark.painted(), strong(&format!("{:<12}", found.scheduler.name())), found.place));
    if let Some(next) = &job_status.next {
        screen.say(format!("  next run      {}", next.message(now)));
    }
    if let Some(last) = &job_status.last {
        screen.say(format!("  last run      {}", last.message(now)));
    }
    if let Some(result) = &job_status.result {
        screen.say(format!("  it ended      {result}"));
    }
    for (failure, fix) in &job_status.troubles {
        screen.say(format!("  {} {failure}", Mark::Warning.painted()));
        screen.say(format!("    {} {}", dim("fix:"), screen.advice(fix)));
    }
}

/// One schedule, for a program.
pub(super) fn row(found: &InstalledJob, job_status: Option<&JobStatus>) -> Value {
    let at = |when: Option<&When>| match when {
        Some(When::At(at)) => Value::String(rfc3339(*at)),
        Some(When::Said(_)) | None => Value::Null,
    };
    json!({
        "with": found.scheduler.name(),
        "name": found.label,
        "place": found.place,
        "folder": found.folder.as_ref().map(|folder| folder.display().to_string()),
        "edited": found.edited,
        "works": job_status.map(|job_status| job_status.troubles.is_empty()),
        "next_run_at": at(job_status.and_then(|job_status| job_status.next.as_ref())),
        "last_run_at": at(job_status.and_then(|job_status| job_status.last.as_ref())),
        "last_result": job_status.and_then(|job_status| job_status.result.clone()),
        "troubles": job_status.map_or_else(Vec::new, |job_status| {
            job_status.troubles.iter().map(|(message, fix)| json!({ "message": message, "fix": fix })).collect()
        }),
    })
}

impl When {
    pub(crate) fn message(&self, now: Timestamp) -> String {
        match self {
            Self::At(at) => format!("{} ({})", date_and_time(*at), relative(*at, now)),
            Self::Said(message) => message.clone(),
        }
    }
}

fn last_run(context: &Context<'_>) -> Option<Timestamp> {
    let store = context.store();
    context.settings.names().iter().filter_map(|name| store.last_run(name)).max()
}
