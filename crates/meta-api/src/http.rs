//! The real transport: Meta's calls over [`everlit_http::Http`].

use std::time::Duration;

use everlit_http::{HttpClient, Origin, Proxy, Request, Response, Roots, Secret, Stage, Url};
use zeroize::Zeroizing;

use crate::{BoxFuture, Error, HttpReply, HttpRequest, Method, Transport, TransportError};

/// How to reach Meta. The defaults: directly, with the bundled roots, in 30 seconds.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long one call may take from the look-up of the name to the last byte of the reply.
    pub deadline: Duration,
    /// Which certificates are trusted.
    pub roots: Roots,
    /// The proxy, and what is reached without it.
    pub proxy: Proxy,
    /// A stand-in for Meta, such as `http://127.0.0.1:4010`: every call goes there, with Meta's host as the first segment of
    /// the path. Plain http only to this machine itself, and then without a proxy.
    pub base_url: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(30), roots: Roots::default(), proxy: Proxy::default(), base_url: None }
    }
}

/// A [`Transport`] over the network. Needs a Tokio runtime with network and time around it when used, none when built.
#[derive(Debug)]
pub struct HttpTransport {
    base: Option<Origin>,
    http: HttpClient,
}

impl HttpTransport {
    /// A transport with these options. Opens nothing and parses no certificate yet.
    ///
    /// [`Error::Config`] when the base URL or the proxy cannot be used.
    pub fn new(options: Options) -> Result<Self, Error> {
        let Options { deadline, roots, proxy, base_url } = options;
        let wrong_base = |error| {
            Error::Config(format!("the address that stands in for Meta {error}; it looks like http://127.0.0.1:4010"))
        };
        let base = base_url.as_deref().map(Origin::parse).transpose().map_err(wrong_base)?;
        let http = HttpClient::new(everlit_http::Options { deadline, roots, proxy });
        Ok(Self { base, http: http.map_err(|error| Error::Config(error.detail))? })
    }

    fn url(&self, request: &HttpRequest) -> Result<Url, TransportError> {
        let HttpRequest { host, path, .. } = request;
        let query = request.encoded_query();
        let mark = if query.is_empty() { "" } else { "?" };
        let (origin, target) = match &self.base {
            Some(base) => (base.clone(), format!("/{host}{path}{mark}{}", *query)),
            None => (Origin::https(*host), format!("{path}{mark}{}", *query)),
        };
        Url::at(origin, Secret::new(target))
            .map_err(|error| TransportError::new(Stage::Setup, false, format!("the URL of the request {error}")))
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            let mut headers = vec![
                ("accept", Secret::new("application/json")),
                // Messages come in the reader's language; codes decide, but a person reads them.
                ("accept-language", Secret::new("en-US")),
                ("accept-encoding", Secret::new("identity")),
            ];
            let (method, body) = match request.method {
                Method::Get => ("GET", Vec::new()),
                Method::Post => {
                    headers.push(("content-type", Secret::new("application/x-www-form-urlencoded")));
                    ("POST", request.encoded_form().as_bytes().to_vec())
                }
            };
            let url = self.url(&request)?;
            Ok(reply(self.http.send(Request { method, url, headers, body: Zeroizing::new(body) }).await?))
        })
    }
}

fn reply(response: Response) -> HttpReply {
    let header = |name: &'static str| response.header(name).map(|value| (name, value.to_owned()));
    let headers = HttpReply::HEADERS.into_iter().filter_map(header).collect();
    HttpReply { status: response.status, headers, body: response.body }
}

/// What the client reads of a body is what [`HttpReply`] promises.
const _: () = assert!(Response::MAX_BODY == HttpReply::MAX_BODY);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_stand_in_is_a_configuration_error_before_anything_is_sent() {
        for (url, words) in
            [("http://meta.example", "plain http"), ("http://127.0.0.1/path", "nothing more"), ("", "not a URL")]
        {
            let options = Options { base_url: Some(url.to_owned()), ..Options::default() };
            let error = HttpTransport::new(options).unwrap_err();
            assert!(matches!(&error, Error::Config(said) if said.contains(words)), "{error}");
        }
    }
}
