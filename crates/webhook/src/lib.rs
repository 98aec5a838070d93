//! Signs calls, and verifies signed ones, as the Standard Webhooks specification requires.
//!
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use everlit_meta_api::{Secret, Timestamp};
use ring::hmac;
use zeroize::Zeroizing;

/// The header with the id of a call, which is the same in each attempt.
pub const ID: &str = "webhook-id";

/// The header with the time of the attempt, in seconds since 1970.
pub const TIMESTAMP: &str = "webhook-timestamp";

/// The header with the signatures.
pub const SIGNATURE: &str = "webhook-signature";

/// How far the clocks of sender and receiver may be apart; the libraries of the specification allow as much.
pub const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Stands before a signature by a shared secret.
const SCHEME: &str = "v1,";

/// The secret that sender and receiver share.
#[derive(Clone, Debug)]
pub struct SigningKey(hmac::Key);

/// The headers of a signed call, as they came.
#[derive(Clone, Copy, Debug)]
pub struct Headers<'a> {
    /// [`ID`].
    pub id: &'a str,
    /// [`TIMESTAMP`].
    pub timestamp: &'a str,
    /// [`SIGNATURE`]: one signature or several, separated by spaces, so that a secret can be replaced.
    pub signature: &'a str,
}

/// Why a call is not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refused {
    /// It was signed with another secret, or changed since, or not signed.
    NotSigned,
    /// It is too old, or from the future: it may be a repetition of one that somebody has recorded.
    OutOfTime,
}

impl SigningKey {
    /// Reads `whsec_` and 24 to 64 bytes in base64; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim().strip_prefix("whsec_")?).ok()?);
        (24..=64).contains(&bytes.len()).then(|| Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// The headers of a call with this body, made now.
    pub fn headers(&self, id: &str, now: Timestamp, body: &str) -> [(&'static str, Secret); 3] {
        let timestamp = now.as_unix().to_string();
        let signature = hmac::sign(&self.0, &signed(id, &timestamp, body.as_bytes()));
        let signature = format!("{SCHEME}{}", STANDARD.encode(signature));
        [(ID, Secret::new(id)), (TIMESTAMP, Secret::new(timestamp)), (SIGNATURE, Secret::new(signature))]
    }

    /// Whether the call was signed with this secret, and lately. Takes as long whether much of a signature is right or little.
    pub fn verify(&self, headers: Headers<'_>, body: &[u8], now: Timestamp) -> Result<(), Refused> {
        let content = signed(headers.id, headers.timestamp, body);
        let is_signature = |text: &str| {
            let bytes = text.strip_prefix(SCHEME).and_then(|text| STANDARD.decode(text).ok());
            bytes.is_some_and(|bytes| hmac::verify(&self.0, &content, &bytes).is_ok())
        };
        if headers.id.is_empty() || !headers.signature.split(' ').any(is_signature) {
            return Err(Refused::NotSigned);
        }
        let made_at = headers.timestamp.parse().map(Timestamp::from_unix).map_err(|_| Refused::NotSigned)?;
        let is_in_time = now.since(made_at).unsigned_abs() <= TOLERANCE.as_secs();
        if is_in_time { Ok(()) } else { Err(Refused::OutOfTime) }
    }
}

/// What is signed: the parts with dots between them.
fn signed(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), timestamp.as_bytes(), body].join(&b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_614_265_330);
    const BODY: &str = r#"{"test": 2432232314}"#;

    fn key(secret: &str) -> SigningKey {
        SigningKey::parse(secret).unwrap()
    }

    /// The example of the specification's own libraries.
    fn theirs() -> (SigningKey, Headers<'static>) {
        let (id, timestamp) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330");
        let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        (key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), Headers { id, timestamp, signature })
    }

    #[test]
    fn a_call_is_signed_and_verified_as_the_libraries_do() {
        let (key, headers) = theirs();
        let [.., (name, signature)] = key.headers(headers.id, NOW, BODY);
        assert_eq!((name, signature.expose()), (SIGNATURE, headers.signature));
        assert_eq!(key.verify(headers, BODY.as_bytes(), NOW), Ok(()));
        let several = format!("v1,AAAA v1a,{} {}", &headers.signature[3..], headers.signature);
        assert_eq!(key.verify(Headers { signature: &several, ..headers }, BODY.as_bytes(), NOW), Ok(()));
    }

    #[test]
    fn what_was_changed_is_refused() {
        let (key, right) = theirs();
        let cut = &right.signature[..right.signature.len() - 4];
        let other = SigningKey::parse("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        for (headers, body) in [
            (Headers { id: "msg_other", ..right }, BODY),
            (Headers { id: "", ..right }, BODY),
            (Headers { timestamp: "1614265331", ..right }, BODY),
            (Headers { timestamp: "", ..right }, BODY),
            (Headers { signature: "", ..right }, BODY),
            (Headers { signature: cut, ..right }, BODY),
            (Headers { signature: &right.signature[3..], ..right }, BODY),
            (Headers { signature: "v1,", ..right }, BODY),
            (right, "{}"),
        ] {
            assert_eq!(key.verify(headers, body.as_bytes(), NOW), Err(Refused::NotSigned), "{headers:?}");
        }
        assert_eq!(other.verify(right, BODY.as_bytes(), NOW), Err(Refused::NotSigned));
    }

    #[test]
    fn a_call_is_taken_within_five_minutes() {
        let (key, headers) = theirs();
        for (seconds, expected) in [
            (300, Ok(())),
            (301, Err(Refused::OutOfTime)),
            (-300, Ok(())),
            (-301, Err(Refused::OutOfTime)),
            (i64::MIN / 2, Err(Refused::OutOfTime)),
        ] {
            let now = Timestamp::from_unix(NOW.as_unix().saturating_add(seconds));
            assert_eq!(key.verify(headers, BODY.as_bytes(), now), expected, "{seconds}");
        }
        for timestamp in ["9223372036854775807", "-9223372036854775808", "x"] {
            let [.., (_, signature)] = key.headers("id", NOW, BODY);
            let headers = Headers { id: "id", timestamp, signature: signature.expose() };
            assert!(key.verify(headers, BODY.as_bytes(), NOW).is_err());
        }
    }

    #[test]
    fn a_secret_has_24_to_64_bytes() {
        let secret = |bytes: usize| format!("whsec_{}", STANDARD.encode(vec![7; bytes]));
        for (bytes, is_valid) in [(23, false), (24, true), (64, true), (65, false)] {
            assert_eq!(SigningKey::parse(&secret(bytes)).is_some(), is_valid, "{bytes}");
        }
        for wrong in ["", "whsec_", "whsec_!", &secret(32)[6..]] {
            assert!(SigningKey::parse(wrong).is_none(), "{wrong}");
        }
        let shown = format!("{:?}", SigningKey::parse(&secret(32)));
        assert!(!shown.contains(&STANDARD.encode([7; 32])) && !shown.contains("7, 7"), "{shown}");
    }
}
