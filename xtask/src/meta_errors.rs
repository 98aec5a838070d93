//! `docs/reference/errors.md`: the table by which everlit judges Meta's errors, sorted by who has to act.

use everlit_meta_api::{Class, Explanation, explanations};

use crate::markdown::{MARK, row};

/// The page.
pub(crate) fn page() -> String {
    let beginning = format!(
        "{MARK}\n\n# Errors of Meta's\n\nHow everlit judges each, sorted by who has to act. `everlit explain 190/460` says it in \
         the terminal; a part of the\nmessage will do as well. Meta's code and subcode decide, then its words; the HTTP status \
         comes last, because\nThreads answers 500 for a dead token.\n"
    );
    std::iter::once(beginning).chain(Class::ALL.map(section)).collect()
}

fn section(class: Class) -> String {
    let head = format!("\n## {}\n\n| code/subcode | name | means | do |\n|---|---|---|---|\n", heading(class));
    let rows = explanations()
        .filter(|explanation| explanation.class == class)
        .map(|explanation| row(&[&codes(&explanation), explanation.name, explanation.meaning, explanation.action]));
    std::iter::once(head).chain(rows).collect()
}

fn heading(class: Class) -> &'static str {
    match class {
        Class::Retry => "Nobody: everlit tries again by itself",
        Class::BackOff => "Nobody: everlit waits as long as Meta asks",
        Class::Reconnect => "The account's owner: a new login, the token is dead",
        Class::AccountOwner => "The account's owner: put the account in order, then the token may work again",
        Class::AppOwner => "The app's owner, in Meta's App Dashboard",
        Class::Config => "Whoever set this up: the configuration is wrong, the token is untouched",
        Class::Unknown => "Not known: everlit tries again slowly and never takes the token for dead",
    }
}

/// `190/460, 102/460`, `200–299`, `100 with “expired”`, `any`.
fn codes(explanation: &Explanation) -> String {
    let subcode = explanation.subcode.map_or_else(String::new, |subcode| format!("/{subcode}"));
    let range = |&(from, to): &(i64, i64)| match to - from {
        0 => format!("{from}{subcode}"),
        1 => format!("{from}{subcode}, {to}{subcode}"),
        _ => format!("{from}–{to}{subcode}"),
    };
    let codes: Vec<String> = explanation.codes.iter().map(range).collect();
    let codes = if codes.is_empty() { "any".to_owned() } else { codes.join(", ") };
    let says: Vec<String> = explanation.says.iter().map(|phrase| format!("“{phrase}”")).collect();
    if says.is_empty() { codes } else { format!("{codes} with {}", says.join(" or ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_on_the_page() {
        let page = page();
        for explanation in explanations() {
            assert!(page.contains(&format!("| {} | {} |", codes(&explanation), explanation.name)), "{explanation:?}");
        }
        assert!(page.contains("| 190/460, 102/460 |"), "{page}");
    }
}
