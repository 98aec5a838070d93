//! Signatures with an app's secret: `appsecret_proof`, and the signed requests that Meta sends to an app.

use std::fmt::Write as _;

use ring::hmac;
use serde_json::json;

/// `appsecret_proof`: HMAC-SHA256 of the token under the app's secret, in hex.
pub(crate) fn proof(secret: &str, token: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), token.as_bytes()).as_ref() {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// A signed request as Meta posts it when a person removes the app or asks for deletion: `<signature>.<payload>`, both base64url.
///
/// The field of the form is called `signed_request`; `user_id` is the app-scoped id; `issued_at` is in Unix seconds.
pub fn signed_request(secret: &str, user_id: &str, issued_at: i64) -> String {
    let payload = base64url(
        json!({"user_id": user_id, "algorithm": "HMAC-SHA256", "issued_at": issued_at, "expires": 0})
            .to_string()
            .as_bytes(),
    );
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), payload.as_bytes());
    format!("{}.{payload}", base64url(signature.as_ref()))
}

/// RFC 4648, section 5, without padding.
fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for sextet in 0..=chunk.len() {
            out.push(char::from(ALPHABET[(bits >> (18 - 6 * sextet)) as usize & 63]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_is_that_of_the_rfc() {
        for (plain, coded) in
            [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("\u{3ff}~", "z79-")]
        {
            assert_eq!(base64url(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn a_proof_is_the_hmac_in_hex() {
        // RFC 4231, test case 2.
        assert_eq!(
            proof("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_signed_request_verifies_over_its_encoded_payload() {
        let request = signed_request("secret", "309276087", 1_767_225_600);
        let (signature, payload) = request.split_once('.').unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"secret");
        assert_eq!(signature, base64url(hmac::sign(&key, payload.as_bytes()).as_ref()));
    }
}
