//! everlit's script in the text of a `package.json`; every other byte stays. Pure.

use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstInputValue, CstObject, CstObjectProp, CstRootNode};
use serde_json::Value;

/// The name that people have run for years.
pub const SCRIPT_NAME: &str = "refresh-instagram-token";

/// What the script runs.
pub const SCRIPT_COMMAND: &str = "everlit refresh";

/// What is to be done to a `package.json`.
#[derive(Debug, PartialEq, Eq)]
pub enum ScriptEdit {
    /// The script is there.
    Ready,
    /// The new text, and the older command that it no longer has.
    Write(Vec<u8>, Option<String>),
    /// The script runs something of the site's own.
    Other(String),
}

/// Why a `package.json` is left alone.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageJsonError {
    /// It is not JSON.
    #[error("it is not JSON ({0})")]
    NotJson(String),
    /// It is JSON of another kind.
    #[error("it is JSON, but not an object")]
    NotAnObject,
    /// `scripts` is something else.
    #[error("its \"scripts\" is not an object")]
    ScriptsNotAnObject,
    /// An edit would change more than the script.
    #[error("its formatting leaves no safe place for another script")]
    NoSafePlace,
}

/// The text with the script in it.
pub fn with_script(text: &[u8]) -> Result<ScriptEdit, PackageJsonError> {
    // npm reads past a byte order mark.
    let start = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let before: Value =
        serde_json::from_slice(&text[start..]).map_err(|error| PackageJsonError::NotJson(error.to_string()))?;
    let fields = before.as_object().ok_or(PackageJsonError::NotAnObject)?;
    let scripts = match fields.get("scripts") {
        None => None,
        Some(scripts) => Some(scripts.as_object().ok_or(PackageJsonError::ScriptsNotAnObject)?),
    };
    let older = match scripts.and_then(|scripts| scripts.get(SCRIPT_NAME)) {
        None => None,
        Some(Value::String(command)) if command.trim() == SCRIPT_COMMAND => return Ok(ScriptEdit::Ready),
        Some(Value::String(command)) if is_the_older_script(command) => Some(command.clone()),
        Some(Value::String(command)) => return Ok(ScriptEdit::Other(command.clone())),
        Some(other) => return Ok(ScriptEdit::Other(other.to_string())),
    };
    let (mark, object) = text.split_at(start);
    let new = [mark, &edited(object).ok_or(PackageJsonError::NoSafePlace)?].concat();
    let mut wanted = before;
    wanted["scripts"][SCRIPT_NAME] = SCRIPT_COMMAND.into();
    let after = serde_json::from_slice::<Value>(&new[start..]);
    // A duplicate name could have led to the wrong place.
    if after.ok().as_ref() != Some(&wanted) {
        return Err(PackageJsonError::NoSafePlace);
    }
    Ok(ScriptEdit::Write(new, older))
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

/// The text of an object in JSON with the script added or replaced, in the style of its surroundings.
fn edited(text: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok()?;
    let root = CstRootNode::parse(text, &ParseOptions::default()).ok()?;
    let top = root.object_value()?;
    let scripts = match last_named(&top, "scripts") {
        Some(scripts) => scripts.object_value()?,
        None => top.append("scripts", CstInputValue::Object(Vec::new())).object_value()?,
    };
    let command = CstInputValue::String(SCRIPT_COMMAND.to_owned());
    match last_named(&scripts, SCRIPT_NAME) {
        Some(script) => script.set_value(command),
        None => drop(scripts.append(SCRIPT_NAME, command)),
    }
    Some(root.to_string().into_bytes())
}

/// Where a name stands twice, the last one counts.
fn last_named(object: &CstObject, name: &str) -> Option<CstObjectProp> {
    object.properties().into_iter().rev().find(|property| property.decoded_name().as_deref() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        match with_script(text.as_bytes()) {
            Ok(ScriptEdit::Write(new, _)) => String::from_utf8(new).unwrap(),
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
            // On one line: an object that grows gets a line for each of its names.
            (
                "{\"scripts\":{\"dev\":\"x\"}}",
                "{\"scripts\":{\n    \"dev\":\"x\",\n    \"refresh-instagram-token\": \"everlit refresh\"\n  }}",
            ),
            (
                "{\"name\":\"a\"}",
                "{\n  \"name\":\"a\",\n  \"scripts\": {\n    \"refresh-instagram-token\": \"everlit refresh\"\n  }\n}",
            ),
            // Braces, quotes and the name itself inside texts; a byte order mark.
            (
                "\u{feff}{\n  \"a\": \"} \\\" scripts\",\n  \"scripts\": { \"x\": \"echo '{\\\"scripts\\\":1}'\" }\n}\n",
                "\u{feff}{\n  \"a\": \"} \\\" scripts\",\n  \"scripts\": {\n    \"x\": \"echo '{\\\"scripts\\\":1}'\",\n    \"refresh-instagram-token\": \"everlit refresh\"\n  }\n}\n",
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
            assert_eq!(with_script(new.as_bytes()), Ok(ScriptEdit::Ready), "twice changes nothing");
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
            let expected = ScriptEdit::Write(with(SCRIPT_COMMAND).into_bytes(), Some(command.to_owned()));
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
            assert_eq!(with_script(with(command).as_bytes()), Ok(ScriptEdit::Other(command.to_owned())));
        }
    }

    #[test]
    fn an_unusual_package_json_is_left_alone() {
        assert!(matches!(with_script(b"{ \"scripts\": "), Err(PackageJsonError::NotJson(_))));
        assert!(matches!(with_script(b""), Err(PackageJsonError::NotJson(_))));
        assert!(matches!(with_script(b"{ // comment\n}"), Err(PackageJsonError::NotJson(_))));
        assert_eq!(with_script(b"[]"), Err(PackageJsonError::NotAnObject));
        assert_eq!(with_script(b"{\"scripts\": \"x\"}"), Err(PackageJsonError::ScriptsNotAnObject));
    }

    #[test]
    fn of_duplicate_scripts_the_last_one_counts_as_in_npm() {
        let twice = "{\"scripts\": {\"a\": \"1\"}, \"scripts\": {\"b\": \"2\"}}";
        let last = "{\n    \"b\": \"2\",\n    \"refresh-instagram-token\": \"everlit refresh\"\n  }";
        assert_eq!(written(twice), twice.replace("{\"b\": \"2\"}", last));
    }
}
