//! One script in the text of a `package.json`; every other byte stays. Pure.

use std::ops::Range;

use serde_json::Value;

/// The name that people have run for years.
pub(crate) const NAME: &str = "refresh-instagram-token";

/// What it runs.
pub(crate) const COMMAND: &str = "everlit refresh";

/// What is to be done to a `package.json`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// The script is there.
    Ready,
    /// The new text, and the older command that it no longer has.
    Write(Vec<u8>, Option<String>),
    /// The script runs something of the site's own.
    Other(String),
}

/// Why a `package.json` is left alone.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Odd {
    #[error("it is not JSON ({0})")]
    NotJson(String),
    #[error("it is JSON, but not an object")]
    NotAnObject,
    #[error("its \"scripts\" is not an object")]
    ScriptsNotAnObject,
    #[error("its formatting leaves no safe place for another script")]
    NoSafePlace,
}

/// The text with the script in it.
pub(crate) fn with_script(text: &[u8]) -> Result<Edit, Odd> {
    // npm reads past a byte order mark.
    let start = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let before: Value = serde_json::from_slice(&text[start..]).map_err(|error| Odd::NotJson(error.to_string()))?;
    let fields = before.as_object().ok_or(Odd::NotAnObject)?;
    let scripts = match fields.get("scripts") {
        None => None,
        Some(scripts) => Some(scripts.as_object().ok_or(Odd::ScriptsNotAnObject)?),
    };
    let older = match scripts.and_then(|scripts| scripts.get(NAME)) {
        None => None,
        Some(Value::String(command)) if command.trim() == COMMAND => return Ok(Edit::Ready),
        Some(Value::String(command)) if is_the_older_script(command) => Some(command.clone()),
        Some(Value::String(command)) => return Ok(Edit::Other(command.clone())),
        Some(other) => return Ok(Edit::Other(other.to_string())),
    };
    let new = edited(text, start).ok_or(Odd::NoSafePlace)?;
    let mut wanted = before;
    wanted["scripts"][NAME] = COMMAND.into();
    let after = serde_json::from_slice::<Value>(&new[start..]);
    // A duplicate name could have led to the wrong place.
    if after.ok().as_ref() != Some(&wanted) {
        return Err(Odd::NoSafePlace);
    }
    Ok(Edit::Write(new, older))
}

/// `node scripts/refresh-instagram-token.js`, with or without flags of node; nothing chained to it.
fn is_the_older_script(command: &str) -> bool {
    let mut message = command.split_whitespace();
    let runs_node = matches!(message.next(), Some("node" | "tsx" | "ts-node"));
    let rest: Vec<&str> = message.skip_while(|word| word.starts_with('-')).collect();
    let [path] = rest.as_slice() else { return false };
    let path = path.trim_start_matches("./").to_lowercase();
    let is_script = [".js", ".mjs", ".cjs", ".ts", ".mts"].iter().any(|ending| path.ends_with(ending));
    runs_node && is_script && path.starts_with("scripts/") && path.contains("instagram") && path.contains("token")
}

fn edited(text: &[u8], start: usize) -> Option<Vec<u8>> {
    let top = Object::at(text, skip_blanks(text, start))?;
    let entry = format!("\"{NAME}\"");
    let value = format!("\"{COMMAND}\"");
    let Some(scripts) = top.last_named("scripts") else {
        let gap = top.gap(text).unwrap_or("\n  ");
        let inner = deeper(gap);
        let colon = top.colon(text).unwrap_or(": ");
        let object = format!("{{{inner}{entry}{colon}{value}{gap}}}");
        return Some(top.with_added(text, "\"scripts\"", &object, "\n  ", "\n"));
    };
    let object = Object::at(text, scripts.value.start)?;
    if let Some(member) = object.last_named(NAME) {
        return Some([&text[..member.value.start], value.as_bytes(), &text[member.value.end..]].concat());
    }
    let gap = blanks_before(text, scripts.key.start);
    Some(object.with_added(text, &entry, &value, &deeper(gap), gap))
}

/// One level further in: the blanks of a line at the first level, twice.
fn deeper(gap: &str) -> String {
    match gap.rsplit_once('\n') {
        Some((_, indentation)) => format!("{gap}{indentation}"),
        None => gap.to_owned(),
    }
}

/// An object in a text that is known to be JSON.
struct Object {
    open: usize,
    members: Vec<Member>,
}

struct Member {
    name: String,
    /// With its quotes.
    key: Range<usize>,
    value: Range<usize>,
}

impl Object {
    fn at(text: &[u8], open: usize) -> Option<Self> {
        let mut members = Vec::new();
        let mut at = skip_blanks(text, open + 1);
        while text.get(at) == Some(&b'"') {
            let key = at..end_of_value(text, at);
            let colon = skip_blanks(text, key.end);
            let start = skip_blanks(text, colon + 1);
            let value = start..end_of_value(text, start);
            let name = serde_json::from_slice(text.get(key.clone())?).ok()?;
            let comma = skip_blanks(text, value.end);
            members.push(Member { name, key, value });
            at = skip_blanks(text, comma + 1);
        }
        Some(Self { open, members })
    }

    /// Where a name stands twice, the last one counts.
    fn last_named(&self, name: &str) -> Option<&Member> {
        self.members.iter().rev().find(|member| member.name == name)
    }

    /// The blanks before the last name.
    fn gap<'t>(&self, text: &'t [u8]) -> Option<&'t str> {
        self.members.last().map(|last| blanks_before(text, last.key.start))
    }

    /// What stands between the last name and its value.
    fn colon<'t>(&self, text: &'t [u8]) -> Option<&'t str> {
        let last = self.members.last()?;
        std::str::from_utf8(&text[last.key.end..last.value.start]).ok()
    }

    /// With a member more at its end, in the manner of the one before; `gap` and `end` are for an object without any.
    fn with_added(&self, text: &[u8], key: &str, value: &str, gap: &str, end: &str) -> Vec<u8> {
        let colon = self.colon(text).unwrap_or(": ");
        let Some(last) = self.members.last() else {
            let (head, tail) = text.split_at(self.open + 1);
            let close = skip_blanks(tail, 0);
            return [head, format!("{gap}{key}{colon}{value}{end}").as_bytes(), &tail[close..]].concat();
        };
        let gap = blanks_before(text, last.key.start);
        let (head, tail) = text.split_at(last.value.end);
        [head, format!(",{gap}{key}{colon}{value}").as_bytes(), tail].concat()
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn skip_blanks(text: &[u8], from: usize) -> usize {
    text.iter().skip(from).position(|&byte| !is_blank(byte)).map_or(text.len(), |blanks| from + blanks)
}

fn blanks_before(text: &[u8], end: usize) -> &str {
    let start = text[..end].iter().rposition(|&byte| !is_blank(byte)).map_or(0, |last| last + 1);
    // Blanks are ASCII.
    std::str::from_utf8(&text[start..end]).unwrap_or_default()
}

/// Where the value that begins at `start` is over.
fn end_of_value(text: &[u8], start: usize) -> usize {
    match text.get(start) {
        Some(b'"') => end_of_string(text, start),
        Some(b'{' | b'[') => end_of_nested(text, start),
        _ => {
            let is_over = |byte: u8| is_blank(byte) || matches!(byte, b',' | b'}' | b']');
            text.iter().skip(start).position(|&byte| is_over(byte)).map_or(text.len(), |length| start + length)
        }
    }
}

fn end_of_string(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < text.len() {
        match text[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

fn end_of_nested(text: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while at < text.len() {
        match text[at] {
            b'"' => at = end_of_string(text, at) - 1,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        match with_script(text.as_bytes()) {
            Ok(Edit::Write(new, _)) => String::from_utf8(new).unwrap(),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn the_script_is_added_in_the_files_own_style() {
        let cases = [
            // Two blanks, four, tabs, CRLF, no final newline.
            (
                "{\n  \"scripts\": {\n    \"dev\": \"next dev\"\n  }\n}\n",
                "{\n  \"scripts\": {\n    \"dev\": \"next dev\",\n    \"refresh-instagram-token\": \"everlit refresh\"\n  }\n}\n",
            ),
            (
                "{\n    \"scripts\": {\n        \"dev\": \"x\"\n    },\n    \"private\": true\n}",
                "{\n    \"scripts\": {\n        \"dev\": \"x\",\n        \"refresh-instagram-token\": \"everlit refresh\"\n    },\n    \"private\": true\n}",
            ),
            (
                "{\r\n\t\"scripts\": {\r\n\t\t\"dev\": \"x\"\r\n\t}\r\n}\r\n",
                "{\r\n\t\"scripts\": {\r\n\t\t\"dev\": \"x\",\r\n\t\t\"refresh-instagram-token\": \"everlit refresh\"\r\n\t}\r\n}\r\n",
            ),
            // Empty scripts, no scripts, nothing at all.
            (
                "{\n  \"name\": \"a\",\n  \"scripts\": {}\n}\n",
                "{\n  \"name\": \"a\",\n  \"scripts\": {\n    \"refresh-instagram-token\": \"everlit refresh\"\n  }\n}\n",
            ),
            (
                "{\n  \"name\": \"a\"\n}\n",
                "{\n  \"name\": \"a\",\n  \"scripts\": {\n    \"refresh-instagram-token\": \"everlit refresh\"\n  }\n}\n",
            ),
            ("{}\n", "{\n  \"scripts\": {\n    \"refresh-instagram-token\": \"everlit refresh\"\n  }\n}\n"),
            // On one line.
            (
                "{\"scripts\":{\"dev\":\"x\"}}",
                "{\"scripts\":{\"dev\":\"x\",\"refresh-instagram-token\":\"everlit refresh\"}}",
            ),
            ("{\"name\":\"a\"}", "{\"name\":\"a\",\"scripts\":{\"refresh-instagram-token\":\"everlit refresh\"}}"),
            // Braces, quotes and the name itself inside texts; a byte order mark.
            (
                "\u{feff}{\n  \"a\": \"} \\\" scripts\",\n  \"scripts\": { \"x\": \"echo '{\\\"scripts\\\":1}'\" }\n}\n",
                "\u{feff}{\n  \"a\": \"} \\\" scripts\",\n  \"scripts\": { \"x\": \"echo '{\\\"scripts\\\":1}'\", \"refresh-instagram-token\": \"everlit refresh\" }\n}\n",
            ),
            // A script of that name deeper down is another's.
            (
                "{\n  \"x\": { \"scripts\": {} },\n  \"scripts\": {\n    \"dev\": \"x\"\n  }\n}\n",
                "{\n  \"x\": { \"scripts\": {} },\n  \"scripts\": {\n    \"dev\": \"x\",\n    \"refresh-instagram-token\": \"everlit refresh\"\n  }\n}\n",
            ),
        ];
        for (before, after) in cases {
            let new = written(before);
            assert_eq!(new, after);
            assert_eq!(with_script(new.as_bytes()), Ok(Edit::Ready), "twice changes nothing");
        }
    }

    #[test]
    fn the_older_script_is_replaced_but_not_the_sites_own() {
        let with = |command: &str| {
            format!("{{ \"scripts\": {{ \"refresh-instagram-token\": \"{command}\", \"z\": \"z\" }} }}\n")
        };
        let older = [
            "node scripts/refresh-instagram-token.js",
            "node ./scripts/refresh-instagram-token.mjs",
            "node --env-file=.env.local scripts/refreshInstagramToken.cjs",
        ];
        for command in older {
            let expected = Edit::Write(with(COMMAND).into_bytes(), Some(command.to_owned()));
            assert_eq!(with_script(with(command).as_bytes()), Ok(expected));
        }
        let own = [
            "node scripts/refresh-instagram-token.js && npm run deploy",
            "node scripts/other.js",
            "node tools/instagram-token.js",
            "everlit refresh --force",
            "bash scripts/refresh-instagram-token.sh",
            "",
        ];
        for command in own {
            assert_eq!(with_script(with(command).as_bytes()), Ok(Edit::Other(command.to_owned())));
        }
    }

    #[test]
    fn an_unusual_package_json_is_left_alone() {
        assert!(matches!(with_script(b"{ \"scripts\": "), Err(Odd::NotJson(_))));
        assert!(matches!(with_script(b""), Err(Odd::NotJson(_))));
        assert!(matches!(with_script(b"{ // comment\n}"), Err(Odd::NotJson(_))));
        assert_eq!(with_script(b"[]"), Err(Odd::NotAnObject));
        assert_eq!(with_script(b"{\"scripts\": \"x\"}"), Err(Odd::ScriptsNotAnObject));
    }

    #[test]
    fn of_duplicate_scripts_the_last_one_counts_as_in_npm() {
        let twice = "{\"scripts\": {\"a\": \"1\"}, \"scripts\": {\"b\": \"2\"}}";
        let expected = "{\"scripts\": {\"a\": \"1\"}, \"scripts\": {\"b\": \"2\", \"refresh-instagram-token\": \"everlit refresh\"}}";
        // One line has no gap before its first name.
        assert_eq!(written(twice), expected.replace(", \"refresh", ",\"refresh"));
    }
}
