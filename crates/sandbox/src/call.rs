//! A call to Meta and the response to it, without sockets.

use bytes::Bytes;

/// One call to Meta: `https://HOST/PATH?QUERY`, over any transport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// `GET`, `POST`, ... in upper case.
    pub method: String,
    /// Meta's host in lower case, such as `graph.instagram.com`.
    pub host: String,
    /// Starts with `/`; still percent-encoded.
    pub path: String,
    /// Decoded query parameters, in order.
    pub query: Params,
    /// Decoded fields of a urlencoded or multipart body; empty for any other body.
    pub form: Params,
    /// Header names in lower case, with their values.
    pub headers: Vec<(String, String)>,
}

impl Call {
    /// A call to `https://graph.instagram.com/me?...` or, on the sandbox's one port, `/graph.instagram.com/me?...`.
    pub fn new(method: &str, target: &str) -> Self {
        let bare = target.strip_prefix("https://").or_else(|| target.strip_prefix("http://")).unwrap_or(target);
        let bare = bare.trim_start_matches('/');
        let (address, query) = bare.split_once('?').unwrap_or((bare, ""));
        let (host, path) = address.split_once('/').unwrap_or((address, ""));
        Self {
            method: method.to_ascii_uppercase(),
            host: host.to_ascii_lowercase(),
            path: format!("/{path}"),
            query: Params::parse(query.split('#').next().unwrap_or_default()),
            form: Params::default(),
            headers: Vec::new(),
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    /// Parses the body by its `Content-Type`: urlencoded or multipart. Like Meta, ignores any other type.
    #[must_use]
    pub fn body(mut self, body: &[u8]) -> Self {
        let content_type = self.header_value("content-type").unwrap_or_default();
        if content_type.starts_with("application/x-www-form-urlencoded") {
            self.form = Params::parse(&String::from_utf8_lossy(body));
        } else if let Some((_, boundary)) = content_type.split_once("boundary=") {
            self.form = Params::parse_multipart(&String::from_utf8_lossy(body), boundary.trim_matches('"'));
        }
        self
    }

    /// A query parameter or, failing that, a form field.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.get(name).or_else(|| self.form.get(name))
    }

    /// The first header of that name (lower case).
    pub fn header_value(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }

    /// The token of an `Authorization: Bearer ...` or `OAuth ...` header.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header_value("authorization")?.split_once(' ')?;
        (scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("oauth")).then_some(token.trim())
    }
}

/// Names and values of a query or a form, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Decodes `a=1&b=two+words%21`. Leaves invalid percent escapes as they are.
    pub fn parse(text: &str) -> Self {
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// Reads the plain fields of `multipart/form-data`, which Meta's own `curl -F` examples send.
    fn parse_multipart(text: &str, boundary: &str) -> Self {
        let delimiter = format!("--{boundary}");
        let parts = text.split(delimiter.as_str()).filter_map(|part| part.split_once("\r\n\r\n"));
        let field = |(head, value): (&str, &str)| {
            let name = head.split_once("name=\"")?.1.split_once('"')?.0;
            Some((name.to_owned(), value.strip_suffix("\r\n").unwrap_or(value).to_owned()))
        };
        Self(parts.filter_map(field).collect())
    }

    /// The first value of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        first(&self.0, name)
    }

    /// Whether there are no parameters.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All pairs, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Meta's response and how the network delivers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case, with their values. The HTTP layer adds `content-length`.
    pub headers: Vec<(String, String)>,
    /// The whole body, even if `delivery` withholds part of it.
    pub body: Bytes,
    /// How much of it arrives, and when.
    pub delivery: Delivery,
}

/// How the network delivers a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// All of it, at once.
    Whole,
    /// The headers announce the whole body; the connection closes after this many bytes of it.
    Truncated(usize),
    /// The connection closes before anything is sent; Meta has done nothing.
    Dropped,
    /// The connection closes before anything is sent, **after** Meta executed the call: nobody has the token it issued.
    LostAfterApply,
    /// All of it, after this many milliseconds.
    Slow(u64),
    /// Eight bytes at a time, with this many milliseconds between.
    Drip(u64),
    /// The body, padded with spaces to this many bytes.
    Huge(usize),
}

impl Response {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into(), delivery: Delivery::Whole }
    }

    /// Adds a header.
    #[must_use]
    pub(crate) fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The body as text, for tests and logs.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; `null` if it is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The first header of that name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }
}

fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_parses_the_same_from_metas_url_and_the_local_one() {
        let direct = Call::new("get", "https://graph.instagram.com/v25.0/me?fields=id%2Cusername&a=b+c#_");
        assert_eq!(direct, Call::new("GET", "/graph.instagram.com/v25.0/me?fields=id%2Cusername&a=b+c"));
        assert_eq!((direct.host.as_str(), direct.path.as_str()), ("graph.instagram.com", "/v25.0/me"));
        assert_eq!(direct.param("fields"), Some("id,username"));
        assert_eq!(direct.param("a"), Some("b c"));
    }

    #[test]
    fn urlencoded_and_multipart_bodies_are_parsed_json_is_not() {
        let post =
            |kind: &str, body: &str| Call::new("POST", "/x/y").header("Content-Type", kind).body(body.as_bytes());
        assert_eq!(post("application/x-www-form-urlencoded", "code=a%23_").param("code"), Some("a#_"));
        let multipart = "--B\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\nAQ1\r\n--B--\r\n";
        assert_eq!(post("multipart/form-data; boundary=B", multipart).param("code"), Some("AQ1"));
        assert!(post("application/json", r#"{"code":"a"}"#).form.is_empty());
    }

    #[test]
    fn invalid_escapes_are_kept() {
        for text in ["%", "%4", "%zz", "%e9", "é%", "%é1", "=&&=", "%41%"] {
            let _ = Params::parse(text);
        }
        assert_eq!(Params::parse("a=%41%zz").get("a"), Some("A%zz"));
    }
}
