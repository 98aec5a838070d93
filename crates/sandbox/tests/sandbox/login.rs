//! From the consent page to the first token.

use everlit_sandbox::{ExchangeShape, Meta, OneOf, Permissions, Response};
use serde_json::json;

use crate::{DAY, FACEBOOK_APP, INSTAGRAM_APP, friendly, get, post, token_in};

const REDIRECT: &str = "http%3A%2F%2F127.0.0.1%3A9000%2Fcallback";

fn authorize_url() -> String {
    format!(
        "www.instagram.com/oauth/authorize?client_id=1000000000000001&redirect_uri={REDIRECT}&response_type=code\
         &scope=instagram_business_basic,instagram_business_manage_comments&state=a%26b"
    )
}

/// The redirect that a decision leads to.
fn decide(meta: &mut Meta, url: &str, form: &str) -> String {
    let response = post(meta, url, form);
    assert_eq!(response.status, 302, "{}", response.text());
    response.header("location").unwrap().to_owned()
}

fn code_in(location: &str) -> String {
    location.split_once("code=").unwrap().1.split(['&', '#']).next().unwrap().to_owned()
}

fn exchange(meta: &mut Meta, code: &str) -> Response {
    let form = format!("{INSTAGRAM_APP}&grant_type=authorization_code&redirect_uri={REDIRECT}&code={code}");
    post(meta, "api.instagram.com/oauth/access_token", &form)
}

#[test]
fn approving_redirects_with_code_state_and_metas_fragment() {
    let mut meta = friendly();
    let page = get(&mut meta, &authorize_url());
    assert!(page.text().contains("Sandbox Instagram app asks for access"));
    assert!(page.text().contains("instagram_business_manage_comments"));
    let location = decide(&mut meta, &authorize_url(), "decision=approve&username=sunny_bakery");
    assert!(location.starts_with("http://127.0.0.1:9000/callback?code=AQfakeSANDBOX"), "{location}");
    assert!(location.ends_with("&state=a%26b#_"), "{location}");
}

#[test]
fn denying_redirects_with_access_denied() {
    let location = decide(&mut friendly(), &authorize_url(), "decision=deny");
    assert_eq!(
        location,
        "http://127.0.0.1:9000/callback?error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request\
         &state=a%26b"
    );
}

#[test]
fn a_code_yields_a_short_lived_token_in_each_of_four_shapes() {
    let scopes = ["instagram_business_basic", "instagram_business_manage_comments"];
    let table = [
        (ExchangeShape::A, Permissions::Text, true, true, json!(scopes.join(","))),
        (ExchangeShape::B, Permissions::List, false, false, json!(scopes)),
        (ExchangeShape::C, Permissions::List, false, true, json!(null)),
        (ExchangeShape::D, Permissions::List, true, false, json!(scopes)),
        (ExchangeShape::B, Permissions::Absent, false, false, json!(null)),
    ];
    for (shape, permissions, in_data, id_is_text, expected) in table {
        let mut meta = friendly();
        meta.knobs.exchange_shape = OneOf::only(shape);
        meta.knobs.permissions = OneOf::only(permissions);
        let code = code_in(&decide(&mut meta, &authorize_url(), "decision=approve&username=sunny_bakery"));
        let reply = exchange(&mut meta, &code).json();
        let reply = if in_data { reply["data"][0].clone() } else { reply };
        assert_eq!(reply["permissions"], expected, "{shape:?}");
        assert_eq!(reply["user_id"].is_string(), id_is_text, "{shape:?}");
        assert!(reply.get("expires_in").is_none());
        let token = meta.token(reply["access_token"].as_str().unwrap()).unwrap();
        assert!(token.short && token.expires_at == Some(meta.now + 3600));
        assert_eq!(meta.account(token).username, "sunny_bakery");
    }
}

#[test]
fn a_code_works_once_for_an_hour_for_its_app_and_redirect_uri() {
    let mut meta = friendly();
    let code = code_in(&decide(&mut meta, &authorize_url(), "decision=approve"));
    let message = |response: Response| response.json()["error_message"].as_str().unwrap().to_owned();
    let wrong_uri =
        format!("{INSTAGRAM_APP}&grant_type=authorization_code&redirect_uri=http%3A%2F%2Fother&code={code}");
    let response = post(&mut meta, "api.instagram.com/oauth/access_token", &wrong_uri);
    assert!(message(response).contains("redirect_uri is identical"));
    let wrong_app = wrong_uri.replace("client_id=1", "client_id=9");
    assert_eq!(message(post(&mut meta, "api.instagram.com/oauth/access_token", &wrong_app)), "Invalid platform app");

    let with_fragment = exchange(&mut meta, &format!("{code}%23_"));
    assert_eq!(message(with_fragment), "Matching code was not found or was already used");
    assert_eq!(exchange(&mut meta, &code).status, 200);
    let again = exchange(&mut meta, &code);
    assert_eq!((again.status, again.json()["code"].as_i64()), (400, Some(400)));
    assert_eq!(message(again), "Matching code was not found or was already used");

    let late = code_in(&decide(&mut meta, &authorize_url(), "decision=approve"));
    meta.advance(3600);
    assert_eq!(exchange(&mut meta, &late).status, 400);
}

#[test]
fn a_code_exchange_accepts_multipart_but_not_json() {
    let mut meta = friendly();
    let code = code_in(&decide(&mut meta, &authorize_url(), "decision=approve"));
    let call =
        crate::careful("POST", "api.instagram.com/oauth/access_token").header("content-type", "application/json");
    let response = meta.handle(&call.body(format!(r#"{{"code":"{code}"}}"#).as_bytes()));
    assert_eq!(response.json()["error_message"], "Invalid platform app");

    let fields = [
        ("client_id", "1000000000000001"),
        ("client_secret", "fa4e5a4db0c500000000000000000001"),
        ("grant_type", "authorization_code"),
        ("redirect_uri", "http://127.0.0.1:9000/callback"),
        ("code", &code),
    ];
    let part = |(name, value): (&str, &str)| {
        format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body: String = fields.into_iter().map(part).chain(["--B--\r\n".to_owned()]).collect();
    let call = crate::careful("POST", "api.instagram.com/oauth/access_token")
        .header("content-type", "multipart/form-data; boundary=B");
    assert_eq!(token_in(&meta.handle(&call.body(body.as_bytes()))).get(..4), Some("IGAA"));
}

#[test]
fn an_invalid_authorize_request_is_never_redirected() {
    let mut meta = friendly();
    for (change, to, message) in [
        ("client_id=1000000000000001", "client_id=7", "Invalid platform app"),
        ("instagram_business_basic", "business_basic", "Invalid scope field(s): business_basic"),
        ("http%3A", "javascript%3A", "Invalid redirect_uri"),
        ("response_type=code", "response_type=token", "Invalid response_type"),
    ] {
        let response = get(&mut meta, &authorize_url().replace(change, to));
        assert_eq!((response.status, response.json()["error_message"].as_str()), (400, Some(message)));
    }
    let threads = get(&mut meta, "threads.com/oauth/authorize?client_id=1000000000000001&response_type=code");
    assert_eq!(threads.json()["error_code"], 1_349_026);
}

#[test]
fn threads_returns_a_numeric_id_and_facebook_a_long_lived_token() {
    let mut meta = friendly();
    let url =
        format!("threads.net/oauth/authorize?client_id=1000000000000003&redirect_uri={REDIRECT}&response_type=code");
    let code = code_in(&decide(&mut meta, &url, "decision=approve&username=knots"));
    let app = "client_id=1000000000000003&client_secret=fa4e5a4db0c500000000000000000003";
    let form = format!("{app}&grant_type=authorization_code&redirect_uri={REDIRECT}&code={code}");
    let reply = post(&mut meta, "graph.threads.net/oauth/access_token", &form).json();
    assert!(reply["user_id"].as_u64().unwrap() > 1 << 53);

    let url = format!(
        "www.facebook.com/v25.0/dialog/oauth?client_id=1000000000000002&redirect_uri={REDIRECT}&response_type=code"
    );
    let location = decide(&mut meta, &url, "decision=approve&username=Ada");
    assert!(location.ends_with("#_=_"), "{location}");
    let target = |code| {
        format!("graph.facebook.com/v25.0/oauth/access_token?{FACEBOOK_APP}&redirect_uri={REDIRECT}&code={code}")
    };
    assert_eq!(get(&mut meta, &target(code_in(&location))).json()["expires_in"], 60 * DAY);
    let used = get(&mut meta, &target(code_in(&location)));
    assert!(used.header("www-authenticate").unwrap().contains("invalid_code"));

    let system = decide(&mut meta, &format!("{url}&config_id=5"), "decision=approve&username=robot");
    let reply = get(&mut meta, &target(code_in(&system))).json();
    assert!(reply.get("expires_in").is_none() && reply["access_token"].is_string());
}
