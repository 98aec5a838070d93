//! Many accounts that Meta refuses in the same way are an incident at Meta or in the app, not that many dead tokens.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use everlit_meta_api::{Class, Evidence, Timestamp, TokenKind};

use crate::policy::{INCIDENT, INCIDENT_SIZE};
use crate::run::Run;
use crate::{AccountName, Cause, FailureState, Keeper, Outcome, Record, Report, StoreError};

/// Meta's subcode for a token whose time is over, by the date in the message.
const SESSION_EXPIRED: i64 = 463;

/// Meta's code and subcode, for one kind of token of one app.
pub(crate) type Refusal = (TokenKind, Option<String>, (Option<i64>, Option<i64>));

impl Keeper {
    /// Takes back what single refusals said, where many of these accounts were refused alike: a person who logs in again
    /// changes nothing. Meta is asked again about each of them.
    pub async fn recognize_incidents(self: &Arc<Self>, reports: &mut [Report]) {
        let now = self.clock.now();
        for place in explained(reports, now) {
            let report = &mut reports[place];
            let Some(record) = &mut report.record else { continue };
            let Some(failure) = &mut record.failure else { continue };
            (failure.cause, failure.message) = (Cause::Incident, Cause::Incident.message().to_owned());
            report.outcome = Outcome::Failed(failure.clone());
            // Where this cannot be saved, the next run recognizes the incident again.
            let (keeper, name, record) = (Arc::clone(self), report.account.clone(), record.clone());
            let save = async move || keeper.save_failure(&name, &record).await;
            let _ = self.threads.run(&report.account, self.deadlines.load, save).await;
        }
    }

    /// Saves the failure of `record`, unless another run has changed the account meanwhile.
    async fn save_failure(&self, account: &AccountName, record: &Record) -> Result<(), StoreError> {
        let mut lease = self.lease(account).await?;
        let stored = lease.load(self.clock.now()).await?;
        let last_at = |record: &Record| record.failure.as_ref().map(|failure| failure.last_at);
        if stored.record.fingerprint != record.fingerprint || last_at(&stored.record) != last_at(record) {
            return Ok(());
        }
        let record = Record { failure: record.failure.clone(), ..stored.record };
        Run::new(self, &mut *lease, account, record).save_record().await
    }
}

/// Refusals of many accounts alike, as [`Keeper::recognize_incidents`] has found them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Incident {
    /// The kind of tokens that are refused.
    pub kind: TokenKind,
    /// Their app, if the store names it.
    pub app: Option<String>,
    /// Meta's code and subcode.
    pub codes: (Option<i64>, Option<i64>),
    /// How many of the reports belong to it.
    pub accounts: usize,
}

/// The incidents among these reports, the largest first: refusals that at least [`INCIDENT_SIZE`] accounts have in common, and
/// half of their app's tokens of that kind.
pub fn incidents(reports: &[Report], now: Timestamp) -> Vec<Incident> {
    let (mut of_kind, mut alike) = (HashMap::new(), HashMap::new());
    // Accounts that wait for their app say nothing: Meta was not asked about them.
    let asked = reports.iter().filter(|report| !report.waits_for_app());
    for record in asked.filter_map(|report| report.record.as_ref()) {
        *of_kind.entry((record.kind, record.app.clone())).or_insert(0) += 1;
        if let Some(refusal) = refusal(record, now) {
            *alike.entry(refusal).or_insert(0) += 1;
        }
    }
    let incident = |((kind, app, codes), accounts): (Refusal, usize)| {
        let is_large = accounts >= INCIDENT_SIZE && 2 * accounts >= of_kind[&(kind, app.clone())];
        is_large.then_some(Incident { kind, app, codes, accounts })
    };
    let mut incidents: Vec<_> = alike.into_iter().filter_map(incident).collect();
    incidents.sort_by_key(|incident| (Reverse(incident.accounts), incident.codes));
    incidents
}

/// The places of the reports whose refusals an incident explains.
fn explained(reports: &[Report], now: Timestamp) -> Vec<usize> {
    let incidents = incidents(reports, now);
    let is_explained = |report: &Report| {
        let Some(record) = &report.record else { return false };
        if !matches!(report.outcome, Outcome::Failed(_) | Outcome::Idle(_)) {
            return false;
        }
        let Some((kind, app, codes)) = refusal(record, now) else { return false };
        let is_alike = |incident: &Incident| (incident.kind, &incident.app, incident.codes) == (kind, &app, codes);
        incidents.iter().any(is_alike) && record.failure.as_ref().is_some_and(is_verdict)
    };
    (0..reports.len()).filter(|place| is_explained(&reports[*place])).collect()
}

/// How Meta refuses the account, if that may be an incident: recently, not for longer than any incident with a definite
/// reason, and not because the token has expired. An answer that asks to try again is no refusal.
pub(crate) fn refusal(record: &Record, now: Timestamp) -> Option<Refusal> {
    let failure = record.failure.as_ref()?;
    if matches!(failure.cause, Cause::Meta(Class::Retry | Class::BackOff)) {
        return None;
    }
    let is_expired = record.expiry.instant().is_some_and(|end| end <= now);
    let is_recent = failure.last_at + INCIDENT > now;
    let evidence = failure.evidence.as_ref().filter(|_| is_recent && !is_expired)?;
    let is_over = evidence.is_definite() && failure.cause_since + INCIDENT <= now;
    if is_over || evidence.subcode == Some(SESSION_EXPIRED) {
        return None;
    }
    Some((record.kind, record.app.clone(), evidence.codes()))
}

/// Whether the failure blames one account or its permissions. What Meta says of the app in so many words stands.
fn is_verdict(failure: &FailureState) -> bool {
    match failure.cause {
        Cause::Meta(Class::Reconnect | Class::AccountOwner) => true,
        Cause::Meta(Class::AppOwner) => !failure.evidence.as_ref().is_some_and(Evidence::has_known_message),
        _ => false,
    }
}
