//! The redirect, where a login ends: reads its address, or what a person pasted.

use everlit_meta_api::{Error, Secret, Token, TokenKind, clean, error_page};
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

/// A successful login.
#[derive(Debug)]
pub enum Redirect {
    /// The code, with the `state` of this login.
    Answer(Secret),
    /// A code without `state`: there is no telling whether it belongs to this login.
    BareCode(Secret),
}

/// Reads what the browser was redirected to, or what a person pasted: the whole URL, its query, or only the code.
///
/// An answer or a refusal belongs to this login only if it carries `state`, which is compared in constant time.
pub fn read_redirect(text: &str, state: &str) -> Result<Redirect, RedirectError> {
    let text = &*unwrapped(text);
    if Token::parse(text).is_ok_and(|token| token.kind() != TokenKind::Unknown) || text.contains("access_token=") {
        return Err(RedirectError::Token);
    }
    if let Some(error) = error_page(text) {
        return Err(RedirectError::Meta(error));
    }
    // What Meta adds after `#` is not part of the answer.
    let answer = text.split('#').next().unwrap_or_default();
    if answer.matches("://").count() > 1 {
        return Err(RedirectError::MultipleAnswers);
    }
    match answer.split_once('?') {
        Some((_, query)) => in_query(query, state),
        None if answer.contains('=') => in_query(answer, state),
        None => bare_code(answer),
    }
}

/// Why the login gave no usable code.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RedirectError {
    /// The person pressed "Cancel".
    #[error("access was denied: the login was cancelled")]
    Denied,
    /// Meta redirected the browser with another error.
    #[error("Meta redirected the browser with an error: {0}")]
    Refused(String),
    /// An error page instead of the login.
    #[error("{}", .0.message())]
    Meta(Error),
    /// The `state` is a different one.
    #[error("this is the answer to a different login: an earlier one, or a link that somebody else made")]
    StateMismatch,
    /// There is a code or an error but no `state`.
    #[error("the URL is incomplete: its `state=...` part is missing")]
    MissingState,
    /// More than one answer.
    #[error("this contains more than one answer, or the same one twice")]
    MultipleAnswers,
    /// The authorize URL, not the redirect.
    #[error("this is the URL where the login starts, not the one where it ends")]
    AuthorizeUrl,
    /// A token, which needs no login.
    #[error("this is a token, not the URL where a login ends")]
    Token,
    /// Nothing that could be a code.
    #[error("it contains no login code")]
    MissingCode,
}

/// Whether a pasted text goes on in the next line: an error page of Meta's, or an answer that was wrapped. A blank line ends it.
pub fn is_unfinished(text: &str, state: &str) -> bool {
    const LONGEST: usize = 64 * 1024;
    let is_ended = text.len() >= LONGEST || text.lines().last().is_none_or(|line| line.trim().is_empty());
    let is_cut_state = || text.trim_end().rsplit("state=").next().is_some_and(|found| state.starts_with(found));
    let is_field = || text.trim_start_matches(|c: char| c.is_whitespace() || c == '"').starts_with("error_");
    !is_ended
        && match read_redirect(text, state) {
            _ if text.trim_start().starts_with('{') => text.matches('{').count() > text.matches('}').count(),
            Err(RedirectError::MissingState) => true,
            Err(RedirectError::StateMismatch) => is_cut_state(),
            Err(RedirectError::MissingCode) => text.contains("://") || is_field(),
            _ => false,
        }
}

/// What was pasted, without what a mail program, a chat or a terminal has put around and between: quotation marks, brackets,
/// a label, line breaks, and `&` as HTML writes it.
fn unwrapped(text: &str) -> Zeroizing<String> {
    let text = text.trim();
    let is_answer = ["code=", "error="].iter().any(|name| text.contains(name)) && !text.starts_with('{');
    if !is_answer {
        return Zeroizing::new(text.trim_matches(is_wrapping).to_owned());
    }
    let mut joined = Zeroizing::new(text.split_whitespace().collect::<String>());
    *joined = joined.replace("&amp;", "&");
    let before = joined.split("://").next().unwrap_or_default();
    let scheme = before.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    let has_link = before.len() < joined.len();
    let link = if has_link { joined.split_at(before.len() - scheme.len()).1 } else { &joined };
    // `[https://...](https://...)` holds it twice.
    Zeroizing::new(link.trim_matches(is_wrapping).split("](").next().unwrap_or_default().to_owned())
}

fn is_wrapping(c: char) -> bool {
    matches!(c, '"' | '\'' | '<' | '>' | '`' | '[' | ']' | '(' | ')' | '\u{201c}' | '\u{201d}')
}

fn in_query(query: &str, state: &str) -> Result<Redirect, RedirectError> {
    let fields: Vec<_> = query.split('&').filter_map(|field| field.split_once('=')).collect();
    let all =
        |name: &str| fields.iter().filter(|(field, _)| *field == name).map(|(_, value)| *value).collect::<Vec<_>>();
    let (codes, states) = (all("code"), all("state"));
    let refusal = ["error", "error_code", "error_message"].iter().any(|name| !all(name).is_empty());
    if codes.is_empty() && !refusal {
        return Err(if all("client_id").is_empty() { RedirectError::MissingCode } else { RedirectError::AuthorizeUrl });
    }
    let code = match (codes.as_slice(), states.as_slice()) {
        ([] | [_], [found]) if !without_fragment(&decoded(found)).is(state) => {
            return Err(RedirectError::StateMismatch);
        }
        ([] | [_], []) => return Err(RedirectError::MissingState),
        ([], [_]) => None,
        ([code], [_]) => Some(code),
        _ => return Err(RedirectError::MultipleAnswers),
    };
    match code {
        Some(code) if !refusal => parse_code(decoded(code).expose()).map(Redirect::Answer),
        _ if all("error") == ["access_denied"] => Err(RedirectError::Denied),
        _ => {
            let words = ["error_description", "error_message", "error", "error_code"];
            let words = words.iter().find_map(|name| all(name).first().copied()).unwrap_or_default();
            Err(RedirectError::Refused(clean(decoded(&words.replace('+', " ")).expose())))
        }
    }
}

/// What Meta adds after `#` is not part of a value, even where it has been percent-encoded.
fn without_fragment(value: &Secret) -> Secret {
    Secret::new(value.expose().split('#').next().unwrap_or_default())
}

/// A code without a URL around it. Meta's codes are long: a short word is something else.
fn bare_code(text: &str) -> Result<Redirect, RedirectError> {
    const SHORTEST: usize = 40;
    if text.len() < SHORTEST {
        return Err(RedirectError::MissingCode);
    }
    let half = text.len() / 2;
    if text.get(..half).is_some_and(|first| text.get(half..) == Some(first)) {
        return Err(RedirectError::MultipleAnswers);
    }
    parse_code(decoded(text).expose()).map(Redirect::BareCode)
}

fn parse_code(text: &str) -> Result<Secret, RedirectError> {
    const LONGEST: usize = 4096;
    let code = text.split('#').next().unwrap_or_default();
    let is_code_char = |c: char| c.is_ascii_alphanumeric() || "-._~|+=".contains(c);
    if code.is_empty() || code.len() > LONGEST || !code.chars().all(is_code_char) {
        return Err(RedirectError::MissingCode);
    }
    Ok(Secret::new(code))
}

/// Percent-decodes. Invalid UTF-8 becomes a character that occurs in no code and no `state`.
fn decoded(text: &str) -> Secret {
    Secret::new(percent_decode_str(text).decode_utf8_lossy())
}
