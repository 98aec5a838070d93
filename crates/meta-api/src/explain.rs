//! What Meta's error codes mean and what to do about them, for people and for generated documentation.

use crate::Class;
use crate::classify::Row;
use crate::table::TABLE;

/// One row of the table of errors, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// Ranges of codes, both ends included; empty where the code does not matter.
    pub codes: &'static [(i64, i64)],
    /// The subcode, where only one is meant.
    pub subcode: Option<i64>,
    /// Where the message matters: what it must contain, any one of these, in lower case.
    pub says: &'static [&'static str],
    /// Who has to act.
    pub class: Class,
    /// A short name, such as `password changed`.
    pub name: &'static str,
    /// What it means, in one or two sentences.
    pub meaning: &'static str,
    /// What to do, in one or two sentences.
    pub action: &'static str,
}

/// Explains a code as Meta sends it. An unknown subcode is explained as the code alone.
pub fn explain(code: i64, subcode: Option<i64>) -> Option<Explanation> {
    let rows = || TABLE.iter().filter(|row| row.is_about_codes_alone() && row.covers(Some(code)));
    let exact = rows().find(|row| row.subcode == subcode);
    exact.or_else(|| rows().find(|row| row.subcode.is_none())).or_else(|| rows().next()).map(Explanation::of)
}

/// Every row, in the order in which they are tried.
pub fn explanations() -> impl Iterator<Item = Explanation> {
    TABLE.iter().map(Explanation::of)
}

impl Explanation {
    fn of(row: &Row) -> Self {
        let &Row { codes, subcode, says, class, name, meaning, action, .. } = row;
        Self { codes, subcode, says, class, name, meaning, action }
    }
}
