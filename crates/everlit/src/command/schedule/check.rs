//! `everlit schedule check`: how many sites would lose their token with a schedule.

mod sources;
mod text;

use std::time::Duration;

use everlit_schedule::calendar::firings;
use everlit_schedule::read::DetectedSchedule;
use everlit_schedule::survival::warnings::{self, Warning, daily_instead};
use everlit_schedule::survival::{self, SITES, USUAL_THRESHOLD_DAYS, VERDICT, WATCHED, WEATHERS};
use everlit_schedule::{Scheduler, TimeOfDay};
use serde_json::{Value, json};

use crate::cli::ScheduleCheck;
use crate::output::exit::Exit;
use crate::output::problem::Problem;
use crate::output::screen::{Mark, Screen};
use crate::wire::Context;

pub(super) fn run(context: &Context<'_>, flags: &ScheduleCheck, screen: &mut Screen) -> Result<Exit, Problem> {
    let threshold_days = context.settings.threshold_days.value;
    let sources = sources::of(context, flags)?;
    let judged: Vec<Judged> =
        sources.found.into_iter().map(|(place, found)| Judged::of(place, found, threshold_days)).collect();
    // Where nothing runs, every token dies.
    let exit =
        if judged.is_empty() || judged.iter().any(|judged| !judged.is_safe()) { Exit::Person } else { Exit::Success };
    let next = next(&judged, context);
    if context.global.json {
        screen.json(&json!({
            "schema": "everlit.schedule-check/1",
            "generated_at": everlit_store::rfc3339(context.now()),
            "exit_code": exit.code(),
            "sites": SITES,
            "days": WATCHED.as_secs() / 86_400,
            "schedules": judged.iter().map(Judged::to_json).collect::<Vec<_>>(),
            "unread": sources.unread,
            "next": next,
        }));
        return Ok(exit);
    }
    for why in &sources.unread {
        screen.note(format!("{} not looked into: {why}", Mark::Warning.painted()));
    }
    if !(context.global.quiet && exit == Exit::Success) {
        text::show(&judged, &next, screen);
    }
    Ok(exit)
}

/// A schedule and what came of it.
struct Judged {
    /// The file or the scheduler it stands in; `None` for one that was typed in.
    place: Option<String>,
    found: DetectedSchedule,
    /// Between two runs, at least and at most.
    pauses: Option<(Duration, Duration)>,
    /// On average over three years.
    runs_a_year: usize,
    /// For the threshold in force, then for the older script's where that is another.
    losses: Vec<Losses>,
    warnings: Vec<Warning>,
}

/// Sites lost, in the order of [`WEATHERS`], with a threshold.
struct Losses {
    threshold_days: u32,
    lost: [u32; WEATHERS.len()],
}

impl Losses {
    /// In the weather that the verdict goes by.
    fn verdict(&self) -> u32 {
        WEATHERS.iter().zip(self.lost).find(|(weather, _)| **weather == VERDICT).map_or(SITES, |(_, lost)| lost)
    }
}

impl Judged {
    fn of(place: Option<String>, found: DetectedSchedule, threshold_days: u32) -> Self {
        let firings = firings(&found.runs);
        let mut thresholds = vec![threshold_days, USUAL_THRESHOLD_DAYS];
        thresholds.dedup();
        let losses = thresholds.into_iter().map(|threshold_days| {
            let policy = survival::policy(threshold_days);
            Losses { threshold_days, lost: WEATHERS.map(|weather| survival::play(&firings, &weather, &policy).lost()) }
        });
        Self {
            losses: losses.collect(),
            pauses: survival::pauses(&firings),
            runs_a_year: (firings.len() + 1) / 3,
            warnings: warnings::of(&found, &firings, survival::policy(threshold_days).threshold),
            place,
            found,
        }
    }

    /// Lost of [`SITES`] with 2 % of runs missed and the threshold in force.
    fn lost(&self) -> u32 {
        self.losses.first().map_or(SITES, Losses::verdict)
    }

    fn is_safe(&self) -> bool {
        self.lost() == 0
    }

    /// On one line and not too long for it.
    fn expression(&self) -> String {
        const LONGEST: usize = 60;
        let text = self.found.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let cut: String = text.chars().take(LONGEST).collect();
        if cut.len() < text.len() { format!("{cut}...") } else { text }
    }

    fn to_json(&self) -> Value {
        let seconds = |pause: Option<Duration>| pause.map(|pause| pause.as_secs());
        let losses = self.losses.iter().map(|losses| {
            let mut lost = json!({ "threshold_days": losses.threshold_days });
            for (weather, count) in WEATHERS.iter().zip(losses.lost) {
                lost[weather.code] = count.into();
            }
            lost
        });
        let warnings = self
            .warnings
            .iter()
            .map(|warning| json!({ "code": warning.code, "line": warning.line, "message": warning.message }));
        json!({
            "file": self.place,
            "line": self.place.as_ref().map(|_| self.found.line),
            "scheduler": self.found.scheduler.name(),
            "expression": self.found.text,
            "runs_a_year": self.runs_a_year,
            "shortest_pause_seconds": seconds(self.pauses.map(|(shortest, _)| shortest)),
            "longest_pause_seconds": seconds(self.pauses.map(|(_, longest)| longest)),
            "safe": self.is_safe(),
            "sites_lost": losses.collect::<Vec<_>>(),
            "traps": warnings.collect::<Vec<_>>(),
        })
    }
}

/// What to do about the worst schedule.
fn next(judged: &[Judged], context: &Context<'_>) -> String {
    let Some(worst) = judged.iter().max_by_key(|judged| judged.lost()) else {
        return "everlit schedule install runs it daily; another schedule is checked with --cron or by its file"
            .to_owned();
    };
    let time =
        TimeOfDay::of_host(&everlit_host::host_name(context.environment), &context.settings.folder.to_string_lossy());
    let daily = daily_instead(worst.found.scheduler, time);
    if worst.is_safe() {
        return if worst.warnings.iter().any(|warning| warning.code == "not-daily") {
            format!("nothing to do; a run a day would cost no more: {daily}")
        } else {
            "nothing to do".to_owned()
        };
    }
    match worst.found.scheduler {
        Scheduler::GitHubActions | Scheduler::Kubernetes => format!("write {daily} in its place"),
        _ => format!("everlit schedule install, or write {daily} in its place"),
    }
}
