//! What Meta said about a failure.

use std::fmt;
use std::time::Duration;

/// What Meta said about a failure. Every text is redacted and capped.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// The HTTP status; `None` inside the answer of `debug_token`.
    pub http_status: Option<u16>,
    /// `error.code`
    pub code: Option<i64>,
    /// `error.error_subcode`
    pub subcode: Option<i64>,
    /// `error.type`, such as `OAuthException`.
    pub kind: Option<String>,
    /// `error.message`, in any language.
    pub message: Option<String>,
    /// `error.error_user_title`
    pub user_title: Option<String>,
    /// `error.error_user_msg`
    pub user_message: Option<String>,
    /// `error.fbtrace_id`, which Meta's support asks for.
    pub trace_id: Option<String>,
    /// `error.is_transient`. `true` is reliable; `false` has been sent for failures that passed.
    pub is_transient: Option<bool>,
    /// How long to wait, from the `Retry-After` or usage headers.
    pub retry_after: Option<Duration>,
    /// The headers by which Meta's support finds the call: `x-fb-trace-id: ..., x-fb-rev: ...`; `None` inside the answer
    /// of `debug_token`.
    pub support_ids: Option<String>,
}

impl Evidence {
    /// The `kind` that a `www-authenticate` header gives for a dead token.
    pub(crate) const INVALID_TOKEN: &str = "invalid_token";
    /// The `kind` that the same header gives for a login code that does not work.
    pub(crate) const INVALID_CODE: &str = "invalid_code";

    /// `error.code` and `error.error_subcode`: two refusals are alike if these are.
    pub fn codes(&self) -> (Option<i64>, Option<i64>) {
        (self.code, self.subcode)
    }

    /// `Meta said (code 190/463): "..."`
    pub fn quote(&self) -> Option<String> {
        let code = match (self.code, self.subcode) {
            (Some(code), Some(subcode)) => format!(" (code {code}/{subcode})"),
            (Some(code), None) => format!(" (code {code})"),
            (None, _) => String::new(),
        };
        match &self.message {
            Some(message) => Some(format!("Meta said{code}: \"{message}\"")),
            None if code.is_empty() => None,
            None => Some(format!("Meta gave no message{code}.")),
        }
    }
}

/// Status, Meta's own words, and the codes: `400: Invalid OAuth access token (code 190)`.
impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = self.http_status {
            write!(f, "{status}: ")?;
        }
        f.write_str(self.message.as_deref().unwrap_or("no message"))?;
        match (self.code, self.subcode) {
            (Some(code), Some(subcode)) => write!(f, " (code {code}, subcode {subcode})"),
            (Some(code), None) => write!(f, " (code {code})"),
            (None, _) => Ok(()),
        }
    }
}
