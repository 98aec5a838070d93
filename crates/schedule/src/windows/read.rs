//! Reads a task of the Windows Task Scheduler (Task Scheduler schema).

use std::time::Duration;

use roxmltree::Node;

use crate::Scheduler;
use crate::calendar::{Calendar, Set, When, quoted};
use crate::detected::{DetectedSchedule, Unreadable, Warning};
use crate::xml::{child, line, number};

const DAY: u64 = 24 * 60 * 60;

/// Reads `Triggers`, and the settings that decide whether they count.
pub(crate) fn task(root: Node<'_, '_>) -> Result<Option<DetectedSchedule>, Unreadable> {
    let Some(triggers) = child(root, "Triggers") else { return Ok(None) };
    let is_enabled =
        |node: &Node<'_, '_>| node.tag_name().name() == "CalendarTrigger" && !is(*node, "Enabled", "false");
    let expressions = triggers.children().filter(is_enabled).map(calendar_trigger).collect::<Result<Vec<_>, _>>()?;
    let mut warnings = Vec::new();
    if let Some(settings) = child(root, "Settings") {
        let at = line(settings);
        if !is(settings, "StartWhenAvailable", "true") {
            warnings.push(Warning::at(
                at,
                "start-when-available-missing",
                "StartWhenAvailable is not set: a run is lost if the machine is off at that time",
            ));
        }
        if !is(settings, "DisallowStartIfOnBatteries", "false") {
            warnings.push(Warning::at(
                at,
                "not-on-battery",
                "DisallowStartIfOnBatteries is not false: it does not run on battery power",
            ));
        }
    }
    let found = DetectedSchedule::new(Scheduler::Windows, line(triggers), expressions);
    Ok(Some(DetectedSchedule { warnings, ..found }).filter(|found| !found.runs.is_empty()))
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

    fn read(text: &str) -> Result<Vec<DetectedSchedule>, Unreadable> {
        let document = crate::xml::parse(text)?;
        task(document.root_element()).map(|found| found.into_iter().collect())
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
}
