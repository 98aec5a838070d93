//! Reads a crontab: lines of five fields and a command (crontab(5)).

use crate::Scheduler;
use crate::calendar::cron;
use crate::detected::{DetectedSchedule, Unreadable, Warning, is_about_tokens};

/// Reads the lines that are about tokens, or all lines if none is. Lines with the same command are one schedule.
pub(crate) fn crontab(text: &str) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let mut lines: Vec<(DetectedSchedule, &str)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let blank = line.chars().take_while(|c| c.is_whitespace()).count();
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || setting(line).is_some() {
            continue;
        }
        let (end, when) = cron::parse_start(line).map_err(|misread| Unreadable::of(misread, number, blank))?;
        let (expression, command) = line.split_at(end);
        let mut found = DetectedSchedule::new(Scheduler::Cron, number, vec![(expression.to_owned(), when)]);
        if has_bare_percent(command) {
            found.warnings.push(Warning::at(number, "bare-percent", PERCENT));
        }
        lines.push((found, command.trim()));
    }
    if lines.iter().any(|(_, command)| is_about_tokens(command)) {
        lines.retain(|(_, command)| is_about_tokens(command));
    }
    Ok(merged(lines))
}

const PERCENT: &str = "cron ends the command at the first % without a backslash before it";

/// Joins the lines of each command into one schedule.
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

/// The name and the value of `MAILTO=...` or `PATH = "..."`; cron removes quotes around a value.
pub(crate) fn setting(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim().trim_matches(['"', '\'']);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let value = value.trim();
    let inside = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    is_name.then(|| (name.to_owned(), inside.unwrap_or(value).to_owned()))
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
    fn lines_with_the_same_command_are_one_schedule() {
        let text = "MAILTO=me@example.org\n# 0 0 * * * everlit refresh\n\n*/5 * * * * /usr/bin/backup\n\
                    0 2 1 * * everlit refresh\n0 2 15 * * everlit refresh\n@daily node refresh-instagram-token.js\n";
        let found = crontab(text).unwrap();
        let shown: Vec<(usize, &str)> = found.iter().map(|found| (found.line, found.text.as_str())).collect();
        assert_eq!(shown, [(5, "0 2 1 * *; 0 2 15 * *"), (7, "@daily")]);
        assert_eq!(found[0].runs.len(), 2);
    }

    #[test]
    fn every_line_counts_if_none_is_about_tokens() {
        assert_eq!(crontab("0 2 1 * * a\n0 2 * * * b\n").unwrap().len(), 2);
    }

    #[test]
    fn a_wrong_field_is_reported_with_line_and_column() {
        let error = crontab("# ok\n  0 26 * * * everlit refresh\n").unwrap_err();
        assert_eq!((error.line, error.column), (Some(2), Some(5)));
    }

    #[test]
    fn a_bare_percent_is_a_warning() {
        assert_eq!(crontab("0 2 * * * everlit refresh >log.$(date +%F)\n").unwrap()[0].warnings.len(), 1);
        assert_eq!(crontab("0 2 * * * everlit refresh >log.$(date +\\%F)\n").unwrap()[0].warnings.len(), 0);
    }
}
