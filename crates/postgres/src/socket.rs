//! A connection that is not encrypted yet.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use everlit_http::{Error, Stage, dial};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

trait ReadWrite: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> ReadWrite for T {}

/// TCP, or a Unix socket.
pub(crate) struct Socket(Box<dyn ReadWrite>);

impl Socket {
    /// Connects to a host, or to the socket in a folder of this machine, which begins with `/`.
    pub(crate) async fn open(host: &str, port: u16) -> Result<Self, Error> {
        if host.starts_with('/') {
            return Self::local(&format!("{host}/.s.PGSQL.{port}")).await;
        }
        Ok(Self(Box::new(dial(host, port).await?)))
    }

    #[cfg(unix)]
    async fn local(path: &str) -> Result<Self, Error> {
        let unreached = |error: io::Error| Error {
            kind: Some(error.kind()),
            ..Error::new(Stage::Connect, false, format!("{path}: {error}"))
        };
        Ok(Self(Box::new(tokio::net::UnixStream::connect(path).await.map_err(unreached)?)))
    }

    #[cfg(not(unix))]
    async fn local(_: &str) -> Result<Self, Error> {
        Err(Error::new(Stage::Setup, false, "this system has no Unix sockets: name a host in the URL"))
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_read(context, into)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().0).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_shutdown(context)
    }
}
