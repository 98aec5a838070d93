//! `docs/reference/exit-codes.md`: from `everlit explain exit --json`.

use serde_json::Value;

use crate::error::Error;
use crate::markdown::{MARK, row};

const COMMAND: &str = "everlit explain exit --json";

/// Renders the page.
pub(crate) fn page(explained: &str) -> Result<String, Error> {
    let explained: Value =
        serde_json::from_str(explained).map_err(|error| Error::unexpected(COMMAND, error.to_string()))?;
    let topics = explained["topics"].as_array().ok_or_else(|| Error::unexpected(COMMAND, "no topics"))?;
    let mut page = format!(
        "{MARK}\n\n# Exit codes\n\nThey are the same with and without `--json`. `everlit explain exit 3` explains one in the terminal.\n\n\
         | code | name | meaning | action |\n|---|---|---|---|\n"
    );
    for topic in topics {
        let code = topic["code"].as_i64().ok_or_else(|| Error::unexpected(COMMAND, "a topic without a code"))?;
        let text = |name: &str| {
            let text = topic[name].as_str();
            text.ok_or_else(|| Error::unexpected(COMMAND, format!("exit code {code} has no {name}")))
        };
        page += &row(&[&code.to_string(), text("name")?, text("meaning")?, text("action")?]);
    }
    page += "\nIf accounts end differently, the most serious code wins: 5, then 3, 2, 4.\n";
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_a_row_and_an_incomplete_topic_an_error() {
        let good =
            r#"{"topics":[{"code":3,"name":"a person","meaning":"Dead | gone.","action":"Run `everlit status`."}]}"#;
        assert!(page(good).unwrap().contains("| 3 | a person | Dead \\| gone. | Run `everlit status`. |\n"));
        for bad in ["", "{}", r#"{"topics":[{"name":"x"}]}"#, r#"{"topics":[{"code":1,"name":"x","meaning":"y"}]}"#] {
            assert!(page(bad).is_err(), "{bad}");
        }
    }
}
