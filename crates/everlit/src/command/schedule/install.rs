//! `everlit schedule install`: into a scheduler of this machine, proved by asking that scheduler, tried in its surroundings.

use std::path::Path;

use everlit_meta_api::Timestamp;
use everlit_schedule::{Job, Scheduler};
use everlit_store::rfc3339;
use serde_json::json;

use crate::cli::ScheduleInstall;
use crate::output::exit::Exit;
use crate::output::problem::Problem;
use crate::output::screen::{Mark, Screen};
use crate::wire::Context;

use super::job::{left_behind, of_this_folder};
use super::machine::{InstalledJob, JobStatus, Machine, Manager, Step, TestRun, User};
use super::show::{look, row, say};

pub(super) fn run(context: &Context<'_>, flags: &ScheduleInstall, screen: &mut Screen) -> Result<Exit, Problem> {
    let job = of_this_folder(context)?;
    let machine = Machine::new(context.environment, &*context.disk);
    let whose = User::of_folder(machine, Path::new(job.folder()))?;
    let manager = chosen(machine, &whose, flags.with, &job)?;
    let now = context.now();
    let change = Change::planned(machine, &*manager, &whose, &job, flags.force, now)?;
    if flags.dry_run {
        return Ok(dry_run(context, &*manager, &change, screen));
    }
    machine.carry_out(&change.steps)?;
    let installed = read_back(&*manager, &job)?;
    for (elsewhere, found) in &change.elsewhere {
        machine.carry_out(&elsewhere.removal(&[found])?)?;
    }
    let job_status = manager.job_status(&installed, now);
    let test_run =
        if flags.no_run || !job_status.troubles.is_empty() { None } else { Some(manager.test_run(&installed)?) };
    let mut notes = change.notes(&job);
    let fleeting = fleeting(job.program(), context);
    notes.extend(fleeting.as_ref().map(|(where_it_is, fix)| format!("{where_it_is}: {fix}")));
    notes.extend(left_behind(context)?);
    notes.extend(look(context)?.notes());
    let done = Done {
        change: &change,
        installed: &installed,
        job_status: &job_status,
        test_run: test_run.as_ref(),
        notes,
        fix: fleeting.map(|(_, fix)| fix),
    };
    done.show(context, now, screen);
    Ok(done.verdict().0)
}

/// The scheduler that was asked for; else the one that has the job already; else the best one that would run it.
fn chosen<'a>(
    machine: Machine<'a>,
    whose: &User,
    failed_call: Option<Scheduler>,
    job: &Job,
) -> Result<Box<dyn Manager + 'a>, Problem> {
    if let Some(scheduler) = failed_call {
        let manager = machine.manager(scheduler, whose).ok_or_else(|| Problem::internal("no such scheduler"))?;
        manager.usable()?;
        return Ok(manager);
    }
    let mut reasons = Vec::new();
    let mut usable = Vec::new();
    for manager in machine.choice(whose) {
        match manager.usable() {
            Ok(()) => usable.push(manager),
            Err(problem) => reasons.push(problem),
        }
    }
    let is_ours = |found: &InstalledJob| found.label == job.label();
    let has_it = |found: Vec<InstalledJob>| found.iter().any(is_ours);
    let place = usable.iter().position(|manager| manager.found().is_ok_and(has_it)).unwrap_or_default();
    if place < usable.len() {
        return Ok(usable.swap_remove(place));
    }
    let exit = reasons.iter().map(|problem| problem.exit).max().unwrap_or(Exit::Config);
    let message: Vec<&str> = reasons.iter().map(|problem| problem.message.as_str()).collect();
    let next = reasons.iter().rev().find(|problem| problem.exit == Exit::Person).map(|problem| problem.next.clone());
    Err(Problem::of(exit, format!("no scheduler of this machine can be used: {}", message.join("; "))).with_next(
        next.unwrap_or_else(|| {
            everlit_keeper::Step::everlit("schedule print --help").with_note("for containers, CI and other machines")
        }),
    ))
}

/// What has to be done.
struct Change<'a> {
    steps: Vec<Step>,
    /// The same job elsewhere on this machine, which goes once this one stands.
    elsewhere: Vec<(Box<dyn Manager + 'a>, InstalledJob)>,
    /// What the new one takes the place of.
    old: Vec<InstalledJob>,
    state: State,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    New,
    Changed,
    /// It stood there already, word for word, and works.
    Same,
}

impl State {
    fn message(self) -> &'static str {
        match self {
            Self::New => "installed",
            Self::Changed => "updated",
            Self::Same => "already installed",
        }
    }
}

impl<'a> Change<'a> {
    fn planned(
        machine: Machine<'a>,
        manager: &dyn Manager,
        whose: &User,
        job: &Job,
        force: bool,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let all = manager.found()?;
        let old: Vec<InstalledJob> = all.into_iter().filter(|found| replaced_by(found, job, machine)).collect();
        let mut elsewhere = Vec::new();
        for other in machine.all(whose).into_iter().filter(|other| other.scheduler() != manager.scheduler()) {
            // What cannot be looked into is told of by the look at the end.
            let found = other.found().unwrap_or_default().into_iter().find(|found| found.label == job.label());
            elsewhere.extend(found.map(|found| (other, found)));
        }
        let by_hand = old.iter().chain(elsewhere.iter().map(|(_, found)| found)).find(|found| found.edited);
        if let Some(found) = by_hand.filter(|_| !force) {
            return Err(edited(found, "install"));
        }
        let wanted = manager.content(job)?;
        let is_same = |found: &InstalledJob| {
            !found.edited && found.content == wanted && manager.job_status(found, now).troubles.is_empty()
        };
        let state = match old.as_slice() {
            [] if elsewhere.is_empty() => State::New,
            [one] if is_same(one) && elsewhere.is_empty() => State::Same,
            _ => State::Changed,
        };
        let steps = match state {
            State::Same => Vec::new(),
            _ => manager.installation(job, &old.iter().collect::<Vec<_>>())?,
        };
        Ok(Self { steps, elsewhere, old, state })
    }

    fn notes(&self, job: &Job) -> Vec<String> {
        let moved = self.old.iter().filter(|old| old.label != job.label()).map(|old| {
            let folder = old.folder.as_deref().unwrap_or_else(|| Path::new("?")).display();
            format!("it takes the place of {}, whose folder {folder} is not there any more", old.label)
        });
        let switched = self.elsewhere.iter();
        moved
            .chain(switched.map(|(_, found)| format!("it was in {} before; that one is removed", found.place)))
            .collect()
    }
}

/// The job's own, and the one of a project that was moved: same name, and its old folder is gone.
fn replaced_by(found: &InstalledJob, job: &Job, machine: Machine<'_>) -> bool {
    let name = |folder: &Path| folder.file_name().map(std::ffi::OsStr::to_owned);
    let moved = || {
        let old = found.folder.as_deref().and_then(name);
        old.is_some() && old == name(Path::new(job.folder())) && found.is_gone(machine.disk)
    };
    found.label == job.label() || moved()
}

pub(super) fn edited(found: &InstalledJob, command: &str) -> Problem {
    let message = format!("{} in {} has been changed by hand, and is left as it is", found.label, found.place);
    Problem::config(message).with_next(format!("everlit schedule {command} --force, which discards those changes"))
}

/// Not what was written, but what stands there now.
fn read_back(manager: &dyn Manager, job: &Job) -> Result<InstalledJob, Problem> {
    let wanted = manager.content(job)?;
    let found = manager.found()?.into_iter().find(|found| found.label == job.label() && found.content == wanted);
    found.ok_or_else(|| {
        let message = format!("{} does not hold what was just put there: something else changes it", manager.place());
        Problem::of(Exit::Temporary, message).with_next("everlit schedule install, once more")
    })
}

/// A program that stands where programs do not stay, in words, and what to do.
fn fleeting(program: &str, context: &Context<'_>) -> Option<(String, String)> {
    const ELSEWHERE: &str = "install everlit where it stays";
    const PLACES: [(&str, &str, &str); 7] = [
        ("/target/debug/", "a build folder", ELSEWHERE),
        ("/target/release/", "a build folder", ELSEWHERE),
        ("/_npx/", "the cache of npx, which npm empties", "npm install --save-dev everlit"),
        ("/dlx-", "the cache of pnpm dlx, which pnpm empties", "pnpm add --save-dev everlit"),
        ("/tmp/", "a folder that is emptied", ELSEWHERE),
        ("/var/tmp/", "a folder that is emptied", ELSEWHERE),
        ("/temp/", "a folder that is emptied", ELSEWHERE),
    ];
    let path = program.replace('\\', "/").to_ascii_lowercase();
    let of_place = |(part, ..): &&(&str, &str, &str)| match *part {
        "/tmp/" | "/var/tmp/" => path.starts_with(part),
        part => path.contains(part),
    };
    let place = PLACES.iter().find(of_place).map(|(_, place, fix)| (*place, *fix));
    let (place, fix) = place.or_else(|| {
        let temporary = context.environment.variable("TMPDIR")?;
        Path::new(program).starts_with(temporary).then_some(("a folder for temporary files", ELSEWHERE))
    })?;
    Some((format!("{program} is in {place}"), format!("{fix}, then everlit schedule install again")))
}

fn dry_run(context: &Context<'_>, manager: &dyn Manager, change: &Change<'_>, screen: &mut Screen) -> Exit {
    if context.global.json {
        screen.json(&json!({
            "schema": "everlit.schedule-install/1",
            "generated_at": rfc3339(context.now()),
            "exit_code": Exit::Success.code(),
            "dry_run": true,
            "with": manager.scheduler().name(),
            "place": manager.place(),
            "steps": change.steps.iter().map(Step::message).collect::<Vec<_>>(),
            "next": "everlit schedule install",
        }));
        return Exit::Success;
    }
    screen.note("Dry run: nothing is changed.");
    if change.steps.is_empty() {
        screen.say(format!("nothing would be changed in {}: it is there already", manager.place()));
    }
    for step in &change.steps {
        screen.say(format!("would {}", step.message()));
    }
    screen.next("everlit schedule install");
    Exit::Success
}

/// How it went.
struct Done<'d> {
    change: &'d Change<'d>,
    installed: &'d InstalledJob,
    job_status: &'d JobStatus,
    test_run: Option<&'d TestRun>,
    notes: Vec<String>,
    /// What must be done for it to run tomorrow as well.
    fix: Option<String>,
}

impl Done<'_> {
    /// How the program ends, and what is to be done.
    fn verdict(&self) -> (Exit, String) {
        if let Some((_, fix)) = self.job_status.troubles.first() {
            return (Exit::Person, fix.clone());
        }
        let well = || self.fix.clone().unwrap_or_else(|| "everlit schedule show, whenever you wonder".to_owned());
        match self.test_run {
            Some(TestRun::Ran { code, .. }) => {
                let exit = Exit::ALL.into_iter().find(|exit| i32::from(exit.code()) == *code);
                let next = match exit {
                    Some(Exit::Success) => well(),
                    Some(_) => format!("everlit explain exit {code}; then everlit schedule install"),
                    None => "everlit doctor".to_owned(),
                };
                (exit.unwrap_or(Exit::Config), next)
            }
            Some(TestRun::NotRun(_)) => (Exit::Config, "set that right, then everlit schedule install".to_owned()),
            Some(TestRun::Started) => (Exit::Success, "everlit schedule show, which says how the run ended".to_owned()),
            None => (Exit::Success, well()),
        }
    }

    fn show(&self, context: &Context<'_>, now: Timestamp, screen: &mut Screen) {
        let (exit, next) = self.verdict();
        if context.global.json {
            let mut document = json!({
                "schema": "everlit.schedule-install/1",
                "generated_at": rfc3339(now),
                "exit_code": exit.code(),
                "dry_run": false,
                "state": self.change.state.message(),
                "schedule": row(self.installed, Some(self.job_status)),
                "steps": self.change.steps.iter().map(Step::message).collect::<Vec<_>>(),
                "trial": self.test_run.map(trial_words),
                "notes": self.notes,
            });
            document["next"] = next.into();
            return screen.json(&document);
        }
        let quiet = context.global.quiet;
        for note in &self.notes {
            screen.note(format!("{} {note}", Mark::Warning.painted()));
        }
        if quiet && exit == Exit::Success {
            return;
        }
        screen.say(format!("{} {}", Mark::Good.painted(), self.change.state.message()));
        say(self.installed, self.job_status, now, screen);
        if let Some(test_run) = self.test_run {
            let well = matches!(test_run, TestRun::Ran { code: 0, .. } | TestRun::Started);
            let mark = if well { Mark::Good } else { Mark::Bad };
            screen.say(format!("{} {}", mark.painted(), trial_words(test_run)));
        }
        screen.next(next);
    }
}

fn trial_words(test_run: &TestRun) -> String {
    match test_run {
        TestRun::Ran { code: 0, .. } => "a run in the scheduler's own surroundings ended well".to_owned(),
        TestRun::Ran { code, said } if said.is_empty() => {
            format!("a run in the scheduler's own surroundings ended with {code}")
        }
        TestRun::Ran { code, said } => format!("a run in the scheduler's own surroundings ended with {code}: {said}"),
        TestRun::NotRun(why) => format!("it cannot run in the scheduler's own surroundings: {why}"),
        TestRun::Started => "a first run has been started".to_owned(),
    }
}
