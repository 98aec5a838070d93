//! A crontab: lines of five fields and a command (crontab(5)).

use super::{DetectedSchedule, Unreadable, is_about_tokens};
use crate::Scheduler;
use crate::calendar::cron;
use crate::survival::warnings::Warning;

/// Every line that is about tokens; every line at all where none is. Lines with the same command are one schedule.
pub(super) fn read(text: &str) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let mut lines: Vec<(DetectedSchedule, &str)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let blank = line.chars().take_while(|c| c.is_whitespace()).count();
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || sets_a_variable(line) {
            continue;
        }
        let (end, when) = cron::parse_start(line).map_err(|misread| Unreadable::of(misread, number, blank))?;
        let (expression, command) = line.split_at(end);
        let warnings =
            if has_bare_percent(command) { vec![Warning::at(number, "bare-percent", PERCENT)] } else { Vec::new() };
        let (expression, runs) = (expression.to_owned(), vec![when]);
        lines.push((
            DetectedSchedule { scheduler: Scheduler::Cron, line: number, text: expression, runs, warnings },
            command.trim(),
        ));
    }
    if lines.iter().any(|(_, command)| is_about_tokens(command)) {
        lines.retain(|(_, command)| is_about_tokens(command));
    }
    Ok(merged(lines))
}

const PERCENT: &str = "cron ends the command at the first % that has no backslash before it";

/// One schedule for each command.
fn merged(lines: Vec<(DetectedSchedule, &str)>) -> Vec<DetectedSchedule> {
    let mut all: Vec<(DetectedSchedule, &str)> = Vec::new();
    for (found, command) in lines {
        match all.iter_mut().find(|(_, other)| !command.is_empty() && *other == command) {
            Some((same, _)) if found.runs.iter().all(|when| same.runs.contains(when)) => {}
            Some((same, _)) => {
                same.text = format!("{}; {}", same.text, found.text);
                same.runs.extend(found.runs);
            }
            None => all.push((found, command)),
        }
    }
    all.into_iter().map(|(found, _)| found).collect()
}

/// `MAILTO=...`, `PATH = ...`.
fn sets_a_variable(line: &str) -> bool {
    line.split_once('=').is_some_and(|(name, _)| {
        let name = name.trim().trim_matches(['"', '\'']);
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

fn has_bare_percent(command: &str) -> bool {
    let mut before = ' ';
    command.chars().any(|c| {
        let bare = c == '%' && before != '\\';
        before = c;
        bare
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_about_tokens_count_and_the_same_command_twice_is_one_schedule() {
        let crontab = "MAILTO=me@example.org\n# 0 0 * * * everlit refresh\n\n*/5 * * * * /usr/bin/backup\n\
                       0 2 1 * * everlit refresh\n0 2 15 * * everlit refresh\n@daily node refresh-instagram-token.js\n";
        let found = read(crontab).unwrap();
        let shown: Vec<(usize, &str)> = found.iter().map(|found| (found.line, found.text.as_str())).collect();
        assert_eq!(shown, [(5, "0 2 1 * *; 0 2 15 * *"), (7, "@daily")]);
        assert_eq!(found[0].runs.len(), 2);
    }

    #[test]
    fn without_a_line_about_tokens_every_line_counts() {
        assert_eq!(read("0 2 1 * * a\n0 2 * * * b\n").unwrap().len(), 2);
    }

    #[test]
    fn a_wrong_field_is_named_with_line_and_column() {
        let error = read("# ok\n  0 26 * * * everlit refresh\n").unwrap_err();
        assert_eq!((error.line, error.column), (Some(2), Some(5)));
    }

    #[test]
    fn a_bare_percent_is_told() {
        assert_eq!(read("0 2 * * * everlit refresh >log.$(date +%F)\n").unwrap()[0].warnings.len(), 1);
        assert_eq!(read("0 2 * * * everlit refresh >log.$(date +\\%F)\n").unwrap()[0].warnings.len(), 0);
    }
}
