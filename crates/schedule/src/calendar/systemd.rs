//! `OnCalendar=` expressions of systemd timers (systemd.time(7)).
//!
//! Refused: `@` with Unix seconds, and ranges counted from the end of a month. Ignored: seconds and time zones.

use std::time::Duration;

use super::{Calendar, Misread, Set, named, quoted};

const WEEKDAYS: [[&str; 2]; 7] = [
    ["sun", "sunday"],
    ["mon", "monday"],
    ["tue", "tuesday"],
    ["wed", "wednesday"],
    ["thu", "thursday"],
    ["fri", "friday"],
    ["sat", "saturday"],
];

/// Names for whole expressions.
const NAMES: [(&str, &str); 9] = [
    ("minutely", "*-*-* *:*:00"),
    ("hourly", "*-*-* *:00:00"),
    ("daily", "*-*-* 00:00:00"),
    ("weekly", "Mon *-*-* 00:00:00"),
    ("monthly", "*-*-01 00:00:00"),
    ("quarterly", "*-01,04,07,10-01 00:00:00"),
    ("semiannually", "*-01,07-01 00:00:00"),
    ("yearly", "*-01-01 00:00:00"),
    ("annually", "*-01-01 00:00:00"),
];

/// Parses an expression: `[weekdays] [date] [time] [zone]`, or a name such as `daily`.
pub fn parse(text: &str) -> Result<Calendar, Misread> {
    let mut message: Vec<&str> = text.split_whitespace().collect();
    if message.len() > 1 && message.last().is_some_and(|word| is_zone(word)) {
        message.pop();
    }
    if let [word] = message[..]
        && let Some((_, meaning)) = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word))
    {
        return parse(meaning);
    }
    let mut calendar = Calendar { hours: Set::EMPTY.with(0), minutes: Set::EMPTY.with(0), ..Calendar::always() };
    let mut stage = 0;
    for word in &message {
        let begins_with_letter = word.starts_with(|c: char| c.is_ascii_alphabetic());
        let (kind, result) = match word {
            _ if begins_with_letter => (1, weekdays(word).map(|set| calendar.weekdays = set)),
            _ if word.contains(':') => (3, time(word, &mut calendar)),
            _ if word.contains(['-', '~']) => (2, date(word, &mut calendar)),
            _ => (4, Err(format!("{} is not a weekday, date or time", quoted(word)))),
        };
        let place = text.find(word).map_or(1, |at| text[..at].chars().count() + 1);
        result.map_err(|message| Misread::new(place, message))?;
        if kind <= stage {
            return Err(Misread::new(
                place,
                format!("{} is in the wrong place: the order is weekdays, date, time", quoted(word)),
            ));
        }
        stage = kind;
    }
    if stage == 0 {
        return Err(Misread::new(1, "the expression is empty"));
    }
    Ok(calendar)
}

/// Whether a word is `UTC` or a name in the time zone database.
fn is_zone(word: &str) -> bool {
    word.eq_ignore_ascii_case("utc") || (word.contains('/') && word.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// `Mon..Fri,Sun`.
fn weekdays(word: &str) -> Result<Set, String> {
    let day = |name: &str| {
        let found = [0, 1].into_iter().find_map(|form| named(&WEEKDAYS.map(|names| names[form]), name));
        found.ok_or_else(|| format!("{} is not a weekday", quoted(name)))
    };
    word.trim_end_matches(',').split(',').try_fold(Set::EMPTY, |all, part| {
        let Some((first, last)) = part.split_once("..").or_else(|| part.split_once('-')) else {
            return Ok(all.with(day(part)?));
        };
        // systemd's week begins on Monday, and ranges do not wrap around.
        let (first, last) = ((day(first)? + 6) % 7, (day(last)? + 6) % 7);
        if first > last {
            return Err(format!("{} runs backwards: systemd's week begins on Monday", quoted(part)));
        }
        Ok((first..=last).fold(all, |all, day| all.with((day + 1) % 7)))
    })
}

/// `2027-01-01`, `*-*-1,15`, `12-24`, `*-02~01`.
fn date(word: &str, calendar: &mut Calendar) -> Result<(), String> {
    let (front, day, from_end) = match word.split_once('~') {
        Some((front, day)) => (front, day, true),
        None => word.rsplit_once('-').map_or(("", word, false), |(front, day)| (front, day, false)),
    };
    let (year, month) = front.rsplit_once('-').unwrap_or(("*", front));
    calendar.years = if year == "*" { calendar.years } else { years(year)? };
    calendar.months = set(month, 1, 12, "month")?;
    let days = if from_end { last_days(day)? } else { set(day, 1, 31, "day of the month")? };
    (calendar.days, calendar.days_from_end) = if from_end { (Set::EMPTY, days) } else { (days, Set::EMPTY) };
    Ok(())
}

/// Days counted from the end of the month: 1 is the last. A step goes towards the end, so `07/1` is the last week.
fn last_days(text: &str) -> Result<Set, String> {
    if text.contains("..") {
        return Err(format!("{}: ranges counted from the end of a month are not supported", quoted(text)));
    }
    if text == "*" {
        return Ok(Set::range(1, 31, 1));
    }
    text.split(',').try_fold(Set::EMPTY, |all, part| {
        let Some((from, step)) = part.split_once('/') else {
            return Ok(all.with(number(part, 1, 31, "day of the month")?));
        };
        let from = number(from, 1, 31, "day of the month")?;
        let step = number(step, 1, 31, "step")?;
        Ok((1..=from).rev().step_by(usize::try_from(step).unwrap_or(1)).fold(all, Set::with))
    })
}

/// The years that a [`Calendar`] can hold; all others are too far from the simulated ones to matter.
fn years(text: &str) -> Result<Set, String> {
    const FIRST: u32 = 1970;
    const LAST: u32 = 2199;
    text.split(',').try_fold(Set::EMPTY, |all, part| {
        // Two digits are a year from 1970 to 2069 (systemd.time(7)).
        let full = |text: &str| {
            number(text, 0, LAST, "year").map(|year| match year {
                0..=69 => year + 2000,
                70..=99 => year + 1900,
                year => year,
            })
        };
        let (range, step) = stepped(part, LAST)?;
        let (first, last) = match range.split_once("..") {
            Some((first, last)) => (full(first)?, full(last)?),
            None if step.is_some() => (full(range)?, LAST),
            None => (full(range)?, full(range)?),
        };
        if first < FIRST || first > last {
            return Err(format!("{} is not a year", quoted(part)));
        }
        let step = step.unwrap_or(1).max(1);
        // The first year of the list that is not before 2000.
        let first = if first < 2000 { first + (2000 - first).div_ceil(step) * step } else { first };
        Ok(all.and(Set::range(first - 2000, last.saturating_sub(2000), step)))
    })
}

/// Parses `03:17`, `*:0/15` or `3:17:30`; the seconds are checked and ignored.
fn time(word: &str, calendar: &mut Calendar) -> Result<(), String> {
    let mut parts = word.splitn(3, ':');
    calendar.hours = set(parts.next().unwrap_or(""), 0, 23, "hour")?;
    calendar.minutes = set(parts.next().unwrap_or(""), 0, 59, "minute")?;
    let seconds = parts.next().unwrap_or("0");
    let whole: Vec<&str> =
        seconds.split(',').map(|part| part.split_once('.').map_or(part, |(whole, _)| whole)).collect();
    if seconds.contains("..") || seconds.contains('/') {
        return set(seconds, 0, 59, "second").map(drop);
    }
    whole.iter().try_for_each(|second| set(second, 0, 59, "second").map(drop))
}

/// Parses a list of numbers, `a..b` and `a/n` (every `n`th from `a` on); `*` must be alone and takes no step.
fn set(text: &str, least: u32, most: u32, what: &str) -> Result<Set, String> {
    if text == "*" {
        return Ok(Set::range(least, most, 1));
    }
    text.split(',').try_fold(Set::EMPTY, |all, part| {
        let (range, step) = stepped(part, most)?;
        let (first, last) = range.split_once("..").unwrap_or((range, range));
        let (first, last) = (number(first, least, most, what)?, number(last, least, most, what)?);
        // `a/n` has no upper end.
        let last = if step.is_some() && !range.contains("..") { most } else { last };
        if first > last {
            return Err(format!("{} in the {what} runs backwards", quoted(range)));
        }
        Ok(all.and(Set::range(first, last, step.unwrap_or(1))))
    })
}

fn stepped(part: &str, most: u32) -> Result<(&str, Option<u32>), String> {
    match part.split_once('/') {
        Some((range, step)) => Ok((range, Some(number(step, 1, most, "step")?))),
        None => Ok((part, None)),
    }
}

fn number(text: &str, least: u32, most: u32, what: &str) -> Result<u32, String> {
    let digits = Some(text).filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|text| text.parse().ok()).filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("{} is not a valid {what}: use a number from {least} to {most}", quoted(text)))
}

/// Parses a time span such as `1d`, `30 days`, `1h 30min` or `86400` (seconds), as in `OnUnitActiveSec=`.
pub fn span(text: &str) -> Result<Duration, Misread> {
    const UNITS: [(&[&str], u64); 8] = [
        (&["us", "usec", "ms", "msec"], 0),
        (&["", "s", "sec", "second", "seconds"], 1),
        (&["m", "min", "minute", "minutes"], 60),
        (&["h", "hr", "hour", "hours"], 3600),
        (&["d", "day", "days"], 86_400),
        (&["w", "week", "weeks"], 7 * 86_400),
        // 30.44 days, as systemd.time(7) defines it.
        (&["M", "month", "months"], 2_629_800),
        (&["y", "year", "years"], 31_557_600),
    ];
    let wrong = || Misread::new(1, format!("{} is not a time span such as 1d or 12h", quoted(text)));
    let mut rest = text.trim();
    let mut seconds: u64 = 0;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
        rest = rest[digits..].trim_start();
        let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let unit = &rest[..letters];
        let (_, worth) = UNITS.iter().find(|(names, _)| names.contains(&unit)).ok_or_else(wrong)?;
        seconds = number.checked_mul(*worth).and_then(|part| seconds.checked_add(part)).ok_or_else(wrong)?;
        rest = rest[letters..].trim_start();
    }
    Ok(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::super::{When, firings};
    use super::*;

    #[test]
    fn errors_are_reported_with_their_column() {
        let cases = [
            ("*-*-*/2", 1, "day of the month"),
            ("*-*-* 24:00", 7, "hour"),
            ("*-*-* +3:00", 7, "hour"),
            ("*-*-01 *-*-02", 8, "wrong place"),
            ("Sat..Mon 3:00", 1, "begins on Monday"),
            ("Foo 3:00", 1, "not a weekday"),
            ("3:17 *-*-*", 6, "wrong place"),
            ("03", 1, "not a weekday, date or time"),
            ("UTC", 1, "not a weekday"),
            ("", 1, "empty"),
            ("*-*~5..2", 1, "not supported"),
            ("@1800000000", 1, "not a weekday, date or time"),
        ];
        for (text, column, message) in cases {
            let misread = parse(text).unwrap_err();
            assert_eq!(misread.column, column, "{text}: {}", misread.message);
            assert!(misread.message.contains(message), "{text}: {}", misread.message);
        }
    }

    #[test]
    fn it_runs_only_in_the_given_years() {
        let runs = |text| firings(&[When::Calendar(parse(text).unwrap())]).len();
        // The simulated years are 2027, 2028 and 2029.
        let cases = [("2027-01-01", 1), ("2027,2029-01-01", 2), ("2026/3-01-01", 1), ("2028..2040-01-01", 2)];
        for (text, expected) in cases {
            assert_eq!(runs(text), expected, "{text}");
        }
    }

    #[test]
    fn spans_are_parsed_as_systemd_does() {
        let cases = [("1d", 86_400), ("30 days", 2_592_000), ("1h 30min", 5400), ("90", 90), ("1w2d", 777_600)];
        for (text, seconds) in cases {
            assert_eq!(span(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for wrong in ["", "soon", "1 fortnight", "99999999999999999999d", "d"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }
}
