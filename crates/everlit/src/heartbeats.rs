//! Heartbeats of one run: a start as it begins, an end as it ends, beside the work and never in its way.

use everlit_engine::heartbeat;
use std::collections::BTreeMap;
use std::time::Duration;

use everlit_disk::{ReplaceOptions, replace};
use everlit_keeper::{Health, Report};
use everlit_meta_api::Timestamp;
use everlit_notify::Summary;
use everlit_store::rfc3339;
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::output::exit::Exit;
use crate::context::Context;

/// After the work is done, a monitor that does not answer holds up the run no longer than this.
const PATIENCE: Duration = Duration::from_secs(30);

/// A heartbeat that could not be sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Missed {
    pub(crate) message: String,
    /// Since when, RFC 3339.
    pub(crate) since: String,
}

/// The heartbeats of a run that is going on.
pub(crate) struct Heartbeats {
    began: Timestamp,
    beating: Vec<Beating>,
}

struct Beating {
    name: String,
    /// Or why it cannot work.
    task: Result<Task, String>,
}

struct Task {
    /// Where it goes, for the words of a failure.
    goes_to: String,
    end: oneshot::Sender<Summary>,
    sent: JoinHandle<Result<(), String>>,
}

impl Heartbeats {
    /// Sends the starts, beside whatever comes next.
    pub(crate) fn start(context: &Context<'_>) -> Self {
        let run = context.run_number();
        let monitors = &context.settings.notify.heartbeats;
        let beating = monitors.iter().map(|monitor| {
            let task = heartbeat(context, monitor, run).map(|heartbeat| {
                let (end, ended) = oneshot::channel();
                let goes_to = heartbeat.goes_to();
                let sent = tokio::spawn(async move {
                    // A start that is lost takes nothing away: the end is what is waited for.
                    let _ = heartbeat.start().await;
                    match ended.await {
                        Ok(summary) => heartbeat.finish(&summary).await.map_err(|error| error.to_string()),
                        Err(_) => Ok(()),
                    }
                });
                Task { goes_to, end, sent }
            });
            Beating { name: monitor.name.clone(), task: task.map_err(|problem| problem.message) }
        });
        Self { began: context.now(), beating: beating.collect() }
    }

    /// Sends the ends. Returns those that could not be sent, and keeps them for `everlit status`.
    pub(crate) async fn finish(self, context: &Context<'_>, reports: &[Report], exit: Exit) -> Vec<(String, String)> {
        if self.beating.is_empty() {
            return Vec::new();
        }
        let summary = summary(context, reports, exit, self.began);
        let mut waiting = Vec::new();
        for Beating { name, task } in self.beating {
            waiting.push((
                name,
                task.map(|Task { goes_to, end, sent }| {
                    // A task that has panicked has nobody who listens, and says so below.
                    let _ = end.send(summary);
                    (goes_to, sent)
                }),
            ));
        }
        let give_up_at = tokio::time::Instant::now() + PATIENCE;
        let mut missed = Vec::new();
        for (name, task) in waiting {
            let sent = match task {
                Err(message) => Err(message),
                Ok((goes_to, mut task)) => match tokio::time::timeout_at(give_up_at, &mut task).await {
                    Ok(Ok(sent)) => sent,
                    Ok(Err(_)) => Err("everlit failed while it sent the heartbeat; please report it".to_owned()),
                    Err(_) => {
                        task.abort();
                        Err(format!("{goes_to} took longer than {} seconds", PATIENCE.as_secs()))
                    }
                },
            };
            missed.extend(sent.err().map(|message| (name, message)));
        }
        keep(context, &missed);
        missed
    }
}

/// The heartbeats of the settings that the last run could not send.
pub(crate) fn missed(context: &Context<'_>) -> BTreeMap<String, Missed> {
    let monitors = &context.settings.notify.heartbeats;
    let mut missed = kept(context);
    missed.retain(|name, _| monitors.iter().any(|monitor| monitor.name == *name));
    missed
}

fn summary(context: &Context<'_>, reports: &[Report], exit: Exit, began: Timestamp) -> Summary {
    let now = context.now();
    use Health::{Expired, NeedsPerson, NotDelivered, NotSaved, Unreadable};
    let count = |is: &dyn Fn(&Report) -> bool| {
        u32::try_from(reports.iter().filter(|report| is(report)).count()).unwrap_or(u32::MAX)
    };
    let confirmed = |report: &Report| {
        let record = report.record.as_ref()?;
        Some(record.last_verified_at.max(record.issued_at).unwrap_or(record.first_seen))
    };
    let seconds = |since: Timestamp| Duration::from_secs(u64::try_from(now.since(since)).unwrap_or(0));
    // Also those that `--account` leaves out: of them nobody must believe that they were looked at.
    let accounts = context.settings.accounts.len() + context.settings.left_out;
    Summary {
        accounts: u32::try_from(accounts).unwrap_or(u32::MAX),
        checked: count(&|report| report.record.is_some()),
        failed: count(&|report| report.health().is_retrying()),
        needs_person: count(&|report| matches!(report.health(), NeedsPerson | Expired | Unreadable)),
        not_saved: count(&|report| matches!(report.health(), NotSaved | NotDelivered)),
        oldest_check: reports.iter().filter_map(confirmed).min().map(seconds),
        took: seconds(began),
        exit: exit.code(),
    }
}

fn kept(context: &Context<'_>) -> BTreeMap<String, Missed> {
    const LARGEST: usize = 1 << 20;
    let bytes = context.disk.read(&context.state().heartbeats(), LARGEST).unwrap_or_default();
    let fields: Map<String, Value> = serde_json::from_slice(&bytes).unwrap_or_default();
    let missed = |value: &Value| {
        Some(Missed { message: value["message"].as_str()?.to_owned(), since: value["since"].as_str()?.to_owned() })
    };
    fields.iter().filter_map(|(name, value)| Some((name.clone(), missed(value)?))).collect()
}

/// Writes what has changed. Where it cannot be written, the monitor itself notices that nothing comes.
fn keep(context: &Context<'_>, missed: &[(String, String)]) {
    let before = kept(context);
    let since = |name: &String| before.get(name).map_or_else(|| rfc3339(context.now()), |missed| missed.since.clone());
    let after: BTreeMap<String, Missed> = missed
        .iter()
        .map(|(name, message)| (name.clone(), Missed { message: message.clone(), since: since(name) }))
        .collect();
    if after == before {
        return;
    }
    if after.is_empty() {
        let _ = context.disk.remove(&context.state().heartbeats());
        return;
    }
    let fields: Map<String, Value> = after
        .into_iter()
        .map(|(name, Missed { message, since })| (name, json!({ "message": message, "since": since })))
        .collect();
    let bytes = serde_json::to_vec_pretty(&fields).unwrap_or_default();
    if context.state().create(&*context.disk).is_ok() {
        let _ = replace(&*context.disk, &context.state().heartbeats(), &bytes, &ReplaceOptions::private());
    }
}
