//! Reads a crontab: lines of five fields and a command (crontab(5)).

use crate::calendar::{cron, dialect};
use crate::detected::{DetectedSchedule, Unreadable, Warning, is_about_tokens};
use crate::{Scheduler, command};

/// What a crontab holds: schedules, and lines that cannot be read.
pub(crate) type Lines = (Vec<DetectedSchedule>, Vec<Unreadable>);

/// Reads the lines that are about tokens, or all lines if none is. Lines with the same command are one schedule. In a
/// system's crontab a user stands in front of each command.
pub(crate) fn crontab(text: &str, is_systems: bool) -> Lines {
    let mut lines: Vec<(DetectedSchedule, &str)> = Vec::new();
    let mut unreadable: Vec<(Unreadable, &str)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let blank = line.chars().take_while(|c| c.is_whitespace()).count();
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match job(line, number, blank) {
            Ok(Some(job)) => lines.push(job),
            Ok(None) => {}
            Err(error) => unreadable.push((error, line)),
        }
    }
    let any = lines.iter().any(|(_, command)| is_about_tokens(command))
        || unreadable.iter().any(|(_, line)| is_about_tokens(line));
    if any {
        lines.retain(|(_, command)| is_about_tokens(command));
        unreadable.retain(|(_, line)| is_about_tokens(line));
    }
    let mut found = merged(lines);
    for (one, command) in &mut found {
        judge(command, is_systems, one);
        // A setting counts for the lines below it.
        for (name, _) in text.lines().take(one.line.saturating_sub(1)).filter_map(setting) {
            command::apply_variable(&name, one.line, one);
        }
    }
    (found.into_iter().map(|(one, _)| one).collect(), unreadable.into_iter().map(|(error, _)| error).collect())
}

/// The schedule and the command of a line; `None` if it is a setting.
fn job(line: &str, number: usize, blank: usize) -> Result<Option<(DetectedSchedule, &str)>, Unreadable> {
    if setting(line).is_some() {
        let is_job = dialect::without_zone(line).is_some_and(|rest| cron::parse_start(rest).is_ok());
        let message = "cron takes this line for a setting: put the time zone on a line of its own";
        return if is_job { Err(Unreadable::at(number, message)) } else { Ok(None) };
    }
    if line.to_ascii_lowercase().starts_with("@reboot") {
        let mut found = DetectedSchedule::new(Scheduler::Cron, number, Vec::new());
        let (expression, command) = line.split_at("@reboot".len());
        expression.clone_into(&mut found.text);
        return Ok(Some((found, command.trim())));
    }
    let (end, when) = cron::parse_start(line).map_err(|misread| Unreadable::of(misread, number, blank))?;
    let (expression, command) = line.split_at(end);
    let command = command.trim();
    if cron::looks_like_a_field(command.split_whitespace().next().unwrap_or_default()) {
        return Err(Unreadable::at(number, "more than five fields: cron has no field for seconds or years"));
    }
    let mut found = DetectedSchedule::new(Scheduler::Cron, number, vec![(expression.to_owned(), when)]);
    if has_bare_percent(command) {
        found.warnings.push(Warning::at(number, "bare-percent", PERCENT));
    }
    if expression.contains('~') {
        found.warnings.push(Warning::at(number, "random", "only cronie and OpenBSD's cron know ~"));
    }
    Ok(Some((found, command)))
}

/// Says what the command of a schedule means for it. A line without a command is only a schedule.
fn judge(command: &str, is_systems: bool, found: &mut DetectedSchedule) {
    let line = found.line;
    if found.runs.is_empty() {
        found.block(line, "at-boot", "@reboot runs only when the machine starts");
    }
    if command.is_empty() {
        return;
    }
    let command = executed(command);
    let (user, rest) = command.split_once(char::is_whitespace).unwrap_or((&command, ""));
    let command = if is_systems || USERS.contains(&user) { rest } else { &command };
    command::apply(command::of_shell(command), line, found);
}

/// Names that are in no folder of programs: a line of /etc/crontab passed on stdin.
const USERS: [&str; 8] = ["root", "www-data", "www", "nobody", "nginx", "apache", "ubuntu", "deploy"];

/// The command as cron runs it: up to the first bare `%`, and without the backslashes before the others.
fn executed(command: &str) -> String {
    let mut text = String::new();
    let mut rest = command.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '%' => break,
            '\\' if rest.peek() == Some(&'%') => text.extend(rest.next()),
            c => text.push(c),
        }
    }
    text
}

const PERCENT: &str = "cron ends the command at the first % without a backslash before it";

/// Joins the lines of each command into one schedule.
fn merged(lines: Vec<(DetectedSchedule, &str)>) -> Vec<(DetectedSchedule, &str)> {
    let mut all: Vec<(DetectedSchedule, &str)> = Vec::new();
    for (found, command) in lines {
        match all.iter_mut().find(|(_, other)| !command.is_empty() && *other == command) {
            Some((same, _)) if same.text == found.text => {}
            Some((same, _)) => {
                same.text = format!("{}; {}", same.text, found.text);
                same.runs.extend(found.runs);
            }
            None => all.push((found, command)),
        }
    }
    all
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
        let (found, _) = crontab(text, false);
        let shown: Vec<(usize, &str)> = found.iter().map(|found| (found.line, found.text.as_str())).collect();
        assert_eq!(shown, [(5, "0 2 1 * *; 0 2 15 * *"), (7, "@daily")]);
        assert_eq!(found[0].runs.len(), 2);
    }

    #[test]
    fn a_setting_that_decides_counts_for_the_lines_below_it() {
        let text = "0 2 * * * everlit refresh\nEVERLIT_THRESHOLD_DAYS = 1\n0 3 * * * cd /x; everlit refresh\n";
        let (found, _) = crontab(text, false);
        let blocked: Vec<usize> = found.iter().map(|found| found.blockers.len()).collect();
        assert_eq!(blocked, [0, 1]);
    }

    #[test]
    fn every_line_counts_if_none_is_about_tokens() {
        let (found, unreadable) = crontab("0 2 1 * * a\n0 2 * * * b\nx\n", false);
        assert_eq!((found.len(), unreadable.len()), (2, 1));
        assert_eq!(found[0].blockers[0].code, "unknown-command");
    }

    #[test]
    fn a_wrong_field_is_reported_with_line_and_column() {
        let error = crontab("# ok\n  0 26 * * * everlit refresh\n", false).1.remove(0);
        assert_eq!((error.line, error.column), (Some(2), Some(5)));
    }

    #[test]
    fn a_bare_percent_is_a_warning() {
        assert_eq!(crontab("0 2 * * * everlit refresh >log.$(date +%F)\n", false).0[0].warnings.len(), 1);
        assert_eq!(crontab("0 2 * * * everlit refresh >log.$(date +\\%F)\n", false).0[0].warnings.len(), 0);
    }

    #[test]
    fn a_line_that_cannot_be_read_does_not_hide_the_others() {
        let text = "@reboot /srv/other\n@reboot everlit refresh\nH 3 * * * everlit refresh\n61 3 * * * backup\n\
                    CRON_TZ=UTC\nTZ=UTC 1 3 * * * everlit refresh\n0 1 3 * * * everlit refresh\n17 3 * * * everlit refresh\n";
        let (found, unreadable) = crontab(text, false);
        let shown: Vec<_> = found.iter().map(|found| (found.line, found.text.as_str(), found.runs.len())).collect();
        assert_eq!(shown, [(2, "@reboot; 17 3 * * *", 1)]);
        assert_eq!(found[0].blockers, []);
        let lines: Vec<_> = unreadable.iter().filter_map(|error| error.line).collect();
        assert_eq!(lines, [3, 6, 7], "{unreadable:?}");
    }

    #[test]
    fn the_command_decides_whether_a_line_is_good() {
        for (line, is_systems, code) in [
            ("17 3 * * * cd /srv && everlit refresh", false, None),
            ("17 3 * * * root everlit refresh", false, None),
            ("17 3 * * * ada everlit refresh", true, None),
            ("17 3 * * * ada everlit refresh", false, Some("guarded")),
            ("1~59 3 * * * everlit refresh", false, None),
            ("17 3 1-7 * * [ \"$(date +\\%u)\" = 1 ] && everlit refresh", false, Some("guarded")),
            // cron ends this one before everlit.
            ("17 3 * * * [ \"$(date +%u)\" = 1 ] && everlit refresh", false, Some("unknown-command")),
            ("17 3 * * * everlit status", false, Some("refreshes-nothing")),
            ("@reboot everlit refresh", false, Some("at-boot")),
        ] {
            let (found, _) = crontab(line, is_systems);
            assert_eq!(found[0].blockers.first().map(|blocker| blocker.code), code, "{line}");
        }
    }
}
