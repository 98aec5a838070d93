//! What a delivery by hand came to.

use everlit_advice::relative;
use everlit_keeper::Report;
use everlit_meta_api::Timestamp;
use serde_json::{Value, json};

use super::screen::Mark;

/// How one target, or what makes its tokens take effect, stands after it.
#[derive(Clone, Debug)]
pub struct Delivered {
    account: String,
    target: String,
    /// What is known about the token there, or why it is not there or not known to be.
    outcome: Result<String, String>,
}

impl Delivered {
    /// The delivery called `name` of a report; `started` is when the command began. A place, unlike an activation, may
    /// have lost what it was given earlier, and is well only if it was given the token, or asked about it, since then.
    pub fn of(report: &Report, name: &str, is_place: bool, started: Timestamp) -> Option<Self> {
        let record = report.record.as_ref()?;
        let delivery = record.deliveries.iter().find(|delivery| delivery.target == name)?;
        let failure = match report.undelivered.iter().find(|(target, _)| target == name) {
            _ if record.is_dead(report.at) => Some("its token no longer works, so it is not delivered".to_owned()),
            failure => failure.map(|(_, error)| error.to_string()),
        };
        let is_recent = |at: Option<Timestamp>| at.is_some_and(|at| at >= started);
        let ago = |at: Timestamp| format!(" {}", relative(at.min(report.at), report.at));
        let delivered = format!("delivered{}", delivery.delivered_at.map_or_else(String::new, ago));
        let outcome = match failure {
            Some(failure) => Err(failure),
            None if !is_place || is_recent(delivery.delivered_at) => Ok(delivered),
            None if is_recent(delivery.verified_at) => Ok(format!("{delivered}, and as far as it tells still there")),
            None => Err(format!("{delivered}; it could not be asked whether it still has it")),
        };
        Some(Self { account: report.account.to_string(), target: name.to_owned(), outcome })
    }

    /// Whether nothing is left to be done.
    pub fn is_well(&self) -> bool {
        self.outcome.is_ok()
    }

    /// A line for a person.
    pub fn line(&self) -> String {
        let (mark, said) = self.outcome.as_ref().map_or_else(|why| (Mark::Bad, why), |said| (Mark::Good, said));
        format!("{} {} -> {}: {said}", mark.painted(), self.account, self.target)
    }

    /// `{"account", "target", "failure"}`.
    pub fn to_json(&self) -> Value {
        json!({"account": self.account, "target": self.target, "failure": self.outcome.as_ref().err()})
    }
}
