//! What makes a schedule run less often than it looks.

use std::borrow::Cow;
use std::time::Duration;

use everlit_meta_api::Timestamp;

use super::{LIFE, pauses};
use crate::calendar::When;
use crate::read::DetectedSchedule;
use crate::{Scheduler, TimeOfDay};

/// What to write in the place of a schedule: once a day at this time.
pub fn daily_instead(scheduler: Scheduler, time: TimeOfDay) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    let cron = format!("{minute} {hour} * * *");
    match scheduler {
        Scheduler::SystemdSystem | Scheduler::SystemdUser => format!("OnCalendar=*-*-* {time}:00 and Persistent=true"),
        Scheduler::GitHubActions => format!("cron: \"{cron}\""),
        Scheduler::Kubernetes => format!("schedule: \"{cron}\""),
        Scheduler::Launchd => format!("StartCalendarInterval with Hour {hour} and Minute {minute} alone"),
        Scheduler::Windows => "ScheduleByDay with DaysInterval 1, and StartWhenAvailable true".to_owned(),
        Scheduler::Cron | Scheduler::GitLabCi | Scheduler::Compose => cron,
    }
}

/// One thing to know about a schedule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Warning {
    /// Its name in JSON.
    pub code: &'static str,
    /// The line of the file that it is about.
    pub line: Option<usize>,
    /// What happens, in words.
    pub message: Cow<'static, str>,
}

impl Warning {
    fn new(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, line: None, message: message.into() }
    }

    pub(crate) fn at(line: usize, code: &'static str, message: &'static str) -> Self {
        Self { code, line: Some(line), message: Cow::Borrowed(message) }
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Every trap of a schedule, the worst first. `firings` are its planned runs.
pub fn of(found: &DetectedSchedule, firings: &[Timestamp], threshold: Duration) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = of_pauses(found, firings, threshold).into_iter().collect();
    if found.runs.iter().any(|when| matches!(when, When::Calendar(calendar) if calendar.either)) {
        let message = "a day of the month and a weekday are given: it runs when either fits, not when both do";
        warnings.push(Warning::new("either-day", message));
    }
    warnings.extend_from_slice(&found.warnings);
    if found.scheduler == Scheduler::GitHubActions {
        let message =
            "GitHub switches it off after 60 days without activity in a public repository, which is a token's life";
        warnings.push(Warning::new("github-60-days", message));
    }
    if is_told_by_the_minute(found.scheduler) && on_the_hour(firings) {
        let message = if found.scheduler == Scheduler::GitHubActions {
            "at minute 0 everybody's workflows begin: they start late then, or not at all"
        } else {
            "at minute 0 everybody's jobs begin: another minute is answered sooner"
        };
        warnings.push(Warning::new("minute-zero", message));
    }
    warnings
}

/// What comes of the time between two runs.
fn of_pauses(found: &DetectedSchedule, firings: &[Timestamp], threshold: Duration) -> Option<Warning> {
    let Some((shortest, longest)) = pauses(firings) else {
        let message = if firings.is_empty() { "it never runs" } else { "it runs once in three years" };
        return Some(Warning::new("never", message));
    };
    if longest >= LIFE {
        let message = format!("it pauses for up to {} days, and a token lives 60", days(longest));
        return Some(Warning::new("longer-than-life", message));
    }
    if shortest <= 2 * DAY && longest >= 14 * DAY {
        let message = format!(
            "days are counted anew each month: it runs twice within {} h, then not for up to {} days",
            shortest.as_secs() / 3600,
            days(longest)
        );
        // The customary mistake has a name of its own.
        let code = if found.text.contains("*/") || found.text.contains("-1/") { "step-restarts" } else { "uneven" };
        return Some(Warning::new(code, message));
    }
    let left = threshold.min(LIFE).as_secs() / longest.as_secs().max(1);
    // A week of chances is as good as daily runs.
    (left < 7).then(|| {
        let message = match left {
            0 => "a token that is due may see no run at all before it dies".to_owned(),
            1 => "a token that is due may see one run only before it dies: none may be missed".to_owned(),
            runs => format!("it is not daily: a token that is due may see {runs} runs only before it dies"),
        };
        Warning::new("not-daily", message)
    })
}

fn days(pause: Duration) -> u64 {
    // A run on the hour counts its last day whole.
    (pause.as_secs() + 3600) / DAY.as_secs()
}

/// Where the person who writes the schedule picks the minute, and many pick the same.
fn is_told_by_the_minute(scheduler: Scheduler) -> bool {
    matches!(scheduler, Scheduler::Cron | Scheduler::GitHubActions | Scheduler::Kubernetes)
}

fn on_the_hour(firings: &[Timestamp]) -> bool {
    !firings.is_empty() && firings.iter().all(|at| at.as_unix().rem_euclid(3600) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::firings;
    use crate::read::cron_line;

    /// The traps of a line of this scheduler: their names, and all that is said.
    fn of_line(scheduler: Scheduler, line: &str) -> (Vec<&'static str>, String) {
        let found = DetectedSchedule { scheduler, ..cron_line(line).unwrap() };
        let warnings = of(&found, &firings(&found.runs), 30 * DAY);
        (
            warnings.iter().map(|warning| warning.code).collect(),
            warnings.iter().map(|warning| &*warning.message).collect(),
        )
    }

    #[test]
    fn each_trap_is_found_where_it_is_and_nowhere_else() {
        let cases: [(&str, &[&str], &str); 13] = [
            ("17 3 * * *", &[], ""),
            ("0 3 * * *", &["minute-zero"], "everybody's jobs begin"),
            ("0,30 3 * * *", &[], ""),
            ("17 2 */30 * *", &["step-restarts"], "twice within 24 h, then not for up to 30 days"),
            ("17 2 1,2 * *", &["uneven"], "twice within 24 h, then not for up to 30 days"),
            ("17 2 1 * *", &["not-daily"], "may see no run at all"),
            ("17 2 1,16 * *", &["not-daily"], "may see one run only"),
            ("17 2 * * 1", &["not-daily"], "may see 4 runs only"),
            ("17 2 */4 * *", &[], ""),
            ("17 2 1 1,3,5,7,9,11 *", &["longer-than-life"], "up to 62 days"),
            ("17 2 31 2 *", &["never"], "it never runs"),
            ("17 2 29 2 *", &["never"], "once in three years"),
            ("17 2 1 * 1", &["not-daily", "either-day"], "when either fits"),
        ];
        for (line, codes, message) in cases {
            let (found, said) = of_line(Scheduler::Cron, line);
            assert!(found == codes && said.contains(message), "{line}: {found:?}, {said}");
        }
    }

    #[test]
    fn a_scheduler_has_its_own_traps() {
        let codes = |scheduler| of_line(scheduler, "0 3 * * *").0;
        assert_eq!(codes(Scheduler::GitHubActions), ["github-60-days", "minute-zero"]);
        assert!(of_line(Scheduler::GitHubActions, "0 3 * * *").1.contains("everybody's workflows begin"));
        assert_eq!(codes(Scheduler::Kubernetes), ["minute-zero"]);
        assert_eq!(codes(Scheduler::GitLabCi), [""; 0]);
    }
}
