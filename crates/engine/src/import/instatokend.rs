//! The `config.json` of instatokend: `port`, `refresh_freq`, and one object with a `token` for each account.
//! <https://github.com/jasper-clarke/instatoken-refreshers>

use everlit_keeper::Record;
use everlit_meta_api::Timestamp;
use serde_json::{Map, Value};

use super::found::{Gathered, shown};

/// Whether the text is such a file.
pub(super) fn is_config(bytes: &[u8]) -> bool {
    parse(bytes).is_some_and(|fields| {
        fields.contains_key("refresh_freq") || fields.values().any(|value| value.get("token").is_some())
    })
}

/// Adds the accounts of the file called `file`.
///
/// # Errors
/// In words: the file is something else.
pub(super) fn read(bytes: &[u8], file: &str, now: Timestamp, to: &mut Gathered) -> Result<(), String> {
    let fields = parse(bytes).filter(|_| is_config(bytes));
    let fields =
        fields.ok_or("it is JSON of an unknown kind; a config.json of instatokend or a CSV file can be read")?;
    for (name, value) in fields.iter().filter(|(_, value)| value.is_object()) {
        let origin = format!("{file}, `{}`", shown(name));
        let text = value.get("token").and_then(Value::as_str).unwrap_or_default();
        let Some(token) = to.token(&origin, text) else { continue };
        let record = Record::of_new_token(token.kind(), token.fingerprint(), now);
        to.add(origin, name, token, record, Vec::new());
    }
    Ok(())
}

fn parse(bytes: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    #[test]
    fn each_account_of_the_file_is_read() {
        let token = format!("IGAAfakeFAKE{}", "fake".repeat(12));
        let text = format!(
            r#"{{"port": "5000", "refresh_freq": "daily", "shop": {{"token": "{token}"}}, "bad": {{"token": ""}}, "odd": {{}}}}"#
        );
        let mut gathered = Gathered::default();
        assert!(is_config(text.as_bytes()));
        read(text.as_bytes(), "config.json", NOW, &mut gathered).unwrap();
        assert_eq!(gathered.found[0].account.name.as_str(), "shop");
        let left_out: Vec<_> = gathered.left_out.iter().map(|left| left.origin.as_str()).collect();
        assert_eq!(left_out, ["config.json, `bad`", "config.json, `odd`"]);
    }

    #[test]
    fn other_json_is_refused() {
        for text in ["", "[]", "{}", "{\"a\": 1}", "{\"name\": \"site\", \"scripts\": {}}"] {
            assert!(read(text.as_bytes(), "x.json", NOW, &mut Gathered::default()).is_err(), "{text}");
        }
    }
}
