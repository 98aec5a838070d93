//! Opens a connection to a host: DNS, then TCP or the proxy's tunnel, then TLS.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::proxy::{Proxies, Proxy, tunnel};
use crate::stream::Stream;
use crate::tls::{Roots, Tls};
use crate::url::may_be_plain;
use crate::{Error, Origin, Stage};

/// Looks up the addresses of a host and port. May block.
pub type Resolver = fn(&str, u16) -> io::Result<Vec<SocketAddr>>;

/// Opens connections.
#[derive(Debug)]
pub(crate) struct Connector {
    proxies: Proxies,
    tls: Tls,
    pub(crate) resolver: Resolver,
}

impl Connector {
    pub(crate) fn new(proxy: &Proxy, roots: Roots) -> Result<Self, Error> {
        Ok(Self { proxies: Proxies::new(proxy)?, tls: Tls::new(roots), resolver: system_resolver })
    }

    /// Opens a connection. Nothing of the request has been sent over it yet.
    pub(crate) async fn connect(&self, to: &Origin) -> Result<Stream, Error> {
        if !to.is_tls() {
            return Ok(Box::new(self.direct(to.host(), to.port(), |address| may_be_plain(address.ip())).await?));
        }
        let stream: Stream = match self.proxies.for_origin(to) {
            Some(proxy) => {
                let stream = self
                    .direct(&proxy.host, proxy.port, |_| true)
                    .await
                    .map_err(|error| Error { stage: Stage::Proxy, ..error })?;
                tunnel(stream, to, proxy.authorization).await?
            }
            None => Box::new(self.direct(to.host(), to.port(), |_| true).await?),
        };
        Ok(Box::new(self.tls.secure(stream, to.host()).await?))
    }

    async fn direct(&self, host: &str, port: u16, allowed: fn(&SocketAddr) -> bool) -> Result<TcpStream, Error> {
        open(self.resolver, host, port, allowed).await
    }
}

/// Opens a TCP connection to a server of another protocol, such as a database. Proxies for HTTP let none of those through.
pub async fn dial(host: &str, port: u16) -> Result<TcpStream, Error> {
    open(system_resolver, host, port, |_| true).await
}

async fn open(resolver: Resolver, host: &str, port: u16, allowed: fn(&SocketAddr) -> bool) -> Result<TcpStream, Error> {
    let found = resolve(resolver, host, port).await;
    let mut addresses = found.map_err(|error| Error::unreached(Stage::Resolve, host, &error))?;
    addresses.retain(allowed);
    if addresses.is_empty() {
        return Err(Error::unsent(Stage::Resolve, format!("{host} has no usable address")));
    }
    race(addresses).await.map_err(|error| Error::unreached(Stage::Connect, host, &error))
}

/// Runs the resolver on a thread of its own. The system's may block for minutes, and nobody waits for it longer than for the
/// rest of the call: the thread is left behind.
async fn resolve(resolver: Resolver, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let (sender, found) = oneshot::channel();
    let host = host.to_owned();
    std::thread::Builder::new().name("dns".to_owned()).spawn(move || sender.send(resolver(&host, port)))?;
    found.await.unwrap_or_else(|_| Err(io::Error::other("the resolver failed")))
}

fn system_resolver(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    Ok((host, port).to_socket_addrs()?.collect())
}

/// Tries each address in turn without waiting long for any of them (RFC 8305, "Happy Eyeballs"): networks with broken
/// IPv6 are common. The first connection wins.
async fn race(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    const HEAD_START: Duration = Duration::from_millis(250);
    let mut waiting = interleaved(addresses).into_iter();
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
                Some(Ok(Ok(stream))) => {
                    // A second request does not wait until the first one's reply is acknowledged. Without it, all is well.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Some(Ok(Err(error))) => failure = error,
                Some(Err(_)) => {}
                None => return Err(failure),
            },
            () = sleep(HEAD_START), if !is_last => {}
        }
    }
}

/// IPv6 and IPv4 addresses alternately, each family in the order DNS gave.
fn interleaved(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let (six, four): (Vec<_>, Vec<_>) = addresses.into_iter().partition(SocketAddr::is_ipv6);
    let longest = six.len().max(four.len());
    (0..longest).flat_map(|at| [six.get(at), four.get(at)]).flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn ipv6_and_ipv4_addresses_alternate() {
        let read =
            |text: &str| -> Vec<SocketAddr> { text.split(' ').map(|address| address.parse().unwrap()).collect() };
        let found = read("[::1]:1 [::2]:1 [::3]:1 1.1.1.1:1");
        assert_eq!(interleaved(found), read("[::1]:1 1.1.1.1:1 [::2]:1 [::3]:1"));
    }

    #[tokio::test]
    async fn a_small_request_is_sent_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        assert!(race(vec![listener.local_addr().unwrap()]).await.unwrap().nodelay().unwrap());
    }

    #[tokio::test]
    async fn the_next_address_is_tried_when_one_refuses() {
        // Port 1 (tcpmux) has been unused for decades.
        let closed = "127.0.0.1:1".parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let open = listener.local_addr().unwrap();
        assert_eq!(race(vec![closed, open]).await.unwrap().peer_addr().unwrap(), open);
        assert_eq!(race(vec![closed]).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    }
}
