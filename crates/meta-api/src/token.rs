//! Access tokens: validated once, wiped on drop, never printed.

use std::fmt;

use everlit_http::Secret;

use crate::names::names;
use crate::{Fingerprint, Platform};

/// An access token of a person or a page.
///
/// It has no `Display`, `Debug` prints its kind and fingerprint, comparison takes constant time, and its memory is
/// wiped on drop.
#[derive(Clone)]
pub struct Token {
    text: Secret,
    kind: TokenKind,
}

impl Token {
    /// The shortest text accepted as a token. Real tokens have about 140 to 260 characters.
    pub const MIN_LENGTH: usize = 50;
    /// The longest text accepted as a token.
    pub const MAX_LENGTH: usize = 8 * 1024;
    /// How much of a token [`Token::hint`] shows.
    const HINT_LENGTH: usize = 20;

    /// Parses a token, ignoring white space around it.
    ///
    /// Accepts 50 to 8,192 of the characters `A-Z a-z 0-9 _ - . |`. An unknown prefix is accepted as
    /// [`TokenKind::Unknown`] because Meta documents no prefixes. What is certainly something else (an app secret, a
    /// login code, a quoted value, ...) is refused with an error that names it.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        refuse_lookalikes(text)?;
        if let Some(found) = text.chars().find(|&c| !is_token_char(c)) {
            return Err(TokenError::Character { found });
        }
        match text.len() {
            length if length < Self::MIN_LENGTH => Err(TokenError::TooShort { length }),
            length if length > Self::MAX_LENGTH => Err(TokenError::TooLong { length }),
            _ => Ok(Self { text: Secret::new(text), kind: TokenKind::of(text) }),
        }
    }

    /// The same token, treated as `kind` if its prefix is unknown: Meta documents no prefixes and may change them.
    #[must_use]
    pub fn or_kind(self, kind: TokenKind) -> Self {
        if self.kind == TokenKind::Unknown { Self { kind, ..self } } else { self }
    }

    /// The kind of the token, from its prefix or from [`Token::or_kind`].
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// A short name for this token that reveals nothing about it.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.expose())
    }

    /// The token itself: for a request, a file or a target, never for a message.
    pub fn expose(&self) -> &str {
        self.text.expose()
    }

    /// The first 20 characters and `...`, only for the `access_token` field of `scripts/instagram-token.json`.
    pub fn hint(&self) -> String {
        // A token has at least 50 ASCII characters, so the first 20 always exist.
        format!("{}...", self.expose().get(..Self::HINT_LENGTH).unwrap_or_default())
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.text.is(other.text.expose())
    }
}

impl Eq for Token {}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({:?}, {})", self.kind, self.fingerprint())
    }
}

/// The kind of a token, judged by its prefix.
///
/// The prefixes are observed, not documented; the samples on Meta's own pages are of the wrong kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// `IGAA`: Instagram API with Instagram Login, short-lived or long-lived.
    Instagram,
    /// `IGQV`, `IGQW`: Instagram Basic Display, shut down by Meta on 4 December 2024. Nothing revives such a token.
    InstagramBasicDisplay,
    /// `THAA`, `THQV`, `THQW`: a Threads user.
    Threads,
    /// `EAA`: a Facebook user, page or system user. Only `debug_token` tells which one.
    Facebook,
    /// No known prefix.
    Unknown,
}

names!(TokenKind {
    Instagram = "instagram",
    InstagramBasicDisplay = "instagram-basic-display",
    Threads = "threads",
    Facebook = "facebook",
    Unknown = "unknown",
});

impl TokenKind {
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

    /// Whether [`Client::refresh`](crate::Client::refresh) can refresh it, without an app secret.
    pub fn can_refresh(self) -> bool {
        matches!(self, Self::Instagram | Self::Threads)
    }

    /// `an Instagram token`.
    pub fn described(self) -> &'static str {
        match self {
            Self::Instagram => "an Instagram token",
            Self::InstagramBasicDisplay => "a token of Instagram Basic Display",
            Self::Threads => "a Threads token",
            Self::Facebook => "a Facebook token",
            Self::Unknown => "a token of unknown kind",
        }
    }

    /// The platform that issued it; `None` if the prefix is unknown.
    pub fn platform(self) -> Option<Platform> {
        match self {
            Self::Instagram | Self::InstagramBasicDisplay => Some(Platform::Instagram),
            Self::Threads => Some(Platform::Threads),
            Self::Facebook => Some(Platform::Facebook),
            Self::Unknown => None,
        }
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

/// Why a text is not an access token. Holds at most one character of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing, or only white space.
    #[error("the token is empty")]
    Empty,
    /// 32 hexadecimal digits.
    #[error("this looks like an app secret (32 hexadecimal digits), not an access token")]
    AppSecret,
    /// `AQ...`, with or without `#_` at the end.
    #[error("this looks like an authorization code from a redirect URL, not an access token; exchange the code first")]
    AuthorizationCode,
    /// `eyJ...`
    #[error("this looks like a JSON Web Token (an ID token from a login), not an access token")]
    Jwt,
    /// Quotation marks around or inside the value.
    #[error("the token is in quotation marks; paste only what is between them")]
    Quoted,
    /// `Bearer ...`
    #[error("this is an Authorization header; paste only what follows \"Bearer\"")]
    Bearer,
    /// `access_token=...`, a whole URL, or one of Meta's replies.
    #[error("this is more than the token; paste only what follows \"access_token\"")]
    AccessTokenParameter,
    /// `NAME=...`
    #[error("this is a whole line of an env file; paste only what follows the =")]
    EnvLine,
    /// A line break inside.
    #[error("the token contains a line break; paste it as one line")]
    Newline,
    /// White space inside.
    #[error("the token contains a space")]
    Space,
    /// Any other character that tokens do not have.
    #[error("the token contains {found:?}; only letters, digits and the characters _ - . | are allowed")]
    Character {
        /// The first such character.
        found: char,
    },
    /// Fewer than [`Token::MIN_LENGTH`] characters.
    #[error("{length} characters is too short for a token; was it cut off?")]
    TooShort {
        /// The number of characters.
        length: usize,
    },
    /// More than [`Token::MAX_LENGTH`] characters.
    #[error("{length} characters is too long for a token; was it pasted twice?")]
    TooLong {
        /// The number of bytes.
        length: usize,
    },
    /// `TH|...` or `<digits>|...`.
    #[error("this is an app token, not an account's token; app tokens do not expire")]
    AppToken,
}

/// Recognizes what people paste instead of a token.
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
        Err(TokenError::Space)
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
    fn a_token_may_have_eight_kib() {
        let of_length = |length: usize| Token::parse(&format!("IGAAfake{}", "x".repeat(length - 8)));
        assert_eq!(of_length(8_192).map(|token| token.kind()), Ok(TokenKind::Instagram));
        assert_eq!(of_length(8_193), Err(TokenError::TooLong { length: 8_193 }));
    }

    #[test]
    fn what_people_paste_instead_of_a_token_is_recognized() {
        let long = "fake".repeat(2_100);
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
            (&format!("{FAKE} {FAKE}"), TokenError::Space),
            (&format!("{FAKE}\u{a0}{FAKE}"), TokenError::Space),
            (&format!("{FAKE}ß"), TokenError::Character { found: 'ß' }),
            (&format!("{FAKE}\0"), TokenError::Character { found: '\0' }),
            (&format!("{FAKE}#_"), TokenError::Character { found: '#' }),
            ("IGAAfake", TokenError::TooShort { length: 8 }),
            (&long, TokenError::TooLong { length: 8_400 }),
            ("TH|1234567890|fakeFAKEfakeFAKE", TokenError::AppToken),
            ("1234567890123456|fakeFAKEfakeFAKEfakeFAKEfake", TokenError::AppToken),
        ] {
            assert_eq!(Token::parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn the_prefix_determines_the_kind_and_may_be_unknown() {
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
    fn a_stated_kind_counts_only_if_the_prefix_is_unknown() {
        let unknown = Token::parse(&"fakeFAKE".repeat(8)).unwrap();
        assert_eq!(unknown.or_kind(TokenKind::Threads).kind(), TokenKind::Threads);
        assert_eq!(Token::parse(FAKE).unwrap().or_kind(TokenKind::Threads).kind(), TokenKind::Instagram);
    }

    #[test]
    fn debug_output_shows_only_kind_and_fingerprint() {
        let token = Token::parse(FAKE).unwrap();
        assert_eq!(format!("{token:?}"), format!("Token(Instagram, {})", token.fingerprint()));
        assert_eq!(token.hint(), "IGAAfakeFAKEfake0123...");
    }

    #[test]
    fn a_fingerprint_parses_what_it_displays() {
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
        fn a_refused_text_does_not_appear_in_the_error(text in "\\PC{0,80}|[A-Za-z0-9_.|-]{40,520}") {
            match Token::parse(&text) {
                Ok(token) => prop_assert_eq!(token.expose(), text.trim()),
                Err(error) => {
                    let shown = format!("{error} {error:?}");
                    prop_assert!(text.len() < 12 || !shown.contains(text.trim()), "{}", shown);
                }
            }
        }

        #[test]
        fn tokens_are_equal_if_every_character_is(a in "[a-b]{50,52}", b in "[a-b]{50,52}") {
            let (one, other) = (Token::parse(&a).unwrap(), Token::parse(&b).unwrap());
            prop_assert_eq!(one == other, a == b);
            prop_assert_eq!(&one, &one.clone());
        }
    }
}
