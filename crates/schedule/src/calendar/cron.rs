//! Cron expressions, as crontab(5), GitHub Actions and Kubernetes read them.
//!
//! A surprising rule: if both the day of the month and the weekday are set, either is enough; if one of them begins with
//! `*`, as `*/2` does, both must match (crontab(5), and Paul Vixie's code).

use std::time::Duration;

use super::{Calendar, Misread, Set, When, named, quoted};

struct Field {
    name: &'static str,
    first: u32,
    last: u32,
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", first: 0, last: 59, names: &[] },
    Field { name: "hour", first: 0, last: 23, names: &[] },
    Field { name: "day of the month", first: 1, last: 31, names: &[] },
    Field {
        name: "month",
        first: 1,
        last: 12,
        names: &["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    },
    // 7 is Sunday too.
    Field { name: "weekday", first: 0, last: 7, names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/// Names for whole expressions.
const NICKNAMES: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// Parses an expression: five fields, a nickname such as `@daily`, or Kubernetes' `@every 12h`.
pub fn parse(text: &str) -> Result<When, Misread> {
    let (end, when) = parse_start(text)?;
    let rest = text.get(end..).unwrap_or("").trim_start();
    if rest.is_empty() {
        return Ok(when);
    }
    let message = if looks_like_a_field(rest.split_whitespace().next().unwrap_or("")) {
        "more than five fields: cron has no field for seconds or years".to_owned()
    } else {
        format!("{} follows the five fields", quoted(rest))
    };
    Err(Misread::new(column(text, rest), message))
}

/// Parses the expression at the start of a crontab line and returns the offset of the command.
pub fn parse_start(text: &str) -> Result<(usize, When), Misread> {
    if text.trim_start().starts_with('@') {
        return nickname(text);
    }
    let mut message = text.split_whitespace();
    let mut sets = [Set::EMPTY; 5];
    let mut starred = [false; 5];
    let mut end = 0;
    for (at, field) in FIELDS.iter().enumerate() {
        let Some(word) = message.next() else {
            let message = format!("the {} is missing: cron has five fields", field.name);
            return Err(Misread::new(text.chars().count() + 1, message));
        };
        let place = column(text, word);
        sets[at] = set(word, field).map_err(|message| Misread::new(place, message))?;
        starred[at] = word.starts_with(['*', '?']);
        end = offset(text, word) + word.len();
    }
    let [minutes, hours, days, months, weekdays] = sets;
    let weekdays = if weekdays.has(7) { weekdays.with(0) } else { weekdays };
    let either = !starred[2] && !starred[4];
    Ok((end, When::Calendar(Calendar { months, days, weekdays, either, hours, minutes, ..Calendar::always() })))
}

fn nickname(text: &str) -> Result<(usize, When), Misread> {
    let word = text.split_whitespace().next().unwrap_or("");
    let place = column(text, word);
    let end = offset(text, word) + word.len();
    if let Some((_, meaning)) = NICKNAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)) {
        return Ok((end, parse_start(meaning)?.1));
    }
    if word.eq_ignore_ascii_case("@every") {
        let pause = text.split_whitespace().nth(1).unwrap_or("");
        let seconds = go_duration(pause).filter(|seconds| *seconds > 0).ok_or_else(|| {
            Misread::new(place, format!("@every needs a duration such as 24h, not {}", quoted(pause)))
        })?;
        return Ok((offset(text, pause) + pause.len(), When::Every(Duration::from_secs(seconds))));
    }
    Err(Misread::new(
        place,
        if word.eq_ignore_ascii_case("@reboot") {
            "@reboot runs only when the machine starts".to_owned()
        } else {
            format!("{} is not a nickname that cron knows", quoted(word))
        },
    ))
}

/// Parses a duration such as `1h30m` into seconds.
fn go_duration(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut seconds: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let unit = match rest[digits..].chars().next()? {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(number.checked_mul(unit)?)?;
        rest = &rest[digits + 1..];
    }
    Some(seconds)
}

/// Parses a field: parts separated by commas.
fn set(word: &str, field: &Field) -> Result<Set, String> {
    word.split(',').try_fold(Set::EMPTY, |all, part| Ok(all.and(part_of(part, field)?)))
}

/// Parses `*`, `7`, `1-5`, each with or without a step such as `/2`, or `0~59`.
fn part_of(part: &str, field: &Field) -> Result<Set, String> {
    if part == "H" || part.starts_with("H/") || part.starts_with("H(") {
        return Err("H is a number that Jenkins picks: put any number in its place".to_owned());
    }
    // cronie and OpenBSD's cron pick a random number of `0~59` once; any will do.
    let part = part.split_once('~').map_or(part, |(first, last)| if first.is_empty() { last } else { first });
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(positive(step, field)?)),
        None => (part, None),
    };
    let (first, last) = match range.split_once('-') {
        // Some crons write `?` for "any".
        None if range == "*" || range == "?" => (field.first, if field.last == 7 { 6 } else { field.last }),
        None => {
            let only = number(range, field)?;
            (only, if step.is_some() { field.last } else { only })
        }
        Some((first, last)) => (number(first, field)?, number(last, field)?),
    };
    if first > last {
        return Err(format!("{} in the {} runs backwards", quoted(range), field.name));
    }
    Ok(Set::range(first, last, step.unwrap_or(1)))
}

fn positive(step: &str, field: &Field) -> Result<u32, String> {
    let number = Some(step).filter(|step| step.bytes().all(|byte| byte.is_ascii_digit()));
    let number = number.and_then(|step| step.parse().ok()).filter(|step| *step > 0);
    number.ok_or_else(|| format!("{} is not a valid step for the {}", quoted(step), field.name))
}

fn number(text: &str, field: &Field) -> Result<u32, String> {
    let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|text| text.parse().ok()).or_else(|| named(field.names, text));
    number.filter(|number| (field.first..=field.last).contains(number)).ok_or_else(|| {
        format!("{} is not a valid {}: use a number from {} to {}", quoted(text), field.name, field.first, field.last)
    })
}

/// Whether a word could be one more field of the same expression.
pub(crate) fn looks_like_a_field(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit() || b"*?/,-".contains(&byte))
}

/// The offset of `part`, a slice of `whole`, in bytes from 0.
fn offset(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize).min(whole.len())
}

/// The same in characters from 1.
fn column(whole: &str, part: &str) -> usize {
    whole.get(..offset(whole, part)).map_or(1, |before| before.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::super::{FIRST_INSTANT, firings};
    use super::*;

    /// The first days of 2027 on which it runs, as days of the year from 1.
    fn days(text: &str, count: usize) -> Vec<i64> {
        let all = firings(&[parse(text).unwrap()]);
        all.iter().take(count).map(|at| at.since(FIRST_INSTANT) / 86_400 + 1).collect()
    }

    #[test]
    fn every_30th_day_of_the_month_means_day_1_and_day_31() {
        assert_eq!(days("0 2 */30 * *", 8), [1, 31, 32, 60, 90, 91, 121, 151]);
        assert_eq!(days("0 0 */50 * *", 3), [1, 32, 60]);
    }

    #[test]
    fn day_or_weekday_is_enough_unless_one_begins_with_a_star() {
        // 1 January 2027 is a Friday.
        assert_eq!(days("0 0 13 * 5", 4), [1, 8, 13, 15]);
        assert_eq!(days("0 0 */2 * 5", 3), [1, 15, 29]);
        assert_eq!(days("0 0 1-7 * *", 8), [1, 2, 3, 4, 5, 6, 7, 32]);
        assert_eq!(days("0 0 * * 7", 2), days("0 0 * * sun", 2));
    }

    #[test]
    fn errors_are_reported_with_their_column() {
        let cases = [
            ("0 25 * * *", 3, "hour"),
            ("61 2 * * *", 1, "minute"),
            ("0 2 */0 * *", 5, "step"),
            ("0 2 */+5 * *", 5, "step"),
            ("0 2 31-1 * *", 5, "backwards"),
            ("0 2 * foo *", 7, "\"foo\" is not a valid month"),
            ("0 2 * *", 8, "the weekday is missing"),
            ("", 1, "the minute is missing"),
            ("0 0 2 * * *", 11, "more than five fields"),
            ("0 2 * * * run", 11, "follows the five fields"),
            ("0 2 * * * run5", 11, "follows the five fields"),
            ("@reboot", 1, "when the machine starts"),
            ("@sometimes", 1, "\"@sometimes\" is not a nickname"),
            // Messages stay short.
            ("@0123456789012345678901234567890123456789", 1, "\"@012345678901234567890123456789012345678...\""),
            ("@every soon", 1, "duration"),
            ("@every 0h", 1, "duration"),
            ("0 2 1,,2 * *", 5, "day of the month"),
            ("0 2 +1 * *", 5, "day of the month"),
        ];
        for (text, column, message) in cases {
            let misread = parse(text).unwrap_err();
            assert_eq!(misread.column, column, "{text}: {}", misread.message);
            assert!(misread.message.contains(message), "{text}: {}", misread.message);
        }
    }

    #[test]
    fn nicknames_and_intervals_are_parsed() {
        assert_eq!(parse("@daily"), parse("0 0 * * *"));
        assert_eq!(parse(" @every 1h30m "), Ok(When::Every(Duration::from_secs(5400))));
        assert_eq!(parse("@every 90s"), Ok(When::Every(Duration::from_secs(90))));
        assert_eq!(parse_start("@weekly /bin/true").unwrap().0, 7);
        assert_eq!(parse_start("17  3 * * * cd x").unwrap().0, 11);
        assert_eq!(parse("0~59 3 * * *"), parse("0 3 * * *"));
        assert_eq!(parse("~30 3 * * *"), parse("30 3 * * *"));
    }
}
