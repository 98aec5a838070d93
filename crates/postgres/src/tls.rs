//! TLS for PostgreSQL: verified, and bound to the login where the server can do that.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::{fmt, io};

use everlit_http::{Error, Tls, TlsStream};
use everlit_meta_api::BoxFuture;
use ring::digest;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream as Bound};

use crate::socket::Socket;

/// Encrypts a connection once the server has agreed to it.
pub(crate) struct Connector {
    pub(crate) tls: Arc<Tls>,
    pub(crate) host: String,
}

impl TlsConnect<Socket> for Connector {
    type Stream = Encrypted;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Encrypted, Error>>;

    fn connect(self, stream: Socket) -> Self::Future {
        Box::pin(async move { self.tls.secure(stream, &self.host).await.map(Encrypted) })
    }
}

pub(crate) struct Encrypted(TlsStream<Socket>);

impl fmt::Debug for Encrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Encrypted")
    }
}

impl Bound for Encrypted {
    fn channel_binding(&self) -> ChannelBinding {
        let certificate = self.0.get_ref().1.peer_certificates().and_then(|chain| chain.first());
        let hash = certificate.and_then(|certificate| Some(digest::digest(hash_of(certificate)?, certificate)));
        hash.map_or_else(ChannelBinding::none, |hash| ChannelBinding::tls_server_end_point(hash.as_ref().to_vec()))
    }
}

/// The hash in the certificate's own signature, which binds a login to it: RFC 5929, section 4.1. `None` where there is none,
/// as with Ed25519, or where it is not known here.
fn hash_of(certificate: &[u8]) -> Option<&'static digest::Algorithm> {
    const BY_OID: [(&[u8], &digest::Algorithm); 6] = [
        (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", &digest::SHA256), // sha256WithRSAEncryption
        (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", &digest::SHA384),
        (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", &digest::SHA512),
        (b"\x2a\x86\x48\xce\x3d\x04\x03\x02", &digest::SHA256), // ecdsa-with-SHA256
        (b"\x2a\x86\x48\xce\x3d\x04\x03\x03", &digest::SHA384),
        (b"\x2a\x86\x48\xce\x3d\x04\x03\x04", &digest::SHA512),
    ];
    // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { OID, .. }, signature }: RFC 5280, section 4.1.
    let (certificate, _) = element(certificate)?;
    let (_, after_body) = element(certificate)?;
    let (algorithm, _) = element(after_body)?;
    let (oid, _) = element(algorithm)?;
    BY_OID.into_iter().find(|(known, _)| *known == oid).map(|(_, hash)| hash)
}

/// The content of the first DER element, and what follows it.
fn element(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[_, first], rest) = der.split_first_chunk()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        let wide = bytes.len() <= 4;
        (bytes.iter().filter(|_| wide).fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
    };
    rest.split_at_checked(length)
}

impl AsyncRead for Encrypted {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_read(context, into)
    }
}

impl AsyncWrite for Encrypted {
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
