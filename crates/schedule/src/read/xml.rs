//! XML: launchd's property lists (launchd.plist(5)) and Windows' tasks (Task Scheduler schema).

use std::time::Duration;

use roxmltree::{Document, Node, ParsingOptions};

use super::{DetectedSchedule, Unreadable};
use crate::Scheduler;
use crate::calendar::{Calendar, Set, When, quoted};
use crate::survival::warnings::Warning;

const DAY: u64 = 24 * 60 * 60;

pub(super) fn read(text: &str) -> Result<Vec<DetectedSchedule>, Unreadable> {
    // A property list names its DTD. It is not fetched; entities are bounded by the reader.
    let options = ParsingOptions { allow_dtd: true, nodes_limit: 100_000, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| {
        let at = error.pos();
        let column = usize::try_from(at.col).ok();
        Unreadable {
            line: usize::try_from(at.row).ok(),
            column,
            message: format!("no XML: {}", quoted(&error.to_string())),
        }
    })?;
    let root = document.root_element();
    let found = match root.tag_name().name() {
        "plist" => launchd(root)?,
        "Task" => windows(root)?,
        other => {
            return Err(Unreadable::at(line(root), format!("{} is neither launchd's nor Windows' own", quoted(other))));
        }
    };
    Ok(found.into_iter().collect())
}

fn line(node: Node<'_, '_>) -> usize {
    let row = node.document().text_pos_at(node.range().start).row;
    usize::try_from(row).unwrap_or(usize::MAX)
}

/// `StartCalendarInterval`, one or a list, and `StartInterval`.
fn launchd(root: Node<'_, '_>) -> Result<Option<DetectedSchedule>, Unreadable> {
    let Some(job) = child(root, "dict") else { return Ok(None) };
    let mut runs = Vec::new();
    let mut texts = Vec::new();
    let mut first_line = None;
    for (key, value) in pairs(job) {
        match (key, value.tag_name().name()) {
            ("StartCalendarInterval", "array") => {
                for one in value.children().filter(|node| node.has_tag_name("dict")) {
                    runs.push(When::Calendar(interval(one, &mut texts)?));
                }
            }
            ("StartCalendarInterval", _) => runs.push(When::Calendar(interval(value, &mut texts)?)),
            ("StartInterval", _) => {
                let seconds = number(value, 1, u32::MAX)?;
                runs.push(When::Every(Duration::from_secs(seconds.into())));
                texts.push(format!("every {seconds} s"));
            }
            _ => continue,
        }
        first_line.get_or_insert_with(|| line(value));
    }
    let found = |line| DetectedSchedule {
        scheduler: Scheduler::Launchd,
        line,
        text: texts.join("; "),
        runs,
        warnings: Vec::new(),
    };
    Ok(first_line.map(found))
}

/// What is not given fits always. A day and a weekday: either is enough, as in cron.
fn interval(dict: Node<'_, '_>, texts: &mut Vec<String>) -> Result<Calendar, Unreadable> {
    let mut calendar = Calendar::always();
    let mut message = Vec::new();
    let (mut day, mut weekday) = (false, false);
    for (key, value) in pairs(dict) {
        let (set, least, most) = match key {
            "Minute" => (&mut calendar.minutes, 0, 59),
            "Hour" => (&mut calendar.hours, 0, 23),
            "Day" => (&mut calendar.days, 1, 31),
            "Weekday" => (&mut calendar.weekdays, 0, 7),
            "Month" => (&mut calendar.months, 1, 12),
            _ => continue,
        };
        let number = number(value, least, most)?;
        *set = Set::EMPTY.with(if key == "Weekday" { number % 7 } else { number });
        day |= key == "Day";
        weekday |= key == "Weekday";
        message.push(format!("{key} {number}"));
    }
    calendar.either = day && weekday;
    texts.push(message.join(" "));
    Ok(calendar)
}

/// Keys and the values behind them.
fn pairs<'a, 'i>(dict: Node<'a, 'i>) -> impl Iterator<Item = (&'a str, Node<'a, 'i>)> {
    let keys = dict.children().filter(|node| node.has_tag_name("key"));
    keys.filter_map(|key| Some((key.text()?.trim(), key.next_sibling_element()?)))
}

/// `Triggers` and the settings that decide whether they count.
fn windows(root: Node<'_, '_>) -> Result<Option<DetectedSchedule>, Unreadable> {
    let Some(triggers) = child(root, "Triggers") else { return Ok(None) };
    let mut runs = Vec::new();
    let mut texts = Vec::new();
    for trigger in triggers.children().filter(|node| node.tag_name().name() == "CalendarTrigger") {
        if is(trigger, "Enabled", "false") {
            continue;
        }
        let (when, text) = calendar_trigger(trigger)?;
        runs.push(when);
        texts.push(text);
    }
    let mut warnings = Vec::new();
    if let Some(settings) = child(root, "Settings") {
        let at = line(settings);
        if !is(settings, "StartWhenAvailable", "true") {
            warnings.push(Warning::at(
                at,
                "start-when-available-missing",
                "StartWhenAvailable is not set: a run is lost whenever the machine is off at its time",
            ));
        }
        if !is(settings, "DisallowStartIfOnBatteries", "false") {
            warnings.push(Warning::at(
                at,
                "not-on-battery",
                "DisallowStartIfOnBatteries is not set to false: on battery power it does not run",
            ));
        }
    }
    let found = DetectedSchedule {
        scheduler: Scheduler::Windows,
        line: line(triggers),
        text: texts.join("; "),
        runs,
        warnings,
    };
    Ok(Some(found).filter(|found| !found.runs.is_empty()))
}

fn calendar_trigger(trigger: Node<'_, '_>) -> Result<(When, String), Unreadable> {
    let (hour, minute) = child(trigger, "StartBoundary").map_or(Ok((0, 0)), start_time)?;
    let at = format!("{hour:02}:{minute:02}");
    let daily = Calendar::daily(hour, minute);
    for node in trigger.children().filter(Node::is_element) {
        let (when, text) = match node.tag_name().name() {
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
                (When::Calendar(calendar), "on days of the month".to_owned())
            }
            "ScheduleByMonthDayOfWeek" => {
                return Err(Unreadable::at(line(node), "ScheduleByMonthDayOfWeek is not understood"));
            }
            _ => continue,
        };
        return Ok((when, format!("{text} at {at}")));
    }
    Err(Unreadable::at(line(trigger), "a CalendarTrigger without a schedule"))
}

/// Each so many days or weeks; each one is a calendar.
fn every(
    name: &str,
    node: Node<'_, '_>,
    days: u64,
    unit: &str,
    calendar: Calendar,
) -> Result<(When, String), Unreadable> {
    match child(node, name).map_or(Ok(1), |interval| number(interval, 1, 365))? {
        1 => Ok((When::Calendar(calendar), format!("each {unit}"))),
        n => Ok((When::Every(Duration::from_secs(u64::from(n) * days * DAY)), format!("every {n} {unit}s"))),
    }
}

/// The time in `2026-01-01T03:17:00`.
fn start_time(node: Node<'_, '_>) -> Result<(u32, u32), Unreadable> {
    let text = node.text().unwrap_or("").trim();
    let time = text.split_once('T').and_then(|(_, time)| Some((time.get(0..2)?, time.get(3..5)?)));
    let number = |text: &str, most: u32| text.parse().ok().filter(|n| *n <= most);
    time.and_then(|(hour, minute)| Some((number(hour, 23)?, number(minute, 59)?)))
        .ok_or_else(|| Unreadable::at(line(node), format!("{} is no date and time", quoted(text))))
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

/// The elements of a list by their place among the names.
fn names_in(list: Node<'_, '_>, names: &[&str]) -> Set {
    let place = |node: Node<'_, '_>| names.iter().position(|name| *name == node.tag_name().name());
    let places = list.children().filter_map(place).filter_map(|at| u32::try_from(at).ok());
    places.fold(Set::EMPTY, Set::with)
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.tag_name().name() == name)
}

fn is(node: Node<'_, '_>, name: &str, value: &str) -> bool {
    child(node, name).and_then(|child| child.text()).is_some_and(|text| text.trim() == value)
}

fn number(node: Node<'_, '_>, least: u32, most: u32) -> Result<u32, Unreadable> {
    let text = node.text().unwrap_or("").trim();
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| Unreadable::at(line(node), format!("{} is no number from {least} to {most}", quoted(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn launchd_jobs_are_read() {
        let plist = |body: &str| {
            format!(
                "<?xml version=\"1.0\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"x\">\n<plist><dict>\n{body}</dict></plist>"
            )
        };
        let daily = "<key>Label</key><string>x</string>\n<key>StartCalendarInterval</key><dict><key>Hour</key>\
                     <integer>3</integer><key>Minute</key><integer>17</integer></dict>\n";
        let found = read(&plist(daily)).unwrap();
        assert_eq!((found[0].line, found[0].text.as_str()), (5, "Hour 3 Minute 17"));
        assert_eq!(found[0].runs, [When::Calendar(Calendar::daily(3, 17))]);
        let every = read(&plist("<key>StartInterval</key><integer>86400</integer>")).unwrap();
        assert_eq!(every[0].runs, [When::Every(Duration::from_secs(DAY))]);
        let wrong = "<key>StartCalendarInterval</key>\n<dict><key>Hour</key><integer>33</integer></dict>";
        assert_eq!(read(&plist(wrong)).unwrap_err().line, Some(5));
        assert_eq!(read(&plist("<key>Label</key><string>x</string>")).unwrap(), []);
    }

    #[test]
    fn windows_tasks_are_read_and_their_hostile_defaults_told() {
        let task = |schedule: &str, settings: &str| {
            format!(
                "<Task xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\"><Triggers><CalendarTrigger>\
                 <StartBoundary>2026-01-01T03:17:00</StartBoundary>{schedule}</CalendarTrigger></Triggers>\
                 <Settings>{settings}</Settings></Task>"
            )
        };
        let good = "<StartWhenAvailable>true</StartWhenAvailable><DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>";
        let daily = "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>";
        let found = read(&task(daily, good)).unwrap();
        assert_eq!((found[0].text.as_str(), &found[0].warnings), ("each day at 03:17", &vec![]));
        assert_eq!(found[0].runs, [When::Calendar(Calendar::daily(3, 17))]);
        assert_eq!(read(&task(daily, "")).unwrap()[0].warnings.len(), 2);
        let monthly = "<ScheduleByMonth><DaysOfMonth><Day>1</Day><Day>Last</Day></DaysOfMonth></ScheduleByMonth>";
        let When::Calendar(calendar) = &read(&task(monthly, good)).unwrap()[0].runs[0] else { panic!() };
        assert!(calendar.days.has(1) && calendar.days_from_end.has(1) && !calendar.days.has(2));
        let odd = "<ScheduleByMonthDayOfWeek/>";
        assert!(read(&task(odd, good)).is_err());
    }

    #[test]
    fn entities_that_multiply_end_in_an_error() {
        let bomb = "<!DOCTYPE p [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \
                    \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">]><plist>&d;</plist>";
        assert!(read(bomb).is_err());
    }
}
