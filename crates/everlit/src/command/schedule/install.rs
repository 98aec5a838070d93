//! `everlit schedule install`: installs a job, asks the scheduler about it, and runs it once as the scheduler will.

use std::path::Path;

use everlit_keeper::Step;
use everlit_meta_api::Timestamp;
use everlit_schedule::{
    Action, Change, GeneratedFile, InstalledJob, Installer, JobStatus, Machine, Plan, TestRun, User, choose,
    temporary_location,
};
use serde_json::json;

use crate::cli::ScheduleInstall;
use crate::context::Context;
use crate::output::step;
use crate::output::{Exit, Mark, Problem, Screen};

use super::job::{left_behind, of_this_folder};
use super::{rows, survey};

pub(super) fn run(context: &Context<'_>, flags: &ScheduleInstall, screen: &mut Screen) -> Result<Exit, Problem> {
    let job = of_this_folder(context)?;
    let machine = Machine::new(context.environment, &*context.disk);
    let user = User::of_folder(machine, Path::new(job.folder()))?;
    let installer = choose(machine, &user, flags.with, &job)?;
    let now = context.machine_time();
    let plan = Plan::new(machine, &user, &*installer, &job, flags.force, now)?;
    if flags.dry_run {
        let files = if plan.actions.is_empty() { Vec::new() } else { installer.files(&job)? };
        dry_run(context, &*installer, &plan.actions, &files, screen);
        return Ok(Exit::Success);
    }
    let installed = plan.carry_out()?;
    let status = installer.status(&installed, now);
    // Schedulers do not know of a stand-in for Meta: the test run would call the real one.
    let is_skipped = flags.no_run || context.settings.meta_url.is_some() || !status.works();
    let test_run = if is_skipped { None } else { Some(installer.test_run(&installed)?) };
    let temporary = temporary_location(job.program(), context.environment);
    let mut notes = plan.notes();
    notes.extend(temporary.as_ref().map(|(place, fix)| format!("{place}: {fix}")));
    notes.extend(left_behind(context)?);
    notes.extend(survey(context)?.notes());
    if context.settings.notify.channels.is_empty() {
        notes.push("nobody is told when a person is needed: add a channel with `everlit notify add`".to_owned());
    }
    let done = Done { plan: &plan, installed, status, test_run, notes, fix: temporary.map(|(_, fix)| fix) };
    done.show(context, now, screen);
    Ok(done.exit())
}

fn dry_run(
    context: &Context<'_>,
    installer: &dyn Installer,
    actions: &[Action],
    files: &[GeneratedFile],
    screen: &mut Screen,
) {
    let next = Step::everlit("schedule install");
    if context.global.json {
        let fields = json!({
            "dry_run": true,
            "scheduler": installer.scheduler().name(),
            "place": installer.place(),
            "steps": actions.iter().map(Action::message).collect::<Vec<_>>(),
            "files": files.iter().map(|file| json!({ "name": file.name, "text": file.text })).collect::<Vec<_>>(),
            "next": step::json(Some(&next)),
        });
        return screen.document("schedule-install", context.machine_time(), Exit::Success, fields);
    }
    screen.note("Dry run: nothing is changed.");
    if actions.is_empty() {
        screen.say(format!("nothing to change in {}: the job is already installed", installer.place()));
    }
    for action in actions {
        screen.say(format!("would {}", action.message()));
    }
    for file in files {
        screen.say(format!("\n# ---- {}\n{}", file.name, file.text));
    }
    screen.next(&next);
}

/// What was installed.
struct Done<'d> {
    plan: &'d Plan<'d>,
    installed: InstalledJob,
    status: JobStatus,
    test_run: Option<TestRun>,
    notes: Vec<String>,
    /// What must be done for it to run tomorrow as well.
    fix: Option<Step>,
}

impl Done<'_> {
    fn exit(&self) -> Exit {
        match &self.test_run {
            _ if !self.status.works() => Exit::Person,
            Some(TestRun::Finished { code, .. }) => of_code(*code).unwrap_or(Exit::Config),
            Some(TestRun::NotStarted(_)) => Exit::Config,
            Some(TestRun::Started) | None => Exit::Success,
        }
    }

    fn next(&self) -> Step {
        if let Some(problem) = self.status.problems.first() {
            return problem.fix.clone();
        }
        match &self.test_run {
            Some(TestRun::Finished { code, .. }) if *code != 0 => match of_code(*code) {
                Some(_) => Step::everlit(&format!("explain exit {code}")).with_note("then install the schedule again"),
                None => Step::everlit("doctor"),
            },
            Some(TestRun::NotStarted(_)) => Step::everlit("schedule install").with_note("first fix that"),
            Some(TestRun::Started) => Step::everlit("schedule show").with_note("it shows the result of that run"),
            _ => self.fix.clone().unwrap_or_else(|| Step::everlit("schedule show")),
        }
    }

    fn show(&self, context: &Context<'_>, now: Timestamp, screen: &mut Screen) {
        let (exit, next) = (self.exit(), self.next());
        if context.global.json {
            let fields = json!({
                "dry_run": false,
                "state": state(self.plan.change),
                "schedule": rows::to_json(&self.installed, Some(&self.status)),
                "steps": self.plan.actions.iter().map(Action::message).collect::<Vec<_>>(),
                "test_run": self.test_run.as_ref().map(shown_test_run),
                "notes": self.notes,
                "next": step::json(Some(&next)),
            });
            return screen.document("schedule-install", now, exit, fields);
        }
        for note in &self.notes {
            screen.note(format!("{} {note}", Mark::Warning.painted()));
        }
        if context.global.quiet && exit == Exit::Success {
            return;
        }
        let state = match self.plan.change {
            Change::Unchanged => "already installed",
            change => state(change),
        };
        screen.say(format!("{} {state}", Mark::Good.painted()));
        rows::show(&self.installed, &self.status, now, screen);
        if let Some(test_run) = &self.test_run {
            let is_good = matches!(test_run, TestRun::Finished { code: 0, .. } | TestRun::Started);
            let mark = if is_good { Mark::Good } else { Mark::Bad };
            screen.say(format!("{} {}", mark.painted(), shown_test_run(test_run)));
        }
        screen.next(&next);
    }
}

fn of_code(code: i32) -> Option<Exit> {
    Exit::ALL.into_iter().find(|exit| i32::from(exit.code()) == code)
}

fn state(change: Change) -> &'static str {
    match change {
        Change::Installed => "installed",
        Change::Updated => "updated",
        Change::Unchanged => "unchanged",
    }
}

fn shown_test_run(test_run: &TestRun) -> String {
    const WHAT: &str = "test run in the scheduler's environment";
    match test_run {
        TestRun::Finished { code: 0, .. } => format!("{WHAT} succeeded"),
        TestRun::Finished { code, output } if output.is_empty() => format!("{WHAT} failed with exit code {code}"),
        TestRun::Finished { code, output } => format!("{WHAT} failed with exit code {code}: {output}"),
        TestRun::NotStarted(why) => format!("{WHAT} could not start: {why}"),
        TestRun::Started => "test run started".to_owned(),
    }
}
