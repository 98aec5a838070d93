//! The tunnel through an HTTP proxy. The proxy sees a host name, never a path, a query or a token.

use bytes::Bytes;
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderValue, PROXY_AUTHORIZATION};
use hyper::{Request, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::stream::Stream;
use crate::{Error, Origin, Secret, Stage};

/// The values of `HTTPS_PROXY` and `NO_PROXY`, passed in by the caller.
#[derive(Debug, Clone, Default)]
pub struct Proxy {
    /// `http://user:password@host:port`, or without the user and password. Empty means none.
    pub https: Option<Secret>,
    /// Hosts, `.domains`, addresses and networks that bypass the proxy, separated by commas; `*` for all.
    pub no_proxy: Option<String>,
}

/// The parsed proxy rules.
#[derive(Debug)]
pub(crate) struct Proxies(Matcher);

/// The proxy to use for a destination.
pub(crate) struct ProxyAddress {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) authorization: Option<HeaderValue>,
}

impl Proxies {
    /// Parses the settings. An unusable proxy is an error; it is never bypassed.
    pub(crate) fn new(proxy: &Proxy) -> Result<Self, Error> {
        let invalid = |detail| Err(Error::unsent(Stage::Setup, detail));
        let https = proxy.https.as_ref().map_or("", |https| https.expose().trim());
        let matcher = |no: &str| Matcher::builder().https(https).no(no).build();
        let any = Uri::from_static("https://anyone.example/");
        match matcher("").intercept(&any) {
            None if !https.is_empty() => {
                return invalid("the proxy is not a URL such as http://proxy.example:3128");
            }
            Some(found) if found.uri().scheme_str() != Some("http") => {
                return invalid("the proxy URL must begin with http:// (https is tunnelled through it)");
            }
            _ => {}
        }
        Ok(Self(matcher(proxy.no_proxy.as_deref().unwrap_or_default())))
    }

    /// The proxy for a destination, if it has one.
    pub(crate) fn for_origin(&self, to: &Origin) -> Option<ProxyAddress> {
        let uri: Uri = format!("https://{}/", to.authority()).parse().ok()?;
        let proxy = self.0.intercept(&uri)?;
        let host = proxy.uri().host()?.trim_start_matches('[').trim_end_matches(']').to_owned();
        // The default of the scheme; curl's default of 1080 is for SOCKS.
        let port = proxy.uri().port_u16().unwrap_or(80);
        Some(ProxyAddress { host, port, authorization: proxy.basic_auth().cloned() })
    }
}

/// Asks the proxy for a tunnel (RFC 9110, 9.3.6).
pub(crate) async fn tunnel(proxy: TcpStream, to: &Origin, authorization: Option<HeaderValue>) -> Result<Stream, Error> {
    let failed = |detail: &str| Error::unsent(Stage::Proxy, detail);
    let broken = |error| Error::hyper(Stage::Proxy, false, &error);
    let mut request = Request::connect(to.authority()).header(HOST, to.authority());
    if let Some(authorization) = authorization {
        request = request.header(PROXY_AUTHORIZATION, authorization);
    }
    let request = request.body(Empty::<Bytes>::new()).map_err(|_| failed("the host name is invalid"))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(proxy)).await.map_err(broken)?;
    // Becomes the tunnel; ends when either side closes.
    tokio::spawn(connection.with_upgrades());
    let reply = sender.send_request(request).await.map_err(broken)?;
    match reply.status().as_u16() {
        200..=299 => {}
        407 => return Err(failed("the proxy requires a user name and password, or rejected the ones given (407)")),
        status => return Err(failed(&format!("the proxy answered {status}"))),
    }
    let tunnel = hyper::upgrade::on(reply).await.map_err(broken)?;
    Ok(Box::new(TokioIo::new(tunnel)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(https: &str, no: &str, host: &str) -> Result<Option<(String, u16, bool)>, Error> {
        let proxies = Proxies::new(&Proxy { https: Some(Secret::new(https)), no_proxy: Some(no.to_owned()) })?;
        Ok(proxies
            .for_origin(&Origin::https(host))
            .map(|proxy| (proxy.host, proxy.port, proxy.authorization.is_some())))
    }

    #[test]
    fn a_proxy_is_used_unless_no_proxy_names_the_host() {
        let proxy = |port, authorized| Ok(Some(("proxy.example".to_owned(), port, authorized)));
        let meta = "graph.instagram.com";
        assert_eq!(through("http://proxy.example:3128", "", meta), proxy(3128, false));
        assert_eq!(through("proxy.example:3128", "", meta), proxy(3128, false));
        assert_eq!(through("http://name:word@proxy.example", "", meta), proxy(80, true));
        assert_eq!(through("http://proxy.example", "facebook.com,example.com", meta), proxy(80, false));
        for no in ["*", "instagram.com", ".instagram.com", "localhost, graph.instagram.com"] {
            assert_eq!(through("http://proxy.example:3128", no, meta), Ok(None), "{no}");
        }
        assert_eq!(through("", "", meta), Ok(None));
        assert_eq!(through("http://proxy.example:3128", "127.0.0.0/8", "127.0.0.1"), Ok(None));
    }

    #[test]
    fn an_unusable_proxy_is_an_error_and_is_not_bypassed() {
        for wrong in ["https://proxy.example", "socks5://proxy.example", "ftp://proxy.example", "http://", "no proxy"] {
            assert!(through(wrong, "", "graph.instagram.com").is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_password_of_a_proxy_is_not_shown() {
        let proxy = Proxy { https: Some(Secret::new("http://name:fake-password@proxy.example")), no_proxy: None };
        let shown = format!("{proxy:?} {:?}", Proxies::new(&proxy).unwrap());
        assert!(!shown.contains("fake-password") && !shown.contains("name"), "{shown}");
    }
}
