//! `docs/reference/exit-codes.md`: from `everlit explain exit --json`.

use serde_json::Value;

use crate::error::Error;
use crate::markdown::{MARK, row};

const COMMAND: &str = "everlit explain exit --json";

/// The page.
pub(crate) fn page(explained: &str) -> Result<String, Error> {
    let explained: Value =
        serde_json::from_str(explained).map_err(|error| Error::unexpected(COMMAND, error.to_string()))?;
    let topics = explained["topics"].as_array().ok_or_else(|| Error::unexpected(COMMAND, "no topics"))?;
    let mut page = format!(
        "{MARK}\n\n# Exit codes\n\nThe same with and without `--json`. `everlit explain exit 3` says it in the terminal.\n\n\
         | code | is | means | do |\n|---|---|---|---|\n"
    );
    for topic in topics {
        let code = topic["code"].as_i64().ok_or_else(|| Error::unexpected(COMMAND, "a topic without a code"))?;
        let text = |name: &str| {
            let text = topic[name].as_str();
            text.ok_or_else(|| Error::unexpected(COMMAND, format!("exit code {code} has no {name}")))
        };
        page += &row(&[&code.to_string(), text("name")?, text("meaning")?, text("action")?]);
    }
    page += "\nWhere several accounts end differently, the gravest counts: 5 over 3 over 2 over 4.\n";
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_a_row_and_what_lacks_a_word_is_an_error() {
        let good =
            r#"{"topics":[{"code":3,"name":"a person","meaning":"Dead | gone.","action":"Run `everlit status`."}]}"#;
        assert!(page(good).unwrap().contains("| 3 | a person | Dead \\| gone. | Run `everlit status`. |\n"));
        for bad in ["", "{}", r#"{"topics":[{"name":"x"}]}"#, r#"{"topics":[{"code":1,"name":"x","meaning":"y"}]}"#] {
            assert!(page(bad).is_err(), "{bad}");
        }
    }
}
