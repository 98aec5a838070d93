//! The management API and the page, over a socket.

use everlit_sandbox::{Config, Endpoint, Fault, Injection, Issue, Kind, Rule, Sandbox, State};
use serde_json::{Value, json};

use crate::{DAY, NOW, faults::wire};

fn sandbox() -> Sandbox {
    Sandbox::start(Config::friendly().clock_at(NOW), 1, None).unwrap()
}

fn send(sandbox: &Sandbox, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
    let (host, length) = (sandbox.address(), body.len());
    let reply = wire(
        sandbox,
        &format!(
            "{method} {path} HTTP/1.1\nhost: {host}\nconnection: close\n{headers}content-length: {length}\n\n{body}"
        ),
    );
    let (head, body) = reply.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{reply:?}"));
    (head[9..12].parse().unwrap(), body.to_owned())
}

fn json_of(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let (status, reply) = send(sandbox, method, path, "", &body);
    assert_eq!(status, 200, "{reply}");
    serde_json::from_str(&reply).unwrap()
}

#[test]
fn json_calls_issue_list_and_change_tokens() {
    let sandbox = sandbox();
    let issue = json!({"kind": "instagram", "username": "bakery", "user_id": "30927608773521030", "age_days": 31});
    let token = json_of(&sandbox, "POST", "/_sandbox/tokens", &issue);
    assert_eq!((&token["username"], &token["user_id"]), (&json!("bakery"), &json!("30927608773521030")));
    assert_eq!(token["expires_at"], NOW + 29 * DAY);
    assert_eq!(json_of(&sandbox, "GET", "/_sandbox/tokens", &Value::Null), json!([token]));
    for which in ["#1", "bakery", "30927608773521030", token["access_token"].as_str().unwrap()] {
        json_of(&sandbox, "POST", "/_sandbox/tokens/state", &json!({"which": which, "state": "password_changed"}));
        assert_eq!(sandbox.with(|meta| meta.newest_token("bakery").unwrap().state), State::PasswordChanged);
        sandbox.with(|meta| meta.set_state("bakery", State::Live));
    }
    let (status, _) = send(&sandbox, "POST", "/_sandbox/tokens/state", "", r##"{"which":"#9","state":"revoked"}"##);
    assert_eq!(status, 404);
}

#[test]
fn a_fixed_clock_stays_until_it_is_moved() {
    let sandbox = sandbox();
    assert_eq!(
        json_of(&sandbox, "GET", "/_sandbox/clock", &Value::Null),
        json!({"now": NOW, "utc": "2026-06-01 12:00 UTC"})
    );
    for (injection, now) in [
        (json!({"advance_days": 30}), NOW + 30 * DAY),
        (json!({"advance_seconds": -60}), NOW + 30 * DAY - 60),
        (json!({"set": 1_800_000_000}), 1_800_000_000),
    ] {
        assert_eq!(json_of(&sandbox, "POST", "/_sandbox/clock", &injection)["now"], now);
    }
    assert_eq!(send(&sandbox, "POST", "/_sandbox/clock", "", r#"{"advance_days":"soon"}"#).0, 400);
    assert_eq!(send(&sandbox, "POST", "/_sandbox/clock", "", "{}").0, 400);
}

#[test]
fn a_real_clock_starts_at_the_time_of_this_machine() {
    let sandbox = Sandbox::start(Config::friendly(), 1, None).unwrap();
    let now = sandbox.with(|meta| meta.now);
    assert!(now > NOW - 365 * DAY, "{now}");
    sandbox.with(|meta| meta.advance(1000 * DAY));
    assert!(sandbox.with(|meta| meta.now) >= now + 1000 * DAY);
}

#[test]
fn json_calls_set_knobs_and_inject_faults() {
    let sandbox = sandbox();
    let knobs =
        json_of(&sandbox, "POST", "/_sandbox/knobs", &json!({"refresh_string": "same", "fault_rates": {"html": 0.5}}));
    assert_eq!((&knobs["refresh_string"], &knobs["fault_rates"]["html"]), (&json!("same"), &json!(0.5)));
    let knobs = json_of(&sandbox, "POST", "/_sandbox/knobs", &json!({"preset": "unfriendly", "ids": "number"}));
    assert_eq!((&knobs["ids"], &knobs["expires_in_jitter"]), (&json!("number"), &json!(60)));
    assert_eq!(send(&sandbox, "POST", "/_sandbox/knobs", "", r#"{"tempo":1}"#).0, 400);

    json_of(&sandbox, "POST", "/_sandbox/faults", &json!({"fault": "slow", "millis": 5, "endpoint": "me", "times": 3}));
    let injection = Injection::new(Fault::Slow { millis: 5 }).at(Endpoint::Me).times(3);
    assert_eq!(sandbox.with(|meta| meta.injections().to_vec()), [injection]);
    assert_eq!(send(&sandbox, "POST", "/_sandbox/faults", "", r#"{"fault":"earthquake"}"#).0, 400);
    json_of(&sandbox, "DELETE", "/_sandbox/faults", &Value::Null);
    assert!(sandbox.with(|meta| meta.injections().is_empty()));
}

#[test]
fn log_and_violations_can_be_read_and_cleared() {
    let sandbox = sandbox();
    send(&sandbox, "GET", "/graph.instagram.com/me?access_token=IGAAfakeNOBODY", "", "");
    let log = json_of(&sandbox, "GET", "/_sandbox/log", &Value::Null);
    assert_eq!(
        (&log[0]["endpoint"], &log[0]["token"], &log[0]["status"]),
        (&json!("me"), &json!("unknown"), &json!(400))
    );
    let violations = json_of(&sandbox, "GET", "/_sandbox/violations", &Value::Null);
    assert_eq!(violations[0]["rule"], "accept_json");
    for path in ["/_sandbox/log", "/_sandbox/violations"] {
        json_of(&sandbox, "DELETE", path, &Value::Null);
        assert_eq!(json_of(&sandbox, "GET", path, &Value::Null), json!([]));
    }
}

#[test]
fn names_are_those_in_json() {
    for endpoint in Endpoint::ALL {
        assert_eq!(json!(endpoint), endpoint.name());
    }
    for state in State::ALL {
        assert_eq!(json!(state), state.name());
    }
    for rule in Rule::ALL {
        assert_eq!(json!(rule), rule.name());
    }
}

#[test]
fn a_callback_is_signed_for_the_account() {
    let sandbox = sandbox();
    let scoped = sandbox.with(|meta| {
        let token = meta.issue(&Issue::new(Kind::Threads).username("knots"));
        meta.account(meta.token(&token).unwrap()).app_scoped_id.clone()
    });
    let reply = json_of(&sandbox, "POST", "/_sandbox/callback", &json!({"which": "knots", "product": "threads"}));
    let expected = everlit_sandbox::signed_request("fa4e5a4db0c500000000000000000003", &scoped, NOW);
    assert_eq!(reply["signed_request"], expected);
}

#[test]
fn an_unknown_route_gets_a_404_that_lists_all_routes() {
    let (status, body) = send(&sandbox(), "GET", "/_sandbox/nothing", "", "");
    assert_eq!(status, 404);
    assert!(body.contains("/_sandbox/tokens/state"), "{body}");
}

#[test]
fn the_pages_forms_work_without_scripts() {
    let sandbox = sandbox();
    let form = format!(
        "content-type: application/x-www-form-urlencoded\norigin: {}\nsec-fetch-site: same-origin\n",
        sandbox.url()
    );
    let issue = "kind=threads&username=12345&age_days=31&short=on";
    assert_eq!(send(&sandbox, "POST", "/_sandbox/tokens", &form, issue).0, 303);
    let (short, name) = sandbox.with(|meta| {
        let token = meta.tokens().next().unwrap();
        (token.short, meta.account(token).username.clone())
    });
    assert_eq!((short, name.as_str()), (true, "12345"));
    assert_eq!(send(&sandbox, "POST", "/_sandbox/clock", &form, "advance_days=30").0, 303);
    assert_eq!(sandbox.with(|meta| meta.now), NOW + 30 * DAY);
    assert_eq!(send(&sandbox, "POST", "/_sandbox/tokens/state", &form, "which=%231&state=revoked").0, 303);
    assert_eq!(sandbox.with(|meta| meta.tokens().next().unwrap().state), State::Revoked);
}

#[test]
fn other_sites_and_rebound_hosts_are_rejected() {
    let sandbox = sandbox();
    let attack =
        "content-type: application/x-www-form-urlencoded\norigin: https://example.com\nsec-fetch-site: cross-site\n";
    assert_eq!(send(&sandbox, "POST", "/_sandbox/clock", attack, "advance_days=30").0, 403);
    assert_eq!(sandbox.with(|meta| meta.now), NOW);
    for path in ["/", "/_sandbox/tokens", "/graph.instagram.com/me"] {
        let reply = wire(&sandbox, &format!("GET {path} HTTP/1.1\nhost: rebound.example.com\nconnection: close\n\n"));
        assert!(reply.starts_with("HTTP/1.1 403 "), "{reply}");
    }
}

#[test]
fn the_page_shows_everything_and_escapes_hostile_names() {
    let sandbox = sandbox();
    let hostile = r#"<script>alert("1")</script>'&"#;
    let token = sandbox.with(|meta| {
        let token = meta.issue(&Issue::new(Kind::Instagram).username(hostile).aged_days(31));
        meta.issue(&Issue::new(Kind::FacebookPage).state(State::RoleRemoved));
        crate::me(meta, &token);
        meta.inject(Injection::new(Fault::Dropped).for_account(hostile));
        meta.handle(&everlit_sandbox::Call::new("POST", "graph.instagram.com/refresh_access_token"));
        token
    });
    let (status, page) = send(&sandbox, "GET", "/", "", "");
    assert_eq!(status, 200);
    for message in [
        "not the real Meta",
        "2026-06-01 12:00 UTC",
        &token,
        "in 29 days",
        "31 days",
        "role removed",
        "never",
        "refresh and exchange tokens by GET",
    ] {
        assert!(page.contains(message), "{message}");
    }
    assert!(page.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;"));
    assert!(!page.contains("<script"));
    assert!(!page.contains("https://"), "external asset");
    let url = "/www.instagram.com/oauth/authorize?client_id=1000000000000001&redirect_uri=http://127.0.0.1/&response_type=code\
               &scope=instagram_business_%3Cscript%3E";
    let (status, page) = send(&sandbox, "GET", url, "", "");
    assert_eq!(status, 200);
    assert!(!page.contains("<script"), "{page}");
}

#[test]
fn two_hundred_tokens_are_searched_and_turned_page_by_page() {
    let sandbox = sandbox();
    for number in 1..=200 {
        sandbox.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username(&format!("shop_{number}"))));
    }
    sandbox.with(|meta| meta.set_state("shop_7", State::Revoked));
    let shown = |target: &str| -> Vec<String> {
        let (_, page) = send(&sandbox, "GET", target, "", "");
        let rows = page.split("<td>#").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
        rows.collect()
    };
    let numbers = |from: u32, to: u32| -> Vec<String> { (to..=from).rev().map(|id| id.to_string()).collect() };
    assert_eq!(shown("/"), numbers(200, 176));
    assert_eq!(shown("/?page=8"), numbers(25, 1));
    assert_eq!(shown("/?page=99"), numbers(25, 1));
    assert_eq!(shown("/?search=%237"), ["7"]);
    assert_eq!(shown("/?search=REVOKED"), ["7"]);
    assert_eq!(shown("/?search=shop_19&page=1").len(), 11);
    assert_eq!(shown("/?search=nobody"), [""; 0]);
    let (_, page) = send(&sandbox, "GET", "/?search=%22%3E%3Cscript&page=1", "", "");
    assert!(!page.contains("<script") && page.contains("None found."), "{page}");
    let (_, page) = send(&sandbox, "GET", "/?search=shop&page=2", "", "");
    assert!(page.contains("href=\"/?search=shop&amp;page=3#tokens\"") && page.contains("Page 2 of 8 (200 tokens)"));
    // A changed state leads back to where it was changed, and to no other site.
    let host = sandbox.address();
    for (from, to) in [(format!("http://{host}/?page=2"), "/?page=2#tokens"), ("http://a.example/?page=2".into(), "/")]
    {
        let head = format!("host: {host}\nreferer: {from}\ncontent-type: application/x-www-form-urlencoded\n");
        let request =
            format!("POST /_sandbox/clock HTTP/1.1\n{head}content-length: 14\nconnection: close\n\nadvance_days=1");
        let reply = wire(&sandbox, &request);
        assert!(reply.contains(&format!("location: {to}\r\n")), "{reply}");
    }
}

#[test]
fn dropping_the_sandbox_frees_its_port() {
    let sandbox = Sandbox::start(Config::friendly(), 1, None).unwrap();
    let address = sandbox.address();
    assert_eq!(sandbox.url(), format!("http://{address}"));
    assert!(address.ip().is_loopback());
    let taken = Sandbox::start(Config::friendly(), 1, Some(address));
    assert_eq!(taken.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
    drop(sandbox);
    assert_eq!(Sandbox::start(Config::friendly(), 1, Some(address)).unwrap().address(), address);
    let taken = Sandbox::start(Config::friendly(), 1, Some("203.0.113.1:1".parse().unwrap()));
    assert!(taken.is_err(), "bound the address of another machine");
}
