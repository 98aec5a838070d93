//! Signatures with an app's secret: `appsecret_proof`, and the signed requests that Meta sends to apps.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::hmac;
use serde_json::json;

/// `appsecret_proof`: HMAC-SHA256 of the token, keyed with the app's secret, in hex.
pub(crate) fn proof(secret: &str, token: &str) -> String {
    hmac_sha256(secret, token).as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A signed request, which Meta posts when a user removes the app or requests deletion.
///
/// It is `<signature>.<payload>`, both base64url. The form field is called `signed_request`; `user_id` is the
/// app-scoped id; `issued_at` is in Unix seconds.
pub fn signed_request(secret: &str, user_id: &str, issued_at: i64) -> String {
    let payload = json!({"user_id": user_id, "algorithm": "HMAC-SHA256", "issued_at": issued_at, "expires": 0});
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    format!("{}.{payload}", URL_SAFE_NO_PAD.encode(hmac_sha256(secret, &payload)))
}

fn hmac_sha256(secret: &str, message: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), message.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(signature, URL_SAFE_NO_PAD.encode(hmac_sha256("secret", payload)));
        assert!(String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap().contains("309276087"));
    }
}
