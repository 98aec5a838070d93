//! A call as Meta sees it, and the answer it gives: no sockets, no async.

use bytes::Bytes;

/// One call to Meta: `https://HOST/PATH?QUERY`, whatever way it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// `GET`, `POST`, ... in upper case.
    pub method: String,
    /// Meta's host in lower case, such as `graph.instagram.com`.
    pub host: String,
    /// Begins with `/`; still percent-encoded.
    pub path: String,
    /// Decoded query parameters, in order.
    pub query: Params,
    /// Decoded fields of a urlencoded or multipart body; empty for any other body.
    pub form: Params,
    /// Header names in lower case with their values.
    pub headers: Vec<(String, String)>,
}

impl Call {
    /// A call to `https://graph.instagram.com/me?...` or, as the sandbox's one port has it, `/graph.instagram.com/me?...`.
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

    /// Reads a request body by its `Content-Type` header: urlencoded or multipart. Any other body is not understood, as at Meta.
    #[must_use]
    pub fn body(mut self, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let content_type = self.header_value("content-type").unwrap_or_default().to_owned();
        if content_type.starts_with("application/x-www-form-urlencoded") {
            self.form = Params::parse(&text);
        } else if let Some((_, boundary)) = content_type.split_once("boundary=") {
            self.form = Params::parse_multipart(&text, boundary.trim_matches('"'));
        }
        self
    }

    /// A query parameter or, failing that, a form field.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.get(name).or_else(|| self.form.get(name))
    }

    /// The first header of that name (lower case).
    pub fn header_value(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
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
    /// Decodes `a=1&b=two+message%21`. Broken percent escapes stay as they are.
    pub fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decode(name), decode(value))
                })
                .collect(),
        )
    }

    /// The plain fields of `multipart/form-data`, which is what Meta's own examples with `curl -F` send.
    fn parse_multipart(text: &str, boundary: &str) -> Self {
        let delimiter = format!("--{boundary}");
        let parts = text.split(delimiter.as_str()).filter_map(|part| part.split_once("\r\n\r\n"));
        Self(
            parts
                .filter_map(|(head, value)| {
                    let name = head.split_once("name=\"")?.1.split_once('"')?.0;
                    Some((name.to_owned(), value.strip_suffix("\r\n").unwrap_or(value).to_owned()))
                })
                .collect(),
        )
    }

    /// The first value of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every pair, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// What Meta sends back, and how much of it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case with their values; `content-length` is left to the wire.
    pub headers: Vec<(String, String)>,
    /// The whole body, even where `delivery` keeps a part of it back.
    pub body: Bytes,
    /// What the network makes of it.
    pub delivery: Delivery,
}

/// What the network makes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// All of it, at once.
    Whole,
    /// The headers promise the whole body; the connection ends after this many bytes of it.
    Truncated(usize),
    /// The connection ends before anything is sent, and Meta has done nothing.
    Dropped,
    /// The connection ends before anything is sent, **after** Meta did what was asked: a token was issued that nobody has.
    LostAfterApply,
    /// Everything, after this many milliseconds.
    Slow(u64),
    /// Eight bytes at a time, with this many milliseconds between.
    Drip(u64),
    /// The body, followed by spaces up to this many bytes.
    Huge(usize),
}

impl Response {
    /// The body as text, for tests and logs.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The first header of that name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// `%41+b` to `A b`.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape_html =
            (bytes[at] == b'%').then(|| text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok()));
        match (escape_html.flatten(), bytes[at]) {
            (Some(byte), _) => {
                out.push(byte);
                at += 2;
            }
            (None, b'+') => out.push(b' '),
            (None, byte) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Percent-encodes everything but letters, digits and `-_.~`.
pub(crate) fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_reads_alike_from_metas_address_and_from_the_one_port() {
        let direct = Call::new("get", "https://graph.instagram.com/v25.0/me?fields=id%2Cusername&a=b+c#_");
        assert_eq!(direct, Call::new("GET", "/graph.instagram.com/v25.0/me?fields=id%2Cusername&a=b+c"));
        assert_eq!((direct.host.as_str(), direct.path.as_str()), ("graph.instagram.com", "/v25.0/me"));
        assert_eq!(direct.param("fields"), Some("id,username"));
        assert_eq!(direct.param("a"), Some("b c"));
    }

    #[test]
    fn forms_are_read_urlencoded_and_multipart_and_json_is_not() {
        let post =
            |kind: &str, body: &str| Call::new("POST", "/x/y").header("Content-Type", kind).body(body.as_bytes());
        assert_eq!(post("application/x-www-form-urlencoded", "code=a%23_").param("code"), Some("a#_"));
        let multipart = "--B\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\nAQ1\r\n--B--\r\n";
        assert_eq!(post("multipart/form-data; boundary=B", multipart).param("code"), Some("AQ1"));
        assert!(post("application/json", r#"{"code":"a"}"#).form.is_empty());
    }

    #[test]
    fn broken_escapes_and_odd_bytes_do_not_panic() {
        for text in ["%", "%4", "%zz", "%e9", "é%", "%é1", "=&&=", "%41%"] {
            let _ = Params::parse(text);
        }
        assert_eq!(decode("%41%zz"), "A%zz");
        assert_eq!(decode(&encode("a b/ü&=#")), "a b/ü&=#");
    }
}
