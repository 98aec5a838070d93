//! A connection, encrypted or not.

use tokio::io::{AsyncRead, AsyncWrite};

/// A connection of any kind: TCP, a proxy's tunnel, TLS over either.
pub(crate) type Stream = Box<dyn ReadWrite>;

/// Both directions of a connection.
pub(crate) trait ReadWrite: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> ReadWrite for T {}
