//! An access token: checked once, wiped on drop, never printed.

use std::fmt;
use std::hint::black_box;

use zeroize::Zeroizing;

use crate::{Fingerprint, Platform};

/// An access token of a person or a page.
///
/// It has no `Display`; `Debug` prints its kind and fingerprint; comparing takes the same time wherever two tokens differ;
/// its memory is wiped on drop.
#[derive(Clone)]
pub struct Token {
    text: Zeroizing<String>,
    kind: TokenKind,
}

impl Token {
    /// The shortest text taken for a token. Real ones have about 140 to 260 characters.
    pub const MIN_LENGTH: usize = 50;
    /// The longest text taken for a token.
    pub const MAX_LENGTH: usize = 512;
    /// How much of a token [`Token::hint`] shows.
    const HINT_LENGTH: usize = 20;

    /// Reads a token, after trimming blanks and line ends around it.
    ///
    /// Accepts `A-Z a-z 0-9 _ - . |`, 50 to 512 characters. An unknown prefix is accepted as [`TokenKind::Unknown`]:
    /// Meta documents no prefixes. What is certainly something else (an app secret, a login code, a quoted value, ...)
    /// is refused with an error that names it.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        refuse_lookalikes(text)?;
        if let Some(found) = text.chars().find(|&c| !is_token_char(c)) {
            return Err(TokenError::Character { found });
        }
        match text.len() {
            length if length < Self::MIN_LENGTH => Err(TokenError::TooShort { length }),
            length if length > Self::MAX_LENGTH => Err(TokenError::TooLong { length }),
            _ => Ok(Self { text: Zeroizing::new(text.to_owned()), kind: TokenKind::of(text) }),
        }
    }

    /// The same token, taken for `kind` where its prefix says nothing: Meta documents no prefixes and may change them.
    #[must_use]
    pub fn or_kind(self, kind: TokenKind) -> Self {
        if self.kind == TokenKind::Unknown { Self { kind, ..self } } else { self }
    }

    /// What the prefix says about the token, or [`Token::or_kind`].
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// A short name for this token that gives nothing of it away.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.text)
    }

    /// The token itself. For a request, a file or a target; never for a message.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The first 20 characters and `...`: the `access_token` field of `scripts/instagram-token.json`, and for nothing else.
    pub fn hint(&self) -> String {
        // A token is ASCII and at least 50 characters long, so this always finds 20.
        format!("{}...", self.text.get(..Self::HINT_LENGTH).unwrap_or_default())
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.text.as_bytes(), other.text.as_bytes());
        ours.len() == theirs.len()
            && ours.iter().zip(theirs).fold(0, |differing, (a, b)| black_box(differing | (a ^ b))) == 0
    }
}

impl Eq for Token {}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({:?}, {})", self.kind, self.fingerprint())
    }
}

/// What kind of token it is, as far as its first characters tell.
///
/// The prefixes are observed, not documented; the samples in Meta's own pages are of the wrong kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// `IGAA`: Instagram API with Instagram Login, short- and long-lived alike.
    Instagram,
    /// `IGQV`, `IGQW`: Instagram Basic Display, switched off by Meta on 4 December 2024. Nothing revives such a token.
    InstagramBasicDisplay,
    /// `THAA`, `THQV`, `THQW`: a Threads user.
    Threads,
    /// `EAA`: a Facebook user, page or system user. Only `debug_token` tells which.
    Facebook,
    /// No known prefix.
    Unknown,
}

impl TokenKind {
    /// Every kind, in the order of the table in the documentation.
    pub const ALL: [Self; 5] =
        [Self::Instagram, Self::InstagramBasicDisplay, Self::Threads, Self::Facebook, Self::Unknown];

    fn of(text: &str) -> Self {
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| text.starts_with(prefix));
        if starts(&["IGAA"]) {
            Self::Instagram
        } else if starts(&["IGQV", "IGQW"]) {
            Self::InstagramBasicDisplay
        } else if starts(&["THAA", "THQV", "THQW"]) {
            Self::Threads
        } else if starts(&["EAA"]) {
            Self::Facebook
        } else {
            Self::Unknown
        }
    }

    /// Whether the token alone, without an app secret, can be refreshed: [`Client::refresh`](crate::Client::refresh).
    pub fn can_refresh(self) -> bool {
        matches!(self, Self::Instagram | Self::Threads)
    }

    /// The platform that issued it; `None` when the prefix is unknown.
    pub fn platform(self) -> Option<Platform> {
        match self {
            Self::Instagram | Self::InstagramBasicDisplay => Some(Platform::Instagram),
            Self::Threads => Some(Platform::Threads),
            Self::Facebook => Some(Platform::Facebook),
            Self::Unknown => None,
        }
    }

    /// The name used in files and JSON: `instagram`, `instagram-basic-display`, `threads`, `facebook`, `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instagram => "instagram",
            Self::InstagramBasicDisplay => "instagram-basic-display",
            Self::Threads => "threads",
            Self::Facebook => "facebook",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for TokenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<Platform> for TokenKind {
    fn from(platform: Platform) -> Self {
        match platform {
            Platform::Instagram => Self::Instagram,
            Platform::Facebook => Self::Facebook,
            Platform::Threads => Self::Threads,
        }
    }
}

/// Why a text is not an access token. Never carries more of the text than one character that does not belong there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing, or blanks only.
    #[error("the token is empty")]
    Empty,
    /// 32 hexadecimal digits.
    #[error("this looks like an app secret (32 hexadecimal digits), not an access token")]
    AppSecret,
    /// `AQ...`, perhaps with `#_` at the end.
    #[error("this looks like an authorization code from a redirect URL, not an access token; exchange the code first")]
    AuthorizationCode,
    /// `eyJ...`
    #[error("this looks like a JSON web token (an id token of a login), not an access token")]
    Jwt,
    /// Quotation marks around or inside the value.
    #[error("the token has quotation marks around it; paste what stands between them")]
    Quoted,
    /// `Bearer ...`
    #[error("this is an Authorization header; paste what follows \"Bearer\"")]
    Bearer,
    /// `access_token=...`, a whole URL, or a reply of Meta.
    #[error("this is more than the token; paste only what follows \"access_token\"")]
    AccessTokenParameter,
    /// `NAME=...`
    #[error("this is a whole line of an env file; paste only what follows the =")]
    EnvLine,
    /// A line end inside.
    #[error("there is a line break inside the token; paste it as one line")]
    Newline,
    /// A blank inside.
    #[error("there is a blank inside the token")]
    Blank,
    /// Any other character that tokens do not have.
    #[error("a token has no {found:?} in it; only letters, digits and the characters _ - . |")]
    Character {
        /// The first such character.
        found: char,
    },
    /// Fewer than [`Token::MIN_LENGTH`] characters.
    #[error("{length} characters are too few for a token; was it cut off?")]
    TooShort {
        /// The number of characters.
        length: usize,
    },
    /// More than [`Token::MAX_LENGTH`] characters.
    #[error("{length} characters are too many for a token; was it pasted twice?")]
    TooLong {
        /// The number of bytes.
        length: usize,
    },
    /// `TH|...` or `<digits>|...`.
    #[error("this is the token of an app, not of an account; it needs no refreshing")]
    AppToken,
}

/// Names the things that people paste instead of a token.
fn refuse_lookalikes(text: &str) -> Result<(), TokenError> {
    let quote = |c| matches!(c, '"' | '\'' | '`' | '“' | '”' | '‘' | '’');
    if text.is_empty() {
        Err(TokenError::Empty)
    } else if text.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("bearer")) {
        Err(TokenError::Bearer)
    } else if text.contains("access_token") {
        Err(TokenError::AccessTokenParameter)
    } else if is_env_line(text) {
        Err(TokenError::EnvLine)
    } else if text.starts_with(quote) || text.ends_with(quote) {
        Err(TokenError::Quoted)
    } else if text.contains(['\n', '\r']) {
        Err(TokenError::Newline)
    } else if text.contains(char::is_whitespace) {
        Err(TokenError::Blank)
    } else if text.starts_with("eyJ") {
        Err(TokenError::Jwt)
    } else if text.starts_with("AQ") || text.contains("code=") {
        Err(TokenError::AuthorizationCode)
    } else if is_app_token(text) {
        Err(TokenError::AppToken)
    } else if text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        Err(TokenError::AppSecret)
    } else {
        Ok(())
    }
}

fn is_env_line(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let line = text.strip_prefix("export ").unwrap_or(text).split_once('=');
    line.is_some_and(|(name, value)| {
        let name = name.trim_end();
        name != "code" && !name.is_empty() && name.bytes().all(is_part) && !value.trim_start_matches('=').is_empty()
    })
}

fn is_app_token(text: &str) -> bool {
    text.split_once('|')
        .is_some_and(|(app, _)| app == "TH" || (!app.is_empty() && app.bytes().all(|b| b.is_ascii_digit())))
}

fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '|')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FAKE: &str = "IGAAfakeFAKEfake0123456789fakeFAKEfake0123456789fakeFAKE";

    #[test]
    fn what_people_paste_instead_of_a_token_is_named() {
        let long = "fake".repeat(150);
        for (text, expected) in [
            ("", TokenError::Empty),
            (" \n\t", TokenError::Empty),
            ("0123456789abcdef0123456789ABCDEF", TokenError::AppSecret),
            ("AQBfakeFAKEfake#_", TokenError::AuthorizationCode),
            ("code=AQBfakeFAKEfake#_", TokenError::AuthorizationCode),
            ("https://example.org/back?code=AQBfakeFAKEfake#_", TokenError::AuthorizationCode),
            (&format!("IG_ACCESS_TOKEN={FAKE}"), TokenError::EnvLine),
            (&format!("export IG_ACCESS_TOKEN='{FAKE}' # ours"), TokenError::EnvLine),
            (&format!("IG_TOKEN = {FAKE}"), TokenError::EnvLine),
            ("eyJhbGciOiJub25lIn0.e30.", TokenError::Jwt),
            (&format!("\"{FAKE}\""), TokenError::Quoted),
            (&format!("'{FAKE}'"), TokenError::Quoted),
            (&format!("\u{201c}{FAKE}\u{201d}"), TokenError::Quoted),
            (&format!("Bearer {FAKE}"), TokenError::Bearer),
            (&format!("bearer {FAKE}"), TokenError::Bearer),
            (&format!("access_token={FAKE}"), TokenError::AccessTokenParameter),
            (&format!("{{\"access_token\":\"{FAKE}\"}}"), TokenError::AccessTokenParameter),
            (&format!("{FAKE}\n{FAKE}"), TokenError::Newline),
            (&format!("{FAKE} {FAKE}"), TokenError::Blank),
            (&format!("{FAKE}\u{a0}{FAKE}"), TokenError::Blank),
            (&format!("{FAKE}ß"), TokenError::Character { found: 'ß' }),
            (&format!("{FAKE}\0"), TokenError::Character { found: '\0' }),
            (&format!("{FAKE}#_"), TokenError::Character { found: '#' }),
            ("IGAAfake", TokenError::TooShort { length: 8 }),
            (&long, TokenError::TooLong { length: 600 }),
            ("TH|1234567890|fakeFAKEfakeFAKE", TokenError::AppToken),
            ("1234567890123456|fakeFAKEfakeFAKEfakeFAKEfake", TokenError::AppToken),
        ] {
            assert_eq!(Token::parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn the_prefix_tells_the_kind_and_an_unknown_one_is_no_error() {
        for (prefix, kind, platform, can_refresh) in [
            ("IGAA", TokenKind::Instagram, Some(Platform::Instagram), true),
            ("IGQV", TokenKind::InstagramBasicDisplay, Some(Platform::Instagram), false),
            ("IGQW", TokenKind::InstagramBasicDisplay, Some(Platform::Instagram), false),
            ("THAA", TokenKind::Threads, Some(Platform::Threads), true),
            ("THQV", TokenKind::Threads, Some(Platform::Threads), true),
            ("THQW", TokenKind::Threads, Some(Platform::Threads), true),
            ("EAAG", TokenKind::Facebook, Some(Platform::Facebook), false),
            ("igaa", TokenKind::Unknown, None, false),
        ] {
            let token = Token::parse(&format!("\t{prefix}{}\r\n", "fake_FAKE-".repeat(5))).unwrap();
            assert_eq!(
                (token.kind(), token.kind().platform(), token.kind().can_refresh()),
                (kind, platform, can_refresh)
            );
        }
    }

    #[test]
    fn a_kind_named_by_a_person_counts_only_where_the_prefix_says_nothing() {
        let unknown = Token::parse(&"fakeFAKE".repeat(8)).unwrap();
        assert_eq!(unknown.or_kind(TokenKind::Threads).kind(), TokenKind::Threads);
        assert_eq!(Token::parse(FAKE).unwrap().or_kind(TokenKind::Threads).kind(), TokenKind::Instagram);
    }

    #[test]
    fn a_token_is_shown_by_kind_and_fingerprint_alone() {
        let token = Token::parse(FAKE).unwrap();
        assert_eq!(format!("{token:?}"), format!("Token(Instagram, {})", token.fingerprint()));
        assert_eq!(token.hint(), "IGAAfakeFAKEfake0123...");
    }

    #[test]
    fn a_fingerprint_is_read_back_from_what_it_shows() {
        // printf '%s' "$TOKEN" | sha256sum
        let shown = Token::parse(FAKE).unwrap().fingerprint().to_string();
        assert_eq!(shown, "sha256:722eac19b775e127");
        assert_eq!(shown.parse::<Fingerprint>().unwrap(), Token::parse(FAKE).unwrap().fingerprint());
        for wrong in [
            "",
            "sha256:",
            "9f2c0123456789ab",
            "sha256:9F2C0123456789AB",
            "sha256:9f2c0123456789abc",
            "sha256:+f2c0123456789a",
        ] {
            assert!(wrong.parse::<Fingerprint>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_a_refusal_shows_nothing_of_it(text in "\\PC{0,80}|[A-Za-z0-9_.|-]{40,520}") {
            match Token::parse(&text) {
                Ok(token) => prop_assert_eq!(token.expose(), text.trim()),
                Err(error) => {
                    let shown = format!("{error} {error:?}");
                    prop_assert!(text.len() < 12 || !shown.contains(text.trim()), "{}", shown);
                }
            }
        }

        #[test]
        fn two_tokens_are_equal_when_all_their_characters_are(a in "[a-b]{50,52}", b in "[a-b]{50,52}") {
            let (one, other) = (Token::parse(&a).unwrap(), Token::parse(&b).unwrap());
            prop_assert_eq!(one == other, a == b);
            prop_assert_eq!(&one, &one.clone());
        }
    }
}
