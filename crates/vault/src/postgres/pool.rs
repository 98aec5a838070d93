//! A few connections that many calls share. A connection takes the next statement before it has answered the last one.

use std::sync::Arc;
use std::time::Duration;

use everlit_postgres::{Failure, Server};
use tokio::sync::{Mutex, watch};
use tokio::time::timeout;
use tokio_postgres::{Client, Row};

use super::error::{Place, has_ended, was_in_the_way};
use super::releases::Releases;
use super::save_many::{Keep, Renewal};
use super::statement::Statement;
use super::together::Together;
use crate::VaultError;
use crate::database::Save;

/// Connections of one worker, at most, beside the one for statements that may wait. The server's processor is busy before more
/// of them would help.
const CONNECTIONS: usize = 4;

/// How long a connection may take to be made; a server on the other side of the world needs a second.
const CONNECT: Duration = Duration::from_secs(10);

/// How long a call may take, a second attempt included.
const DEADLINE: Duration = Duration::from_secs(30);

/// The connections to a server.
#[derive(Debug)]
pub(super) struct Pool {
    server: Server,
    pub(super) place: Place,
    slots: [Slot; CONNECTIONS],
    /// For statements about an account that others have locked: whatever came behind them on a connection would wait too.
    locked: Slot,
    /// Connections that have not said goodbye.
    open: Counter,
    /// Calls that have not ended.
    pub(super) calls: Counter,
    pub(super) releases: Releases,
    pub(super) renewals: Together<Renewal>,
    pub(super) keeps: Together<Keep>,
    pub(super) saves: Together<Save>,
}

/// What a statement has found.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) rows: Vec<Row>,
    /// It was sent twice, and the first time may have done it.
    pub(super) was_repeated: bool,
}

/// Room for a connection.
#[derive(Debug, Default)]
struct Slot {
    client: Mutex<Option<Arc<Client>>>,
    busy: Counter,
}

impl Pool {
    /// Connects when it is first asked.
    pub(super) fn new(server: Server, place: Place) -> Self {
        let slots = std::array::from_fn(|_| Slot::default());
        let (locked, open, calls, releases, renewals, keeps, saves) = Default::default();
        Self { server, place, slots, locked, open, calls, releases, renewals, keeps, saves }
    }

    /// Sends a statement. Once more, over a new connection, if the first one has ended; so it must do no harm to do it twice.
    pub(super) async fn send(&self, statement: &Statement) -> Result<Reply, VaultError> {
        self.try_to_send(statement).await.map_err(|failure| self.place.failed(&failure))
    }

    /// The same for a statement about an account that others have probably locked.
    pub(super) async fn send_to_locked(&self, statement: &Statement) -> Result<Reply, VaultError> {
        self.send_within(&self.locked, statement).await.map_err(|failure| self.place.failed(&failure))
    }

    /// The same; the error says what failed, for those who can help themselves.
    pub(super) async fn try_to_send(&self, statement: &Statement) -> Result<Reply, Failure> {
        let slot = self.slots.iter().min_by_key(|slot| slot.busy.get()).unwrap_or(&self.slots[0]);
        self.send_within(slot, statement).await
    }

    async fn send_within(&self, slot: &Slot, statement: &Statement) -> Result<Reply, Failure> {
        let _busy = slot.busy.enter();
        if let Ok(outcome) = timeout(DEADLINE, self.send_by(slot, statement)).await {
            return outcome;
        }
        // What hangs would hold up others too.
        slot.client.lock().await.take();
        Err(no_answer(DEADLINE))
    }

    async fn send_by(&self, slot: &Slot, statement: &Statement) -> Result<Reply, Failure> {
        let client = self.client(slot).await?;
        let failure = match self.attempt(slot, &client, statement).await {
            Ok(rows) => return Ok(Reply { rows, was_repeated: false }),
            Err(failure) => failure,
        };
        let was_repeated = has_ended(&failure);
        if !was_repeated && !was_in_the_way(&failure) {
            return Err(failure);
        }
        drop(client);
        let client = self.client(slot).await?;
        self.attempt(slot, &client, statement).await.map(|rows| Reply { rows, was_repeated })
    }

    async fn attempt(&self, slot: &Slot, client: &Arc<Client>, statement: &Statement) -> Result<Vec<Row>, Failure> {
        let failure = match statement.send(client).await {
            Ok(rows) => return Ok(rows),
            Err(error) => self.server.failure(&error),
        };
        if has_ended(&failure) {
            let mut held = slot.client.lock().await;
            // Another call may have made a new one by now.
            if held.as_ref().is_some_and(|held| Arc::ptr_eq(held, client)) {
                *held = None;
            }
        }
        Err(failure)
    }

    async fn client(&self, slot: &Slot) -> Result<Arc<Client>, Failure> {
        let mut held = slot.client.lock().await;
        if let Some(client) = held.as_ref().filter(|client| !client.is_closed()) {
            return Ok(Arc::clone(client));
        }
        *held = None;
        let connected = timeout(CONNECT, self.server.connect()).await;
        let (client, connection) = connected.map_err(|_| no_answer(CONNECT))??;
        let open = self.open.enter();
        tokio::spawn(async move {
            // What it says when it ends, the calls in progress say too.
            let _ = connection.await;
            drop(open);
        });
        Ok(Arc::clone(held.insert(Arc::new(client))))
    }

    /// What an answer that cannot be understood means.
    pub(super) fn failed(&self, error: &tokio_postgres::Error) -> VaultError {
        self.place.failed(&self.server.failure(error))
    }

    /// Waits for the calls in progress, gives back the leases, and says goodbye.
    pub(super) async fn close(&self) {
        self.calls.none().await;
        // It has an end of its own if this does not work.
        let _ = self.give_back().await;
        for slot in self.slots.iter().chain([&self.locked]) {
            slot.client.lock().await.take();
        }
        self.open.none().await;
    }
}

fn no_answer(after: Duration) -> Failure {
    let message = format!("no answer within {} seconds", after.as_secs());
    Failure::Unreached(everlit_http::Error::new(everlit_http::Stage::Deadline, true, message))
}

/// How many of something there are, and when there are none.
#[derive(Debug, Default)]
pub(super) struct Counter(watch::Sender<usize>);

/// One of them, until it is dropped.
#[derive(Debug)]
pub(super) struct Counted(watch::Sender<usize>);

impl Counter {
    pub(super) fn enter(&self) -> Counted {
        self.0.send_modify(|count| *count += 1);
        Counted(self.0.clone())
    }

    fn get(&self) -> usize {
        *self.0.borrow()
    }

    async fn none(&self) {
        // Fails only when nobody counts any more.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
