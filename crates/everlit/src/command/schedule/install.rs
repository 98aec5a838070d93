//! `everlit schedule install`: into a scheduler of this machine, proved by asking that scheduler, tried in its surroundings.

use std::path::Path;

use everlit_meta_api::Timestamp;
use everlit_schedule::{Job, Scheduler};
use everlit_store::rfc3339;
use serde_json::json;

use crate::cli::ScheduleInstall;
use crate::exit::Exit;
use crate::screen::{Mark, Problem, Screen};
use crate::wire::Context;

use super::here::{Found, Here, Manager, Proof, Step, Trial, User};
use super::job::{left_behind, of_this_folder};
use super::show::{look, row, say};

pub(super) fn run(context: &Context<'_>, flags: &ScheduleInstall, screen: &mut Screen) -> Result<Exit, Problem> {
    let job = of_this_folder(context)?;
    let here = Here::new(context.environment, &*context.disk);
    let whose = User::of_folder(here, Path::new(job.folder()))?;
    let manager = chosen(here, &whose, flags.with, &job)?;
    let now = context.now();
    let change = Change::planned(here, &*manager, &whose, &job, flags.force, now)?;
    if flags.dry_run {
        return Ok(dry_run(context, &*manager, &change, screen));
    }
    here.carry_out(&change.steps)?;
    let installed = read_back(&*manager, &job)?;
    for (elsewhere, found) in &change.elsewhere {
        here.carry_out(&elsewhere.removal(&[found])?)?;
    }
    let proof = manager.proof(&installed, now);
    let trial = if flags.no_run || !proof.troubles.is_empty() { None } else { Some(manager.trial(&installed)?) };
    let mut notes = change.notes(&job);
    let fleeting = fleeting(job.program(), context);
    notes.extend(fleeting.as_ref().map(|(where_it_is, fix)| format!("{where_it_is}: {fix}")));
    notes.extend(left_behind(context)?);
    notes.extend(look(context)?.notes());
    let done = Done {
        change: &change,
        installed: &installed,
        proof: &proof,
        trial: trial.as_ref(),
        notes,
        fix: fleeting.map(|(_, fix)| fix),
    };
    done.show(context, now, screen);
    Ok(done.verdict().0)
}

/// The scheduler that was asked for; else the one that has the job already; else the best one that would run it.
fn chosen<'a>(
    here: Here<'a>,
    whose: &User,
    asked: Option<Scheduler>,
    job: &Job,
) -> Result<Box<dyn Manager + 'a>, Problem> {
    if let Some(scheduler) = asked {
        let manager = here.manager(scheduler, whose).ok_or_else(|| Problem::internal("no such scheduler"))?;
        manager.usable()?;
        return Ok(manager);
    }
    let mut reasons = Vec::new();
    let mut usable = Vec::new();
    for manager in here.choice(whose) {
        match manager.usable() {
            Ok(()) => usable.push(manager),
            Err(problem) => reasons.push(problem),
        }
    }
    let is_ours = |found: &Found| found.label == job.label();
    let has_it = |found: Vec<Found>| found.iter().any(is_ours);
    let place = usable.iter().position(|manager| manager.found().is_ok_and(has_it)).unwrap_or_default();
    if place < usable.len() {
        return Ok(usable.swap_remove(place));
    }
    let exit = reasons.iter().map(|problem| problem.exit).max().unwrap_or(Exit::Config);
    let words: Vec<&str> = reasons.iter().map(|problem| problem.words.as_str()).collect();
    let next = reasons.iter().rev().find(|problem| problem.exit == Exit::Person).map(|problem| problem.next.clone());
    Err(Problem::of(exit, format!("no scheduler of this machine can be used: {}", words.join("; "))).with_next(
        next.unwrap_or_else(|| "everlit schedule print --help, for containers, CI and other machines".to_owned()),
    ))
}

/// What has to be done.
struct Change<'a> {
    steps: Vec<Step>,
    /// The same job elsewhere on this machine, which goes once this one stands.
    elsewhere: Vec<(Box<dyn Manager + 'a>, Found)>,
    /// What the new one takes the place of.
    old: Vec<Found>,
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
    fn words(self) -> &'static str {
        match self {
            Self::New => "installed",
            Self::Changed => "updated",
            Self::Same => "already installed",
        }
    }
}

impl<'a> Change<'a> {
    fn planned(
        here: Here<'a>,
        manager: &dyn Manager,
        whose: &User,
        job: &Job,
        force: bool,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let all = manager.found()?;
        let old: Vec<Found> = all.into_iter().filter(|found| replaced_by(found, job, here)).collect();
        let mut elsewhere = Vec::new();
        for other in here.all(whose).into_iter().filter(|other| other.scheduler() != manager.scheduler()) {
            // What cannot be looked into is told of by the look at the end.
            let found = other.found().unwrap_or_default().into_iter().find(|found| found.label == job.label());
            elsewhere.extend(found.map(|found| (other, found)));
        }
        let by_hand = old.iter().chain(elsewhere.iter().map(|(_, found)| found)).find(|found| found.edited);
        if let Some(found) = by_hand.filter(|_| !force) {
            return Err(edited(found, "install"));
        }
        let wanted = manager.content(job)?;
        let is_same =
            |found: &Found| !found.edited && found.content == wanted && manager.proof(found, now).troubles.is_empty();
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
fn replaced_by(found: &Found, job: &Job, here: Here<'_>) -> bool {
    let name = |folder: &Path| folder.file_name().map(std::ffi::OsStr::to_owned);
    let moved = || {
        let old = found.folder.as_deref().and_then(name);
        old.is_some() && old == name(Path::new(job.folder())) && found.is_gone(here.disk)
    };
    found.label == job.label() || moved()
}

pub(super) fn edited(found: &Found, command: &str) -> Problem {
    let words = format!("{} in {} has been changed by hand, and is left as it is", found.label, found.place);
    Problem::config(words).with_next(format!("everlit schedule {command} --force, which discards those changes"))
}

/// Not what was written, but what stands there now.
fn read_back(manager: &dyn Manager, job: &Job) -> Result<Found, Problem> {
    let wanted = manager.content(job)?;
    let found = manager.found()?.into_iter().find(|found| found.label == job.label() && found.content == wanted);
    found.ok_or_else(|| {
        let words = format!("{} does not hold what was just put there: something else changes it", manager.place());
        Problem::of(Exit::Temporary, words).with_next("everlit schedule install, once more")
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
            "exit_code": Exit::Well.code(),
            "dry_run": true,
            "with": manager.scheduler().name(),
            "place": manager.place(),
            "steps": change.steps.iter().map(Step::words).collect::<Vec<_>>(),
            "next": "everlit schedule install",
        }));
        return Exit::Well;
    }
    screen.note("Dry run: nothing is changed.");
    if change.steps.is_empty() {
        screen.say(format!("nothing would be changed in {}: it is there already", manager.place()));
    }
    for step in &change.steps {
        screen.say(format!("would {}", step.words()));
    }
    screen.next("everlit schedule install");
    Exit::Well
}

/// How it went.
struct Done<'d> {
    change: &'d Change<'d>,
    installed: &'d Found,
    proof: &'d Proof,
    trial: Option<&'d Trial>,
    notes: Vec<String>,
    /// What must be done for it to run tomorrow as well.
    fix: Option<String>,
}

impl Done<'_> {
    /// How the program ends, and what is to be done.
    fn verdict(&self) -> (Exit, String) {
        if let Some((_, fix)) = self.proof.troubles.first() {
            return (Exit::Person, fix.clone());
        }
        let well = || self.fix.clone().unwrap_or_else(|| "everlit schedule show, whenever you wonder".to_owned());
        match self.trial {
            Some(Trial::Ran { code, .. }) => {
                let exit = Exit::ALL.into_iter().find(|exit| i32::from(exit.code()) == *code);
                let next = match exit {
                    Some(Exit::Well) => well(),
                    Some(_) => format!("everlit explain exit {code}; then everlit schedule install"),
                    None => "everlit doctor".to_owned(),
                };
                (exit.unwrap_or(Exit::Config), next)
            }
            Some(Trial::NotRun(_)) => (Exit::Config, "set that right, then everlit schedule install".to_owned()),
            Some(Trial::Started) => (Exit::Well, "everlit schedule show, which says how the run ended".to_owned()),
            None => (Exit::Well, well()),
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
                "state": self.change.state.words(),
                "schedule": row(self.installed, Some(self.proof)),
                "steps": self.change.steps.iter().map(Step::words).collect::<Vec<_>>(),
                "trial": self.trial.map(trial_words),
                "notes": self.notes,
            });
            document["next"] = next.into();
            return screen.json(&document);
        }
        let quiet = context.global.quiet;
        for note in &self.notes {
            screen.note(format!("{} {note}", Mark::Warning.painted()));
        }
        if quiet && exit == Exit::Well {
            return;
        }
        screen.say(format!("{} {}", Mark::Good.painted(), self.change.state.words()));
        say(self.installed, self.proof, now, screen);
        if let Some(trial) = self.trial {
            let well = matches!(trial, Trial::Ran { code: 0, .. } | Trial::Started);
            let mark = if well { Mark::Good } else { Mark::Bad };
            screen.say(format!("{} {}", mark.painted(), trial_words(trial)));
        }
        screen.next(next);
    }
}

fn trial_words(trial: &Trial) -> String {
    match trial {
        Trial::Ran { code: 0, .. } => "a run in the scheduler's own surroundings ended well".to_owned(),
        Trial::Ran { code, said } if said.is_empty() => {
            format!("a run in the scheduler's own surroundings ended with {code}")
        }
        Trial::Ran { code, said } => format!("a run in the scheduler's own surroundings ended with {code}: {said}"),
        Trial::NotRun(why) => format!("it cannot run in the scheduler's own surroundings: {why}"),
        Trial::Started => "a first run has been started".to_owned(),
    }
}
