//! Reads a launchd job: a property list (launchd.plist(5)).

use std::time::Duration;

use roxmltree::Node;

use crate::calendar::{Calendar, Set, When};
use crate::detected::{DetectedSchedule, Unreadable};
use crate::xml::{child, line, number};
use crate::{Scheduler, command};

/// Reads `StartCalendarInterval`, one or a list, and `StartInterval`, and what decides whether they count.
pub(crate) fn property_list(root: Node<'_, '_>) -> Result<Option<DetectedSchedule>, Unreadable> {
    let Some(job) = child(root, "dict") else { return Ok(None) };
    let mut expressions = Vec::new();
    let mut first_line = None;
    for (key, value) in pairs(job) {
        match (key, value.tag_name().name()) {
            ("StartCalendarInterval", "array") => {
                for one in value.children().filter(|node| node.has_tag_name("dict")) {
                    expressions.push(interval(one)?);
                }
            }
            ("StartCalendarInterval", _) => expressions.push(interval(value)?),
            ("StartInterval", _) => {
                let seconds = number(value, 1, u32::MAX)?;
                let every = When::Every(Duration::from_secs(seconds.into()));
                expressions.push((format!("every {seconds} s"), every));
            }
            _ => continue,
        }
        first_line.get_or_insert_with(|| line(value));
    }
    let Some(first_line) = first_line else { return Ok(None) };
    let mut found = DetectedSchedule::new(Scheduler::Launchd, first_line, expressions);
    for (key, value) in pairs(job) {
        let line = line(value);
        match key {
            "Disabled" if value.has_tag_name("true") => {
                found.block(line, "disabled", "it is disabled, unless launchctl has enabled it since");
            }
            "LimitLoadToHosts" | "LimitLoadFromHosts" | "LimitLoadToSessionType" | "LimitLoadToHardware" => {
                found.block(line, "condition", format!("{key} decides where it runs"));
            }
            "EnvironmentVariables" => {
                pairs(value).for_each(|(name, _)| command::apply_variable(name, line, &mut found));
            }
            "ProgramArguments" => {
                let words = value.children().filter(|node| node.has_tag_name("string"));
                let words: Vec<String> = words.map(|node| node.text().unwrap_or_default().to_owned()).collect();
                command::apply(command::of_argv(&words), line, &mut found);
            }
            _ => {}
        }
    }
    Ok(Some(found))
}

/// A missing key matches always. With a day and a weekday, either is enough, as in cron.
fn interval(dict: Node<'_, '_>) -> Result<(String, When), Unreadable> {
    let mut calendar = Calendar::always();
    let mut text = Vec::new();
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
        text.push(format!("{key} {number}"));
    }
    calendar.either = day && weekday;
    Ok((text.join(" "), When::Calendar(calendar)))
}

/// The keys of a dictionary and their values.
fn pairs<'a, 'i>(dict: Node<'a, 'i>) -> impl Iterator<Item = (&'a str, Node<'a, 'i>)> {
    let keys = dict.children().filter(|node| node.has_tag_name("key"));
    keys.filter_map(|key| Some((key.text()?.trim(), key.next_sibling_element()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 24 * 60 * 60;

    fn read(text: &str) -> Result<Vec<DetectedSchedule>, Unreadable> {
        let document = crate::xml::parse(text)?;
        property_list(document.root_element()).map(|found| found.into_iter().collect())
    }

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
        for (more, code) in [
            ("<key>Disabled</key><true/>", "disabled"),
            ("<key>LimitLoadToHosts</key><array/>", "condition"),
            (
                "<key>EnvironmentVariables</key><dict><key>EVERLIT_THRESHOLD_DAYS</key><string>5</string></dict>",
                "guarded",
            ),
            (
                "<key>ProgramArguments</key><array><string>/bin/everlit</string><string>status</string></array>",
                "refreshes-nothing",
            ),
        ] {
            let found = read(&plist(&format!("{daily}{more}"))).unwrap().remove(0);
            assert_eq!(found.blockers.iter().map(|blocker| blocker.code).collect::<Vec<_>>(), [code], "{more}");
        }
        let good = "<key>Disabled</key><false/><key>ProgramArguments</key><array><string>/bin/everlit</string>\
                    <string>-C</string><string>/a b</string><string>refresh</string></array>";
        assert_eq!(read(&plist(&format!("{daily}{good}"))).unwrap()[0].blockers, []);
    }
}
