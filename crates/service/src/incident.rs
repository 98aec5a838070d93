//! What people hear of an incident: one message, which speaks for all its accounts, and one once it is over.

use std::collections::VecDeque;
use std::time::Duration;

use everlit_keeper::policy::INCIDENT_SIZE;
use everlit_keeper::{AccountName, Incident, Report, StoreError, StoreErrorClass};
use everlit_meta_api::TokenKind;

/// People hear of a token that ends within this time, whatever the reason for which it is not refreshed.
const URGENT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Whether the message about an incident says all that is to be said of the account for now. If it lasts, the next sweep
/// reminds of an end that is near.
pub(crate) fn is_part_of(found: &[Incident], report: &Report) -> bool {
    let Some(record) = report.record.as_ref().filter(|_| report.health().is_retrying()) else { return false };
    let is_urgent = record.ends_by().is_some_and(|end| end <= report.at + URGENT);
    let is_explained = |incident: &Incident| {
        let is_of_app = (incident.kind, &incident.app) == (record.kind, &record.app);
        is_of_app && (report.waits_for_app() || refused(report).as_ref() == Some(&subject(incident)))
    };
    !is_urgent && found.iter().any(is_explained)
}

/// What the incident would be called that has refused this account.
fn refused(report: &Report) -> Option<AccountName> {
    let record = report.record.as_ref()?;
    let evidence = record.failure.as_ref()?.evidence.as_ref()?;
    let app = record.app.clone();
    Some(subject(&Incident { kind: record.kind, app, codes: evidence.codes(), accounts: 1 }))
}

/// Whether an incident is over: accounts of its kind and app work, and no account is refused like that. A process that has just started
/// does not know.
pub(crate) fn is_over(recent: &VecDeque<Report>, told: &AccountName) -> bool {
    let is_alike = |report: &&Report| {
        let tokens = report.record.as_ref().map(|record| tokens(record.kind, record.app.as_deref()));
        tokens.is_some_and(|tokens| told.as_str().starts_with(&format!("{tokens} (")))
    };
    let working = recent.iter().filter(is_alike).filter(|report| report.health().is_well()).count();
    working >= INCIDENT_SIZE && !recent.iter().any(|report| refused(report).as_ref() == Some(told))
}

/// What an incident is called where accounts have names.
pub(crate) fn subject(incident: &Incident) -> AccountName {
    let (code, subcode) = incident.codes;
    let number = |number: Option<i64>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
    let tokens = tokens(incident.kind, incident.app.as_deref());
    AccountName::new(format!("{tokens} (Meta's code {}/{})", number(code), number(subcode)))
}

/// `instagram tokens of app shop`
fn tokens(kind: TokenKind, app: Option<&str>) -> String {
    let of_app = app.map(|app| format!(" of app {app}")).unwrap_or_default();
    format!("{} tokens{of_app}", kind.as_str())
}

pub(crate) fn described(incident: &Incident) -> StoreError {
    let message = format!(
        "Meta refuses many accounts alike, {} of the last ones: this is an incident at Meta, or Meta has restricted the app. \
         Their tokens are kept, and Meta is asked again; look at the app in Meta's App Dashboard",
        incident.accounts
    );
    StoreError::new(StoreErrorClass::Unusable, message)
}

#[cfg(test)]
mod tests {
    use everlit_keeper::{Decision, Outcome, Record};
    use everlit_meta_api::Fingerprint;
    use everlit_testkit::contract::NOW;

    use super::*;

    fn well(name: &str, kind: TokenKind) -> Report {
        Report {
            account: AccountName::new(name),
            at: NOW,
            outcome: Outcome::Idle(Decision::NotDue { until: NOW }),
            record: Some(Record::of_new_token(kind, Fingerprint::of("x"), NOW)),
            undelivered: Vec::new(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn an_incident_is_over_once_others_of_its_kind_work() {
        let told = subject(&Incident { kind: TokenKind::Instagram, app: None, codes: (Some(190), None), accounts: 40 });
        let with = |reports: &[Report]| is_over(&reports.iter().cloned().collect(), &told);
        let works = |name| well(name, TokenKind::Instagram);
        assert!(!with(&[]), "a process that has just started does not know");
        assert!(!with(&[works("a"), works("b")]));
        assert!(!with(&[well("a", TokenKind::Threads), works("b"), works("c")]));
        assert!(with(&[works("a"), works("b"), works("c")]));
        let of_other_app = |name| {
            let report = works(name);
            let record = report.record.map(|record| Record { app: Some("other".to_owned()), ..record });
            Report { record, ..report }
        };
        assert!(!with(&[works("a"), works("b"), of_other_app("c")]));
    }
}
