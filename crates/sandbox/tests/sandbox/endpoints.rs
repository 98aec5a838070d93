//! The replies of each endpoint.

use everlit_sandbox::{Ids, Issue, Kind, MeShape, OneOf, State, TokenType, UsageHeaders};
use serde_json::json;

use crate::{DAY, FACEBOOK_APP, INSTAGRAM_APP, NOW, codes, friendly, get, me, post, token_in};

#[test]
fn me_keeps_every_digit_of_an_id_in_each_shape() {
    let mut meta = friendly();
    let issue = Issue::new(Kind::Instagram).username("sunny_bakery").user_id("30927608773521030");
    let token = meta.issue(&issue);
    let table = [
        (MeShape::Flat, Ids::Text, r#"{"user_id":"30927608773521030","username":"sunny_bakery"}"#),
        (MeShape::Flat, Ids::Number, r#"{"user_id":30927608773521030,"username":"sunny_bakery"}"#),
        (MeShape::Data, Ids::Text, r#"{"data":[{"user_id":"30927608773521030","username":"sunny_bakery"}]}"#),
        (MeShape::Data, Ids::Number, r#"{"data":[{"user_id":30927608773521030,"username":"sunny_bakery"}]}"#),
    ];
    for (shape, ids, body) in table {
        meta.knobs.me_shape = OneOf::only(shape);
        meta.knobs.ids = OneOf::only(ids);
        assert_eq!(me(&mut meta, &token).text(), body);
    }
}

#[test]
fn me_rejects_fields_that_the_product_lacks() {
    let mut meta = friendly();
    let threads = meta.issue(&Issue::new(Kind::Threads).username("knots"));
    let facebook = meta.issue(&Issue::new(Kind::FacebookUser).username("Ada"));
    let instagram = meta.issue(&Issue::new(Kind::Instagram));
    let response = get(&mut meta, &format!("graph.threads.net/v1.0/me?fields=id,username&access_token={threads}"));
    assert_eq!(response.json()["username"], "knots");
    let response = get(&mut meta, &format!("graph.facebook.com/v25.0/me?access_token={facebook}"));
    assert_eq!(response.json()["name"], "Ada");
    let response = get(&mut meta, &format!("graph.instagram.com/me?fields=id,email&access_token={instagram}"));
    assert_eq!(codes(&response), (100, None));
}

#[test]
fn an_exchange_gives_60_days_and_452_for_a_long_lived_token() {
    let mut meta = friendly();
    let short = meta.issue(&Issue::new(Kind::Instagram).short());
    let exchange = |token: &str, secret: &str| {
        format!(
            "graph.instagram.com/access_token?grant_type=ig_exchange_token&client_secret={secret}&access_token={token}"
        )
    };
    let secret = "fa4e5a4db0c500000000000000000001";
    let response = get(&mut meta, &exchange(&short, secret));
    assert_eq!((response.status, &response.json()["expires_in"]), (200, &json!(5_184_000)));
    let long = token_in(&response);
    assert_ne!(long, short);
    assert_eq!(codes(&get(&mut meta, &exchange(&long, secret))), (452, Some(4_279_019)));
    // The secret is checked before the token.
    assert_eq!(codes(&get(&mut meta, &exchange("garbage", "wrong"))), (100, None));
    assert_eq!(codes(&get(&mut meta, &exchange("garbage", secret))), (190, None));
}

#[test]
fn a_facebook_exchange_keeps_or_extends_the_expiry() {
    use everlit_sandbox::FbReexchange::{CountsDown, Extends};
    for (knob, left) in [(CountsDown, 40 * DAY), (Extends, 60 * DAY)] {
        let mut meta = friendly();
        meta.knobs.fb_reexchange = knob;
        let token = meta.issue(&Issue::new(Kind::FacebookUser).aged_days(20));
        let target = format!(
            "graph.facebook.com/v25.0/oauth/access_token?grant_type=fb_exchange_token&{FACEBOOK_APP}&fb_exchange_token={token}"
        );
        let response = get(&mut meta, &target);
        assert_eq!(response.json()["expires_in"], left);
        assert_ne!(token_in(&response), token);
        // The app is checked first: its secret, then its id.
        assert_eq!(codes(&get(&mut meta, &target.replace("c500000000000000000002", "wrong"))), (1, None));
        assert_eq!(codes(&get(&mut meta, &target.replace("client_id=1", "client_id=9"))), (101, None));
    }
}

#[test]
fn a_refreshed_system_user_token_stays_valid_until_revoked() {
    let mut meta = friendly();
    let old = meta.issue(&Issue::new(Kind::SystemUser).aged_days(50).ttl(60 * DAY));
    let base = "graph.facebook.com/v25.0/oauth";
    let response = get(
        &mut meta,
        &format!(
            "{base}/access_token?grant_type=fb_exchange_token&set_token_expires_in_60_days=true&{FACEBOOK_APP}&fb_exchange_token={old}"
        ),
    );
    assert_eq!(response.json()["expires_in"], 60 * DAY);
    let new = token_in(&response);
    let me = |token: &str| format!("graph.facebook.com/v25.0/me?access_token={token}");
    assert_eq!(get(&mut meta, &me(&old)).status, 200);
    let response = get(&mut meta, &format!("{base}/revoke?{FACEBOOK_APP}&revoke_token={old}&access_token={new}"));
    assert_eq!(response.json(), json!({"success": true}));
    assert_eq!(codes(&get(&mut meta, &me(&old))), (190, Some(467)));
    assert_eq!(get(&mut meta, &me(&new)).status, 200);
}

#[test]
fn page_tokens_of_a_long_lived_user_never_expire() {
    let mut meta = friendly();
    let user = meta.issue(&Issue::new(Kind::FacebookUser).username("Ada"));
    let accounts = format!("graph.facebook.com/v25.0/me/accounts?fields=id,name,access_token&access_token={user}");
    let first = get(&mut meta, &accounts).json()["data"][0].clone();
    assert_eq!(first, get(&mut meta, &accounts).json()["data"][0]);
    let page_token = first["access_token"].as_str().unwrap();
    assert_eq!(meta.token(page_token).unwrap().expires_at, None);
    let page_id = first["id"].as_str().unwrap();
    let page = get(&mut meta, &format!("graph.facebook.com/v25.0/{page_id}?fields=access_token&access_token={user}"));
    assert_eq!(page.json(), json!({"access_token": page_token, "id": page_id}));
    let other = get(&mut meta, &format!("graph.facebook.com/v25.0/999?fields=access_token&access_token={user}"));
    assert_eq!(codes(&other), (100, Some(33)));

    let short = meta.issue(&Issue::new(Kind::FacebookUser).username("Ada").short());
    let of_short = get(&mut meta, &accounts.replace(&user, &short)).json()["data"][0].clone();
    assert_eq!(meta.token(of_short["access_token"].as_str().unwrap()).unwrap().expires_at, Some(NOW + 3600));
}

#[test]
fn debug_token_describes_dead_tokens_too() {
    let mut meta = friendly();
    let page = meta.issue(&Issue::new(Kind::FacebookPage).username("Bakery"));
    let caller = "1000000000000002%7Cfa4e5a4db0c500000000000000000002";
    let target = format!("graph.facebook.com/v25.0/debug_token?input_token={page}&access_token={caller}");
    let data = get(&mut meta, &target).json()["data"].clone();
    assert_eq!(data["type"], "PAGE");
    assert_eq!((&data["expires_at"], &data["is_valid"]), (&json!(0), &json!(true)));
    assert_eq!(data["data_access_expires_at"], NOW + 7_775_957);

    meta.set_state(&page, State::PasswordChanged);
    let response = get(&mut meta, &target);
    let data = response.json()["data"].clone();
    assert_eq!((response.status, &data["is_valid"]), (200, &json!(false)));
    assert_eq!((&data["error"]["code"], &data["error"]["subcode"]), (&json!(190), &json!(460)));

    assert_eq!(codes(&get(&mut meta, &target.replace(caller, "1000000000000002%7Cwrong"))), (190, None));
    let stranger = get(&mut meta, &target.replace(&page, "EAAnever"));
    assert_eq!(stranger.json()["data"]["is_valid"], false);
}

#[test]
fn threads_debug_token_accepts_a_user_or_an_app_token() {
    let mut meta = friendly();
    let token = meta.issue(&Issue::new(Kind::Threads));
    for caller in [token.as_str(), "TH%7C1000000000000003%7Cfa4e5a4db0c500000000000000000003"] {
        let target = format!("graph.threads.com/v1.0/debug_token?input_token={token}&access_token={caller}");
        let data = get(&mut meta, &target).json()["data"].clone();
        assert_eq!(data["expires_at"], NOW + 5_184_000);
        assert_eq!(data["issued_at"], NOW);
    }
}

#[test]
fn an_app_token_consists_of_id_and_secret() {
    let mut meta = friendly();
    let target = format!("graph.facebook.com/oauth/access_token?grant_type=client_credentials&{FACEBOOK_APP}");
    assert_eq!(token_in(&get(&mut meta, &target)), "1000000000000002|fa4e5a4db0c500000000000000000002");
    let threads = target.replace("facebook", "threads").replace("02", "03");
    assert!(token_in(&get(&mut meta, &threads)).starts_with("TH|1000000000000003|"));
}

#[test]
fn a_wrong_or_required_but_missing_appsecret_proof_is_rejected() {
    let mut meta = friendly();
    let token = meta.issue(&Issue::new(Kind::FacebookUser));
    let me = format!("graph.facebook.com/v25.0/me?access_token={token}");
    assert_eq!(codes(&get(&mut meta, &format!("{me}&appsecret_proof=00ff"))), (100, None));
    meta.knobs.require_appsecret_proof = true;
    let response = get(&mut meta, &me);
    assert!(response.text().contains("require an appsecret_proof"), "{}", response.text());
}

#[test]
fn a_token_on_the_wrong_host_cannot_be_parsed() {
    let mut meta = friendly();
    let (ig, fb) = (meta.issue(&Issue::new(Kind::Instagram)), meta.issue(&Issue::new(Kind::FacebookUser)));
    for target in [
        format!("graph.facebook.com/v25.0/me?access_token={ig}"),
        format!("graph.threads.com/v1.0/me?access_token={ig}"),
        format!("graph.instagram.com/me?access_token={fb}"),
        format!("graph.instagram.com/me?access_token={}", &ig[..40]),
    ] {
        let response = get(&mut meta, &target);
        assert_eq!(codes(&response), (190, None));
        assert!(response.text().contains("Cannot parse access token"));
    }
    let response = get(&mut meta, "graph.instagram.com/me");
    assert_eq!(response.json()["error"]["message"], "Invalid OAuth 2.0 Access Token");
    assert_eq!(response.json()["error"]["type"], "IGApiException");
}

#[test]
fn a_bearer_header_works_if_the_knob_allows_it() {
    let mut meta = friendly();
    let token = meta.issue(&Issue::new(Kind::Instagram));
    let call = crate::careful("GET", "graph.instagram.com/me?fields=username")
        .header("Authorization", &format!("Bearer {token}"));
    assert_eq!(meta.handle(&call).status, 200);
    meta.knobs.bearer = false;
    assert_eq!(codes(&meta.handle(&call)), (190, None));
}

#[test]
fn responses_have_metas_headers_and_each_form_of_usage() {
    let mut meta = friendly();
    meta.knobs.usage_percent = 96;
    meta.knobs.usage_regain_minutes = 19;
    let token = meta.issue(&Issue::new(Kind::Instagram));
    let table = [
        (UsageHeaders::Absent, "x-app-usage", None),
        (UsageHeaders::Facebook, "x-app-usage", Some(r#"{"call_count":96,"total_time":48,"total_cputime":1}"#)),
        (UsageHeaders::Instagram, "x-app-usage", Some(r#"{"call_volume":96,"cpu_time":0}"#)),
        (UsageHeaders::Malformed, "x-app-usage", Some("{call_count:")),
    ];
    for (form, header, value) in table {
        meta.knobs.usage_headers = OneOf::only(form);
        assert_eq!(me(&mut meta, &token).header(header), value);
    }
    meta.knobs.usage_headers = OneOf::only(UsageHeaders::Business);
    let response = me(&mut meta, &token);
    let header = response.header("x-business-use-case-usage").unwrap();
    assert!(header.contains(r#""estimated_time_to_regain_access":19"#), "{header}");
    assert_eq!(response.header("date"), Some("Mon, 01 Jun 2026 12:00:00 GMT"));
    assert!(response.header("x-fb-trace-id").is_some() && response.header("instagram-api-version").is_some());

    let response = get(&mut meta, "graph.instagram.com/me?access_token=x");
    let header = response.header("www-authenticate").unwrap();
    assert!(header.starts_with(r#"OAuth "Facebook Platform" "invalid_token""#), "{header}");
}

#[test]
fn token_type_is_lower_case_capitalized_or_absent() {
    let mut meta = friendly();
    let token = meta.issue(&Issue::new(Kind::Instagram).aged_days(2));
    for (knob, value) in
        [(TokenType::Lower, json!("bearer")), (TokenType::Capital, json!("Bearer")), (TokenType::Absent, json!(null))]
    {
        meta.knobs.token_type = OneOf::only(knob);
        assert_eq!(crate::refresh(&mut meta, &token).json()["token_type"], value);
    }
}

#[test]
fn unknown_paths_and_wrong_methods_get_metas_errors() {
    let mut meta = friendly();
    assert_eq!(get(&mut meta, "graph.instagram.com/nothing").json()["error"]["code"], 2500);
    let token = meta.issue(&Issue::new(Kind::Instagram).aged_days(2));
    let response = post(
        &mut meta,
        "graph.instagram.com/refresh_access_token",
        &format!("grant_type=ig_refresh_token&access_token={token}"),
    );
    assert_eq!(response.json()["error"]["message"], "Unsupported request - method type: post");
    assert_eq!(response.json()["error"]["type"], "IGApiException");
    let response = get(&mut meta, &format!("api.instagram.com/oauth/access_token?{INSTAGRAM_APP}&code=1"));
    assert_eq!(codes(&response), (100, None));
}
