//! URLs: the origin that a connection goes to, and the secret target requested there.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU16;

use http::Uri;
use http::uri::Authority;

use crate::Secret;

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

    /// The value of the header `Host`: [`Origin::authority`] without the port of https.
    pub fn host_header(&self) -> String {
        let authority = self.authority();
        authority.strip_suffix(":443").unwrap_or(&authority).to_owned()
    }

    /// `host:port`, for `CONNECT`; with brackets around an IPv6 address.
    pub fn authority(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    fn of(tls: bool, authority: &Authority, may_be_plain: fn(&str) -> bool) -> Result<Self, UrlError> {
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
        if !tls && !may_be_plain(host) {
            return Err(UrlError::PlainHttp);
        }
        Ok(Self { tls, host: host.to_owned(), port })
    }
}

/// Accepts the name `localhost` unresolved: `connect` then uses only its loopback addresses.
fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The addresses at which a cloud gives credentials to its own machines and containers. They are link-local: what is sent to
/// them ends at the host of the virtual machine.
///
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html>,
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>
const METADATA_SERVICES: [IpAddr; 5] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
];

/// Whether plain http may be sent to this address: it is this machine or a metadata service.
pub(crate) fn may_be_plain(address: IpAddr) -> bool {
    address.is_loopback() || METADATA_SERVICES.contains(&address)
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
        Self::parse_with(text, is_this_machine)
    }

    /// Parses a URL as [`Url::parse`] does; `http://` may also name the address of a cloud's metadata service, which has no
    /// certificate.
    pub fn parse_metadata(text: &str) -> Result<Self, UrlError> {
        Self::parse_with(text, |host| is_this_machine(host) || host.parse().is_ok_and(may_be_plain))
    }

    fn parse_with(text: &str, may_be_plain: fn(&str) -> bool) -> Result<Self, UrlError> {
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
        let origin = Origin::of(tls, uri.authority().ok_or(UrlError::NoHost)?, may_be_plain)?;
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
    fn plain_http_reaches_only_the_addresses_of_metadata_services() {
        for allowed in
            ["http://169.254.170.2/v2/credentials/id", "http://[fd00:ec2::23]/v1/credentials", "http://127.0.0.1:1"]
        {
            assert!(Url::parse_metadata(allowed).is_ok(), "{allowed}");
        }
        assert_eq!(Url::parse("http://169.254.169.254/").map(drop), Err(UrlError::PlainHttp), "not for any other URL");
        for refused in ["http://169.254.1.1/", "http://10.0.0.1/", "http://169.254.169.254.example/"] {
            assert_eq!(Url::parse_metadata(refused).map(drop), Err(UrlError::PlainHttp), "{refused}");
        }
    }

    #[test]
    fn the_host_header_leaves_out_the_port_of_https() {
        for (url, host) in [
            ("https://a.example", "a.example"),
            ("https://a.example:8443", "a.example:8443"),
            ("https://[::2]", "[::2]"),
        ] {
            assert_eq!(Origin::parse(url).unwrap().host_header(), host);
        }
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
