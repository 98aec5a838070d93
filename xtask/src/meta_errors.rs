//! `docs/reference/errors.md`: the table by which everlit classifies Meta's errors, sorted by who has to act.

use everlit_meta_api::{Class, KnownError, explanations};

use crate::markdown::{MARK, row};

/// Renders the page.
pub(crate) fn page() -> String {
    let intro = format!(
        "{MARK}\n\n# Meta's errors\n\nHow everlit classifies them, sorted by who has to act. `everlit explain 190/460` explains one in the \
         terminal; a part\nof the message works too. Meta's code and subcode come first, then its message, then the HTTP status, \
         because Threads\nanswers 500 for an expired token.\n"
    );
    std::iter::once(intro).chain(Class::ALL.map(section)).collect()
}

fn section(class: Class) -> String {
    let head = format!("\n## {}\n\n| code/subcode | name | meaning | action |\n|---|---|---|---|\n", heading(class));
    let rows = explanations()
        .filter(|explanation| explanation.class == class)
        .map(|explanation| row(&[&codes(explanation), explanation.name, explanation.meaning, explanation.action]));
    std::iter::once(head).chain(rows).collect()
}

fn heading(class: Class) -> &'static str {
    match class {
        Class::Retry => "Nobody: everlit retries",
        Class::BackOff => "Nobody: everlit waits as long as Meta asks it to",
        Class::Reconnect => "The account's owner, by logging in again: the token is dead",
        Class::AccountOwner => "The account's owner, at Meta: afterwards the token may work again",
        Class::AppOwner => "The app's owner, in Meta's App Dashboard",
        Class::Config => "Whoever set everlit up: the configuration is wrong, the token is untouched",
        Class::Unknown => "Unknown: everlit retries slowly and never treats the token as dead",
    }
}

/// Which errors a row is about: `190/460, 102/460`, `200–299`, `10 (THApiException)`, `100 with “expired”` or `any`.
fn codes(explanation: &KnownError) -> String {
    let subcode = explanation.subcode.map_or_else(String::new, |subcode| format!("/{subcode}"));
    let range = |&(from, to): &(i64, i64)| match to - from {
        0 => format!("{from}{subcode}"),
        1 => format!("{from}{subcode}, {to}{subcode}"),
        _ => format!("{from}–{to}{subcode}"),
    };
    let codes: Vec<String> = explanation.codes.iter().map(range).collect();
    let codes = if codes.is_empty() { "any".to_owned() } else { codes.join(", ") };
    let codes = explanation.kind.map_or_else(|| codes.clone(), |kind| format!("{codes} ({kind})"));
    let says: Vec<String> = explanation.phrases.iter().map(|phrase| format!("“{phrase}”")).collect();
    if says.is_empty() { codes } else { format!("{codes} with {}", says.join(" or ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_on_the_page() {
        let page = page();
        for explanation in explanations() {
            assert!(page.contains(&format!("| {} | {} |", codes(explanation), explanation.name)), "{explanation:?}");
        }
        assert!(page.contains("| 190/460, 102/460 |"), "{page}");
    }
}
