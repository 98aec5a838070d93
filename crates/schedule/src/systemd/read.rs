//! Reads a systemd timer (systemd.timer(5)).

use crate::Scheduler;
use crate::calendar::{When, systemd};
use crate::detected::{DetectedSchedule, Unreadable, Warning};

/// Reads the `[Timer]` section. An empty assignment clears what came before it.
pub(crate) fn timer(text: &str) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let mut read = Timer::default();
    let mut section = String::new();
    for (number, line) in (1..).zip(text.lines()) {
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
        }
    }
    Ok(read.found().into_iter().collect())
}

#[derive(Default)]
struct Timer {
    line: Option<usize>,
    calendar: Vec<(String, When)>,
    repeating: Vec<(String, When)>,
    /// Whether `OnBootSec=` or the like makes the first run begin.
    starts: bool,
    persistent: bool,
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
            if !self.starts {
                warnings.push(Warning::at(line, "never-begins", "without OnBootSec= or OnActiveSec= it never starts"));
            }
        }
        let expressions = [self.calendar, self.repeating].concat();
        let found = DetectedSchedule::new(Scheduler::SystemdSystem, line, expressions);
        Some(DetectedSchedule { warnings, ..found }).filter(|found| !found.runs.is_empty())
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
        assert_eq!(every[0].warnings.len(), 2);
        assert_eq!(timer("[Timer]\nUnit=x.service\n").unwrap(), []);
    }

    #[test]
    fn a_wrong_expression_is_reported_with_line_and_column() {
        let error = timer("[Timer]\nOnCalendar= *-*-* 25:00\n").unwrap_err();
        assert_eq!((error.line, error.column), (Some(2), Some(19)), "{error}");
    }
}
