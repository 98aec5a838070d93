//! Reads a systemd timer (systemd.timer(5)).

use std::time::Duration;

use crate::calendar::{When, systemd};
use crate::detected::{DetectedSchedule, Unreadable, Warning};
use crate::{Scheduler, command};

/// Reads the `[Timer]` section and what decides whether it counts. An empty assignment clears what came before it. The
/// service and drop-ins may follow the timer.
pub(crate) fn timer(text: &str) -> Result<Vec<DetectedSchedule>, Unreadable> {
    if text.trim().is_empty() {
        return Err(Unreadable::whole("the unit is masked, empty or unreadable: it never runs"));
    }
    let mut read = Timer::default();
    let mut section = String::new();
    for (number, line) in logical_lines(text) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut section);
        } else if section == "Timer" {
            let Some((key, value)) = trimmed.split_once('=') else {
                return Err(Unreadable::at(number, "this is neither a section nor an assignment"));
            };
            let before = line.find('=').map_or(0, |at| line[..=at].chars().count());
            read.take(key.trim(), value, number, before)?;
        } else if let Some((key, value)) = trimmed.split_once('=') {
            read.around.take(key.trim(), value.trim(), number);
        }
    }
    Ok(read.found().into_iter().collect())
}

/// The lines with their numbers; one that ends in a backslash goes on in the next (systemd.syntax(7)).
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (number, line) in (1..).zip(text.lines()) {
        let (part, more) = line.strip_suffix('\\').map_or((line, false), |part| (part, true));
        match lines.last_mut().filter(|_| goes_on) {
            Some((_, before)) => *before = format!("{before} {part}"),
            None => lines.push((number, part.to_owned())),
        }
        goes_on = more;
    }
    lines
}

#[derive(Default)]
struct Timer {
    line: Option<usize>,
    calendar: Vec<(String, When)>,
    repeating: Vec<(String, When)>,
    /// Whether `OnBootSec=` or the like makes the first run begin.
    starts: bool,
    persistent: bool,
    around: Around,
}

impl Timer {
    fn take(&mut self, key: &str, value: &str, line: usize, before: usize) -> Result<(), Unreadable> {
        let text = value.trim();
        let before = before + value.chars().take_while(|c| c.is_whitespace()).count();
        let wrong = |misread| Unreadable::of(misread, line, before);
        match key {
            "OnCalendar" if text.is_empty() => self.calendar.clear(),
            "OnCalendar" => {
                let calendar = systemd::parse(text).map_err(wrong)?;
                self.calendar.push((text.to_owned(), When::Calendar(calendar)));
            }
            // An empty one of these clears all of them.
            "OnUnitActiveSec" | "OnUnitInactiveSec" if text.is_empty() => self.repeating.clear(),
            "OnUnitActiveSec" | "OnUnitInactiveSec" => {
                let span = systemd::span(text).map_err(wrong)?;
                self.repeating.push((format!("{key}={text}"), When::Every(span)));
            }
            "OnActiveSec" | "OnBootSec" | "OnStartupSec" => self.starts |= !text.is_empty(),
            "Persistent" => {
                self.persistent = ["1", "yes", "true", "on", "y", "t"].contains(&text.to_ascii_lowercase().as_str());
            }
            _ => return Ok(()),
        }
        self.line.get_or_insert(line);
        Ok(())
    }

    fn found(self) -> Option<DetectedSchedule> {
        let line = self.line?;
        let mut warnings = Vec::new();
        if !self.calendar.is_empty() && !self.persistent {
            warnings.push(Warning::at(
                line,
                "persistent-missing",
                "Persistent=true is missing: a run is lost if the machine is off at that time",
            ));
        }
        if self.calendar.is_empty() && self.persistent {
            warnings.push(Warning::at(line, "persistent-ignored", "Persistent=true only works with OnCalendar="));
        }
        if !self.repeating.is_empty() && self.calendar.is_empty() {
            warnings.push(Warning::at(
                line,
                "restarts-at-boot",
                "the interval starts over at each boot; OnCalendar= does not",
            ));
        }
        let never_begins = self.calendar.is_empty() && !self.starts;
        let expressions = [self.calendar, self.repeating].concat();
        let found = DetectedSchedule::new(Scheduler::SystemdSystem, line, expressions);
        let mut found = DetectedSchedule { warnings, ..found };
        if found.runs.is_empty() {
            if !self.starts {
                return None;
            }
            "at boot".clone_into(&mut found.text);
            found.stop(line, "once", "without OnCalendar= or OnUnitActiveSec= it runs only once after each boot");
        } else if never_begins {
            let message = "without OnBootSec= or OnActiveSec= it starts only after something else has run the service";
            found.block(line, "never-begins", message);
        }
        self.around.apply(&mut found);
        Some(found)
    }
}

/// What matters in `[Unit]` and `[Service]`.
#[derive(Default)]
struct Around(Vec<Setting>);

struct Setting {
    line: usize,
    key: String,
    value: String,
}

impl Around {
    fn take(&mut self, key: &str, value: &str, line: usize) {
        // The last one counts; of the others, each does. An empty one clears what came before it.
        let is_single = ["ExecStart", "RuntimeMaxSec", "TimeoutSec", "TimeoutStartSec"].contains(&key);
        if is_single || value.is_empty() {
            self.0.retain(|set| set.key != key);
        }
        if !value.is_empty() {
            self.0.push(Setting { line, key: key.to_owned(), value: value.to_owned() });
        }
    }

    fn apply(&self, found: &mut DetectedSchedule) {
        for Setting { line, key, value } in &self.0 {
            let line = *line;
            match key.as_str() {
                "ExecStart" => {
                    let command = value.trim_start_matches(['-', '@', ':', '+', '!']);
                    command::apply(command::of_shell(command), line, found);
                }
                "Environment" | "PassEnvironment" => {
                    let words = value.split_whitespace().filter_map(|word| word.split('=').next());
                    words.for_each(|name| command::apply_variable(name.trim_matches(['"', '\'']), line, found));
                }
                "EnvironmentFile" => command::apply_unread_variables("EnvironmentFile=", line, found),
                "RuntimeMaxSec" | "TimeoutSec" | "TimeoutStartSec" => {
                    command::apply_time_limit(&format!("{key}="), limit(value), line, found);
                }
                _ if key.starts_with("Condition") || key.starts_with("Assert") || key == "ExecCondition" => {
                    found.block(line, "condition", format!("{key}= decides whether it runs"));
                }
                _ => {}
            }
        }
    }
}

/// Zero for none, as in systemd. One that is not understood counts as short.
fn limit(value: &str) -> Duration {
    match value {
        "0" | "infinity" => Duration::ZERO,
        _ => systemd::span(value).unwrap_or_default().max(Duration::from_secs(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_settings_of_a_timer_are_warnings() {
        let found =
            timer("[Unit]\nOnCalendar=x\n[Timer]\nOnCalendar=monthly\nOnCalendar=\nOnCalendar = Mon 03:17\n").unwrap();
        assert_eq!((found[0].line, found[0].text.as_str(), found[0].runs.len()), (4, "Mon 03:17", 1));
        assert!(found[0].warnings[0].message.contains("Persistent=true is missing"));
        assert_eq!(timer("[Timer]\nOnCalendar=daily\nPersistent=yes\n").unwrap()[0].warnings, []);
        let every = timer("[Timer]\nOnUnitActiveSec=1d\n").unwrap();
        assert_eq!((every[0].warnings[0].code, every[0].blockers[0].code), ("restarts-at-boot", "never-begins"));
        assert_eq!(timer("[Timer]\nUnit=x.service\n").unwrap(), []);
    }

    #[test]
    fn what_keeps_a_timer_from_running_is_a_blocker() {
        let daily = "[Timer]\nOnCalendar=daily\nPersistent=yes\n";
        let codes = |text: &str| -> Vec<_> {
            timer(text).unwrap()[0].blockers.iter().map(|blocker| (blocker.line, blocker.code)).collect()
        };
        for (text, blockers) in [
            (daily.to_owned(), vec![]),
            (format!("[Unit]\nConditionACPower=true\n{daily}"), vec![(Some(2), "condition")]),
            (format!("[Unit]\nAssertPathExists=/x\nAssertPathExists=\n{daily}"), vec![]),
            (format!("{daily}[Service]\nExecCondition=/bin/x\n"), vec![(Some(5), "condition")]),
            (format!("{daily}[Service]\nExecStart=/usr/bin/everlit -C \"/a b\" refresh --quiet\n"), vec![]),
            (format!("{daily}[Service]\nExecStart=-/usr/bin/everlit status\n"), vec![(Some(5), "refreshes-nothing")]),
            (format!("{daily}[Service]\nEnvironment=A=b \"EVERLIT_THRESHOLD_DAYS=5\"\n"), vec![(Some(5), "guarded")]),
            (format!("{daily}[Service]\nEnvironment=A=b \\\n  EVERLIT_META_URL=x\n"), vec![(Some(5), "guarded")]),
            (format!("{daily}[Service]\nPassEnvironment=EVERLIT_META_URL\n"), vec![(Some(5), "guarded")]),
            (format!("{daily}[Service]\nEnvironment=EVERLIT_META_URL=x\nEnvironment=\n"), vec![]),
            (format!("{daily}[Service]\nEnvironmentFile=/etc/default/shop\n"), vec![]),
            (format!("{daily}[Service]\nRuntimeMaxSec=30\n"), vec![(Some(5), "guarded")]),
            (format!("{daily}[Service]\nTimeoutStartSec=500ms\n"), vec![(Some(5), "guarded")]),
            (format!("{daily}[Service]\nTimeoutStartSec=30\nTimeoutStartSec=2min\n"), vec![]),
            (format!("{daily}[Service]\nRuntimeMaxSec=infinity\nTimeoutSec=0\n"), vec![]),
            (
                format!("{daily}[Service]\nExecStart=/bin/everlit refresh \\\n  --threshold-days 5\n"),
                vec![(Some(5), "guarded")],
            ),
            ("[Timer]\nOnBootSec=5min\n".to_owned(), vec![(Some(2), "once")]),
            ("[Timer]\nOnBootSec=5min\nOnUnitActiveSec=1d\n".to_owned(), vec![]),
        ] {
            assert_eq!(codes(&text), blockers, "{text}");
        }
        assert!(timer("").unwrap_err().message.contains("masked"));
        let unread = timer(&format!("{daily}[Service]\nEnvironmentFile=/etc/default/shop\n")).unwrap();
        assert_eq!(
            unread[0].warnings[0].message,
            "EnvironmentFile= is not read: a threshold that it sets is not simulated"
        );
    }

    #[test]
    fn a_wrong_expression_is_reported_with_line_and_column() {
        let error = timer("[Timer]\nOnCalendar= *-*-* 25:00\n").unwrap_err();
        assert_eq!((error.line, error.column), (Some(2), Some(19)), "{error}");
    }
}
