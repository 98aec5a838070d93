//! Addresses: where a connection goes, and what is asked for there.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use crate::Secret;

/// Where a connection goes: over TLS to anywhere, without it to this machine only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    tls: bool,
    host: String,
    port: u16,
}

impl Origin {
    /// Port 443 of a host, over TLS.
    pub fn https(host: impl Into<String>) -> Self {
        Self { tls: true, host: host.into(), port: 443 }
    }

    /// Reads `https://host:port`, or `http://` with a host that is this machine. Nothing more than a slash may follow.
    pub fn parse(text: &str) -> Result<Self, WrongUrl> {
        let url = Url::parse(text)?;
        match url.target() {
            "/" => Ok(url.origin),
            _ => Err(WrongUrl::MoreThanHost),
        }
    }

    /// Whether the connection is encrypted.
    pub fn is_tls(&self) -> bool {
        self.tls
    }

    /// A name or an address, an IPv6 one without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, the scheme's own where none was given.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `host:port`, for `Host` and `CONNECT`; with brackets around an IPv6 address.
    pub fn authority(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    /// Reads what stands between `//` and the path.
    fn read(tls: bool, authority: &str) -> Result<Self, WrongUrl> {
        let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
            let (host, port) = rest.split_once(']').ok_or(WrongUrl::NoUrl)?;
            host.parse::<Ipv6Addr>().map_err(|_| WrongUrl::NoUrl)?;
            (host, port)
        } else {
            authority.split_at(authority.find(':').unwrap_or(authority.len()))
        };
        if host.is_empty() {
            return Err(WrongUrl::NoHost);
        }
        if !host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte)) {
            return Err(WrongUrl::NoUrl);
        }
        let port = match port.strip_prefix(':').unwrap_or(port) {
            "" if tls => 443,
            "" => 80,
            number if port.starts_with(':') => number.parse().map_err(|_| WrongUrl::NoUrl)?,
            _ => return Err(WrongUrl::NoUrl),
        };
        if port == 0 {
            return Err(WrongUrl::NoUrl);
        }
        if !tls && !is_this_machine(host) {
            return Err(WrongUrl::PlainHttp);
        }
        Ok(Self { tls, host: host.to_owned(), port })
    }
}

/// A name counts here, and is looked up to the same effect in `connect`.
fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A whole address. Its path and its query are secret: whoever knows the address of a webhook can write to it.
#[derive(Clone)]
pub struct Url {
    origin: Origin,
    target: Secret,
}

impl Url {
    /// Reads `https://host:port/path?query`, or `http://` with a host that is this machine. White space around it is left out,
    /// and so is a fragment.
    pub fn parse(text: &str) -> Result<Self, WrongUrl> {
        let (scheme, rest) = text.trim().split_once("://").ok_or(WrongUrl::NoUrl)?;
        let tls = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(WrongUrl::Scheme),
        };
        let (authority, target) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(WrongUrl::Password);
        }
        let origin = Origin::read(tls, authority)?;
        let target = target.split('#').next().unwrap_or_default();
        let slash = if target.starts_with('/') { "" } else { "/" };
        Self::at(origin, Secret::new(format!("{slash}{target}")))
    }

    /// What `target`, a path and perhaps a query, is at `origin`.
    pub fn at(origin: Origin, target: Secret) -> Result<Self, WrongUrl> {
        let bytes = target.expose().as_bytes();
        // What else stands in a URL is percent-encoded; a blank or a line break here would be a way into the headers.
        if bytes.first() != Some(&b'/') || !bytes.iter().all(u8::is_ascii_graphic) || bytes.contains(&b'#') {
            return Err(WrongUrl::NoUrl);
        }
        Ok(Self { origin, target })
    }

    /// Where the connection goes.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Path and query. Secret.
    pub fn target(&self) -> &str {
        self.target.expose()
    }

    /// The path, without the query. Secret.
    pub fn path(&self) -> &str {
        self.target().split('?').next().unwrap_or_default()
    }

    /// The query without its question mark, empty where there is none. Secret.
    pub fn query(&self) -> &str {
        self.target().split_once('?').map_or("", |(_, query)| query)
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.origin.tls { "https" } else { "http" };
        write!(f, "{scheme}://{}/..", self.origin.authority())
    }
}

/// Why a text is no address to call. Holds nothing of the text, which may be a secret in the wrong place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrongUrl {
    /// Not an address at all.
    #[error("is no URL")]
    NoUrl,
    /// Another scheme, or none.
    #[error("must begin with https:// or http://")]
    Scheme,
    /// Nothing between the scheme and the path.
    #[error("has no host")]
    NoHost,
    /// `name:password@` before the host.
    #[error("holds a user name or a password before the host, which is not supported")]
    Password,
    /// `http://` to another machine.
    #[error("may use plain http only on this machine")]
    PlainHttp,
    /// A path or a query where only an origin belongs.
    #[error("must be a host and a port, nothing more")]
    MoreThanHost,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Result<(bool, String), WrongUrl> {
        Origin::parse(url).map(|to| (to.is_tls(), to.authority()))
    }

    #[test]
    fn plain_http_may_be_used_on_this_machine_only() {
        assert_eq!(origin("http://127.0.0.1:4010"), Ok((false, "127.0.0.1:4010".to_owned())));
        assert_eq!(origin(" http://[::1]:4010/ "), Ok((false, "[::1]:4010".to_owned())));
        assert_eq!(origin("HTTP://localhost"), Ok((false, "localhost:80".to_owned())));
        assert_eq!(origin("https://meta.example"), Ok((true, "meta.example:443".to_owned())));
        for (refused, why) in [
            ("http://meta.example", WrongUrl::PlainHttp),
            ("http://10.0.0.1:4010", WrongUrl::PlainHttp),
            ("http://127.0.0.1.example", WrongUrl::PlainHttp),
            ("http://localhost.example", WrongUrl::PlainHttp),
            ("http://user@127.0.0.1", WrongUrl::Password),
            ("http://127.0.0.1/path", WrongUrl::MoreThanHost),
            ("http://127.0.0.1/?query", WrongUrl::MoreThanHost),
            ("ftp://127.0.0.1", WrongUrl::Scheme),
            ("127.0.0.1:4010", WrongUrl::NoUrl),
            ("", WrongUrl::NoUrl),
        ] {
            assert_eq!(origin(refused), Err(why), "{refused}");
        }
    }

    #[test]
    fn an_address_is_taken_apart() {
        for (text, authority, path, query) in [
            ("https://hooks.example/services/T/B/x", "hooks.example:443", "/services/T/B/x", ""),
            ("https://hooks.example", "hooks.example:443", "/", ""),
            ("https://hooks.example?a=1", "hooks.example:443", "/", "a=1"),
            ("https://hooks.example/a?b=/c?d#e", "hooks.example:443", "/a", "b=/c?d"),
            ("https://[2001:db8::1]:8443/a%20b", "[2001:db8::1]:8443", "/a%20b", ""),
        ] {
            let url = Url::parse(text).unwrap();
            assert_eq!((&*url.origin().authority(), url.path(), url.query()), (authority, path, query), "{text}");
        }
    }

    #[test]
    fn what_could_reach_into_the_headers_is_no_address() {
        for text in [
            "https://hooks.example/a b",
            "https://hooks.example/a\r\nhost: x",
            "https://hooks.example/\u{e4}",
            "https://hooks.exa\r\nmple/",
            "https://hooks.example:0/",
            "https://hooks.example:65536/",
            "https://hooks.example:x/",
            "https://[::1/",
            "https://[::1]x/",
            "https://a:b:1/x",
            "https://[name]/",
        ] {
            assert_eq!(Url::parse(text).err(), Some(WrongUrl::NoUrl), "{text:?}");
        }
        assert_eq!(Url::parse("https:///path").unwrap_err(), WrongUrl::NoHost);
    }

    #[test]
    fn the_path_of_an_address_is_not_shown() {
        let shown = format!("{:?}", Url::parse("https://hooks.example/fake-secret?fake-key").unwrap());
        assert_eq!(shown, "https://hooks.example:443/..");
    }
}
