//! The requests sent to Meta: the host, path and parameters of every call, and nothing more.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod meta;

use everlit_meta_api::{Client, Error, Method, Platform, Stage, Transport, TransportError};
use meta::{APP_SECRET, FACEBOOK, FRESH, INSTAGRAM, Meta, THREADS, json, shown, token};

const ENGLISH: &str = "locale=en_US";
const PROOF: &str = "appsecret_proof=f063663ea871c654bcf7b12e8ae4d05ea1e94d8949474cb6c649775052d3d9d5";

fn fresh() -> String {
    format!(r#"{{"access_token":"{FRESH}","token_type":"bearer","expires_in":5183944}}"#)
}

#[tokio::test]
async fn a_refresh_sends_the_token_and_no_secret() {
    for (old, host, grant) in
        [(INSTAGRAM, "graph.instagram.com", "ig_refresh_token"), (THREADS, "graph.threads.com", "th_refresh_token")]
    {
        let meta = Meta::saying([Ok(json(200, &fresh()))]);
        meta.client().refresh(&token(old)).await.unwrap();
        let [request] = meta.asked().try_into().unwrap();
        assert_eq!((request.method, request.host, request.path.as_str()), (Method::GET, host, "/refresh_access_token"));
        assert_eq!(
            shown(&request.query),
            [format!("grant_type={grant}"), format!("access_token={old}"), ENGLISH.to_owned()]
        );
        assert!(request.form.is_empty());
    }
}

#[tokio::test]
async fn an_exchange_sends_the_secret_and_no_app_id() {
    for (old, host, grant) in
        [(INSTAGRAM, "graph.instagram.com", "ig_exchange_token"), (THREADS, "graph.threads.com", "th_exchange_token")]
    {
        let meta = Meta::saying([Ok(json(200, &fresh()))]);
        meta.client().exchange(&token(old)).await.unwrap();
        let [request] = meta.asked().try_into().unwrap();
        assert_eq!((request.method, request.host, request.path.as_str()), (Method::GET, host, "/access_token"));
        let expected = [
            format!("grant_type={grant}"),
            format!("client_secret={APP_SECRET}"),
            format!("access_token={old}"),
            ENGLISH.to_owned(),
        ];
        assert_eq!(shown(&request.query), expected);
    }
}

#[tokio::test]
async fn a_facebook_exchange_sends_the_documented_request() {
    let meta = Meta::saying([Ok(json(200, &fresh())), Ok(json(200, &fresh()))]);
    meta.client().fb_exchange(&token(FACEBOOK)).await.unwrap();
    meta.client().refresh_system_user(&token(FACEBOOK)).await.unwrap();
    let [user, system_user] = meta.asked().try_into().unwrap();
    let mut expected = vec![
        "grant_type=fb_exchange_token".to_owned(),
        "client_id=1234567890".to_owned(),
        format!("client_secret={APP_SECRET}"),
        format!("fb_exchange_token={FACEBOOK}"),
        ENGLISH.to_owned(),
    ];
    assert_eq!((user.host, user.path.as_str()), ("graph.facebook.com", "/v25.0/oauth/access_token"));
    assert_eq!(shown(&user.query), expected);
    expected.push("set_token_expires_in_60_days=true".to_owned());
    assert_eq!((system_user.host, system_user.path), (user.host, user.path));
    assert_eq!(shown(&system_user.query), expected);
}

#[tokio::test]
async fn a_code_is_sent_without_the_fragment_meta_appends() {
    let expected = [
        "client_id=1234567890".to_owned(),
        format!("client_secret={APP_SECRET}"),
        "grant_type=authorization_code".to_owned(),
        "redirect_uri=https://example.com/back".to_owned(),
        "code=AQfakecode".to_owned(),
    ];
    for (platform, host, query) in [
        (Platform::Instagram, "api.instagram.com", &[][..]),
        (Platform::Threads, "graph.threads.com", &[ENGLISH.to_owned()]),
    ] {
        let meta = Meta::saying([Ok(json(200, &fresh()))]);
        meta.client().exchange_code(platform, " AQfakecode#_\n", "https://example.com/back").await.unwrap();
        let [request] = meta.asked().try_into().unwrap();
        assert_eq!((request.method, request.host, request.path.as_str()), (Method::POST, host, "/oauth/access_token"));
        assert_eq!(shown(&request.form), expected);
        assert_eq!(shown(&request.query), query);
    }

    let meta = Meta::saying([Ok(json(200, &fresh()))]);
    meta.client().exchange_code(Platform::Facebook, "AQfakecode", "https://example.com/back").await.unwrap();
    let [request] = meta.asked().try_into().unwrap();
    assert_eq!(
        (request.method, request.host, request.path.as_str()),
        (Method::GET, "graph.facebook.com", "/v25.0/oauth/access_token")
    );
    assert_eq!(shown(&request.query)[..4], [0, 1, 3, 4].map(|at| expected[at].clone()));
    assert_eq!(shown(&request.query)[4..], [ENGLISH]);
}

#[tokio::test]
async fn me_requests_the_fields_of_each_platform() {
    for (whose, host, path, fields) in [
        (INSTAGRAM, "graph.instagram.com", "/v25.0/me", "fields=id,user_id,username,account_type"),
        (THREADS, "graph.threads.com", "/v1.0/me", "fields=id,username"),
        (FACEBOOK, "graph.facebook.com", "/v25.0/me", "fields=id,name"),
    ] {
        let meta = Meta::saying([Ok(json(200, r#"{"id":"1"}"#))]);
        meta.client().me(&token(whose)).await.unwrap();
        let [request] = meta.asked().try_into().unwrap();
        assert_eq!((request.method, request.host, request.path.as_str()), (Method::GET, host, path));
        assert_eq!(shown(&request.query)[..2], [fields.to_owned(), format!("access_token={whose}")]);
    }
}

#[tokio::test]
async fn only_facebook_gets_the_app_secret_proof() {
    let me = || Meta::saying([Ok(json(200, r#"{"id":"1"}"#))]);
    for whose in [INSTAGRAM, THREADS] {
        let meta = me();
        meta.client().me(&token(whose)).await.unwrap();
        assert!(!shown(&meta.asked()[0].query).iter().any(|param| param.starts_with("appsecret")), "{whose}");
    }
    let meta = me();
    Client::new(meta.clone() as std::sync::Arc<dyn Transport>).me(&token(FACEBOOK)).await.unwrap();
    assert!(!shown(&meta.asked()[0].query).iter().any(|param| param.starts_with("appsecret")));

    let meta = me();
    meta.client().me(&token(FACEBOOK)).await.unwrap();
    let [.., proof] = &shown(&meta.asked()[0].query)[..] else { panic!("no parameters") };
    // printf '%s' "$TOKEN" | openssl dgst -sha256 -hmac "$SECRET"
    assert_eq!(proof, PROOF);
}

#[tokio::test]
async fn debug_token_is_called_as_the_app_or_as_the_tester() {
    let info = r#"{"data":{"is_valid":true}}"#;
    let meta = Meta::saying([Ok(json(200, info)), Ok(json(200, info))]);
    meta.client().debug_token(&token(FACEBOOK)).await.unwrap();
    meta.client().debug_token(&token(THREADS)).await.unwrap();
    let [facebook, threads] = meta.asked().try_into().unwrap();
    assert_eq!((facebook.host, facebook.path.as_str()), ("graph.facebook.com", "/v25.0/debug_token"));
    let caller = format!("access_token=1234567890|{APP_SECRET}");
    assert_eq!(shown(&facebook.query), [format!("input_token={FACEBOOK}"), caller, ENGLISH.to_owned()]);
    assert_eq!((threads.host, threads.path.as_str()), ("graph.threads.com", "/v1.0/debug_token"));
    let caller = format!("access_token={THREADS}");
    assert_eq!(shown(&threads.query), [format!("input_token={THREADS}"), caller, ENGLISH.to_owned()]);
}

#[tokio::test]
async fn every_call_to_a_graph_host_asks_for_english() {
    let meta = Meta::saying(std::iter::repeat_n(Ok(json(200, "{}")), 7));
    let client = meta.client();
    let (instagram, facebook) = (token(INSTAGRAM), token(FACEBOOK));
    let _ = client.refresh(&instagram).await;
    let _ = client.exchange(&instagram).await;
    let _ = client.me(&instagram).await;
    let _ = client.fb_exchange(&facebook).await;
    let _ = client.refresh_system_user(&facebook).await;
    let _ = client.debug_token(&facebook).await;
    let _ = client.page_tokens(&facebook).await;
    assert_eq!(meta.asked().len(), 7);
    for request in meta.asked() {
        assert_eq!(shown(&request.query).iter().filter(|param| *param == ENGLISH).count(), 1, "{request:?}");
    }
}

#[tokio::test]
async fn the_whole_list_of_pages_is_read() {
    let reply = |id: u32, paging: &str| {
        let body =
            format!(r#"{{"data":[{{"id":"{id}","name":"Page {id}","access_token":"{FACEBOOK}{id}"}}]{paging}}}"#);
        Ok(json(200, &body))
    };
    let meta = Meta::saying([
        reply(1, r#","paging":{"cursors":{"after":"fakecursor"},"next":"https://graph.facebook.com/x"}"#),
        reply(2, r#","paging":{"cursors":{"after":"last"}}"#),
    ]);
    let pages = meta.client().page_tokens(&token(FACEBOOK)).await.unwrap().value;
    let names: Vec<_> = pages.iter().map(|page| page.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["Page 1", "Page 2"]);
    assert_eq!(pages[1].token, token(&format!("{FACEBOOK}2")));
    let [first, second] = meta.asked().try_into().unwrap();
    assert_eq!((first.host, first.path.as_str()), ("graph.facebook.com", "/v25.0/me/accounts"));
    assert!(!shown(&first.query).iter().any(|param| param.starts_with("after=")));
    assert!(shown(&second.query).contains(&"after=fakecursor".to_owned()));
}

#[tokio::test]
async fn threads_falls_back_only_if_nothing_was_sent() {
    let failed = |stage, sent| Err(TransportError::new(stage, sent, "test"));
    for stage in [Stage::Resolve, Stage::Connect] {
        let meta = Meta::saying([failed(stage, false), Ok(json(200, &fresh()))]);
        meta.client().refresh(&token(THREADS)).await.unwrap();
        let hosts: Vec<_> = meta.asked().iter().map(|request| request.host).collect();
        assert_eq!(hosts, ["graph.threads.com", "graph.threads.net"]);
    }
    for (stage, sent) in [
        (Stage::Headers, true),
        (Stage::Deadline, true),
        (Stage::Deadline, false),
        (Stage::Tls, false),
        (Stage::Proxy, false),
    ] {
        let meta = Meta::saying([failed(stage, sent)]);
        meta.client().refresh(&token(THREADS)).await.unwrap_err();
        assert_eq!(meta.asked().len(), 1, "{stage:?}");
    }
    let meta = Meta::saying([failed(Stage::Connect, false)]);
    meta.client().refresh(&token(INSTAGRAM)).await.unwrap_err();
    assert_eq!(meta.asked().len(), 1);
}

#[tokio::test]
async fn an_impossible_call_is_not_sent() {
    let meta = Meta::saying([]);
    let with_app = meta.client();
    let without_app = Client::new(meta.clone() as std::sync::Arc<dyn Transport>);
    let unknown = token(&"fakeFAKE".repeat(8));
    let basic_display = token(&format!("IGQV{}", "fakeFAKE".repeat(8)));
    let refusals = [
        with_app.refresh(&unknown).await.unwrap_err(),
        with_app.refresh(&basic_display).await.unwrap_err(),
        with_app.refresh(&token(FACEBOOK)).await.unwrap_err(),
        with_app.exchange(&unknown).await.unwrap_err(),
        with_app.exchange(&token(FACEBOOK)).await.unwrap_err(),
        with_app.fb_exchange(&token(INSTAGRAM)).await.unwrap_err(),
        with_app.refresh_system_user(&token(THREADS)).await.unwrap_err(),
        with_app.me(&unknown).await.unwrap_err(),
        with_app.debug_token(&unknown).await.unwrap_err(),
        with_app.debug_token(&token(INSTAGRAM)).await.unwrap_err(),
        with_app.page_tokens(&token(INSTAGRAM)).await.unwrap_err(),
        without_app.exchange(&token(INSTAGRAM)).await.unwrap_err(),
        without_app.fb_exchange(&token(FACEBOOK)).await.unwrap_err(),
        without_app.debug_token(&token(FACEBOOK)).await.unwrap_err(),
        without_app.exchange_code(Platform::Instagram, "AQfake", "https://example.com/").await.unwrap_err(),
    ];
    for refusal in refusals {
        assert!(matches!(refusal, Error::Config(_)) && refusal.to_string().len() > 20, "{refusal:?}");
    }
    assert!(meta.asked().is_empty());
}

#[tokio::test]
async fn debug_output_of_a_request_shows_no_value() {
    let meta = Meta::saying([Ok(json(200, &fresh())), Ok(json(200, &fresh()))]);
    meta.client().exchange(&token(INSTAGRAM)).await.unwrap();
    meta.client().exchange_code(Platform::Threads, "AQfakecode", "https://example.com/").await.unwrap();
    let shown = format!("{:?} {:?} {:?}", meta.asked(), meta.client(), json(200, &fresh()));
    for secret in [INSTAGRAM, APP_SECRET, "AQfakecode", FRESH] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(
        shown.contains("GET https://graph.instagram.com/access_token query [grant_type=.., client_secret=.."),
        "{shown}"
    );
}

#[tokio::test]
async fn values_are_percent_encoded() {
    let meta = Meta::saying([Ok(json(200, &fresh()))]);
    meta.client().exchange_code(Platform::Threads, "AQ+/ é", "https://example.com/?a=b&c").await.unwrap();
    let [request] = meta.asked().try_into().unwrap();
    assert!(
        request
            .encoded_form()
            .ends_with("&redirect_uri=https%3A%2F%2Fexample.com%2F%3Fa%3Db%26c&code=AQ%2B%2F%20%C3%A9"),
        "{:?}",
        *request.encoded_form()
    );
}
