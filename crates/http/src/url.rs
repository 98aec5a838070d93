//! URLs: the origin that a connection goes to, and the secret target requested there.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU16;

use http::Uri;
use http::uri::Authority;

use crate::Secret;

/// Where virtual machines of AWS, Azure and Google Cloud ask about themselves.
pub(crate) const METADATA_SERVICE: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);

/// A scheme, host and port: https to any host, plain http to this machine only.
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

    /// The metadata service of a cloud's virtual machine. Plain http, but to a link-local address (RFC 3927): no router passes
    /// the call on, the machine's own host answers it.
    pub fn metadata_service() -> Self {
        Self { tls: false, host: METADATA_SERVICE.to_string(), port: 80 }
    }

    /// Parses `https://host:port`, or `http://` with a host that is this machine. Only a slash may follow.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let url = Url::parse(text)?;
        match url.target() {
            "/" => Ok(url.origin),
            _ => Err(UrlError::NotAnOrigin),
        }
    }

    /// Whether it is on this machine: `localhost` or a loopback address.
    pub fn is_this_machine(&self) -> bool {
        is_this_machine(&self.host)
    }

    /// Whether the connection is encrypted.
    pub fn is_tls(&self) -> bool {
        self.tls
    }

    /// A name or an address; an IPv6 address has no brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, or the default of the scheme.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `host:port`, for `Host` and `CONNECT`; with brackets around an IPv6 address.
    pub fn authority(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    fn of(tls: bool, authority: &Authority) -> Result<Self, UrlError> {
        if authority.as_str().contains('@') {
            return Err(UrlError::Credentials);
        }
        let default_port = if tls { 443 } else { 80 };
        let port = match authority.as_str().strip_prefix(authority.host()).ok_or(UrlError::NotAUrl)? {
            "" | ":" => default_port,
            rest => {
                let port = rest.strip_prefix(':').and_then(|port| port.parse::<NonZeroU16>().ok());
                port.ok_or(UrlError::NotAUrl)?.get()
            }
        };
        let host = match authority.host().strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(address) => address.parse::<Ipv6Addr>().map(|_| address).map_err(|_| UrlError::NotAUrl)?,
            None => authority.host(),
        };
        if host.is_empty() {
            return Err(UrlError::NoHost);
        }
        if !host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte)) {
            return Err(UrlError::NotAUrl);
        }
        if !tls && !is_this_machine(host) {
            return Err(UrlError::PlainHttp);
        }
        Ok(Self { tls, host: host.to_owned(), port })
    }
}

/// Accepts the name `localhost` unresolved: `connect` then uses only its loopback addresses.
fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A whole URL. Its path and query are secret: whoever knows the URL of a webhook can post to it.
#[derive(Clone)]
pub struct Url {
    origin: Origin,
    target: Secret,
}

impl Url {
    /// Parses `https://host:port/path?query`, or `http://` with a host that is this machine. Surrounding white space
    /// and the fragment are dropped.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let text = text.trim();
        let uri: Uri = text.parse().map_err(|_| match text.split_once("://") {
            Some((_, rest)) if rest.is_empty() || rest.starts_with('/') => UrlError::NoHost,
            _ => UrlError::NotAUrl,
        })?;
        let tls = match uri.scheme_str().ok_or(UrlError::NotAUrl)? {
            "https" => true,
            "http" => false,
            _ => return Err(UrlError::Scheme),
        };
        let origin = Origin::of(tls, uri.authority().ok_or(UrlError::NoHost)?)?;
        // `to_string` starts with a slash even where the path is empty.
        let target = uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        Self::at(origin, Secret::new(target))
    }

    /// The URL of `target`, a path with an optional query, at `origin`.
    pub fn at(origin: Origin, target: Secret) -> Result<Self, UrlError> {
        let bytes = target.expose().as_bytes();
        // Everything else must be percent-encoded; a space or a line break here could reach into the headers.
        if bytes.first() != Some(&b'/') || !bytes.iter().all(u8::is_ascii_graphic) || bytes.contains(&b'#') {
            return Err(UrlError::NotAUrl);
        }
        Ok(Self { origin, target })
    }

    /// The scheme, host and port.
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

    /// The query without its question mark; empty if there is none. Secret.
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

/// Why a text is not a URL to call. Completes the sentence "the URL ..."; holds no part of the text, which may be a
/// secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Not a URL at all.
    #[error("is not a URL")]
    NotAUrl,
    /// Another scheme, or none.
    #[error("must begin with https:// or http://")]
    Scheme,
    /// Nothing between the scheme and the path.
    #[error("has no host")]
    NoHost,
    /// `name:password@` before the host.
    #[error("must not contain a user name or password")]
    Credentials,
    /// `http://` to another machine.
    #[error("may use plain http only to reach this machine")]
    PlainHttp,
    /// A path or a query after the origin.
    #[error("must be a host and a port, nothing more")]
    NotAnOrigin,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Result<(bool, String), UrlError> {
        Origin::parse(url).map(|to| (to.is_tls(), to.authority()))
    }

    #[test]
    fn plain_http_is_allowed_to_this_machine_only() {
        assert_eq!(origin("http://127.0.0.1:4010"), Ok((false, "127.0.0.1:4010".to_owned())));
        assert_eq!(origin(" http://[::1]:4010/ "), Ok((false, "[::1]:4010".to_owned())));
        assert_eq!(origin("HTTP://localhost"), Ok((false, "localhost:80".to_owned())));
        assert_eq!(origin("https://meta.example"), Ok((true, "meta.example:443".to_owned())));
        for (refused, why) in [
            ("http://meta.example", UrlError::PlainHttp),
            ("http://10.0.0.1:4010", UrlError::PlainHttp),
            ("http://127.0.0.1.example", UrlError::PlainHttp),
            ("http://localhost.example", UrlError::PlainHttp),
            ("http://user@127.0.0.1", UrlError::Credentials),
            ("http://127.0.0.1/path", UrlError::NotAnOrigin),
            ("http://127.0.0.1/?query", UrlError::NotAnOrigin),
            ("ftp://127.0.0.1", UrlError::Scheme),
            ("http://", UrlError::NoHost),
            ("http://:4010", UrlError::NoHost),
            ("127.0.0.1:4010", UrlError::NotAUrl),
            ("", UrlError::NotAUrl),
        ] {
            assert_eq!(origin(refused), Err(why), "{refused}");
        }
    }

    #[test]
    fn only_code_can_name_the_metadata_service() {
        let origin = Origin::metadata_service();
        assert_eq!((origin.authority().as_str(), origin.is_tls()), ("169.254.169.254:80", false));
        assert!(!origin.is_this_machine());
        assert_eq!(Origin::parse("http://169.254.169.254").unwrap_err(), UrlError::PlainHttp);
    }

    #[test]
    fn a_url_is_split_into_its_parts() {
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
    fn malformed_urls_are_refused() {
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
            assert_eq!(Url::parse(text).err(), Some(UrlError::NotAUrl), "{text:?}");
        }
        assert_eq!(Url::parse("https:///path").unwrap_err(), UrlError::NoHost);
    }

    #[test]
    fn debug_output_hides_the_path() {
        let shown = format!("{:?}", Url::parse("https://hooks.example/fake-secret?fake-key").unwrap());
        assert_eq!(shown, "https://hooks.example:443/..");
    }
}
