//! Finds what on this machine refreshes a folder.

use std::path::{Path, PathBuf};

use everlit_keeper::Step;
use everlit_meta_api::{Timestamp, redact};

use crate::read::{self, DetectedSchedule, is_about_tokens};
use crate::registry::installers;
use crate::{InstalledJob, JobProblem, JobStatus, Machine, ScheduleError, UnmanagedJob, User};

/// What this machine has for a folder.
#[derive(Debug)]
pub struct Survey {
    /// The folder, without symbolic links.
    pub folder: PathBuf,
    /// everlit's jobs for the folder.
    pub installed: Vec<(InstalledJob, JobStatus)>,
    /// Jobs made by hand, or for the older script.
    pub unmanaged: Vec<UnmanagedJob>,
    /// everlit's jobs for folders that no longer exist.
    pub gone: Vec<InstalledJob>,
    /// The schedulers that could not be read, and why.
    pub unreadable: Vec<String>,
}

impl Survey {
    /// Asks every scheduler of the machine by starting its programs.
    pub fn of_folder(machine: Machine<'_>, folder: &Path, now: Timestamp) -> Result<Self, ScheduleError> {
        let folder = machine.resolved(folder);
        let user = User::of_folder(machine, &folder)?;
        let mut survey =
            Self { folder, installed: Vec::new(), unmanaged: Vec::new(), gone: Vec::new(), unreadable: Vec::new() };
        for installer in installers(machine, &user) {
            match installer.installed() {
                Ok(jobs) => {
                    for job in jobs {
                        if job.is_of(&survey.folder) {
                            let status = installer.status(&job, now);
                            survey.installed.push((job, status));
                        } else if job.is_gone(machine.disk) {
                            survey.gone.push(job);
                        }
                    }
                    survey.unmanaged.extend(installer.unmanaged(&survey.folder));
                }
                Err(error) => survey.unreadable.push(format!("{}: {error}", installer.place())),
            }
        }
        Ok(survey)
    }

    /// The first problem of an installed job.
    pub fn problem(&self) -> Option<&JobProblem> {
        self.installed.iter().flat_map(|(_, status)| &status.problems).next()
    }

    /// How many jobs refresh the folder.
    pub fn count(&self) -> usize {
        self.installed.len() + self.unmanaged.len()
    }

    /// Whether a job refreshes the folder and no job has a problem.
    pub fn is_healthy(&self) -> bool {
        self.count() > 0 && self.problem().is_none()
    }

    /// What a person should do.
    pub fn next_step(&self) -> Step {
        match self.problem() {
            Some(problem) => problem.fix.clone(),
            None if self.count() == 0 => Step::everlit("schedule install"),
            None if self.installed.is_empty() => {
                Step::everlit("schedule install").with_note("then remove the other job")
            }
            None if self.count() > 1 => Step::note("keep one of these jobs and remove the others"),
            None if !self.gone.is_empty() => Step::everlit("schedule remove --gone"),
            None => Step::note("nothing to do"),
        }
    }

    /// What else a person should know.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.count() == 0 {
            notes.push("no job for this folder is installed on this machine".to_owned());
        }
        let what = if self.installed.is_empty() { "a job that everlit did not install" } else { "another job already" };
        notes.extend(self.unmanaged.iter().map(|other| format!("{what} runs this: {}: {}", other.place, other.line)));
        if self.installed.len() > 1 {
            notes.push("the job is installed more than once".to_owned());
        }
        for job in &self.gone {
            let folder = job.shown_folder();
            notes.push(format!(
                "{} in {} runs in {folder}, which no longer exists: everlit schedule remove --gone removes it",
                job.label, job.place
            ));
        }
        notes.extend(self.unreadable.iter().map(|why| format!("cannot read {why}")));
        notes
    }
}

/// A schedule, and the file or scheduler that it is in.
pub type Placed = (String, DetectedSchedule);

/// The schedules in this machine's schedulers that refresh a folder, and those that could not be read.
pub fn schedules_on_machine(machine: Machine<'_>, folder: &Path, now: Timestamp) -> (Vec<Placed>, Vec<String>) {
    let folder = machine.resolved(folder);
    let user = match User::of_folder(machine, &folder) {
        Ok(user) => user,
        Err(error) => return (Vec::new(), vec![format!("this machine's schedulers: {error}")]),
    };
    let (mut found, mut unreadable) = (Vec::new(), Vec::new());
    for installer in installers(machine, &user) {
        let definitions = installer.definitions(&folder);
        unreadable.extend(definitions.as_ref().err().map(|error| format!("{}: {error}", installer.place())));
        for definition in definitions.unwrap_or_default() {
            let contents = read::file(&definition.name, &definition.bytes, now).unwrap_or_else(only_unreadable);
            for mut one in contents.schedules {
                let line = one.line;
                definition.problems.iter().for_each(|problem| one.block(line, "not-running", problem.clone()));
                found.push((definition.place.clone(), one));
            }
            // A crontab may hold a token.
            let errors = contents.unreadable.iter();
            unreadable.extend(errors.map(|error| redact(&format!("{}: {error}", definition.place))));
        }
    }
    (found, unreadable)
}

fn only_unreadable(error: read::Unreadable) -> read::Contents {
    read::Contents { unreadable: vec![error], ..read::Contents::default() }
}

/// The schedules in the GitHub workflows of the folder's repository that are about tokens, and
/// those of them that could not be read.
pub fn schedules_in_workflows(machine: Machine<'_>, folder: &Path, now: Timestamp) -> (Vec<Placed>, Vec<String>) {
    const MAX_WORKFLOW_LEN: usize = 1 << 20;
    let disk = machine.disk;
    let workflows = folder.ancestors().map(|above| above.join(".github").join("workflows"));
    let Some(workflows) = workflows.into_iter().find(|folder| disk.stat(folder).is_ok()) else {
        return (Vec::new(), Vec::new());
    };
    let shown = |file: &Path| file.strip_prefix(folder).unwrap_or(file).display().to_string();
    let (mut all, mut unreadable) = (Vec::new(), Vec::new());
    let names = disk.list(&workflows).unwrap_or_else(|error| {
        unreadable.push(format!("{}: {error}", shown(&workflows)));
        Vec::new()
    });
    let is_workflow = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "yml" || ending == "yaml");
    for file in names.iter().map(|name| workflows.join(name)).filter(is_workflow) {
        let bytes = match disk.read(&file, MAX_WORKFLOW_LEN) {
            Ok(bytes) => bytes,
            Err(error) => {
                unreadable.push(format!("{}: {error}", shown(&file)));
                continue;
            }
        };
        let about_tokens =
            is_about_tokens(&file.to_string_lossy()) || is_about_tokens(&String::from_utf8_lossy(&bytes));
        if !about_tokens {
            continue;
        }
        let shown = shown(&file);
        match read::file(&file, &bytes, now) {
            Ok(contents) => all.extend(contents.schedules.into_iter().map(|found| (shown.clone(), found))),
            // Most workflows have no schedule.
            Err(error) if error.message == read::NO_SCHEDULE => {}
            Err(error) => unreadable.push(redact(&format!("{shown}: {error}"))),
        }
    }
    (all, unreadable)
}
