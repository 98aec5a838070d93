//! The class of each of Meta's errors: one line per row of the table, with bodies as seen in the wild.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod meta;

use std::time::Duration;

use everlit_meta_api::{
    Class, Error, Evidence, FAMILIAR, HttpReply, Stage, TransportError, UnreadableBody, explain, explanations,
    recognize,
};
use meta::{FACEBOOK, FRESH, HEADERS, INSTAGRAM, Meta, THREADS, json, refused, token};
use proptest::prelude::*;

/// Whether a single call is enough to believe the error.
#[derive(Debug, PartialEq)]
enum Confidence {
    /// A subcode names the reason.
    Definite,
    /// A second call must confirm it.
    Confirm,
    /// It does not condemn the token.
    None,
}

fn confidence(error: &Error) -> Confidence {
    match (error.is_definite(), error.needs_confirmation()) {
        (true, false) => Confidence::Definite,
        (false, true) => Confidence::Confirm,
        (false, false) => Confidence::None,
        (true, true) => panic!("both definite and to be confirmed: {error:?}"),
    }
}

/// HTTP status, the inside of `{"error":{..}}`, the class, the confidence.
const TABLE: &[(u16, &str, Class, Confidence)] = {
    use Class::{AccountOwner, AppOwner, BackOff, Config, Reconnect, Retry, Unknown};
    use Confidence::{Confirm, Definite, None};
    &[
        // Limits, whatever the HTTP status, and even if `is_transient` says so.
        (400, r#""code":4,"message":"(#4) Application request limit reached""#, BackOff, None),
        (403, r#""code":4,"error_subcode":1349210,"is_transient":true"#, BackOff, None),
        (400, r#""code":17,"error_subcode":2446079"#, BackOff, None),
        (400, r#""code":32"#, BackOff, None),
        (400, r#""code":341"#, BackOff, None),
        (400, r#""code":368,"error_subcode":1390008"#, BackOff, None),
        (429, r#""code":613,"error_subcode":1996"#, BackOff, None),
        (400, r#""code":613"#, BackOff, None),
        (400, r#""code":80001"#, BackOff, None),
        (400, r#""code":80002"#, BackOff, None),
        (400, r#""code":80006"#, BackOff, None),
        (400, r#""code":80008"#, BackOff, None),
        (400, r#""code":80014"#, BackOff, None),
        // Transient according to Meta. The opposite claim proves nothing.
        (400, r#""code":190,"is_transient":true"#, Retry, None),
        (400, r#""code":100,"is_transient":true"#, Retry, None),
        (500, r#""code":24,"error_subcode":4279009,"is_transient":false"#, Unknown, None),
        (500, r#""code":2,"is_transient":false"#, Retry, None),
        // Configuration. The same text comes with two codes.
        (400, r#""code":1,"type":"OAuthException","message":"Error validating client secret.""#, Config, None),
        (400, r#""code":100,"message":"Error validating client secret.""#, Config, None),
        (400, r#""code":100,"message":"API calls from the server require an appsecret_proof argument""#, Config, None),
        (400, r#""code":100,"message":"Invalid appsecret_proof provided in the API argument""#, Config, None),
        (
            400,
            r#""code":100,"message":"(#100) The App_id in the input_token did not match the Viewing App""#,
            Config,
            None,
        ),
        (400, r#""code":100,"message":"(#100) Param fields must be a list""#, Config, Confirm),
        (400, r#""code":101,"message":"Error validating application.""#, Config, None),
        (400, r#""code":104"#, Config, None),
        (400, r#""code":803"#, Config, None),
        (400, r#""code":2635"#, Config, None),
        // Code 100, which has many meanings.
        (400, r#""code":100,"message":"This authorization code has been used.""#, Reconnect, None),
        (400, r#""code":100,"message":"Invalid authorization code""#, Reconnect, None),
        (
            400,
            r#""code":100,"type":"IGApiException","message":"Unsupported request - method type: get""#,
            AppOwner,
            Confirm,
        ),
        (
            400,
            r#""code":100,"type":"OAuthException","message":"Unsupported request - method type: get""#,
            Config,
            Confirm,
        ),
        (
            400,
            r#""code":100,"error_subcode":33,"type":"GraphMethodException","message":"Unsupported get request. Object with ID 'me' does not exist""#,
            Reconnect,
            Confirm,
        ),
        (
            500,
            r#""code":100,"type":"THApiException","message":"The requested resource does not exist""#,
            Reconnect,
            Confirm,
        ),
        // The app is switched off, whatever the status and the code.
        (
            200,
            r#""code":200,"message":"API access deactivated. To reactivate, go to the app dashboard.""#,
            AppOwner,
            None,
        ),
        (400, r#""code":190,"message":"Error validating application. Application has been deleted.""#, AppOwner, None),
        (400, r#""code":200,"message":"API access blocked.""#, AppOwner, None),
        (500, r#""code":10,"type":"THApiException","message":"App not active: it is in development""#, AppOwner, None),
        (400, r#""code":100,"message":"This app is currently restricted""#, AppOwner, None),
        (400, r#""code":100,"message":"(#100) You must provide an app access token""#, Config, None),
        (
            400,
            r#""code":400,"message":"Your activity off Meta technologies is currently turned off.""#,
            AccountOwner,
            None,
        ),
        (400, r#""message":"No application data was given: There was a problem""#, Config, None),
        (400, r#""code":190,"message":"Invalid OAuth access token signature.""#, Config, None),
        // Sessions with a subcode. Threads answers 500.
        (400, r#""code":190,"error_subcode":458"#, Reconnect, Definite),
        (
            400,
            r#""code":190,"error_subcode":459,"message":"You cannot access the app till you log in to www.instagram.com""#,
            AccountOwner,
            Definite,
        ),
        (400, r#""code":190,"error_subcode":460"#, Reconnect, Definite),
        (
            400,
            r#""code":190,"error_subcode":463,"message":"Error validating access token: Session has expired on Tuesday""#,
            Reconnect,
            Definite,
        ),
        (500, r#""code":190,"error_subcode":463,"type":"THApiException""#, Reconnect, Definite),
        (400, r#""code":190,"error_subcode":464"#, AccountOwner, Definite),
        (400, r#""code":190,"error_subcode":467"#, Reconnect, Definite),
        (400, r#""code":190,"error_subcode":483"#, AccountOwner, Definite),
        (400, r#""code":190,"error_subcode":492"#, AppOwner, Definite),
        (400, r#""code":"190","error_subcode":"460""#, Reconnect, Definite),
        (400, r#""code":102,"error_subcode":463"#, Reconnect, Definite),
        // Sessions without one, by message.
        (
            400,
            r#""code":190,"message":"Error validating access token: Session has expired on Tuesday, 01-Dec-25""#,
            Reconnect,
            Confirm,
        ),
        (
            400,
            r#""code":190,"message":"The session has been invalidated because the user changed their password""#,
            Reconnect,
            Confirm,
        ),
        (
            400,
            r#""code":190,"message":"Error validating access token: The user has not authorized application 1""#,
            Reconnect,
            Confirm,
        ),
        (400, r#""code":190,"message":"The session is invalid because the user logged out.""#, Reconnect, Confirm),
        (
            400,
            r#""code":190,"message":"You cannot access the app till you log in to www.instagram.com and follow the instructions given.""#,
            AccountOwner,
            Confirm,
        ),
        (400, r#""code":190,"message":"Session key is malformed because of invalid user id.""#, AccountOwner, Confirm),
        (400, r#""code":190,"message":"Invalid OAuth access token - Cannot parse access token""#, Config, None),
        (400, r#""code":190,"message":"The access token could not be decrypted""#, Config, None),
        (400, r#""code":190,"message":"Malformed access token""#, Config, None),
        (400, r#""code":190,"type":"IGApiException","message":"Invalid OAuth 2.0 Access Token""#, Reconnect, Confirm),
        (500, r#""code":190,"type":"THApiException","message":"Invalid OAuth 2.0 Access Token""#, Reconnect, Confirm),
        (400, r#""code":190"#, Reconnect, Confirm),
        (400, r#""code":190,"error_subcode":999"#, Reconnect, Confirm),
        (400, r#""code":102"#, Reconnect, Confirm),
        // In other languages, so the text does not help.
        (400, r#""code":190,"message":"Erro ao validar o token de acesso: a sessão expirou""#, Reconnect, Confirm),
        (500, r#""code":190,"message":"액세스 토큰을 확인하는 중 오류가 발생했습니다""#, Reconnect, Confirm),
        (400, r#""code":452,"error_subcode":4279019,"message":"Session key invalid""#, Reconnect, Confirm),
        (400, r#""message":"REVOKED_ACCESS_TOKEN""#, Reconnect, Confirm),
        (400, r#""message":"The user is not a confirmed user""#, Reconnect, Confirm),
        (400, r#""code":100,"message":"REVOKED_ACCESS_TOKEN""#, Reconnect, Confirm),
        (400, r#""code":190,"error_subcode":464,"message":"The user is not a confirmed user""#, AccountOwner, Definite),
        // Permissions and the state of the account.
        (400, r#""code":3"#, AppOwner, None),
        (403, r#""code":10,"message":"Application does not have permission for this action""#, AppOwner, None),
        (403, r#""code":10,"type":"OAuthException""#, AppOwner, None),
        // A private Threads profile, 90 days after the login.
        (500, r#""code":10,"type":"THApiException""#, Reconnect, Confirm),
        (403, r#""code":200"#, Reconnect, Confirm),
        (403, r#""code":299"#, Reconnect, Confirm),
        (400, r#""code":25,"error_subcode":2207050"#, AccountOwner, None),
        (400, r#""code":9999,"message":"The user is not an Instagram Business""#, AccountOwner, None),
        (400, r#""code":100,"message":"The user is not an Instagram Business""#, AccountOwner, None),
        (403, r#""code":10,"message":"The user is not an Instagram Business""#, AccountOwner, None),
        (400, r#""code":190,"message":"The user is not an Instagram Business""#, AccountOwner, None),
        // Outages.
        (500, r#""code":1,"message":"An unknown error occurred""#, Retry, None),
        (400, r#""code":1"#, Retry, None),
        (503, r#""code":2"#, Retry, None),
        (400, r#""code":-1,"error_subcode":2207001"#, Retry, None),
        (400, r#""code":-2,"error_subcode":2207003"#, Retry, None),
        (400, r#""message":"Sorry, this content isn't available right now""#, Retry, None),
        // Without a code, only the HTTP status is left.
        (429, "", BackOff, None),
        (500, "", Retry, None),
        (503, r#""message":"?""#, Retry, None),
        (400, "", Unknown, None),
        (401, r#""message":"?""#, Unknown, None),
        // Not known.
        (400, r#""code":300"#, Unknown, None),
        (400, r#""code":12345"#, Unknown, None),
        (500, r#""code":12345"#, Unknown, None),
        (400, r#""code":9223372036854775807"#, Unknown, None),
        // Two signs that disagree: limits, transient, messages, sessions, permissions, outages, HTTP.
        (400, r#""code":368,"is_transient":true"#, BackOff, None),
        (400, r#""code":4,"message":"Error validating client secret.""#, BackOff, None),
        (400, r#""code":100,"message":"Error validating client secret.","is_transient":true"#, Retry, None),
        (400, r#""code":190,"error_subcode":463,"is_transient":true"#, Retry, None),
        (400, r#""code":190,"error_subcode":463,"message":"Error validating client secret.""#, Config, None),
        (429, r#""code":190,"error_subcode":463"#, Reconnect, Definite),
        (500, r#""code":10"#, AppOwner, None),
        (429, r#""code":2"#, Retry, None),
        (400, r#""code":100,"message":"Sorry, this content isn't available right now""#, Retry, None),
        (400, r#""code":190,"message":"Sorry, this content isn't available right now""#, Reconnect, Confirm),
    ]
};

#[tokio::test]
async fn every_known_error_gets_its_class() {
    for (status, inside, class, expected) in TABLE {
        let error = refused(json(*status, &format!(r#"{{"error":{{{inside}}}}}"#))).await;
        assert_eq!((error.class(), &confidence(&error)), (*class, expected), "{status} {inside}");
        assert_eq!(error.evidence().unwrap().http_status, Some(*status));
        assert!(!error.reply_lost());
        assert!(
            error.message().len() > 10 && error.message().contains(". ")
                || inside.is_empty()
                || !inside.contains("code"),
            "{}",
            error.message()
        );
    }
}

#[tokio::test]
async fn errors_in_other_envelopes_are_read() {
    for (status, body, class) in [
        // Code exchange.
        (
            400,
            r#"{"error_type":"OAuthException","code":400,"error_message":"Matching code was not found or was already used"}"#,
            Class::Reconnect,
        ),
        (400, r#"{"error_type":"OAuthException","code":400,"error_message":"Invalid platform app"}"#, Class::Config),
        (
            400,
            r#"{"error_type":"OAuthException","code":"400","error_message":"Insufficient developer role"}"#,
            Class::AppOwner,
        ),
        (
            400,
            r#"{"error_type":"OAuthException","code":400,"error_message":"Error validating verification code. Please make sure your redirect_uri is identical to the one you used"}"#,
            Class::Config,
        ),
        (
            400,
            r#"{"error_type":"OAuthException","code":400,"error_message":"Invalid scrubbed redirect_uri"}"#,
            Class::Config,
        ),
        (
            400,
            r#"{"error_type":"OAuthException","code":400,"error_message":"Invalid scope field(s): business_basic"}"#,
            Class::Config,
        ),
        // The Threads login page.
        (400, r#"{"error_message":"No application data was given","error_code":1349026}"#, Class::Config),
        (400, r#"{"error_message":"The user has not accepted the invite","error_code":1349245}"#, Class::AppOwner),
        // The API of 2016.
        (400, r#"{"meta":{"code":400,"error_type":"OAuthAccessTokenException","error_message":"?"}}"#, Class::Unknown),
        (
            400,
            r#"{"meta":{"code":190,"error_type":"OAuthAccessTokenException","error_message":"?"}}"#,
            Class::Reconnect,
        ),
        // Plain OAuth, and an error with status 200.
        (400, r#"{"error":"invalid_request","error_description":"Error validating client secret"}"#, Class::Config),
        (200, r#"{"error":{"code":190,"error_subcode":463}}"#, Class::Reconnect),
    ] {
        let error = refused(json(status, body)).await;
        assert!(matches!(error, Error::Api(_)), "{error:?}");
        assert_eq!(error.class(), class, "{body}");
    }
}

#[tokio::test]
async fn every_field_of_an_error_is_kept() {
    let body = r#"{"error":{"message":"Session has expired","type":"OAuthException","code":190,"error_subcode":463,"is_transient":false,
        "error_user_title":"Log in","error_user_msg":"Please log in.","error_data":{},"fbtrace_id":"AbCdEf123"}}"#;
    let text = |text: &str| Some(text.to_owned());
    let expected = Evidence {
        http_status: Some(400),
        code: Some(190),
        subcode: Some(463),
        kind: text("OAuthException"),
        message: text("Session has expired"),
        user_title: text("Log in"),
        user_message: text("Please log in."),
        trace_id: text("AbCdEf123"),
        is_transient: Some(false),
        retry_after: None,
        support_ids: None,
    };
    let error = refused(json(400, body)).await;
    assert_eq!(error.evidence(), Some(&expected));
    assert_eq!(error.to_string(), "400: Session has expired (code 190, subcode 463)");
    assert_eq!(
        error.message(),
        "The token has expired. An expired token can never be refreshed. Meta said (code 190/463): \"Session has expired\""
    );
}

#[tokio::test]
async fn headers_for_metas_support_are_kept_clean_and_short() {
    let debug = "a1B2c3D4e5F6g7H8i9J0".repeat(4);
    let fx = |value: &str| {
        let reply = with(json(400, r#"{"error":{"code":1}}"#), "x-fb-trace-id", "HzzHg5kJf0P");
        with(with(reply, "x-fb-rev", "1030000000"), "x-fb-debug", value)
    };
    let ids = async |value: &str| refused(fx(value)).await.evidence().unwrap().support_ids.clone().unwrap();
    let expected = format!("x-fb-trace-id: HzzHg5kJf0P, x-fb-rev: 1030000000, x-fb-debug: {debug}");
    assert_eq!(ids(&debug).await, expected);
    assert!(ids(&"x".repeat(5_000)).await.len() < 200);
    for echo in echoes(INSTAGRAM) {
        let shown = ids(&echo).await;
        assert!(holds_nothing_of(INSTAGRAM, &shown), "{shown}");
    }
    assert!(!ids(FRESH).await.contains("fresh"));
}

#[tokio::test]
async fn an_account_without_access_is_believed_after_a_day() {
    let error = |body: &str| refused(json(400, &format!(r#"{{"error":{{{body}}}}}"#)));
    let no_access = r#""code":100,"type":"IGApiException","message":"Unsupported request - method type: get""#;
    let hours = |hours: u64| Some(Duration::from_secs(hours * 3_600));
    assert_eq!(error(no_access).await.confirmed_after(), hours(24));
    assert_eq!(error(r#""code":190"#).await.confirmed_after(), Some(Duration::from_secs(600)));
    assert_eq!(error(r#""code":190,"error_subcode":463"#).await.confirmed_after(), None);
}

#[tokio::test]
async fn exchanging_a_long_lived_token_says_to_keep_it() {
    let body = r#"{"error":{"code":452,"error_subcode":4279019,"message":"Session key invalid"}}"#;
    let meta = Meta::saying([Ok(json(400, body)), Ok(json(400, body))]);
    let error = meta.client().exchange(&token(INSTAGRAM)).await.unwrap_err();
    assert!(matches!(error, Error::AlreadyLongLived(_)));
    assert_eq!((error.class(), confidence(&error)), (Class::Config, Confidence::None));
    let error = meta.client().refresh(&token(INSTAGRAM)).await.unwrap_err();
    assert_eq!(error.class(), Class::Reconnect);
}

fn with(mut reply: HttpReply, name: &str, value: &str) -> HttpReply {
    reply.headers.push((name.to_owned(), value.to_owned()));
    reply
}

#[tokio::test]
async fn an_unreadable_reply_does_not_condemn_the_token() {
    use UnreadableBody::{Empty, Encoded, Html, NotAnObject, NotJson, Redirect, TooLarge, Truncated};
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(HttpReply::MAX_BODY));
    let deep = "[".repeat(10_000);
    for (status, body, what, class, lost) in [
        (200, "<!DOCTYPE html><html>Log in</html>", Html, Class::Retry, true),
        (403, "  <html>Page not found</html>", Html, Class::Retry, false),
        (502, "<html>Bad gateway</html>", Html, Class::Retry, false),
        (404, "<html>", Html, Class::Retry, false),
        (500, "", Empty, Class::Retry, false),
        (200, " \r\n", Empty, Class::Retry, true),
        (429, "", Empty, Class::BackOff, false),
        (429, "<html>", Html, Class::BackOff, false),
        (200, r#"{"access_token":"IGAAfake"#, Truncated, Class::Retry, true),
        (500, r#"{"error":{"code":190"#, Truncated, Class::Retry, false),
        (200, "OK", NotJson, Class::Unknown, true),
        (400, "Bad Request", NotJson, Class::Unknown, false),
        (503, "upstream connect error", NotJson, Class::Retry, false),
        (200, "true", NotAnObject, Class::Unknown, true),
        (200, "[1]", NotAnObject, Class::Unknown, true),
        (200, &deep, NotJson, Class::Unknown, true),
        (200, &large, TooLarge, Class::Unknown, true),
        (302, "", Redirect, Class::Retry, false),
        (307, r#"{"access_token":"x"}"#, Redirect, Class::Retry, false),
        (200, "\u{1f}\u{8b}", NotJson, Class::Unknown, true),
    ] {
        let error = refused(json(status, body)).await;
        assert!(matches!(&error, Error::Unreadable(found) if found.body == what), "{status} {what:?}: {error:?}");
        assert_eq!((error.class(), error.reply_lost()), (class, lost), "{status} {what:?}");
        assert_eq!(confidence(&error), Confidence::None);
        assert!(error.to_string().starts_with(&format!("{status}: ")), "{error}");
    }
    for encoded in [
        HttpReply { body: vec![0x1f, 0x8b, 8, 0, 0, 0, 0], ..json(200, "") },
        with(json(200, "{}"), "content-encoding", "gzip"),
        with(json(200, "{}"), "content-encoding", "br"),
    ] {
        let error = refused(encoded).await;
        assert!(matches!(&error, Error::Unreadable(found) if found.body == Encoded), "{error:?}");
    }
    let plain = with(json(400, r#"{"error":{"code":4}}"#), "content-encoding", "identity");
    assert_eq!(refused(plain).await.class(), Class::BackOff);
}

#[tokio::test]
async fn the_authenticate_header_replaces_an_unreadable_body() {
    let dead = r#"OAuth "Facebook Platform" "invalid_token" "Error validating access token: Session has expired""#;
    let code = r#"OAuth "Facebook Platform" "invalid_code" "This authorization code has been used.""#;
    let other = r#"Basic realm="proxy""#;
    for (reply, class, expected) in [
        (with(json(400, "<html>"), "www-authenticate", dead), Class::Reconnect, Confidence::Confirm),
        (with(json(500, ""), "www-authenticate", dead), Class::Reconnect, Confidence::Confirm),
        (with(json(400, "{}"), "www-authenticate", dead), Class::Reconnect, Confidence::Confirm),
        (with(json(400, "{}"), "www-authenticate", code), Class::Reconnect, Confidence::None),
        (with(json(400, r#"{"error":{"code":4}}"#), "www-authenticate", dead), Class::BackOff, Confidence::None),
        (with(json(401, "<html>"), "www-authenticate", other), Class::Retry, Confidence::None),
        (with(json(401, "{}"), "www-authenticate", other), Class::Unknown, Confidence::None),
    ] {
        let error = refused(reply.clone()).await;
        assert_eq!((error.class(), confidence(&error)), (class, expected), "{reply:?} {error:?}");
    }
}

#[tokio::test]
async fn a_limit_of_the_app_is_told_from_other_waits() {
    for code in [4, 17, 32, 341, 613, 80_000, 80_002, 80_014] {
        assert!(refused(json(400, &format!(r#"{{"error":{{"code":{code}}}}}"#))).await.is_app_limit(), "{code}");
    }
    for code in [1, 10, 190, 368] {
        assert!(!refused(json(400, &format!(r#"{{"error":{{"code":{code}}}}}"#))).await.is_app_limit(), "{code}");
    }
    assert!(!refused(json(429, "")).await.is_app_limit(), "that may come from a proxy");
}

#[tokio::test]
async fn the_wait_comes_from_the_headers_or_else_the_code() {
    let minutes = |minutes: u64| Some(Duration::from_secs(minutes * 60));
    let limited = |code: i64| json(400, &format!(r#"{{"error":{{"code":{code}}}}}"#));
    let business = r#"{"178":[{"type":"instagram","call_count":100,"estimated_time_to_regain_access":19},{"estimated_time_to_regain_access":7}]}"#;
    for (reply, wait) in [
        (limited(4), minutes(60)),
        (limited(341), minutes(60)),
        (limited(368), minutes(24 * 60)),
        (limited(80_002), minutes(60)),
        (limited(190), None),
        (json(429, ""), minutes(60)),
        (json(429, "<html>"), minutes(60)),
        (json(429, "{}"), minutes(60)),
        (with(json(429, ""), "retry-after", "120"), minutes(2)),
        (json(503, ""), None),
        (with(limited(4), "retry-after", "120"), minutes(2)),
        (with(limited(368), "retry-after", "120"), minutes(24 * 60)),
        (with(limited(368), "retry-after", "172800"), minutes(48 * 60)),
        (with(json(503, ""), "retry-after", "120"), minutes(2)),
        (with(limited(80_002), "x-business-use-case-usage", business), minutes(19)),
        (with(limited(4), "retry-after", "soon"), minutes(60)),
        (with(limited(4), "retry-after", "99999999999"), minutes(7 * 24 * 60)),
        (
            with(
                with(limited(4), "date", "Mon, 23 Nov 2026 10:00:00 GMT"),
                "retry-after",
                "Mon, 23 Nov 2026 10:05:00 GMT",
            ),
            minutes(5),
        ),
        (with(limited(4), "retry-after", "Mon, 23 Nov 2026 10:05:00 GMT"), minutes(60)),
    ] {
        assert_eq!(refused(reply.clone()).await.retry_after(), wait, "{reply:?}");
    }
}

#[tokio::test]
async fn a_transport_error_is_retried_and_says_if_anything_was_sent() {
    for (stage, sent, class) in [
        (Stage::Resolve, false, Class::Retry),
        (Stage::Tls, false, Class::Retry),
        (Stage::Headers, true, Class::Retry),
        (Stage::Deadline, true, Class::Retry),
        (Stage::Setup, false, Class::Config),
    ] {
        let failure = TransportError::new(stage, sent, format!("GET /?access_token={INSTAGRAM}"));
        let error = Meta::saying([Err(failure)]).client().refresh(&token(INSTAGRAM)).await.unwrap_err();
        assert_eq!((error.class(), error.reply_lost()), (class, sent));
        assert_eq!(error.evidence(), None);
        assert!(!format!("{error} {error:?} {}", error.message()).contains("IGAA"), "{error}");
    }
}

#[test]
fn every_row_can_be_explained() {
    let names = |code, subcode| explain(code, subcode).map(|found| found.name);
    assert_eq!(names(190, Some(460)), Some("password changed"));
    assert_eq!(names(190, None), Some("token refused"));
    assert_eq!(names(190, Some(1)), Some("token refused"));
    assert_eq!(names(102, Some(463)), Some("expired"));
    assert_eq!(names(4, None), Some("app call limit"));
    assert_eq!(names(4, Some(1_349_210)), Some("app call limit"));
    assert_eq!(names(100, Some(33)), Some("not visible"));
    assert_eq!(names(100, None), Some("bad parameter"));
    assert_eq!(names(-2, None), Some("Instagram server fault"));
    assert_eq!(names(250, None), Some("permission not granted"));
    assert_eq!(names(25, None), Some("account restricted"));
    assert_eq!(names(99_999, None), None);
    for row in explanations() {
        for text in [row.meaning, row.action] {
            assert!(text.ends_with('.') && text.starts_with(char::is_uppercase), "{text}");
        }
        assert!(row.phrases.iter().all(|phrase| *phrase == phrase.to_lowercase()), "{}", row.name);
    }
}

#[test]
fn a_pasted_error_is_judged_as_if_it_had_been_received() {
    let named = |code, subcode, text| recognize(code, subcode, text).map(|row| row.name);
    assert_eq!(named(200, None, "(#200) API access deactivated."), Some("app switched off"));
    assert_eq!(named(190, Some(463), "Session has expired"), Some("expired"));
    assert_eq!(named(400, None, "Invalid platform app"), Some("wrong app id"));
    assert_eq!(named(10, None, r#"{"type":"THApiException","code":10}"#), Some("permission ended"));
    assert_eq!(named(99_999, None, "x"), None);
    for (message, name, _) in FAMILIAR {
        assert!(explanations().any(|row| row.name == name), "{message}: {name}");
    }
}

/// A secret in every form in which outside text may contain it.
fn echoes(secret: &str) -> Vec<String> {
    let encoded: String = secret.bytes().flat_map(|byte| ['%', hex(byte >> 4), hex(byte & 0xf)]).collect();
    let twice = encoded.replace('%', "%25");
    vec![
        format!("Malformed access token {secret}"),
        format!("Malformed access token {}", &secret[..40]),
        format!("Cannot parse ...{}.", &secret[20..]),
        format!("https://graph.instagram.com/?access_token={secret}&x=1"),
        format!("\"{secret}\""),
        encoded,
        twice,
        format!("{}{secret}", "x".repeat(290)),
        format!("é{secret}é{secret}"),
        // Looks like percent-encoding.
        format!("%{}%", &secret[2..12]),
    ]
}

fn hex(nibble: u8) -> char {
    char::from_digit(nibble.into(), 16).unwrap()
}

/// Whether `text` contains no eight consecutive characters of the secret.
fn holds_nothing_of(secret: &str, text: &str) -> bool {
    secret.as_bytes().windows(8).all(|part| !text.contains(std::str::from_utf8(part).unwrap()))
}

#[tokio::test]
async fn an_echoed_secret_is_not_in_the_error() {
    for echo in echoes(INSTAGRAM).into_iter().chain(echoes(meta::APP_SECRET.repeat(2).as_str())) {
        let quoted = serde_json::to_string(&echo).unwrap();
        for body in [
            format!(
                r#"{{"error":{{"code":190,"message":{quoted},"type":{quoted},"error_user_title":{quoted},"error_user_msg":{quoted},"fbtrace_id":{quoted}}}}}"#
            ),
            format!(r#"{{"error_type":{quoted},"code":400,"error_message":{quoted}}}"#),
            format!(r#"{{"error":{quoted},"error_description":{quoted}}}"#),
            echo.clone(),
        ] {
            let reply =
                with(json(400, &body), "www-authenticate", &format!("OAuth \"Facebook Platform\" \"x\" \"{echo}\""));
            let error = Meta::saying([Ok(reply)]).client().exchange(&token(INSTAGRAM)).await.unwrap_err();
            let shown = format!("{error} {error:?} {}", error.message());
            assert!(holds_nothing_of(INSTAGRAM, &shown), "{shown}");
            assert!(holds_nothing_of(meta::APP_SECRET, &shown), "{shown}");
        }
    }
}

#[tokio::test]
async fn control_characters_are_removed_from_messages() {
    let error = refused(json(400, r#"{"error":{"message":"\u001b[2J\u0007 gone\r\n\u202eback"}}"#)).await;
    assert_eq!(error.evidence().unwrap().message.as_deref(), Some("[2J gone back"));
}

proptest! {
    /// Every reply becomes a value or an error, and reveals nothing of the token that was sent.
    #[test]
    fn arbitrary_replies_never_panic_and_never_leak(
        status in 0u16..1000,
        body in proptest::collection::vec(any::<u8>(), 0..300),
        header in ".{0,80}",
        from in 0usize..48,
        length in 8usize..56,
        kind in 0usize..3,
    ) {
        let ours = [INSTAGRAM, THREADS, FACEBOOK][kind];
        let part = &ours[from..(from + length).min(ours.len())];
        let echo = serde_json::json!({"error": {"message": format!("{header}{part}{header}"), "code": status}}).to_string();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for body in [body, echo.into_bytes()] {
            let mut reply = HttpReply { status, headers: Vec::new(), body };
            for name in HEADERS {
                reply.headers.push((name.to_owned(), header.clone()));
            }
            reply.headers.remove(0);
            let meta = Meta::saying(std::iter::repeat_n(Ok(reply), 4));
            let client = meta.client();
            let old = token(ours);
            let shown = runtime.block_on(async {
                format!("{:?} {:?} {:?} {:?}", client.refresh(&old).await, client.me(&old).await, client.debug_token(&old).await, client.fb_exchange(&old).await)
            });
            prop_assert!(holds_nothing_of(part, &shown), "{shown}");
        }
    }

    /// A lifetime is what Meta said, or it is refused; a wild value is never accepted.
    #[test]
    fn an_accepted_lifetime_is_one_hour_to_a_hundred_days(seconds in any::<f64>(), as_text in any::<bool>()) {
        let value = if as_text { format!("\"{seconds}\"") } else { format!("{seconds:e}") };
        let body = format!(r#"{{"access_token":"{FRESH}","expires_in":{value}}}"#);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let meta = Meta::saying([Ok(json(200, &body))]);
        if let Ok(reply) = runtime.block_on(meta.client().refresh(&token(INSTAGRAM))) {
            prop_assert!((3_600.0..=8_640_000.0).contains(&seconds), "{:?}", reply.value.lifetime);
        }
    }
}
