//! Removes secrets from outside text: Meta echoes tokens in its messages, proxies echo whole URLs.

use std::ops::Range;

use crate::HttpRequest;
use crate::request::SECRET_PARAMS;

/// Replaces everything that looks like a token or a secret with `[redacted]`.
///
/// Finds tokens by their prefixes, app tokens, values of parameters such as `access_token=...`, and long runs of
/// letters and digits, percent-encoded or not. A last safety net for logs and panics, not a licence to put secrets
/// there.
pub fn redact(text: &str) -> String {
    hide(text, |bytes| [by_prefix, app_tokens, by_name, long_runs].map(|find| find(bytes)).concat())
}

/// Replaces what looks like a token with `[redacted]`, but not the values of parameters.
///
/// For our own text, in which the word after `access_token:` is not a secret.
pub fn redact_tokens(text: &str) -> String {
    hide(text, |bytes| [by_prefix, app_tokens, long_runs].map(|find| find(bytes)).concat())
}

/// `https://hooks.example/services/...` as `https://(not shown)`: many addresses are secrets.
pub fn hide_addresses(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, address)) = rest.split_once("://") {
        let end = address.find(|c: char| c.is_whitespace() || "'\"".contains(c)).unwrap_or(address.len());
        shown.extend([before, "://", if end == 0 { "" } else { "(not shown)" }]);
        rest = &address[end..];
    }
    shown + rest
}

/// Makes outside text safe to keep and show: no secrets, no control characters, not too long.
pub fn clean(text: &str) -> String {
    Sanitizer::none().clean(text)
}

/// Cleans the text of a reply, and removes the secrets of its request. Holds their fragments, not the secrets
/// themselves.
pub(crate) struct Sanitizer {
    /// Sorted.
    windows: Vec<[u8; WINDOW]>,
}

/// A fragment of a secret this long reveals too much; shorter ones occur in ordinary words.
const WINDOW: usize = 8;

impl Sanitizer {
    /// At most this many characters of an outside text are read ...
    const READ: usize = 4_096;
    /// ... and at most this many are kept.
    const KEEP: usize = 300;
    /// An id is shorter: `x-fb-debug`, the longest, has 88 characters.
    const KEEP_OF_ID: usize = 100;

    pub(crate) fn of(request: &HttpRequest) -> Self {
        let mut windows = Vec::new();
        for secret in request.secrets() {
            windows
                .extend(secret.as_bytes().windows(WINDOW).filter_map(|window| <[u8; WINDOW]>::try_from(window).ok()));
        }
        windows.sort_unstable();
        Self { windows }
    }

    /// For text that is not the reply to a request.
    pub(crate) fn none() -> Self {
        Self { windows: Vec::new() }
    }

    /// Makes outside text safe to keep and show: no secrets, no control characters, not too long.
    pub(crate) fn clean(&self, text: &str) -> String {
        let without_secrets = redact(&hide(start(text, Self::READ), |bytes| self.fragments(bytes)));
        let printable: String = without_secrets.chars().map(|c| if is_printable(c) { c } else { ' ' }).collect();
        let words = printable.split_whitespace().collect::<Vec<_>>().join(" ");
        shortened(&words, Self::KEEP)
    }

    /// The same for an id of Meta's, which is long and random: a long run of letters and digits is not a secret there.
    pub(crate) fn clean_id(&self, id: &str) -> String {
        let without_secrets = hide(start(id, Self::READ), |bytes| {
            [self.fragments(bytes), by_prefix(bytes), app_tokens(bytes), by_name(bytes)].concat()
        });
        let printable: String = without_secrets.chars().filter(char::is_ascii_graphic).collect();
        shortened(&printable, Self::KEEP_OF_ID)
    }

    fn fragments(&self, text: &[u8]) -> Vec<Range<usize>> {
        let is_known = |window: &[u8]| self.windows.binary_search_by(|known| known[..].cmp(window)).is_ok();
        let windows = text.windows(WINDOW).enumerate();
        windows.filter(|(_, window)| is_known(window)).map(|(at, _)| at..at + WINDOW).collect()
    }
}

/// The first `length` characters.
fn start(text: &str, length: usize) -> &str {
    text.char_indices().nth(length).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// The first `length` characters, and `...` in place of the rest.
fn shortened(text: &str, length: usize) -> String {
    let kept = start(text, length);
    if kept.len() < text.len() { format!("{kept}...") } else { kept.to_owned() }
}

/// Neither a control character nor one that reorders text.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Decoded text, and where each of its bytes came from.
struct Decoded {
    bytes: Vec<u8>,
    places: Vec<Range<usize>>,
}

impl Decoded {
    /// The text as it is, and decoded once, twice and three times: a URL inside a URL is encoded twice. Every level is
    /// searched, because decoding can also destroy a plain secret (`%` before a token that begins with `AA`).
    fn levels(text: &str) -> impl Iterator<Item = Self> {
        let plain = Self { bytes: text.bytes().collect(), places: (0..text.len()).map(|at| at..at + 1).collect() };
        std::iter::successors(Some(plain), |level| level.bytes.contains(&b'%').then(|| level.once())).take(4)
    }

    fn once(&self) -> Self {
        let mut next =
            Self { bytes: Vec::with_capacity(self.bytes.len()), places: Vec::with_capacity(self.places.len()) };
        let mut rest = self.bytes.iter().zip(self.places.iter().cloned());
        let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let mut at = 0;
        while let Some((&byte, place)) = rest.next() {
            let encoded = self.bytes.get(at + 1).and_then(digit).zip(self.bytes.get(at + 2).and_then(digit));
            if let (b'%', Some((high, low))) = (byte, encoded) {
                rest.next();
                let end = rest.next().map_or(place.end, |(_, last)| last.end);
                next.bytes.push(high << 4 | low);
                next.places.push(place.start..end);
                at += 3;
            } else {
                next.bytes.push(byte);
                next.places.push(place);
                at += 1;
            }
        }
        next
    }
}

/// Redacts what `find` finds in the text or in its decoded forms.
fn hide(text: &str, find: impl Fn(&[u8]) -> Vec<Range<usize>>) -> String {
    // Nearly every line that is shown is such a one.
    if !text.contains('%') && find(text.as_bytes()).is_empty() {
        return text.to_owned();
    }
    let mut hidden = vec![false; text.len()];
    for level in Decoded::levels(text) {
        for place in find(&level.bytes).into_iter().filter_map(|range| level.places.get(range)).flatten() {
            hidden.iter_mut().take(place.end).skip(place.start).for_each(|hide| *hide = true);
        }
    }
    let mut kept = Vec::with_capacity(text.len());
    let mut before = false;
    for (byte, hide) in text.bytes().zip(hidden) {
        match (hide, before) {
            (false, _) => kept.push(byte),
            (true, false) => kept.extend_from_slice(b"[redacted]"),
            (true, true) => {}
        }
        before = hide;
    }
    // A secret may begin or end inside a non-ASCII character.
    String::from_utf8_lossy(&kept).into_owned()
}

/// `IGAA...` and the like.
fn by_prefix(text: &[u8]) -> Vec<Range<usize>> {
    const PREFIXES: [&[u8]; 7] = [b"EAA", b"IGAA", b"IGQV", b"IGQW", b"THAA", b"THQV", b"THQW"];
    runs(text, is_base64)
        .filter_map(|run| {
            let bytes = text.get(run.clone())?;
            let starts =
                |at: &usize| PREFIXES.iter().any(|prefix| bytes.get(*at..).is_some_and(|b| b.starts_with(prefix)));
            let at = (0..bytes.len()).find(starts)?;
            (bytes.len() - at >= 16).then_some(run)
        })
        .collect()
}

/// `TH|<app>|<secret>` and `<app>|<secret>`.
fn app_tokens(text: &[u8]) -> Vec<Range<usize>> {
    let run_with_bar =
        |run: &Range<usize>| run.len() >= 20 && text.get(run.clone()).is_some_and(|run| run.contains(&b'|'));
    runs(text, |byte| is_base64(byte) || byte == b'|').filter(run_with_bar).collect()
}

/// `access_token=...`, `"client_secret": "..."`
fn by_name(text: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for name in SECRET_PARAMS.iter().chain(&["revoke_token", "signed_request", "password"]) {
        let name = name.as_bytes();
        let places = text.windows(name.len()).enumerate().filter(|(_, window)| window.eq_ignore_ascii_case(name));
        for (at, _) in places {
            let end = at + name.len();
            let skipped = text.iter().skip(end).take_while(|byte| b"\"' =:\\".contains(byte)).count();
            let separated =
                text.get(end..end + skipped).is_some_and(|between| between.iter().any(|b| b"=:".contains(b)));
            let start = end + skipped;
            let length = text
                .iter()
                .skip(start)
                .take_while(|byte| !b"&\"'<>,;}\\".contains(byte) && !byte.is_ascii_whitespace());
            let length = length.count();
            // `code=190` is not a secret.
            if separated && length >= WINDOW {
                found.push(start..start + length);
            }
        }
    }
    found
}

/// 32 letters and digits in a row, at least one of them a digit: app secrets, proofs, unknown kinds of tokens. But
/// `NEXT_PUBLIC_INSTAGRAM_ACCESS_TOKEN_2` is a name.
fn long_runs(text: &[u8]) -> Vec<Range<usize>> {
    let is_secret = |run: &[u8]| run.len() >= 32 && run.iter().any(u8::is_ascii_digit) && !is_name(run);
    runs(text, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
        .filter(|run| text.get(run.clone()).is_some_and(is_secret))
        .collect()
}

/// Words and numbers joined by `_`. In random text, letters and digits mix.
fn is_name(run: &[u8]) -> bool {
    let mut words = run.split(|byte| *byte == b'_');
    let is_word = |word: &[u8]| {
        word.len() < 24 && (word.iter().all(u8::is_ascii_digit) || word.iter().all(u8::is_ascii_alphabetic))
    };
    run.contains(&b'_') && words.all(is_word)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// The longest runs of bytes that `belongs` accepts.
fn runs(text: &[u8], belongs: fn(u8) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.iter().skip(at).position(|&byte| belongs(byte))?;
        let length = text.iter().skip(start).take_while(|&&byte| belongs(byte)).count();
        at = start + length;
        Some(start..at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_by_scheme_only() {
        let cases = [
            ("unexpected argument 'https://h.example/s?x=1' found", "unexpected argument 'https://(not shown)' found"),
            ("smtp://u:p@h, http://h", "smtp://(not shown) http://(not shown)"),
            ("a:// b, try '--help'", "a:// b, try '--help'"),
        ];
        for (text, shown) in cases {
            assert_eq!(hide_addresses(text), shown);
        }
    }

    #[test]
    fn what_looks_like_a_secret_is_redacted() {
        let long = "fakeFAKE0123456789fakeFAKE0123456789";
        for (text, expected) in [
            (format!("token IGAA{long}, sorry"), "token [redacted], sorry"),
            (format!("xEAA{long}"), "[redacted]"),
            (format!("THQV{long}.IGQW{long}"), "[redacted].[redacted]"),
            ("TH|1234567890123|fakeFAKE".to_owned(), "[redacted]"),
            ("call 1234567890123456|fakeFAKEfakeFAKEfakeFAKEfake".to_owned(), "call [redacted]"),
            ("?access_token=fakefake&x=1".to_owned(), "?access_token=[redacted]&x=1"),
            ("{\"client_secret\": \"fakefake\"}".to_owned(), "{\"client_secret\": \"[redacted]\"}"),
            ("ACCESS_TOKEN: fakefake".to_owned(), "ACCESS_TOKEN: [redacted]"),
            (
                "u=https%3A%2F%2Fx%2F%3Fcode%3DAQfakefake%26x%3D1".to_owned(),
                "u=https%3A%2F%2Fx%2F%3Fcode%3D[redacted]%26x%3D1",
            ),
            ("u=x%253Faccess_token%253Dfakefake%2526y".to_owned(), "u=x%253Faccess_token%253D[redacted]%2526y"),
            ("secret 0fake1fake2fake3fake4fake5fake6f".to_owned(), "secret [redacted]"),
        ] {
            assert_eq!(redact(&text), expected);
        }
    }

    #[test]
    fn redact_tokens_keeps_the_word_after_a_parameter_name() {
        let text = "INSTAGRAM_ACCESS_TOKEN: replacement of IGAAfakeFAKEfakeFAKEfake";
        assert_eq!(redact_tokens(text), "INSTAGRAM_ACCESS_TOKEN: replacement of [redacted]");
    }

    #[test]
    fn ordinary_text_stays() {
        for text in [
            "",
            "Error validating access token: Session has expired on Tuesday, 01-Dec-25 06:00:00 PST.",
            "error code: 190, error_code=190, code=190",
            "sha256:9f2c0123456789ab",
            "2f1a4b7e-1c2d-4e5f-8a9b-0c1d2e3f4a5b",
            "100 % sûr, 50%2 %zz",
            "the access_token parameter is missing",
            "no NEXT_PUBLIC_INSTAGRAM_ACCESS_TOKEN_2 in .env.local",
            "https://developers.facebook.com/docs/graph-api/guides/error-handling",
        ] {
            assert_eq!(redact(text), text);
        }
    }
}
