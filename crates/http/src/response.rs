//! A reply as received.

use std::fmt;

/// A reply as received. `Debug` shows the status, the names of the headers, and the length of the body.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Every header, with lower-case names. Bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body. If it is longer than [`Response::MAX_BODY`], the rest was not read.
    pub body: Vec<u8>,
}

impl Response {
    /// The longest body that a caller should accept: 64 KiB. At most one byte more is read.
    pub const MAX_BODY: usize = 64 * 1024;

    /// The value of the first header with this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        write!(f, "HTTP {} headers {names:?} body of {} bytes", self.status, self.body.len())
    }
}
