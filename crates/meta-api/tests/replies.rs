//! Good replies in every shape seen so far, and bad replies that look good.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod meta;

use everlit_meta_api::{
    AccountId, Class, Error, Expiry, Implausible, InfoType, Lifetime, Platform, Secret, Timestamp, TokenError,
    TokenInfo, TokenReply, Usage,
};
use meta::{FACEBOOK, FRESH, INSTAGRAM, Meta, json, token};

async fn refresh(body: &str) -> Result<TokenReply, Error> {
    Meta::saying([Ok(json(200, body))]).client().refresh(&token(INSTAGRAM)).await.map(|reply| reply.value)
}

async fn exchange_code(platform: Platform, body: &str) -> Result<TokenReply, Error> {
    let meta = Meta::saying([Ok(json(200, body))]);
    meta.client().exchange_code(platform, "AQfake", "https://example.com/").await.map(|reply| reply.value)
}

#[tokio::test]
async fn a_refreshed_token_comes_with_its_lifetime() {
    let body = format!(r#"{{"access_token":"{FRESH}","token_type":"bearer","expires_in":5183944}}"#);
    let expected = TokenReply {
        token: token(FRESH),
        token_type: Some("bearer".to_owned()),
        lifetime: Lifetime::Seconds(5_183_944),
        user_id: None,
        permissions: None,
    };
    assert_eq!(refresh(&body).await, Ok(expected));
}

#[tokio::test]
async fn a_good_reply_may_carry_an_error_that_says_nothing() {
    for error in [
        "null",
        "false",
        "0",
        "0.0",
        r#""""#,
        r#""0""#,
        "{}",
        "[]",
        "[null,{}]",
        r#"{"code":0}"#,
        r#"{"code":0,"message":""}"#,
        r#"{"code":0,"message":"Success","type":"OAuthException","fbtrace_id":"A1"}"#,
        r#"{"code":"0","message":"Success"}"#,
    ] {
        let body = format!(r#"{{"access_token":"{FRESH}","expires_in":5183944,"error":{error},"error_code":0}}"#);
        assert_eq!(refresh(&body).await.map(|reply| reply.token), Ok(token(FRESH)), "{error}");
    }
    let flat = format!(r#"{{"access_token":"{FRESH}","expires_in":5183944,"error_code":0,"error_message":"Success"}}"#);
    assert_eq!(refresh(&flat).await.map(|reply| reply.token), Ok(token(FRESH)));
    for error in [r#"{"code":190}"#, r#"{"message":"no"}"#, r#""access_denied""#, "true", r#"[{"code":190}]"#] {
        let body = format!(r#"{{"access_token":"{FRESH}","expires_in":5183944,"error":{error}}}"#);
        assert!(matches!(refresh(&body).await, Err(Error::Api(_))), "{error}");
    }
}

/// Nor does code 0 turn a failure into a success: the HTTP status decides.
#[tokio::test]
async fn code_0_is_no_code_in_a_failure() {
    for (status, class) in [(429, Class::BackOff), (500, Class::Retry), (400, Class::Unknown)] {
        let reply = json(status, r#"{"error":{"code":0,"message":"?"}}"#);
        let error = Meta::saying([Ok(reply)]).client().refresh(&token(INSTAGRAM)).await.unwrap_err();
        assert_eq!((error.class(), error.evidence().unwrap().code), (class, None), "{status}");
    }
}

#[tokio::test]
async fn lifetimes_are_read_in_every_form_or_refused() {
    use Lifetime::{Seconds, Unknown};
    let refused = |seconds| Err(Error::Implausible(Implausible::Lifetime { seconds, received: Secret::new(FRESH) }));
    for (expires_in, expected) in [
        (r#""expires_in":5184000"#, Ok(Seconds(5_184_000))),
        (r#""expires_in":"5184000""#, Ok(Seconds(5_184_000))),
        (r#""expires_in":5183944.7"#, Ok(Seconds(5_183_944))),
        (r#""expires_in":3600"#, Ok(Seconds(3_600))),
        (r#""expires_in":8640000"#, Ok(Seconds(8_640_000))),
        (r#""expires_in":null"#, Ok(Unknown)),
        (r#""x":1"#, Ok(Unknown)),
        (r#""expires_in":0"#, refused(Some(0))),
        (r#""expires_in":-1"#, refused(Some(-1))),
        (r#""expires_in":3599"#, refused(Some(3_599))),
        (r#""expires_in":8640001"#, refused(Some(8_640_001))),
        (r#""expires_in":1e300"#, refused(Some(i64::MAX))),
        (r#""expires_in":"NaN""#, refused(None)),
        (r#""expires_in":"soon""#, refused(None)),
        (r#""expires_in":"""#, refused(None)),
        (r#""expires_in":true"#, refused(None)),
        (r#""expires_in":[5184000]"#, refused(None)),
    ] {
        let body = format!(r#"{{"access_token":"{FRESH}",{expires_in}}}"#);
        let result = refresh(&body).await;
        let received = result.as_ref().err().and_then(Error::received);
        assert!(received.is_none_or(|token| token.is(FRESH)), "{expires_in}");
        assert_eq!(result.map(|reply| reply.lifetime), expected, "{expires_in}");
    }
}

#[tokio::test]
async fn success_without_a_usable_token_is_never_a_token() {
    use Implausible::NoToken;
    let not_a_token = |received: &str, error| Implausible::Token { error, received: Secret::new(received) };
    let app_token = "1234567890|fakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKE";
    for (body, expected) in [
        ("{}", NoToken),
        (r#"{"access_token":""}"#, NoToken),
        (r#"{"access_token":" "}"#, NoToken),
        (r#"{"access_token":null}"#, NoToken),
        (r#"{"access_token":17}"#, NoToken),
        (r#"{"data":[]}"#, NoToken),
        (r#"{"success":true}"#, NoToken),
        (r#"{"access_token":"IGAAshort"}"#, not_a_token("IGAAshort", TokenError::TooShort { length: 9 })),
        (r#"{"access_token":" IGAA fake "}"#, not_a_token("IGAA fake", TokenError::Space)),
        (&format!(r#"{{"access_token":"{app_token}"}}"#), not_a_token(app_token, TokenError::AppToken)),
    ] {
        let error = refresh(body).await.unwrap_err();
        let shown = format!("{error} {error:?} {}", error.message());
        assert!(!shown.contains("IGAA") && !shown.contains("1234567890"), "{shown}");
        assert_eq!(error, Error::Implausible(expected), "{body}");
        assert_eq!((error.class(), error.reply_lost()), (Class::Unknown, true));
    }
}

#[tokio::test]
async fn every_reply_to_a_code_exchange_is_read() {
    let both = Some(vec!["instagram_business_basic".to_owned(), "instagram_business_manage_comments".to_owned()]);
    let basic = Some(vec!["instagram_business_basic".to_owned()]);
    for (body, user_id, permissions) in [
        (
            format!(
                r#"{{"data":[{{"access_token":"{FRESH}","user_id":"1020","permissions":"instagram_business_basic,instagram_business_manage_comments"}}]}}"#
            ),
            "1020",
            both.clone(),
        ),
        (
            format!(
                r#"{{"access_token":"{FRESH}","user_id":17841400000000000,"permissions":["instagram_business_basic","instagram_business_manage_comments"]}}"#
            ),
            "17841400000000000",
            both.clone(),
        ),
        (format!(r#"{{"access_token":"{FRESH}","user_id":"30927608773521030"}}"#), "30927608773521030", None),
        (format!(r#"{{"access_token":"{FRESH}","user_id":30927608773521030}}"#), "30927608773521030", None),
        (
            format!(
                r#"{{"data":[{{"access_token":"{FRESH}","user_id":26160319576992690,"permissions":["instagram_business_basic"]}}]}}"#
            ),
            "26160319576992690",
            basic.clone(),
        ),
        (
            format!(
                r#"{{"data":{{"access_token":"{FRESH}","user_id":1,"permissions":"instagram_business_basic instagram_business_manage_comments"}}}}"#
            ),
            "1",
            both,
        ),
        (
            format!(r#"{{"data":[],"access_token":"{FRESH}","user_id":1,"permissions":"instagram_business_basic"}}"#),
            "1",
            basic,
        ),
    ] {
        let reply = exchange_code(Platform::Instagram, &body).await.unwrap();
        let expected = TokenReply {
            token: token(FRESH),
            token_type: None,
            lifetime: Lifetime::Unknown,
            user_id: Some(AccountId::parse(user_id).unwrap()),
            permissions,
        };
        assert_eq!(reply, expected, "{body}");
    }
}

#[tokio::test]
async fn an_id_that_lost_digits_is_refused() {
    for id in ["3.092760877352103e16", "-1", "true", "\"me\"", "\"\"", "[1]", "null", "99999999999999999999999"] {
        let body = format!(r#"{{"access_token":"{FRESH}","user_id":{id}}}"#);
        assert_eq!(exchange_code(Platform::Threads, &body).await.unwrap().user_id, None, "{id}");
    }
}

#[tokio::test]
async fn a_short_lived_token_may_have_less_than_an_hour_left() {
    let body = format!(r#"{{"access_token":"{FRESH}","expires_in":3540}}"#);
    assert_eq!(exchange_code(Platform::Facebook, &body).await.unwrap().lifetime, Lifetime::Seconds(3_540));
    let body = format!(r#"{{"access_token":"{FRESH}","expires_in":0}}"#);
    assert!(exchange_code(Platform::Facebook, &body).await.is_err());
}

#[tokio::test]
async fn a_missing_lifetime_never_means_never() {
    let body = format!(r#"{{"access_token":"{FACEBOOK}","token_type":"bearer"}}"#);
    let meta = Meta::saying([Ok(json(200, &body)), Ok(json(200, &body))]);
    assert_eq!(exchange_code(Platform::Facebook, &body).await.unwrap().lifetime, Lifetime::Unknown);
    assert_eq!(meta.client().fb_exchange(&token(FACEBOOK)).await.unwrap().value.lifetime, Lifetime::Unknown);
    assert_eq!(meta.client().refresh_system_user(&token(FACEBOOK)).await.unwrap().value.lifetime, Lifetime::Unknown);
    assert_eq!(exchange_code(Platform::Instagram, &body).await.unwrap().lifetime, Lifetime::Unknown);
}

#[tokio::test]
async fn me_is_read_in_every_shape() {
    for body in [
        r#"{"user_id":"17841400000000001","username":"shop","id":"990001"}"#,
        r#"{"user_id":17841400000000001,"username":"shop","id":990001}"#,
        r#"{"data":[{"user_id":"17841400000000001","username":"shop","id":"990001"}]}"#,
        r#"{"data":{"user_id":"17841400000000001","username":"shop","id":"990001"}}"#,
    ] {
        let me = Meta::saying([Ok(json(200, body))]).client().me(&token(INSTAGRAM)).await.unwrap().value;
        assert_eq!(me.identity().unwrap().as_str(), "17841400000000001", "{body}");
        assert_eq!(me.id.unwrap().as_str(), "990001");
        assert_eq!(me.username.as_deref(), Some("shop"));
    }
    let meta = Meta::saying([Ok(json(200, r#"{"id":"7","name":"A Page","account_type":"Business"}"#))]);
    let me = meta.client().me(&token(FACEBOOK)).await.unwrap().value;
    assert_eq!((me.identity().unwrap().as_str(), me.username.as_deref()), ("7", Some("A Page")));
    assert_eq!(me.account_type.as_deref(), Some("Business"));
    for body in ["{}", r#"{"data":[]}"#, r#"{"id":null}"#, r#"{"username":"shop"}"#] {
        let error = Meta::saying([Ok(json(200, body))]).client().me(&token(INSTAGRAM)).await.unwrap_err();
        assert_eq!(error, Error::Implausible(Implausible::NoAccount), "{body}");
    }
}

#[tokio::test]
async fn debug_token_measures_the_lifetime() {
    let now = Timestamp::from_unix(1_800_000_000);
    for (data, expected) in [
        (r#""is_valid":true,"expires_at":0"#, Lifetime::Never),
        (r#""is_valid":true,"expires_at":1800003600"#, Lifetime::Seconds(3_600)),
        (r#""is_valid":true,"expires_at":1799999999"#, Lifetime::Unknown),
        (r#""is_valid":true"#, Lifetime::Unknown),
        // Revoked.
        (r#""is_valid":false,"expires_at":0"#, Lifetime::Unknown),
    ] {
        let info = info(&format!(r#"{{"data":{{{data}}}}}"#)).await.unwrap();
        assert_eq!(info.lifetime(now), expected, "{data}");
    }
}

async fn info(body: &str) -> Result<TokenInfo, Error> {
    Meta::saying([Ok(json(200, body))]).client().debug_token(&token(FACEBOOK)).await.map(|reply| reply.value)
}

#[tokio::test]
async fn debug_token_replies_are_read() {
    let alive = info(
        r#"{"data":{"app_id":"634","type":"SYSTEM_USER","application":"Shop","data_access_expires_at":0,"expires_at":0,"is_valid":true,
        "issued_at":1712099387,"scopes":["instagram_basic"],"granular_scopes":[{"scope":"instagram_basic"}],"user_id":"104","metadata":{}}}"#,
    )
    .await
    .unwrap();
    let id = |digits| Some(AccountId::parse(digits).unwrap());
    assert_eq!(
        alive,
        TokenInfo {
            token_type: InfoType::SystemUser,
            is_valid: true,
            expires_at: Some(Expiry::Never),
            data_access_expires_at: None,
            issued_at: Some(Timestamp::from_unix(1_712_099_387)),
            scopes: vec!["instagram_basic".to_owned()],
            user_id: id("104"),
            profile_id: None,
            app_id: id("634"),
            error: None,
        }
    );

    let dead = info(
        r#"{"data":{"app_id":664,"type":"USER","data_access_expires_at":1647022311,"error":{"code":190,"message":"Session has expired","subcode":463},
        "expires_at":1639227600,"is_valid":false,"scopes":["email"],"user_id":"1"}}"#,
    )
    .await
    .unwrap();
    assert!(!dead.is_valid);
    assert_eq!(dead.expires_at, Some(Expiry::At(Timestamp::from_unix(1_639_227_600))));
    assert_eq!(dead.data_access_expires_at, Some(Timestamp::from_unix(1_647_022_311)));
    let error = dead.error.unwrap();
    assert_eq!((error.http_status, error.code, error.subcode), (None, Some(190), Some(463)));

    for (error, codes) in [
        (r#"{"code":190,"error_subcode":459}"#, Some((Some(190), Some(459)))),
        (r#"{"code":"190","subcode":"460"}"#, Some((Some(190), Some(460)))),
        (r#"{"code":0,"message":""}"#, None),
        ("{}", None),
        ("null", None),
    ] {
        let info = info(&format!(r#"{{"data":{{"is_valid":false,"error":{error}}}}}"#)).await.unwrap();
        assert_eq!((info.is_valid, info.error.map(|error| error.codes())), (false, codes), "{error}");
    }

    for (name, expected) in
        [("PAGE", InfoType::Page), ("user", InfoType::User), ("APP", InfoType::App), ("?", InfoType::Other)]
    {
        let info = info(&format!(r#"{{"data":{{"type":"{name}","is_valid":true}}}}"#)).await.unwrap();
        assert_eq!((info.token_type, info.expires_at, info.scopes.len()), (expected, None, 0));
    }
    assert!(!info(r#"{"data":{"error":{"code":190}}}"#).await.unwrap().is_valid);
    assert_eq!(info(r#"{"data":{}}"#).await, Err(Error::Implausible(Implausible::NoValidity)));
}

#[tokio::test]
async fn pages_without_a_token_are_left_out() {
    let body = format!(
        r#"{{"data":[{{"id":"1","name":"Mine","access_token":"{FACEBOOK}"}},{{"id":"2","name":"Not mine"}},{{"access_token":"{FACEBOOK}"}},
        {{"id":"4","access_token":"short"}},17]}}"#
    );
    let pages = Meta::saying([Ok(json(200, &body))]).client().page_tokens(&token(FACEBOOK)).await.unwrap().value;
    assert_eq!(pages.len(), 1);
    assert_eq!((pages[0].id.as_str(), pages[0].name.as_deref()), ("1", Some("Mine")));
}

#[tokio::test]
async fn headers_report_usage_and_the_clock_of_meta() {
    let usage = |percent, regain_after| Usage { percent, regain_after };
    let minutes = |minutes: u64| Some(std::time::Duration::from_secs(minutes * 60));
    let cases: [(&[(&str, &str)], Usage); 12] = [
        (&[], usage(None, None)),
        (&[("x-app-usage", r#"{"call_count":28,"total_time":25,"total_cputime":26}"#)], usage(Some(28), None)),
        (&[("x-app-usage", r#"{"call_volume":0,"cpu_time":0}"#)], usage(Some(0), None)),
        (&[("x-app-usage", r#"{"call_volume":95.2,"cpu_time":"?"}"#)], usage(Some(96), None)),
        (&[("x-app-usage", r#"{"call_count":100000,"x":-5}"#)], usage(Some(255), None)),
        (
            &[(
                "x-business-use-case-usage",
                r#"{"1":[{"type":"instagram","call_count":95,"total_cputime":20,"estimated_time_to_regain_access":190}],"2":[{"call_count":3}]}"#,
            )],
            usage(Some(95), minutes(190)),
        ),
        (
            &[
                ("x-app-usage", r#"{"call_count":28}"#),
                ("x-business-use-case-usage", r#"{"1":[{"call_count":7,"estimated_time_to_regain_access":0}]}"#),
            ],
            usage(Some(28), None),
        ),
        (&[("x-app-usage", "{"), ("x-business-use-case-usage", "[[1]]")], usage(None, None)),
        (&[("retry-after", "60")], usage(None, minutes(1))),
        (
            &[(
                "x-ad-account-usage",
                r#"{"acc_id_util_pct":9.67,"reset_time_duration":120,"ads_api_access_tier":"x"}"#,
            )],
            usage(Some(10), None),
        ),
        (
            &[("x-ad-account-usage", r#"{"acc_id_util_pct":100,"reset_time_duration":120}"#)],
            usage(Some(100), minutes(2)),
        ),
        (&[("x-ad-account-usage", r#"{"reset_time_duration":120}"#)], usage(None, None)),
    ];
    for (headers, expected) in cases {
        let mut reply = json(200, r#"{"id":"1"}"#);
        reply.headers.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        reply.headers.push(("date".to_owned(), "Sun, 06 Nov 1994 08:49:37 GMT".to_owned()));
        let answer = Meta::saying([Ok(reply)]).client().me(&token(INSTAGRAM)).await.unwrap();
        assert_eq!(answer.usage, expected, "{headers:?}");
        assert_eq!(answer.date, Some(Timestamp::from_unix(784_111_777)));
    }
}
