//! Reasons why a schedule runs less often than it looks.

use std::time::Duration;

use everlit_meta_api::Timestamp;

use super::survival::{LIFE, pauses};
use crate::calendar::When;
use crate::detected::{DetectedSchedule, Warning};
use crate::{Scheduler, TimeOfDay};

/// What to write instead of a schedule: once a day at this time.
pub fn daily_instead(found: &DetectedSchedule, time: TimeOfDay) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    let cron = format!("{minute} {hour} * * *");
    match found.scheduler {
        _ if found.platform == Some("aws") => "rate(1 day)".to_owned(),
        _ if found.platform == Some("quartz") => format!("0 {cron}"),
        Scheduler::SystemdSystem | Scheduler::SystemdUser => format!("OnCalendar=*-*-* {time}:00 and Persistent=true"),
        Scheduler::GitHubActions => format!("cron: \"{cron}\""),
        Scheduler::Kubernetes => format!("schedule: \"{cron}\""),
        Scheduler::Launchd => format!("StartCalendarInterval with Hour {hour} and Minute {minute} alone"),
        Scheduler::Windows => "ScheduleByDay with DaysInterval 1, and StartWhenAvailable true".to_owned(),
        Scheduler::Azure => format!("cronExpression: \"{cron}\""),
        _ => cron,
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The warnings about a schedule, the worst first. `firings` are its planned runs.
pub fn of(found: &DetectedSchedule, firings: &[Timestamp], threshold: Duration) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = of_pauses(found, firings, threshold).into_iter().collect();
    if found.runs.iter().any(|when| matches!(when, When::Calendar(calendar) if calendar.either)) {
        let message = "day of the month and weekday are both set: it runs if either fits, not only if both do";
        warnings.push(Warning::new("either-day", message));
    }
    warnings.extend_from_slice(&found.warnings);
    if found.scheduler == Scheduler::GitHubActions {
        let message = "in a public repository GitHub disables it after 60 days without activity: a token's lifetime";
        warnings.push(Warning::new("github-60-days", message));
    }
    if found.platform.is_none() && is_minute_picked_by_hand(found.scheduler) && on_the_hour(firings) {
        let message = if found.scheduler == Scheduler::GitHubActions {
            "GitHub is busiest at minute 0 and starts workflows late or not at all; pick another minute"
        } else {
            "Meta is busiest at minute 0; pick another minute"
        };
        warnings.push(Warning::new("minute-zero", message));
    }
    warnings
}

/// The warning about the time between two runs.
fn of_pauses(found: &DetectedSchedule, firings: &[Timestamp], threshold: Duration) -> Option<Warning> {
    let Some((shortest, longest)) = pauses(firings) else {
        let message = if firings.is_empty() { "it never runs" } else { "it runs only once in three years" };
        return Some(Warning::new("never", message));
    };
    if longest >= LIFE {
        let message = format!("it pauses for up to {} days, but a token lives only 60", days(longest));
        return Some(Warning::new("longer-than-life", message));
    }
    if shortest <= 2 * DAY && longest >= 14 * DAY {
        let message = format!(
            "the count of days restarts each month: it runs twice within {} h, then not for up to {} days",
            shortest.as_secs() / 3600,
            days(longest)
        );
        // The most common mistake has its own code.
        let code = if found.text.contains("*/") || found.text.contains("-1/") { "step-restarts" } else { "uneven" };
        return Some(Warning::new(code, message));
    }
    let left = threshold.min(LIFE).as_secs() / longest.as_secs().max(1);
    // A week of chances is as good as daily runs.
    (left < 7).then(|| {
        let message = match left {
            0 => "a due token may expire before the next run".to_owned(),
            1 => "a due token gets only one run before it expires: none may be missed".to_owned(),
            runs => format!("it is not daily: a due token gets only {runs} runs before it expires"),
        };
        Warning::new("not-daily", message)
    })
}

fn days(pause: Duration) -> u64 {
    // Less than an hour short of a day counts as a day.
    (pause.as_secs() + 3600) / DAY.as_secs()
}

/// Whether a person picks the minute, as many others pick the same one.
fn is_minute_picked_by_hand(scheduler: Scheduler) -> bool {
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

    /// The codes and all messages about a cron line of this scheduler.
    fn of_line(scheduler: Scheduler, line: &str) -> (Vec<&'static str>, String) {
        let found = DetectedSchedule { scheduler, ..cron_line(line).unwrap() };
        let warnings = of(&found, &firings(&found.runs), 30 * DAY);
        (
            warnings.iter().map(|warning| warning.code).collect(),
            warnings.iter().map(|warning| &*warning.message).collect(),
        )
    }

    #[test]
    fn each_warning_is_given_where_it_applies_and_nowhere_else() {
        let cases: [(&str, &[&str], &str); 13] = [
            ("17 3 * * *", &[], ""),
            ("0 3 * * *", &["minute-zero"], "Meta is busiest at minute 0"),
            ("0,30 3 * * *", &[], ""),
            ("17 2 */30 * *", &["step-restarts"], "twice within 24 h, then not for up to 30 days"),
            ("17 2 1,2 * *", &["uneven"], "twice within 24 h, then not for up to 30 days"),
            ("17 2 1 * *", &["not-daily"], "may expire before the next run"),
            ("17 2 1,16 * *", &["not-daily"], "only one run"),
            ("17 2 * * 1", &["not-daily"], "only 4 runs"),
            ("17 2 */4 * *", &[], ""),
            ("17 2 1 1,3,5,7,9,11 *", &["longer-than-life"], "up to 62 days"),
            ("17 2 31 2 *", &["never"], "it never runs"),
            ("17 2 29 2 *", &["never"], "only once in three years"),
            ("17 2 1 * 1", &["not-daily", "either-day"], "if either fits"),
        ];
        for (line, codes, message) in cases {
            let (found, said) = of_line(Scheduler::Cron, line);
            assert!(found == codes && said.contains(message), "{line}: {found:?}, {said}");
        }
    }

    #[test]
    fn each_scheduler_has_warnings_of_its_own() {
        let codes = |scheduler| of_line(scheduler, "0 3 * * *").0;
        assert_eq!(codes(Scheduler::GitHubActions), ["github-60-days", "minute-zero"]);
        assert!(of_line(Scheduler::GitHubActions, "0 3 * * *").1.contains("GitHub is busiest"));
        assert_eq!(codes(Scheduler::Kubernetes), ["minute-zero"]);
        assert_eq!(codes(Scheduler::GitLabCi), [""; 0]);
    }
}
