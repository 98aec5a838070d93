//! Expressions that are like cron's but not cron's: AWS, six fields with seconds, time zones.

use std::time::Duration;

use super::{Misread, When, cron, quoted};

/// Whose expression it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Dialect {
    /// Five fields, a nickname, `@every`.
    Cron,
    /// `rate(1 day)`, `cron(0 3 * * ? *)` ("Schedule types" in AWS' documentation).
    Aws,
    /// Seconds in front, perhaps years at the end: Quartz, Azure Functions, node-cron.
    Seconds,
}

/// Whether it is one of AWS' expressions.
pub(crate) fn is_aws(text: &str) -> bool {
    let text = text.trim();
    ["rate(", "cron("].iter().any(|start| text.starts_with(start)) && text.ends_with(')')
}

/// Parses an expression of any dialect.
pub fn parse(text: &str) -> Result<(Dialect, When), Misread> {
    if let Some(rest) = without_zone(text) {
        return parse(rest);
    }
    let trimmed = text.trim();
    if is_aws(text) {
        let inside = &trimmed[5..trimmed.len() - 1];
        let when = if trimmed.starts_with("rate") { rate(inside)? } else { aws_cron(inside)? };
        return Ok((Dialect::Aws, when));
    }
    let fields: Vec<&str> = trimmed.split_whitespace().collect();
    match fields.len() {
        6 | 7 if fields.iter().all(|field| is_field(field)) => {
            check_any_year(fields.get(6).copied())?;
            let [_, five @ ..] = &fields[..6] else { return Err(Misread::new(1, "the expression is empty")) };
            Ok((Dialect::Seconds, five_of_quartz(five)?))
        }
        _ => cron::parse(text).map(|when| (Dialect::Cron, when)),
    }
}

/// The expression behind `CRON_TZ=Europe/Berlin` or `TZ=UTC`: a token does not mind the hour.
pub(crate) fn without_zone(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let zone = text.strip_prefix("CRON_TZ=").or_else(|| text.strip_prefix("TZ="))?;
    zone.split_once(char::is_whitespace).map(|(_, rest)| rest.trim_start()).filter(|rest| !rest.is_empty())
}

/// Digits, names in capitals, and the signs that some of these systems have.
fn is_field(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || b"*?/,-#".contains(&byte))
}

/// `1 day`, `12 hours`.
fn rate(text: &str) -> Result<When, Misread> {
    let wrong = || Misread::new(6, format!("{} is not a rate such as 1 day or 12 hours", quoted(text)));
    let (number, unit) = text.trim().split_once(' ').ok_or_else(wrong)?;
    let seconds = match unit.trim().trim_end_matches('s') {
        "minute" => 60,
        "hour" => 60 * 60,
        "day" => 24 * 60 * 60,
        _ => return Err(wrong()),
    };
    let number: u32 = number.parse().ok().filter(|number| *number > 0).ok_or_else(wrong)?;
    Ok(When::Every(Duration::from_secs(u64::from(number) * seconds)))
}

/// Six fields: minutes, hours, day of the month, month, weekday, year.
fn aws_cron(text: &str) -> Result<When, Misread> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [five @ .., year] = fields.as_slice() else { return Err(Misread::new(1, "the expression is empty")) };
    if five.len() != 5 {
        return Err(Misread::new(1, "AWS' cron() has six fields"));
    }
    check_any_year(Some(year))?;
    five_of_quartz(five)
}

fn check_any_year(year: Option<&str>) -> Result<(), Misread> {
    match year {
        None | Some("*" | "?") => Ok(()),
        Some(year) => Err(Misread::new(1, format!("the year {} is not understood: use *", quoted(year)))),
    }
}

/// Five fields in which, if one is `?`, the week begins with 1 on Sunday.
fn five_of_quartz(fields: &[&str]) -> Result<When, Misread> {
    let is_quartz = fields.contains(&"?");
    let weekday = fields.last().copied().unwrap_or_default();
    let shifted =
        |c: char| c.to_digit(10).filter(|day| (1..=7).contains(day)).and_then(|day| char::from_digit(day - 1, 10));
    let weekday: String = match weekday.split_once('/') {
        None if is_quartz => weekday.chars().map(|c| shifted(c).unwrap_or(c)).collect(),
        _ => weekday.to_owned(),
    };
    let front = fields.iter().take(4).copied();
    let five: Vec<&str> = front.chain([weekday.as_str()]).collect();
    cron::parse(&five.join(" ")).map_err(|misread| Misread::new(1, misread.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_of_other_systems_are_read() {
        let daily = cron::parse("17 3 * * *").unwrap();
        for (text, dialect, same) in [
            ("cron(17 3 * * ? *)", Dialect::Aws, "17 3 * * *"),
            ("cron(17 3 ? * 2-6 *)", Dialect::Aws, "17 3 ? * 1-5"),
            ("cron(17 3 ? * MON *)", Dialect::Aws, "17 3 ? * 1"),
            ("0 17 3 * * ?", Dialect::Seconds, "17 3 * * *"),
            ("0 17 3 * * 1", Dialect::Seconds, "17 3 * * 1"),
            ("0 17 3 ? * 1 *", Dialect::Seconds, "17 3 ? * 0"),
            ("CRON_TZ=Europe/Berlin 17 3 * * *", Dialect::Cron, "17 3 * * *"),
            ("TZ=UTC @daily", Dialect::Cron, "@daily"),
        ] {
            assert_eq!(parse(text), Ok((dialect, cron::parse(same).unwrap())), "{text}");
        }
        assert_eq!(parse("rate(12 hours)"), Ok((Dialect::Aws, When::Every(Duration::from_secs(12 * 3600)))));
        assert_eq!(parse("17 3 * * *"), Ok((Dialect::Cron, daily)));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (text, message) in [
            ("H 3 * * *", "Jenkins"),
            ("H(0-29) H * * *", "Jenkins"),
            ("rate(1 fortnight)", "not a rate"),
            ("rate(0 days)", "not a rate"),
            ("cron(0 3 * * ?)", "six fields"),
            ("cron(0 3 * * ? 2027)", "the year \"2027\""),
            ("0 0 3 L * ?", "\"L\" is not a valid day"),
            ("0 0 3 ? * 6#1", "weekday"),
            ("TZ=UTC", "minute"),
            ("cron()", "empty"),
        ] {
            let misread = parse(text).unwrap_err();
            assert!(misread.message.contains(message), "{text}: {}", misread.message);
        }
    }
}
