//! One error of Meta's: how it is recognized, who has to act, what it means and what to do.

use std::time::Duration;

use crate::{Class, Evidence};

pub(crate) type Codes = &'static [(i64, i64)];

/// One row of the table: an error of Meta's.
#[derive(Debug, PartialEq)]
pub struct KnownError {
    /// Ranges of codes, both ends included; empty if any code will do.
    pub codes: &'static [(i64, i64)],
    /// The subcode; `None` if any will do.
    pub subcode: Option<i64>,
    /// Lower-case phrases of which the message must contain one; empty if any message will do.
    pub phrases: &'static [&'static str],
    /// `error.type`; `None` if any will do.
    pub kind: Option<&'static str>,
    /// Only if `is_transient` is true.
    transient: bool,
    /// Only if there is no code and the HTTP status is in this range, both ends included.
    status: Option<(u16, u16)>,

    /// Who has to act.
    pub class: Class,
    /// Whether it takes a login after that: the error comes from a login, or the token in use cannot gain what it lacks.
    pub takes_login: bool,
    /// See [`Error::is_definite`](crate::Error::is_definite).
    pub(crate) definite: bool,
    /// See [`Error::confirmed_after`](crate::Error::confirmed_after).
    pub(crate) confirmed_after: Option<Duration>,
    /// How long to wait if the headers do not say.
    pub(crate) wait: Option<Duration>,
    /// How long to wait at least, whatever the headers say.
    pub(crate) shortest_wait: Option<Duration>,

    /// A short name, such as `password changed`.
    pub name: &'static str,
    /// What it means, in one or two sentences.
    pub meaning: &'static str,
    /// What to do, in one or two sentences.
    pub action: &'static str,
}

impl KnownError {
    pub(crate) fn matches(&self, evidence: &Evidence) -> bool {
        // An unreadable reply with this header is a 190 whose code was lost.
        let is_invalid_token = evidence.kind.as_deref() == Some(Evidence::INVALID_TOKEN);
        let code = evidence.code.or_else(|| is_invalid_token.then_some(190));
        let status_fits = self.status.is_none_or(|(from, to)| {
            code.is_none() && evidence.http_status.is_some_and(|status| (from..=to).contains(&status))
        });
        self.covers(code)
            && (self.subcode.is_none() || self.subcode == evidence.subcode)
            && (self.kind.is_none() || self.kind == evidence.kind.as_deref())
            && (!self.transient || evidence.is_transient == Some(true))
            && status_fits
            && self.message_fits(evidence.message.as_deref())
    }

    pub(crate) fn covers(&self, code: Option<i64>) -> bool {
        self.codes.is_empty()
            || code.is_some_and(|code| self.codes.iter().any(|&(from, to)| (from..=to).contains(&code)))
    }

    fn message_fits(&self, message: Option<&str>) -> bool {
        let message = message.unwrap_or_default().to_lowercase();
        self.phrases.is_empty() || self.phrases.iter().any(|phrase| message.contains(phrase))
    }

    pub(crate) fn depends_on_codes_only(&self) -> bool {
        !self.codes.is_empty() && self.kind.is_none() && self.phrases.is_empty()
    }
}

pub(crate) const fn row(
    codes: Codes,
    class: Class,
    name: &'static str,
    meaning: &'static str,
    action: &'static str,
) -> KnownError {
    KnownError {
        codes,
        subcode: None,
        phrases: &[],
        kind: None,
        transient: false,
        status: None,
        class,
        takes_login: false,
        definite: false,
        confirmed_after: None,
        wait: None,
        shortest_wait: None,
        name,
        meaning,
        action,
    }
}

impl KnownError {
    pub(crate) const fn subcode(self, subcode: i64) -> Self {
        Self { subcode: Some(subcode), ..self }
    }

    pub(crate) const fn kind(self, kind: &'static str) -> Self {
        Self { kind: Some(kind), ..self }
    }

    pub(crate) const fn phrases(self, phrases: &'static [&'static str]) -> Self {
        Self { phrases, ..self }
    }

    pub(crate) const fn status(self, from: u16, to: u16) -> Self {
        Self { status: Some((from, to)), ..self }
    }

    pub(crate) const fn transient(self) -> Self {
        Self { transient: true, ..self }
    }

    /// Nothing that everlit retries can succeed; see [`Self::takes_login`].
    pub(crate) const fn takes_login(self) -> Self {
        Self { takes_login: true, ..self }
    }

    /// The subcode names the reason unambiguously.
    pub(crate) const fn definite(self) -> Self {
        Self { definite: true, ..self }
    }

    /// A second call, ten minutes later, must agree.
    pub(crate) const fn confirm(self) -> Self {
        Self { confirmed_after: Some(Duration::from_secs(10 * 60)), ..self }
    }

    /// Calls over so many hours must agree.
    pub(crate) const fn confirm_over_hours(self, hours: u64) -> Self {
        Self { confirmed_after: Some(Duration::from_secs(hours * 3_600)), ..self }
    }

    pub(crate) const fn wait_hours(self, hours: u64) -> Self {
        Self { wait: Some(Duration::from_secs(hours * 3_600)), ..self }
    }

    pub(crate) const fn wait_at_least_hours(self, hours: u64) -> Self {
        Self { shortest_wait: Some(Duration::from_secs(hours * 3_600)), ..self }
    }
}
