//! Signature Version 4, for a POST to `/`: every call of AWS's JSON and query protocols is one.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::fmt::Write as _;

use ring::digest::{SHA256, digest};
use ring::hmac::{HMAC_SHA256, Key, sign};
use zeroize::Zeroizing;

use crate::aws::credentials::Credentials;

/// What a signature is valid for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    /// When the request is made, as in its header `x-amz-date`: `20150830T123600Z`.
    pub(crate) at: &'a str,
}

/// The header `authorization` of a POST with these headers, whose names are in lower case; `host` and `x-amz-date` are
/// among them.
pub(crate) fn authorization(
    credentials: &Credentials,
    scope: Scope<'_>,
    headers: &[(&str, &str)],
    body: &[u8],
) -> String {
    let mut headers = headers.to_vec();
    headers.sort_unstable();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let mut canonical = Zeroizing::new("POST\n/\n\n".to_owned());
    for (name, value) in headers {
        canonical.extend([name, ":", value.trim(), "\n"]);
    }
    canonical.extend(["\n", &names, "\n", &hex_digest(body)]);

    let Scope { region, service, at } = scope;
    let date = at.split('T').next().unwrap_or_default();
    let range = format!("{date}/{region}/{service}/aws4_request");
    let to_sign = format!("AWS4-HMAC-SHA256\n{at}\n{range}\n{}", hex_digest(canonical.as_bytes()));
    let secret = Zeroizing::new(format!("AWS4{}", credentials.secret_access_key.expose()));
    let key = [date, region, service, "aws4_request"]
        .into_iter()
        .fold(Key::new(HMAC_SHA256, secret.as_bytes()), |key, part| {
            Key::new(HMAC_SHA256, sign(&key, part.as_bytes()).as_ref())
        });
    let signature = hex(sign(&key, to_sign.as_bytes()).as_ref());
    let id = &credentials.access_key_id;
    format!("AWS4-HMAC-SHA256 Credential={id}/{range}, SignedHeaders={names}, Signature={signature}")
}

/// The SHA-256 of these bytes, in hexadecimal digits.
pub(crate) fn hex_digest(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use everlit_http::Secret;

    use super::*;

    /// AWS's own test suite: <https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4>.
    #[test]
    fn signatures_are_those_of_the_published_test_suite() {
        const HOST: (&str, &str) = ("host", "example.amazonaws.com");
        const DATE: (&str, &str) = ("x-amz-date", "20150830T123600Z");
        let body_digest = hex_digest(b"Param1=value1");
        let form = [
            ("content-type", "application/x-www-form-urlencoded"),
            HOST,
            ("content-length", "13"),
            ("x-amz-content-sha256", &body_digest),
            DATE,
        ];
        let session = ("x-amz-security-token", SESSION_TOKEN);
        let table = [
            ("post-vanilla", vec![HOST, DATE], "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
            (
                "post-header-key-sort",
                vec![HOST, DATE, ("my-header1", "value1")],
                "",
                "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
            ),
            (
                "post-sts-header-before",
                vec![HOST, session, DATE],
                "",
                "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
            ),
            (
                "post-x-www-form-urlencoded",
                form.to_vec(),
                "Param1=value1",
                "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
            ),
        ];
        let credentials = Credentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            session_token: None,
        };
        let scope = Scope { region: "us-east-1", service: "service", at: DATE.1 };
        for (case, headers, body, signature) in table {
            let mut names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
            names.sort_unstable();
            let expected = format!(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={}, \
                 Signature={signature}",
                names.join(";")
            );
            assert_eq!(authorization(&credentials, scope, &headers, body.as_bytes()), expected, "{case}");
        }
    }

    /// An example of AWS's.
    const SESSION_TOKEN: &str = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
}
