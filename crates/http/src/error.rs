//! How a call can fail.

use std::fmt;

/// No reply came, or not all of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{stage}: {detail}")]
pub struct Error {
    /// How far it got.
    pub stage: Stage,
    /// Whether any part of the request may have left this machine for its receiver. When true, it may have acted on it.
    pub sent: bool,
    /// What went wrong, in words, without a URL and without a secret.
    pub detail: String,
}

impl Error {
    /// A failure before anything was sent.
    #[cfg(feature = "network")]
    pub(crate) fn unsent(stage: Stage, detail: impl Into<String>) -> Self {
        Self { stage, sent: false, detail: detail.into() }
    }
}

/// Where on the way a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The settings of the transport cannot be used (a CA file without a certificate, say). Nothing was sent.
    Setup,
    /// The host name could not be looked up.
    Resolve,
    /// No connection.
    Connect,
    /// The proxy refused or failed.
    Proxy,
    /// The TLS handshake failed, most often because of the certificate.
    Tls,
    /// The request could not be written.
    Send,
    /// The connection ended before the headers of the reply.
    Headers,
    /// The connection ended in the body of the reply.
    Body,
    /// The time for the whole call was up.
    Deadline,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Setup => "the connection settings cannot be used",
            Self::Resolve => "the host name could not be looked up",
            Self::Connect => "no connection",
            Self::Proxy => "no connection through the proxy",
            Self::Tls => "no secure connection",
            Self::Send => "the request could not be sent",
            Self::Headers => "the connection ended before a reply",
            Self::Body => "the connection ended within the reply",
            Self::Deadline => "no reply in time",
        })
    }
}
