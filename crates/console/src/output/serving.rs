//! Who serves a vault, and what waits there.

use std::time::Duration;

use everlit_engine::Project;
use everlit_meta_api::{DAY, Timestamp};
use everlit_store::rfc3339;
use everlit_vault::{Queue, Worker};
use serde_json::{Value, json};

use everlit_advice::{counted, relative, span};

use super::screen::{Mark, Screen, dim};

/// The workers of a vault, and its queue.
#[derive(Debug)]
pub struct Serving {
    workers: Vec<Worker>,
    queue: Queue,
}

/// An account that has waited for longer shows that the workers do not keep up.
const LAGS: i64 = DAY;

impl Serving {
    /// `None` if the accounts are in files, or if the vault does not say.
    pub fn of(project: &Project<'_>) -> Option<Self> {
        const MOST: usize = 1_000_000;
        let (vault, now) = (project.vault()?, project.now());
        let read = async { Ok(Self { workers: vault.workers().await?, queue: vault.queue(now, MOST).await? }) };
        project.wait_for_vault(read).ok()
    }

    fn alive(&self) -> impl Iterator<Item = &Worker> {
        self.workers.iter().filter(|worker| worker.is_alive())
    }

    /// Whether a worker lives.
    pub fn is_served(&self) -> bool {
        self.alive().next().is_some()
    }

    /// A worker that lives, if there is one.
    pub fn worker_of(project: &Project<'_>) -> Option<String> {
        let workers = project.wait_for_vault(project.vault()?.workers()).ok()?;
        workers.into_iter().find(Worker::is_alive).map(|worker| worker.who)
    }

    /// Shows the workers, and what waits.
    pub fn show(&self, now: Timestamp, screen: &mut Screen) {
        for worker in self.alive() {
            let work = &worker.workload;
            let (since, seen) = (relative(worker.started_at, now), span(seconds(worker.seen_ago)));
            let failed = if work.failed > 0 { format!(", {} failed", work.failed) } else { String::new() };
            screen.say(dim(&format!(
                "served by {}, started {since}, last seen {seen} ago: {} in flight, {} a minute, {} done{failed}",
                worker.who, work.in_flight, work.per_minute, work.done
            )));
        }
        for worker in self.workers.iter().filter(|worker| !worker.is_alive()) {
            let ago = span(seconds(worker.seen_ago));
            let what = format!("{} has not been seen for {ago}: it was killed, or hangs", worker.who);
            screen.say(format!("{} {what}", Mark::Warning.painted()));
        }
        if self.workers.is_empty() {
            return;
        }
        let lag = self.queue.oldest.map(|oldest| now.since(Timestamp::from_unix(oldest)));
        let waits = lag.map_or_else(String::new, |lag| format!(", the oldest for {}", span(lag)));
        let next =
            self.queue.next.map(|next| format!("; the next is due {}", relative(Timestamp::from_unix(next), now)));
        let line =
            format!("queue: {} overdue{waits}{}", counted(self.queue.overdue, "account"), next.unwrap_or_default());
        let line = if lag.is_some_and(|lag| lag > LAGS) {
            format!("{} {line}: the workers do not keep up", Mark::Warning.painted())
        } else {
            dim(&line)
        };
        screen.say(line);
    }

    /// For the document of `status`: `workers` and `queue`.
    pub fn to_json(&self) -> (Value, Value) {
        let worker = |worker: &Worker| {
            let work = &worker.workload;
            json!({
                "worker": worker.who,
                "version": worker.version,
                "alive": worker.is_alive(),
                "started_at": rfc3339(worker.started_at),
                "seen_at": rfc3339(worker.seen_at),
                "in_flight": work.in_flight,
                "per_minute": work.per_minute,
                "done": work.done,
                "failed": work.failed,
            })
        };
        let instant = |at: Option<i64>| at.map(|at| rfc3339(Timestamp::from_unix(at)));
        let queue = json!({
            "overdue": self.queue.overdue,
            "critical": self.queue.critical,
            "oldest_due_at": instant(self.queue.oldest),
            "next_due_at": instant(self.queue.next),
        });
        (self.workers.iter().map(worker).collect(), queue)
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
