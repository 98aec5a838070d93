//! The real transport, over [`everlit_http::HttpClient`].

use std::time::Duration;

use everlit_http::{HttpClient, Origin, Proxy, Request, Roots, Secret, Stage, Url};
use zeroize::Zeroizing;

use crate::{BoxFuture, ConfigError, Error, HttpReply, HttpRequest, Method, Transport, TransportError};

/// How to reach Meta. The defaults: no proxy, the bundled roots, a deadline of 30 seconds.
#[derive(Debug, Clone)]
pub struct Options {
    /// The longest that one call may take, from the DNS lookup to the last byte of the reply.
    pub deadline: Duration,
    /// The trusted certificates.
    pub roots: Roots,
    /// The proxy and the hosts that bypass it.
    pub proxy: Proxy,
    /// A replacement for Meta, such as `http://127.0.0.1:4010`: every call goes there, with Meta's host as the first
    /// segment of the path. Plain http is allowed to this machine only, and bypasses the proxy.
    pub base_url: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(30), roots: Roots::default(), proxy: Proxy::default(), base_url: None }
    }
}

/// A [`Transport`] over the network. Calls need a Tokio runtime with I/O and time enabled; building one does not.
#[derive(Debug)]
pub struct HttpTransport {
    base: Option<Origin>,
    http: HttpClient,
}

impl HttpTransport {
    /// A transport with these options. Opens no connection and parses no certificate: the first call does.
    ///
    /// Fails with [`Class::Config`](crate::Class::Config) if the base URL or the proxy cannot be used.
    pub fn new(options: Options) -> Result<Self, Error> {
        let Options { deadline, roots, proxy, base_url } = options;
        let base = base_url.as_deref().map(Origin::parse).transpose().map_err(ConfigError::BaseUrl)?;
        Ok(Self { base, http: HttpClient::new(everlit_http::Options { deadline, roots, proxy })? })
    }

    fn url(&self, request: &HttpRequest) -> Result<Url, TransportError> {
        let HttpRequest { host, path, .. } = request;
        let query = request.encoded_query();
        if self.base.is_none() && [&query, &request.encoded_form()].iter().any(|params| params.contains(OF_SANDBOX)) {
            let detail = "the token is one of the sandbox's, which the real Meta never gets: set EVERLIT_META_URL";
            return Err(TransportError::new(Stage::Setup, false, detail));
        }
        let mark = if query.is_empty() { "" } else { "?" };
        let (origin, target) = match &self.base {
            Some(base) => (base.clone(), format!("/{host}{path}{mark}{}", *query)),
            None => (Origin::https(*host), format!("{path}{mark}{}", *query)),
        };
        Url::at(origin, Secret::new(target))
            .map_err(|error| TransportError::new(Stage::Setup, false, format!("the URL of the request {error}")))
    }
}

/// In every token, code and secret of the sandbox's that looks like one of Meta's.
const OF_SANDBOX: &str = "fakeSANDBOX";

impl Transport for HttpTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            let mut headers = vec![
                ("accept", Secret::new("application/json")),
                // Meta translates its messages. Codes decide, but people read the messages.
                ("accept-language", Secret::new("en-US")),
                ("accept-encoding", Secret::new("identity")),
            ];
            let mut body = Vec::new();
            if request.method == Method::POST {
                headers.push(("content-type", Secret::new("application/x-www-form-urlencoded")));
                body.extend_from_slice(request.encoded_form().as_bytes());
            }
            let url = self.url(&request)?;
            let sent = Request { method: request.method, url, headers, body: Zeroizing::new(body) };
            if request.idempotent { self.http.send_idempotent(sent).await } else { self.http.send(sent).await }
        })
    }
}

#[cfg(test)]
mod tests {
    use everlit_http::UrlError;

    use super::*;

    #[test]
    fn an_invalid_base_url_is_a_configuration_error() {
        for (url, reason) in [
            ("http://meta.example", UrlError::PlainHttp),
            ("http://127.0.0.1/path", UrlError::NotAnOrigin),
            ("", UrlError::NotAUrl),
        ] {
            let options = Options { base_url: Some(url.to_owned()), ..Options::default() };
            let error = HttpTransport::new(options).unwrap_err();
            assert_eq!(error, Error::Config(ConfigError::BaseUrl(reason)));
        }
    }
}
