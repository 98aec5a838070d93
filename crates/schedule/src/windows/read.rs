//! Reads a task of the Windows Task Scheduler (Task Scheduler schema).

use std::time::Duration;

use everlit_meta_api::Timestamp;
use roxmltree::Node;

use crate::calendar::{Calendar, Set, When, quoted};
use crate::detected::{DetectedSchedule, Unreadable, Warning};
use crate::xml::{child, line, number};
use crate::{Scheduler, command};

const DAY: u64 = 24 * 60 * 60;

/// Reads `Triggers`, and what decides whether they count: switches, dates, and the command.
pub(crate) fn task(root: Node<'_, '_>, now: Timestamp) -> Result<Option<DetectedSchedule>, Unreadable> {
    let Some(list) = child(root, "Triggers") else { return Ok(None) };
    let (mut triggers, mut unread) = (Vec::new(), None);
    for node in list.children().filter(Node::is_element) {
        match trigger(node, now) {
            Ok(trigger) => triggers.push(trigger),
            Err(error) => unread = Some(error),
        }
    }
    // Each trigger alone is enough.
    if triggers.iter().any(Trigger::is_good) {
        triggers.retain(Trigger::is_good);
    } else if let Some(error) = unread {
        return Err(error);
    }
    if triggers.is_empty() {
        return Ok(None);
    }
    let mut found = DetectedSchedule::new(Scheduler::Windows, line(list), Vec::new());
    found.text = triggers.iter().map(|trigger| trigger.text.as_str()).collect::<Vec<_>>().join("; ");
    for trigger in triggers {
        found.runs.extend(trigger.when);
        found.blockers.extend(trigger.blocker);
    }
    if let Some(settings) = child(root, "Settings") {
        apply_settings(settings, &mut found);
    }
    apply_command(root, &mut found);
    Ok(Some(found))
}

fn apply_settings(settings: Node<'_, '_>, found: &mut DetectedSchedule) {
    let at = line(settings);
    if is(settings, "Enabled", "false") {
        found.stop(at, "disabled", "the task is disabled: it never runs");
    }
    if is(settings, "RunOnlyIfIdle", "true") {
        found.block(at, "condition", "RunOnlyIfIdle: it runs only while nobody uses the machine");
    }
    if let Some(limit) = child(settings, "ExecutionTimeLimit") {
        let duration = limit.text().and_then(|text| duration(text.trim())).unwrap_or_default();
        command::apply_time_limit("ExecutionTimeLimit", duration, line(limit), found);
    }
    if !is(settings, "StartWhenAvailable", "true") {
        found.warnings.push(Warning::at(
            at,
            "start-when-available-missing",
            "StartWhenAvailable is not set: a run is lost if the machine is off at that time",
        ));
    }
    if !is(settings, "DisallowStartIfOnBatteries", "false") {
        found.warnings.push(Warning::at(
            at,
            "not-on-battery",
            "DisallowStartIfOnBatteries is not false: it does not run on battery power",
        ));
    }
}

fn apply_command(root: Node<'_, '_>, found: &mut DetectedSchedule) {
    let Some(exec) = child(root, "Actions").and_then(|actions| child(actions, "Exec")) else { return };
    let text = |name| child(exec, name).and_then(|node| node.text()).unwrap_or_default().trim().to_owned();
    let argv = [vec![text("Command").replace('"', "")], words(&text("Arguments"))].concat();
    command::apply(command::of_argv(&argv), line(exec), found);
}

/// The words of a command line; blanks count as one within quotes.
fn words(line: &str) -> Vec<String> {
    let mut is_quoted = false;
    let mut is_end = |c: char| {
        is_quoted ^= c == '"';
        c.is_whitespace() && !is_quoted
    };
    let words = line.split(&mut is_end).map(|word| word.replace('"', ""));
    words.filter(|word| !word.is_empty()).collect()
}

/// What starts the task.
struct Trigger {
    text: String,
    /// `None` if it does not start it again and again.
    when: Option<When>,
    blocker: Option<Warning>,
}

impl Trigger {
    fn is_good(&self) -> bool {
        self.when.is_some() && self.blocker.is_none()
    }
}

fn trigger(node: Node<'_, '_>, now: Timestamp) -> Result<Trigger, Unreadable> {
    let at = line(node);
    let blocker = |message: String| Some(Warning { line: Some(at), ..Warning::new("trigger", message) });
    let name = node.tag_name().name();
    if is(node, "Enabled", "false") {
        return Ok(Trigger { text: name.to_owned(), when: None, blocker: blocker(format!("{name} is disabled")) });
    }
    let (text, when) = match name {
        "CalendarTrigger" => calendar_trigger(node).map(|(text, when)| (text, Some(when)))?,
        "TimeTrigger" => time_trigger(node)?,
        _ => (name.to_owned(), None),
    };
    let date = |name| {
        let text = child(node, name).and_then(|node| node.text()).map(str::trim);
        text.and_then(|text| Some((text.get(..10).unwrap_or(text), date(text)?)))
    };
    let blocker = match (date("EndBoundary"), date("StartBoundary")) {
        (Some((day, end)), _) if end <= now => {
            return Ok(Trigger { text, when: None, blocker: blocker(format!("it ended on {day}")) });
        }
        (Some((day, _)), _) => blocker(format!("it ends on {day}")),
        (_, Some((day, start))) if start.since(now) > MAX_WAIT => blocker(format!("it does not run before {day}")),
        _ if when.is_none() => blocker(format!("{name} does not start it again and again")),
        _ => None,
    };
    Ok(Trigger { text, when, blocker })
}

/// Seconds until a first run that are nothing to worry about.
const MAX_WAIT: i64 = 7 * 24 * 60 * 60;

/// Once, or every so often if it repeats without an end.
fn time_trigger(node: Node<'_, '_>) -> Result<(String, Option<When>), Unreadable> {
    let Some(repetition) = child(node, "Repetition") else { return Ok(("once".to_owned(), None)) };
    let text = |name| child(repetition, name).and_then(|node| node.text()).unwrap_or_default().trim();
    let (interval, lasting) = (text("Interval"), text("Duration"));
    let every = duration(interval);
    let every =
        every.ok_or_else(|| Unreadable::at(line(repetition), format!("{} is no interval", quoted(interval))))?;
    if lasting.is_empty() {
        return Ok((format!("every {interval}"), Some(When::Every(every))));
    }
    Ok((format!("every {interval} for {}", quoted(lasting)), None))
}

/// `PT30M`, `P1DT12H`.
fn duration(text: &str) -> Option<Duration> {
    let span: jiff::Span = text.parse().ok()?;
    let seconds = span.total((jiff::Unit::Second, jiff::SpanRelativeTo::days_are_24_hours())).ok()?;
    Duration::try_from_secs_f64(seconds).ok().filter(|duration| !duration.is_zero())
}

/// The instant in `2026-01-01T03:17:00`, with or without a zone: hours do not matter.
fn date(text: &str) -> Option<Timestamp> {
    let at: jiff::civil::DateTime = text.get(..19).unwrap_or(text).parse().ok()?;
    Some(Timestamp::from_unix(at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second()))
}

fn calendar_trigger(trigger: Node<'_, '_>) -> Result<(String, When), Unreadable> {
    let (hour, minute) = child(trigger, "StartBoundary").map_or(Ok((0, 0)), start_time)?;
    let at = format!("{hour:02}:{minute:02}");
    let daily = Calendar::daily(hour, minute);
    for node in trigger.children().filter(Node::is_element) {
        let (text, when) = match node.tag_name().name() {
            "ScheduleByDay" => every("DaysInterval", node, 1, "day", daily)?,
            "ScheduleByWeek" => {
                let days = child(node, "DaysOfWeek").map_or(Set::EMPTY, |days| names_in(days, &WEEKDAYS));
                every("WeeksInterval", node, 7, "week", Calendar { weekdays: days, ..daily })?
            }
            "ScheduleByMonth" => {
                let months = child(node, "Months").map(|months| names_in(months, &MONTHS));
                let mut calendar = Calendar { days: Set::EMPTY, months: months.unwrap_or(daily.months), ..daily };
                let days = child(node, "DaysOfMonth");
                for day in days.iter().flat_map(Node::children).filter(Node::is_element) {
                    if day.text().is_some_and(|text| text.trim() == "Last") {
                        calendar.days_from_end = Set::EMPTY.with(1);
                    } else {
                        calendar.days = calendar.days.with(number(day, 1, 31)?);
                    }
                }
                ("on days of the month".to_owned(), When::Calendar(calendar))
            }
            "ScheduleByMonthDayOfWeek" => {
                return Err(Unreadable::at(line(node), "ScheduleByMonthDayOfWeek is not understood"));
            }
            _ => continue,
        };
        return Ok((format!("{text} at {at}"), when));
    }
    Err(Unreadable::at(line(trigger), "this CalendarTrigger has no schedule"))
}

/// Every so many days or weeks; every single one is a calendar.
fn every(
    name: &str,
    node: Node<'_, '_>,
    days: u64,
    unit: &str,
    calendar: Calendar,
) -> Result<(String, When), Unreadable> {
    match child(node, name).map_or(Ok(1), |interval| number(interval, 1, 365))? {
        1 => Ok((format!("each {unit}"), When::Calendar(calendar))),
        n => Ok((format!("every {n} {unit}s"), When::Every(Duration::from_secs(u64::from(n) * days * DAY)))),
    }
}

/// The time in `2026-01-01T03:17:00`.
fn start_time(node: Node<'_, '_>) -> Result<(u32, u32), Unreadable> {
    let text = node.text().unwrap_or("").trim();
    let time = text.split_once('T').and_then(|(_, time)| Some((time.get(0..2)?, time.get(3..5)?)));
    let number = |text: &str, most: u32| text.parse().ok().filter(|n| *n <= most);
    time.and_then(|(hour, minute)| Some((number(hour, 23)?, number(minute, 59)?)))
        .ok_or_else(|| Unreadable::at(line(node), format!("{} is not a date and time", quoted(text))))
}

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const MONTHS: [&str; 13] = [
    "",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The elements of a list, by their index in the names.
fn names_in(list: Node<'_, '_>, names: &[&str]) -> Set {
    let place = |node: Node<'_, '_>| names.iter().position(|name| *name == node.tag_name().name());
    let places = list.children().filter_map(place).filter_map(|at| u32::try_from(at).ok());
    places.fold(Set::EMPTY, Set::with)
}

fn is(node: Node<'_, '_>, name: &str, value: &str) -> bool {
    child(node, name).and_then(|child| child.text()).is_some_and(|text| text.trim() == value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 26 November 2026.
    const NOW: Timestamp = Timestamp::from_unix(1_795_651_200);

    fn read(text: &str) -> Result<Vec<DetectedSchedule>, Unreadable> {
        let document = crate::xml::parse(text)?;
        task(document.root_element(), NOW).map(|found| found.into_iter().collect())
    }

    #[test]
    fn tasks_are_read_and_hostile_defaults_are_reported() {
        let xml = |schedule: &str, settings: &str| {
            format!(
                "<Task xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\"><Triggers><CalendarTrigger>\
                 <StartBoundary>2026-01-01T03:17:00</StartBoundary>{schedule}</CalendarTrigger></Triggers>\
                 <Settings>{settings}</Settings></Task>"
            )
        };
        let good = "<StartWhenAvailable>true</StartWhenAvailable><DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>";
        let daily = "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>";
        let found = read(&xml(daily, good)).unwrap();
        assert_eq!((found[0].text.as_str(), &found[0].warnings), ("each day at 03:17", &vec![]));
        assert_eq!(found[0].runs, [When::Calendar(Calendar::daily(3, 17))]);
        assert_eq!(read(&xml(daily, "")).unwrap()[0].warnings.len(), 2);
        let monthly = "<ScheduleByMonth><DaysOfMonth><Day>1</Day><Day>Last</Day></DaysOfMonth></ScheduleByMonth>";
        let When::Calendar(calendar) = &read(&xml(monthly, good)).unwrap()[0].runs[0] else { panic!() };
        assert!(calendar.days.has(1) && calendar.days_from_end.has(1) && !calendar.days.has(2));
        let odd = "<ScheduleByMonthDayOfWeek/>";
        assert!(read(&xml(odd, good)).is_err());
    }

    #[test]
    fn what_keeps_a_task_from_running_is_a_blocker() {
        let boundary = |name: &str, day: &str| format!("<{name}>{day}T03:17:00</{name}>");
        let daily = |more: &str| {
            format!(
                "<CalendarTrigger>{more}<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>"
            )
        };
        let repeating = |more: &str| {
            format!("<TimeTrigger><Repetition><Interval>PT12H</Interval>{more}</Repetition></TimeTrigger>")
        };
        let off = "<Enabled>false</Enabled>";
        let ended = daily(&boundary("EndBoundary", "2025-06-01"));
        for (triggers, settings, command, runs, messages) in [
            (daily(""), "", "refresh", 1, vec![]),
            (daily(""), off, "refresh", 0, vec!["the task is disabled: it never runs"]),
            (daily(off), "", "refresh", 0, vec!["CalendarTrigger is disabled"]),
            (ended.clone(), "", "refresh", 0, vec!["it ended on 2025-06-01"]),
            (ended + &daily(""), "", "refresh", 1, vec![]),
            (daily(&boundary("EndBoundary", "2027-06-01")), "", "refresh", 1, vec!["it ends on 2027-06-01"]),
            (daily(&boundary("StartBoundary", "2026-11-28")), "", "refresh", 1, vec![]),
            (
                daily(&boundary("StartBoundary", "2027-03-01")),
                "",
                "refresh",
                1,
                vec!["it does not run before 2027-03-01"],
            ),
            (repeating(""), "", "-C \"C:\\a b\" refresh", 1, vec![]),
            (
                repeating("<Duration>P1D</Duration>"),
                "",
                "refresh",
                0,
                vec!["TimeTrigger does not start it again and again"],
            ),
            ("<LogonTrigger/>".to_owned(), "", "refresh", 0, vec!["LogonTrigger does not start it again and again"]),
            (
                daily(""),
                "<RunOnlyIfIdle>true</RunOnlyIfIdle>",
                "refresh",
                1,
                vec!["RunOnlyIfIdle: it runs only while nobody uses the machine"],
            ),
            (daily(""), "", "status", 0, vec!["this command refreshes nothing; everlit refresh does"]),
            (daily(""), "<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>", "refresh", 1, vec![]),
            (
                daily(""),
                "<ExecutionTimeLimit>PT30S</ExecutionTimeLimit>",
                "refresh",
                1,
                vec!["ExecutionTimeLimit may end it before Meta has answered: give it a minute or more"],
            ),
        ] {
            let xml = format!(
                "<Task><Triggers>{triggers}</Triggers><Settings>{settings}</Settings><Actions><Exec>\
                 <Command>C:\\tools\\everlit.exe</Command><Arguments>{command}</Arguments></Exec></Actions></Task>"
            );
            let found = read(&xml).unwrap().remove(0);
            let said: Vec<&str> = found.blockers.iter().map(|blocker| &*blocker.message).collect();
            assert_eq!((found.runs.len(), said), (runs, messages), "{xml}");
        }
        assert_eq!(read("<Task><Triggers/></Task>"), Ok(vec![]));
    }
}
