//! How a call can fail.

use std::io;

/// A call that got no reply, or only part of one. Holds no URL and no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{stage}: {detail}")]
pub struct Error {
    /// How far the call got.
    pub stage: Stage,
    /// Whether the server may have received any part of the request. If so, it may have acted on it.
    pub sent: bool,
    /// The kind of I/O error behind the failure, if there was one.
    pub kind: Option<io::ErrorKind>,
    /// What went wrong, for a person.
    pub detail: String,
}

impl Error {
    /// A failure without an I/O error behind it.
    pub fn new(stage: Stage, sent: bool, detail: impl Into<String>) -> Self {
        Self { stage, sent, kind: None, detail: detail.into() }
    }

    /// A failure before anything was sent.
    #[cfg(feature = "network")]
    pub(crate) fn unsent(stage: Stage, detail: impl Into<String>) -> Self {
        Self::new(stage, false, detail)
    }

    /// A failure to reach `host`, before anything was sent.
    #[cfg(feature = "network")]
    pub(crate) fn unreached(stage: Stage, host: &str, error: &io::Error) -> Self {
        Self { kind: Some(error.kind()), ..Self::unsent(stage, format!("{host}: {error}")) }
    }

    /// What hyper reports, without anything that the other side sent.
    #[cfg(feature = "network")]
    pub(crate) fn hyper(stage: Stage, sent: bool, error: &hyper::Error) -> Self {
        use std::error::Error as _;

        let io = error.source().and_then(|source| source.downcast_ref::<io::Error>());
        let detail = match io {
            _ if error.is_incomplete_message() || error.is_closed() => {
                "the other side closed the connection".to_owned()
            }
            Some(io) => io.to_string(),
            None => error.to_string(),
        };
        Self { kind: io.map(io::Error::kind), ..Self::new(stage, sent, detail) }
    }
}

/// The step at which a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Stage {
    /// The transport's settings are invalid (a CA file without a certificate, say). Nothing was sent.
    #[error("invalid connection settings")]
    Setup,
    /// The host name did not resolve.
    #[error("DNS lookup failed")]
    Resolve,
    /// The TCP connection failed.
    #[error("connection failed")]
    Connect,
    /// The proxy refused or failed.
    #[error("connection through the proxy failed")]
    Proxy,
    /// The TLS handshake failed, most often because of the certificate.
    #[error("TLS handshake failed")]
    Tls,
    /// The request could not be written.
    #[error("sending the request failed")]
    Send,
    /// The connection ended before the headers of the reply.
    #[error("connection closed before a reply")]
    Headers,
    /// The connection ended in the body of the reply.
    #[error("connection closed in the middle of the reply")]
    Body,
    /// The time for the whole call ran out.
    #[error("timed out")]
    Deadline,
    /// The caller had a reason not to begin.
    #[error("no call was made")]
    NotBegun,
}
