//! Reads `vercel.json`, `wrangler.jsonc`, and AWS templates, which are YAML or JSON (docs of Vercel, "Cron Jobs"; of Wrangler,
//! "Configuration"; AWS SAM, "`ScheduleV2`").

use super::{AWS, CLOUDFLARE, Function, VERCEL};
use crate::calendar::{cron, dialect};
use crate::detected::{DetectedSchedule, Unreadable};
use crate::yaml::Leaf;

/// Each job of `crons`.
pub(crate) fn vercel(leaves: &[Leaf]) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let crons = leaves.iter().filter(|leaf| leaf.path == "crons/[]/schedule");
    crons
        .map(|leaf| {
            let is_its_path = |other: &Leaf| other.path == "crons/[]/path" && other.item == leaf.item;
            let path = leaves.iter().find(|other| is_its_path(other));
            let calls_everlit = path.is_some_and(|path| path.value == "/api/everlit-refresh");
            let function = if calls_everlit { Function::CallsEverlit } else { Function::Other };
            let when = cron::parse(&leaf.value).map_err(|misread| Unreadable::of(misread, leaf.line, leaf.before))?;
            Ok(VERCEL.schedule(leaf.line, &leaf.value, when, function))
        })
        .collect()
}

/// Each expression of `triggers.crons`, also per environment.
pub(crate) fn cloudflare(leaves: &[Leaf]) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let name = leaves.iter().find(|leaf| leaf.path == "name");
    let is_ours = name.is_some_and(|name| name.value.starts_with("everlit-"));
    let function = if is_ours { Function::CallsEverlit } else { Function::Other };
    let is_cron = |path: &str| path == CRONS || path.starts_with("env/") && path.ends_with(CRONS);
    let crons = leaves.iter().filter(|leaf| is_cron(&leaf.path));
    crons
        .map(|leaf| {
            let when = cron::parse(&leaf.value).map_err(|misread| Unreadable::of(misread, leaf.line, leaf.before))?;
            Ok(CLOUDFLARE.schedule(leaf.line, &leaf.value, when, function))
        })
        .collect()
}

const CRONS: &str = "triggers/crons/[]";

/// Each `rate(...)` and `cron(...)`, wherever it stands.
pub(crate) fn aws(leaves: &[Leaf]) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let schedules = leaves.iter().filter(|leaf| dialect::is_aws(&leaf.value));
    schedules
        .map(|leaf| {
            let function = function_around(leaf, leaves);
            let (_, when) =
                dialect::parse(&leaf.value).map_err(|misread| Unreadable::of(misread, leaf.line, leaf.before))?;
            Ok(AWS.schedule(leaf.line, &leaf.value, when, function))
        })
        .collect()
}

/// Whether a schedule is an event of a function that is called everlit and is a program of its own.
fn function_around(schedule: &Leaf, leaves: &[Leaf]) -> Function {
    let Some((properties, _)) = schedule.path.split_once("/Events/") else { return Function::Other };
    let has = |key: &str, start: &str| {
        let path = format!("{properties}/{key}");
        leaves.iter().any(|leaf| leaf.path == path && leaf.value.starts_with(start))
    };
    if has("FunctionName", "everlit-") && has("Runtime", "provided") { Function::Everlit } else { Function::Other }
}

/// The text of a JSON file with blanks in place of its comments, which JSON with comments (`wrangler.jsonc`) has.
pub(crate) fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::with_capacity(text.len());
    while let Some(at) = rest.find(['"', '/']) {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        let len = match from.as_bytes() {
            [b'/', b'/', ..] => from.find('\n').unwrap_or(from.len()),
            [b'/', b'*', ..] => from.find("*/").map_or(from.len(), |end| end + 2),
            [b'"', ..] => string_len(from),
            _ => 1,
        };
        let (part, after) = from.split_at(len);
        if part.starts_with("//") || part.starts_with("/*") {
            kept.extend(part.chars().map(|c| if c == '\n' { c } else { ' ' }));
        } else {
            kept.push_str(part);
        }
        rest = after;
    }
    kept + rest
}

/// The length of the string at the beginning, with both quotes.
fn string_len(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !is_escaped => return at + 1,
            _ => is_escaped = c == '\\' && !is_escaped,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_blanks_and_strings_stay() {
        let text = "{ // a \"b\n \"c\\\"//d\": \"/*e*/\", /* f\n */ \"g\": 1 }";
        let without = "{      \n \"c\\\"//d\": \"/*e*/\",     \n    \"g\": 1 }";
        let blanks = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(blanks(&without_comments(text)), blanks(without));
        assert_eq!(without_comments(text).len(), text.len());
        for unfinished in ["\"", "/", "/*", "//", "\"\\", ""] {
            without_comments(unfinished);
        }
    }
}
