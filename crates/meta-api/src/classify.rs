//! Finds the row of the table of errors that decides: from top to bottom, the first that matches.

use std::time::Duration;

use crate::table::{OTHER, TABLE};
use crate::{Class, Evidence};

/// The row that decides about `evidence`.
pub(crate) fn classify(evidence: &Evidence) -> &'static Row {
    TABLE.iter().find(|row| row.matches(evidence)).unwrap_or(&OTHER)
}

/// Whether a row of the table is about these words, whatever the code.
pub(crate) fn is_known_text(evidence: &Evidence) -> bool {
    !classify(evidence).says.is_empty()
}

/// One row of the table: which errors it is about, and what they mean.
#[derive(Debug)]
pub(crate) struct Row {
    /// Ranges of codes, both ends included. Empty: whatever the code.
    pub(crate) codes: &'static [(i64, i64)],
    pub(crate) subcode: Option<i64>,
    /// `error.type`
    kind: Option<&'static str>,
    /// The message must hold one of these, in lower case. Empty: whatever the message.
    pub(crate) says: &'static [&'static str],
    /// Only if `is_transient` is true.
    transient: bool,
    /// Only if there is no code at all and the HTTP status lies in this range.
    status: Option<(u16, u16)>,

    pub(crate) class: Class,
    /// See [`Error::is_definite`](crate::Error::is_definite).
    pub(crate) definite: bool,
    /// See [`Error::needs_confirmation`](crate::Error::needs_confirmation).
    pub(crate) confirm: bool,
    /// How long to wait when the headers do not say.
    pub(crate) wait: Option<Duration>,

    pub(crate) name: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) action: &'static str,
}

impl Row {
    fn matches(&self, evidence: &Evidence) -> bool {
        // An unreadable reply with this header is a 190 whose number was lost.
        let code = evidence.code.or_else(|| (evidence.kind.as_deref() == Some(INVALID_TOKEN)).then_some(190));
        let code_fits = self.covers(code);
        let subcode_fits = self.subcode.is_none() || self.subcode == evidence.subcode;
        let kind_fits = self.kind.is_none() || self.kind == evidence.kind.as_deref();
        let transient_fits = !self.transient || evidence.is_transient == Some(true);
        let status_fits = self.status.is_none_or(|(from, to)| {
            code.is_none() && evidence.http_status.is_some_and(|status| (from..=to).contains(&status))
        });
        code_fits && subcode_fits && kind_fits && transient_fits && status_fits && self.is_said_by(evidence)
    }

    /// Whether the row is about this code.
    pub(crate) fn covers(&self, code: Option<i64>) -> bool {
        self.codes.is_empty()
            || code.is_some_and(|code| self.codes.iter().any(|&(from, to)| (from..=to).contains(&code)))
    }

    /// Whether the code alone, perhaps with its subcode, leads to this row.
    pub(crate) fn is_about_codes_alone(&self) -> bool {
        !self.codes.is_empty() && self.kind.is_none() && self.says.is_empty()
    }

    fn is_said_by(&self, evidence: &Evidence) -> bool {
        self.says.is_empty()
            || evidence.message.as_ref().is_some_and(|message| {
                let message = message.to_lowercase();
                self.says.iter().any(|phrase| message.contains(phrase))
            })
    }

    pub(crate) const fn new(class: Class, name: &'static str, meaning: &'static str, action: &'static str) -> Self {
        Self {
            codes: &[],
            subcode: None,
            kind: None,
            says: &[],
            transient: false,
            status: None,
            class,
            definite: false,
            confirm: false,
            wait: None,
            name,
            meaning,
            action,
        }
    }

    pub(crate) const fn codes(self, codes: &'static [(i64, i64)]) -> Self {
        Self { codes, ..self }
    }

    /// A subcode names the reason beyond doubt.
    pub(crate) const fn definite(self, subcode: i64) -> Self {
        Self { subcode: Some(subcode), definite: true, ..self }
    }

    pub(crate) const fn subcode(self, subcode: i64) -> Self {
        Self { subcode: Some(subcode), ..self }
    }

    pub(crate) const fn kind(self, kind: &'static str) -> Self {
        Self { kind: Some(kind), ..self }
    }

    pub(crate) const fn says(self, says: &'static [&'static str]) -> Self {
        Self { says, ..self }
    }

    pub(crate) const fn confirm(self) -> Self {
        Self { confirm: true, ..self }
    }

    pub(crate) const fn wait_hours(self, hours: u64) -> Self {
        Self { wait: Some(Duration::from_secs(hours * 3_600)), ..self }
    }

    pub(crate) const fn status(self, from: u16, to: u16) -> Self {
        Self { status: Some((from, to)), ..self }
    }

    pub(crate) const fn transient(self) -> Self {
        Self { transient: true, ..self }
    }
}

/// The word in a `www-authenticate` header that stands for a dead token.
pub(crate) const INVALID_TOKEN: &str = "invalid_token";
