//! From a host name to a connection: look-up, TCP or the proxy's tunnel, TLS.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::proxy::{Proxies, tunnel};
use crate::tls::Tls;
use crate::{Error, Origin, Proxy, Roots, Stage};

/// A connection, encrypted or not.
pub(crate) type Stream = Box<dyn ReadWrite>;

/// Both directions of a connection.
pub(crate) trait ReadWrite: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> ReadWrite for T {}

/// Opens connections.
#[derive(Debug)]
pub(crate) struct Connector {
    proxies: Proxies,
    tls: Tls,
}

impl Connector {
    pub(crate) fn new(proxy: &Proxy, roots: Roots) -> Result<Self, Error> {
        Ok(Self { proxies: Proxies::new(proxy)?, tls: Tls::new(roots) })
    }

    /// A connection over which nothing of the request has been sent yet.
    pub(crate) async fn connect(&self, to: &Origin) -> Result<Stream, Error> {
        if !to.is_tls() {
            return Ok(Box::new(direct(to.host(), to.port(), |address| address.ip().is_loopback()).await?));
        }
        match self.proxies.to_reach(to) {
            Some(proxy) => {
                let stream = direct(&proxy.host, proxy.port, |_| true)
                    .await
                    .map_err(|error| Error { stage: Stage::Proxy, ..error })?;
                self.tls.secure(tunnel(stream, to, proxy.authorization).await?, to.host()).await
            }
            None => self.tls.secure(direct(to.host(), to.port(), |_| true).await?, to.host()).await,
        }
    }
}

async fn direct(host: &str, port: u16, allowed: fn(&SocketAddr) -> bool) -> Result<TcpStream, Error> {
    let found = lookup_host((host, port)).await;
    let found = found.map_err(|error| Error::unsent(Stage::Resolve, format!("{host}: {error}")))?;
    let addresses: Vec<SocketAddr> = found.filter(allowed).collect();
    if addresses.is_empty() {
        return Err(Error::unsent(Stage::Resolve, format!("{host} has no address to use")));
    }
    race(addresses).await.map_err(|error| Error::unsent(Stage::Connect, format!("{host}: {error}")))
}

/// Tries the addresses one after another without waiting long for any of them, because a network whose IPv6 leads nowhere is
/// common (RFC 8305, "Happy Eyeballs"). The first connection wins.
async fn race(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    const HEAD_START: Duration = Duration::from_millis(250);
    let mut waiting = by_turns(addresses).into_iter();
    let mut attempts = JoinSet::new();
    let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
    loop {
        let next = waiting.next();
        let is_last = next.is_none();
        if let Some(address) = next {
            attempts.spawn(TcpStream::connect(address));
        }
        tokio::select! {
            ended = attempts.join_next() => match ended {
                Some(Ok(Ok(stream))) => return Ok(stream),
                Some(Ok(Err(error))) => failure = error,
                Some(Err(_)) => {}
                None => return Err(failure),
            },
            () = sleep(HEAD_START), if !is_last => {}
        }
    }
}

/// IPv6 and IPv4 by turns, each in the order of the look-up.
fn by_turns(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let (six, four): (Vec<_>, Vec<_>) = addresses.into_iter().partition(SocketAddr::is_ipv6);
    let longest = six.len().max(four.len());
    (0..longest).flat_map(|at| [six.get(at), four.get(at)]).flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn both_families_of_addresses_are_tried_by_turns() {
        let read =
            |text: &str| -> Vec<SocketAddr> { text.split(' ').map(|address| address.parse().unwrap()).collect() };
        let found = read("[::1]:1 [::2]:1 [::3]:1 1.1.1.1:1");
        assert_eq!(by_turns(found), read("[::1]:1 1.1.1.1:1 [::2]:1 [::3]:1"));
    }

    #[tokio::test]
    async fn an_address_that_refuses_does_not_keep_from_trying_the_next() {
        // Nobody has offered the service of port 1 for decades.
        let closed = "127.0.0.1:1".parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let open = listener.local_addr().unwrap();
        assert_eq!(race(vec![closed, open]).await.unwrap().peer_addr().unwrap(), open);
        assert_eq!(race(vec![closed]).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    }
}
