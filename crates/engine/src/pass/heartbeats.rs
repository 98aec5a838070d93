//! The heartbeats of one pass: a start and an end, beside the work and never in its way.

use std::io;
use std::time::Duration;

use everlit_disk::{ReplaceOptions, replace};
use everlit_keeper::Report;
use everlit_meta_api::Timestamp;
use everlit_notify::Summary;
use everlit_store::rfc3339;
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::frontend::MissedHeartbeat;
use super::notifiers::heartbeat;
use crate::config::Project;

/// After the work is done, a monitor that does not answer delays the end of the pass by at most this.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The heartbeats of a pass in progress.
pub(crate) struct Heartbeats {
    began: Timestamp,
    pending: Vec<Pending>,
}

struct Pending {
    monitor: String,
    /// Or why it cannot work.
    task: Result<Task, String>,
}

struct Task {
    /// The host it goes to, for error messages.
    goes_to: String,
    end: oneshot::Sender<Summary>,
    sent: JoinHandle<Result<(), String>>,
}

impl Heartbeats {
    /// Sends the starts in the background.
    pub(crate) fn start(project: &Project<'_>) -> Self {
        let run = project.run_number();
        let pending = project.settings.notify.heartbeats.iter().map(|monitor| {
            let task = heartbeat(project, monitor, run).map(|heartbeat| {
                let (end, ended) = oneshot::channel();
                let goes_to = heartbeat.goes_to();
                let sent = tokio::spawn(async move {
                    // A lost start does no harm: the end is what monitors wait for.
                    let _ = heartbeat.start().await;
                    match ended.await {
                        Ok(summary) => heartbeat.finish(&summary).await.map_err(|error| error.to_string()),
                        Err(_) => Ok(()),
                    }
                });
                Task { goes_to, end, sent }
            });
            Pending { monitor: monitor.name.clone(), task: task.map_err(|error| error.message) }
        });
        Self { began: project.now(), pending: pending.collect() }
    }

    /// Sends the ends. Records and returns those that could not be sent.
    pub(crate) async fn finish(self, project: &Project<'_>, reports: &[Report], exit_code: u8) -> Vec<MissedHeartbeat> {
        let summary = summary(project, reports, exit_code, self.began);
        self.finish_with(project, summary).await
    }

    async fn finish_with(self, project: &Project<'_>, summary: Summary) -> Vec<MissedHeartbeat> {
        if self.pending.is_empty() {
            return Vec::new();
        }
        let mut waiting = Vec::new();
        for Pending { monitor, task } in self.pending {
            waiting.push((
                monitor,
                task.map(|Task { goes_to, end, sent }| {
                    // A task that has panicked no longer listens; that is reported below.
                    let _ = end.send(summary);
                    (goes_to, sent)
                }),
            ));
        }
        let give_up_at = Instant::now() + TIMEOUT;
        let mut failures = Vec::new();
        for (monitor, task) in waiting {
            let sent = match task {
                Ok((goes_to, sent)) => sent_before(give_up_at, &goes_to, sent).await,
                Err(message) => Err(message),
            };
            failures.extend(sent.err().map(|message| (monitor, message)));
        }
        record(project, failures)
    }
}

/// Tells the monitors that a service lives, and how its accounts stand. Records and returns what could not be sent.
pub async fn beat(project: &Project<'_>, summary: Summary) -> Vec<MissedHeartbeat> {
    Heartbeats::start(project).finish_with(project, summary).await
}

async fn sent_before(
    give_up_at: Instant,
    goes_to: &str,
    mut sent: JoinHandle<Result<(), String>>,
) -> Result<(), String> {
    match tokio::time::timeout_at(give_up_at, &mut sent).await {
        Ok(Ok(sent)) => sent,
        Ok(Err(_)) => Err("everlit failed while it sent the heartbeat; please report it".to_owned()),
        Err(_) => {
            sent.abort();
            Err(format!("{goes_to} took longer than {} seconds", TIMEOUT.as_secs()))
        }
    }
}

fn summary(project: &Project<'_>, reports: &[Report], exit: u8, began: Timestamp) -> Summary {
    let now = project.now();
    let count = |is: &dyn Fn(&Report) -> bool| {
        u32::try_from(reports.iter().filter(|report| is(report)).count()).unwrap_or(u32::MAX)
    };
    let verified = |report: &Report| {
        let record = report.record.as_ref()?;
        Some(record.last_verified_at.max(record.issued_at).unwrap_or(record.first_seen))
    };
    let seconds = |since: Timestamp| Duration::from_secs(u64::try_from(now.since(since)).unwrap_or(0));
    // Accounts that `--account` leaves out count, and have not been checked.
    let accounts = project.settings.all_accounts.len();
    Summary {
        accounts: u32::try_from(accounts).unwrap_or(u32::MAX),
        checked: count(&|report| report.record.is_some()),
        failed: count(&|report| report.health().is_retrying() && !report.is_failing_for_long()),
        needs_person: count(&|report| report.health().needs_person() || report.is_failing_for_long()),
        not_saved: count(&|report| report.health().is_unsaved()),
        oldest_check: reports.iter().filter_map(verified).min().map(seconds),
        took: seconds(began),
        exit,
    }
}

/// The heartbeats of configured monitors that the last pass could not send.
pub fn missed_heartbeats(project: &Project<'_>) -> Vec<MissedHeartbeat> {
    let monitors = &project.settings.notify.heartbeats;
    let mut missed = read(project);
    missed.retain(|missed| monitors.iter().any(|monitor| monitor.name == missed.monitor));
    missed
}

fn read(project: &Project<'_>) -> Vec<MissedHeartbeat> {
    let fields = fields(project).unwrap_or_default();
    let missed = |(monitor, value): (&String, &Value)| {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        Some(MissedHeartbeat { monitor: monitor.clone(), message: text("message")?, since: text("since")? })
    };
    fields.iter().filter_map(missed).collect()
}

/// Whether the file is there and cannot be read.
pub(crate) fn heartbeats_are_unread(project: &Project<'_>) -> bool {
    fields(project).is_none()
}

/// Nothing without a file; `None` if it cannot be read.
fn fields(project: &Project<'_>) -> Option<Map<String, Value>> {
    const LARGEST: usize = 1 << 20;
    match project.disk.read(&project.state().heartbeats(), LARGEST) {
        Ok(bytes) => serde_json::from_slice(&bytes).ok(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Map::new()),
        Err(_) => None,
    }
}

/// Writes what has changed. If it cannot be written, the monitor itself notices that no heartbeat arrives.
fn record(project: &Project<'_>, failures: Vec<(String, String)>) -> Vec<MissedHeartbeat> {
    let before = read(project);
    let since = |monitor: &str| before.iter().find(|missed| missed.monitor == monitor).map(|missed| &missed.since);
    let missed = |(monitor, message): (String, String)| {
        let since = since(&monitor).cloned().unwrap_or_else(|| rfc3339(project.now()));
        MissedHeartbeat { monitor, message, since }
    };
    let after: Vec<MissedHeartbeat> = failures.into_iter().map(missed).collect();
    if after == before {
        return after;
    }
    if after.is_empty() {
        let _ = project.disk.remove(&project.state().heartbeats());
        return after;
    }
    let field = |missed: &MissedHeartbeat| {
        (missed.monitor.clone(), json!({ "message": missed.message, "since": missed.since }))
    };
    let fields: Map<String, Value> = after.iter().map(field).collect();
    let bytes = serde_json::to_vec_pretty(&fields).unwrap_or_default();
    if project.state().create(&*project.disk).is_ok() {
        let _ = replace(&*project.disk, &project.state().heartbeats(), &bytes, &ReplaceOptions::private());
    }
    after
}
