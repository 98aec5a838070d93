//! A connection that speaks HTTP/1.1, and those that wait for another request.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::runtime::{Handle, Id};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::stream::Stream;
use crate::{Error, Origin, Response, Stage};

/// An open connection. Dropping it closes it.
#[derive(Debug)]
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    /// Moves the bytes, on the runtime that opened the connection.
    _driver: JoinSet<hyper::Result<()>>,
}

impl Connection {
    pub(crate) async fn new(stream: Stream) -> Result<Self, Error> {
        let (sender, connection) = http1::Builder::new()
            .max_buf_size(Response::MAX_BODY)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| Error::hyper(Stage::Connect, false, &error))?;
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        Ok(Self { sender, _driver: driver })
    }

    pub(crate) async fn send(
        &mut self,
        request: hyper::Request<Full<Bytes>>,
    ) -> Result<hyper::Response<Incoming>, Error> {
        self.sender.ready().await.map_err(|error| Error::hyper(Stage::Send, false, &error))?;
        self.sender.send_request(request).await.map_err(|error| {
            let stage = if error.is_canceled() || error.is_body_write_aborted() { Stage::Send } else { Stage::Headers };
            Error::hyper(stage, !error.is_canceled(), &error)
        })
    }
}

/// Connections that a reply has left open, for a few seconds.
#[derive(Debug, Default)]
pub(crate) struct Idle(Mutex<Vec<Waiting>>);

#[derive(Debug)]
struct Waiting {
    origin: Origin,
    runtime: Id,
    since: Instant,
    connection: Connection,
}

impl Idle {
    /// A call follows the one before within this time, or hours later.
    const LONGEST: Duration = Duration::from_secs(5);
    const MOST: usize = 64;

    /// An open connection to `origin`, the latest. Only one of this runtime: another's may stand still.
    pub(crate) fn take(&self, origin: &Origin) -> Option<Connection> {
        let runtime = Handle::current().id();
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        discard_old(&mut waiting);
        let at = waiting.iter().rposition(|idle| idle.runtime == runtime && idle.origin == *origin)?;
        Some(waiting.remove(at).connection)
    }

    pub(crate) fn keep(&self, origin: Origin, connection: Connection) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        discard_old(&mut waiting);
        if waiting.len() < Self::MOST {
            waiting.push(Waiting { origin, runtime: Handle::current().id(), since: Instant::now(), connection });
        }
    }
}

fn discard_old(waiting: &mut Vec<Waiting>) {
    let now = Instant::now();
    waiting.retain(|idle| !idle.connection.sender.is_closed() && now.duration_since(idle.since) < Idle::LONGEST);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_closed_connection_is_known_to_have_sent_nothing() {
        let (stream, server) = tokio::io::duplex(64);
        let mut connection = Connection::new(Box::new(stream)).await.unwrap();
        drop(server);
        while !connection.sender.is_closed() {
            tokio::task::yield_now().await;
        }
        let error = connection.send(hyper::Request::new(Full::default())).await.unwrap_err();
        assert_eq!((error.stage, error.sent), (Stage::Send, false));
    }
}
