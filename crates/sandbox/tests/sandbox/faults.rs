//! Injected faults, as seen on a real socket.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use everlit_sandbox::{
    Config, Endpoint, Fault, FaultRates, Incident, Injection, Issue, Kind, Meta, MetaError, Product, Rule, Sandbox,
};
use serde_json::json;

use crate::{DAY, NOW, codes, friendly, get, me, refresh, token_in};

/// Everything that arrives until the server closes or resets the connection.
pub(crate) fn wire(sandbox: &Sandbox, request: &str) -> String {
    answer(send(sandbox, request))
}

fn send(sandbox: &Sandbox, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(sandbox.address()).unwrap();
    stream.write_all(request.replace('\n', "\r\n").as_bytes()).unwrap();
    stream
}

fn answer(mut stream: TcpStream) -> String {
    let mut reply = Vec::new();
    // A reset after the last byte is as good as a close.
    let _ = stream.read_to_end(&mut reply);
    String::from_utf8_lossy(&reply).into_owned()
}

fn served() -> (Sandbox, String) {
    let sandbox = Sandbox::start(Config::friendly().clock_at(NOW), 1, None).unwrap();
    let token = sandbox.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username("bakery").aged_days(31)));
    (sandbox, token)
}

fn refresh_over(sandbox: &Sandbox, token: &str) -> String {
    answer(ask(sandbox, &format!("{REFRESH}{token}")))
}

const REFRESH: &str = "/graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token&access_token=";

/// A GET as a careful client sends it. The answer is not read.
fn ask(sandbox: &Sandbox, target: &str) -> TcpStream {
    let host = sandbox.address();
    send(
        sandbox,
        &format!("GET {target} HTTP/1.1\nhost: {host}\naccept: application/json\nuser-agent: t\nconnection: close\n\n"),
    )
}

fn head_and_body(reply: &str) -> (&str, &str) {
    reply.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no complete head in {reply:?}"))
}

fn promised_length(head: &str) -> usize {
    let line = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    line.unwrap_or_else(|| panic!("no content-length in {head}")).parse().unwrap()
}

#[test]
fn each_fault_strikes_once_and_the_next_call_succeeds() {
    type Check = fn(&str);
    let table: [(Fault, bool, Check); 13] = [
        (Fault::Error(MetaError::new(4, "Application request limit reached").status(400)), false, |reply| {
            assert!(reply.starts_with("HTTP/1.1 400 ") && reply.contains(r#""code":4"#), "{reply}");
        }),
        (Fault::Html { status: 403 }, false, |reply| {
            assert!(reply.starts_with("HTTP/1.1 403 ") && reply.contains("content-type: text/html"), "{reply}");
        }),
        (Fault::Empty { status: 500 }, false, |reply| {
            assert!(reply.starts_with("HTTP/1.1 500 ") && head_and_body(reply).1.is_empty(), "{reply}");
        }),
        (Fault::Redirect { location: "https://www.instagram.com/accounts/login/".into() }, false, |reply| {
            assert!(
                reply.starts_with("HTTP/1.1 302 ") && reply.contains("location: https://www.instagram.com/acc"),
                "{reply}"
            );
        }),
        (Fault::Dropped, false, |reply| assert_eq!(reply, "")),
        (Fault::LostReply, true, |reply| assert_eq!(reply, "")),
        (Fault::Truncated, true, |reply| {
            let (head, body) = head_and_body(reply);
            assert!(!body.is_empty() && body.len() < promised_length(head), "{reply}");
        }),
        (Fault::Slow { millis: 20 }, true, |reply| assert!(reply.contains("access_token"), "{reply}")),
        (Fault::Drip { millis: 1 }, true, |reply| {
            let (head, body) = head_and_body(reply);
            assert_eq!(body.len(), promised_length(head));
            assert!(body.ends_with('}'), "{reply}");
        }),
        (Fault::Huge { bytes: 300_000 }, true, |reply| {
            let (head, body) = head_and_body(reply);
            assert_eq!((body.len(), promised_length(head)), (300_000, 300_000));
        }),
        (Fault::WrongDate { seconds: 3600 }, true, |reply| {
            assert!(reply.contains("Mon, 01 Jun 2026 13:00:00 GMT"), "{reply}");
        }),
        (Fault::Alter { field: "expires_in".into(), value: json!(-5) }, true, |reply| {
            assert!(reply.contains(r#""expires_in":-5"#), "{reply}");
        }),
        (Fault::OtherAccount, true, |reply| assert!(reply.contains("access_token"), "{reply}")),
    ];
    for (fault, acts, check) in table {
        let (sandbox, token) = served();
        sandbox.with(|meta| meta.inject(Injection::new(fault.clone()).at(Endpoint::Refresh).times(1)));
        check(&refresh_over(&sandbox, &token));
        let issued = sandbox.with(|meta| meta.tokens().count() - 1);
        assert_eq!(issued > 0, acts, "whether {fault:?} lets Meta execute the call");
        let next = refresh_over(&sandbox, &token);
        assert!(next.starts_with("HTTP/1.1 200 OK") && next.contains("5184000"), "after {fault:?}: {next}");
    }
}

#[test]
fn an_injection_strikes_only_matching_calls() {
    let mut meta = friendly();
    let [one, two] = ["one", "two"].map(|name| meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(31)));
    let number = meta.token(&two).unwrap().id;
    let no = || Fault::Error(MetaError::new(2, "later").transient(true));
    meta.inject(Injection::new(no()).for_token(number).times(2));
    assert_eq!(me(&mut meta, &one).status, 200);
    assert_eq!((codes(&me(&mut meta, &two)).0, codes(&refresh(&mut meta, &two)).0), (2, 2));
    assert_eq!(me(&mut meta, &two).status, 200);
    assert!(meta.injections().is_empty());

    meta.inject(Injection::new(no()).at(Endpoint::Refresh).for_account("one"));
    assert_eq!(me(&mut meta, &one).status, 200);
    assert_eq!(refresh(&mut meta, &two).status, 200);
    for _ in 0..3 {
        assert_eq!(codes(&refresh(&mut meta, &one)).0, 2);
    }
    meta.clear_injections();
    assert_eq!(refresh(&mut meta, &one).status, 200);
}

#[test]
fn an_injection_with_a_chance_strikes_its_share_of_calls() {
    let mut meta = friendly();
    let token = meta.issue(&Issue::new(Kind::Instagram));
    meta.inject(Injection::new(Fault::Html { status: 502 }).chance(0.25));
    let struck = (0..2000).filter(|_| me(&mut meta, &token).status == 502).count();
    assert!((400..600).contains(&struck), "{struck}");
}

#[test]
fn an_injection_changes_or_removes_a_field_of_the_reply() {
    let mut meta = friendly();
    let token = meta.issue(&Issue::new(Kind::Instagram).aged_days(31));
    let alter = |field: &str, value| Injection::new(Fault::Alter { field: field.into(), value }).times(1);
    meta.inject(alter("access_token", json!("")));
    assert_eq!(refresh(&mut meta, &token).json()["access_token"], "");
    meta.inject(alter("access_token", json!(null)));
    assert!(refresh(&mut meta, &token).json().get("access_token").is_none());
    meta.knobs.me_shape = everlit_sandbox::OneOf::only(everlit_sandbox::MeShape::Data);
    meta.inject(alter("user_id", json!("1")));
    assert_eq!(me(&mut meta, &token).json()["data"][0]["user_id"], "1");
}

#[test]
fn the_token_of_another_account_is_valid_there() {
    let mut meta = friendly();
    let token = meta.issue(&Issue::new(Kind::Instagram).aged_days(31));
    let own = me(&mut meta, &token).json()["user_id"].clone();
    meta.inject(Injection::new(Fault::OtherAccount).at(Endpoint::Refresh));
    let strange = token_in(&refresh(&mut meta, &token));
    let response = me(&mut meta, &strange);
    assert_eq!(response.status, 200);
    assert_ne!(response.json()["user_id"], own);
}

#[test]
fn an_incident_hits_the_same_accounts_until_it_ends() {
    let mut meta = friendly();
    let tokens: Vec<_> =
        (0..400).map(|n| meta.issue(&Issue::new(Kind::Instagram).username(&format!("shop_{n}")))).collect();
    let threads = meta.issue(&Issue::new(Kind::Threads));
    let error = MetaError::new(100, "Unsupported get request.").subcode(33);
    let incident = Incident { error, fraction: 0.4, product: Some(Product::Instagram), until: Some(NOW + DAY) };
    meta.knobs.incident = Some(incident);
    let hit = |meta: &mut Meta| tokens.iter().map(|token| me(meta, token).status == 400).collect::<Vec<_>>();
    let first = hit(&mut meta);
    let count = first.iter().filter(|hit| **hit).count();
    assert!((120..200).contains(&count), "{count}");
    assert_eq!(first, hit(&mut meta));
    assert_eq!(codes(&me(&mut meta, &tokens[first.iter().position(|hit| *hit).unwrap()])), (100, Some(33)));
    assert_eq!(refresh(&mut meta, &threads).status, 200);
    meta.advance(DAY);
    assert!(hit(&mut meta).iter().all(|hit| !hit));
}

#[test]
fn most_calls_succeed_by_default_and_all_when_friendly() {
    let run = |config: Config| {
        let mut meta = Meta::new(config.clock_at(NOW), 9);
        let token = meta.issue(&Issue::new(Kind::Instagram));
        (0..4000).filter(|_| me(&mut meta, &token).status != 200).count()
    };
    assert_eq!(run(Config::friendly()), 0);
    let bad = run(Config::default());
    assert!((220..480).contains(&bad), "{bad}");
    let mut still = Config::default();
    still.knobs.fault_rates = FaultRates::default();
    assert_eq!(run(still), 0);
}

#[test]
fn clearing_the_injections_sends_slow_responses_at_once() {
    let (sandbox, token) = served();
    sandbox.with(|meta| meta.inject(Injection::new(Fault::Slow { millis: 3_600_000 }).at(Endpoint::Refresh)));
    let reply = std::thread::scope(|threads| {
        let call = threads.spawn(|| refresh_over(&sandbox, &token));
        while sandbox.with(|meta| meta.calls_to(Endpoint::Refresh)) == 0 {
            std::thread::yield_now();
        }
        sandbox.with(Meta::clear_injections);
        call.join().unwrap()
    });
    assert!(reply.contains("access_token"), "{reply}");
}

#[test]
fn a_settled_sandbox_has_counted_the_calls_of_dead_clients() {
    let (sandbox, token) = served();
    for _ in 0..40 {
        drop(ask(&sandbox, &format!("{REFRESH}{token}")));
    }
    sandbox.settle().unwrap();
    assert_eq!(sandbox.with(|meta| meta.calls_to(Endpoint::Refresh)), 40);
}

#[test]
fn a_sandbox_that_refuses_connections_comes_back() {
    let (sandbox, token) = served();
    sandbox.refuse_connections(true);
    while TcpStream::connect(sandbox.address()).is_ok() {
        std::thread::yield_now();
    }
    assert_eq!(sandbox.with(|meta| meta.calls_to(Endpoint::Refresh)), 0);
    sandbox.refuse_connections(false);
    while TcpStream::connect(sandbox.address()).is_err() {
        std::thread::yield_now();
    }
    assert!(refresh_over(&sandbox, &token).contains("access_token"));
}

#[test]
fn a_slow_response_does_not_block_other_clients() {
    let (sandbox, token) = served();
    sandbox.with(|meta| meta.inject(Injection::new(Fault::Slow { millis: 3_600_000 }).at(Endpoint::Refresh).times(1)));
    let mut stuck = TcpStream::connect(sandbox.address()).unwrap();
    let head = format!("host: {}\n\n", sandbox.address()).replace('\n', "\r\n");
    let target = format!("/graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token&access_token={token}");
    write!(stuck, "GET {target} HTTP/1.1\r\n{head}").unwrap();
    // The injection is used up once Meta has executed the first call.
    while sandbox.with(|meta| !meta.injections().is_empty()) {
        std::thread::yield_now();
    }
    sandbox.with(|meta| meta.knobs.max_concurrent_calls = Some(1));
    assert!(refresh_over(&sandbox, &token).contains("5184000"));
    let rules = sandbox.with(|meta| meta.violations().map(|violation| violation.rule).collect::<Vec<_>>());
    assert!(rules.contains(&Rule::ConcurrencyLimit), "{rules:?}");
    // Dropping the sandbox ends the hanging call.
    drop(sandbox);
    let mut rest = Vec::new();
    let _ = stuck.read_to_end(&mut rest);
    assert!(rest.is_empty());
}

#[test]
fn more_than_16_open_calls_of_one_app_are_a_violation() {
    let (sandbox, token) = served();
    let threads = sandbox.with(|meta| {
        meta.inject(Injection::new(Fault::Slow { millis: 3_600_000 }).at(Endpoint::Refresh));
        meta.issue(&Issue::new(Kind::Threads))
    });
    let hang_until = |stuck: &mut Vec<TcpStream>, calls: usize| {
        while stuck.len() < calls {
            stuck.push(ask(&sandbox, &format!("{REFRESH}{token}")));
        }
        while sandbox.with(|meta| meta.calls_to(Endpoint::Refresh)) < u64::try_from(calls).unwrap() {
            std::thread::yield_now();
        }
    };
    let too_many =
        || sandbox.with(|meta| meta.violations().filter(|violation| violation.rule == Rule::ConcurrencyLimit).count());
    let mut stuck = Vec::new();
    hang_until(&mut stuck, 16);
    // Another app has its own count, and a look at the sandbox is not a call to Meta.
    for target in [&format!("/graph.threads.com/v1.0/me?access_token={threads}"), "/_sandbox/log"] {
        answer(ask(&sandbox, target));
    }
    assert_eq!(too_many(), 0);
    hang_until(&mut stuck, 17);
    assert_eq!(too_many(), 1);
}

#[test]
fn debug_token_can_call_a_good_token_invalid() {
    let mut meta = friendly();
    let token = meta.issue(&Issue::new(Kind::FacebookPage).username("page"));
    let app = "access_token=1000000000000002|fa4e5a4db0c500000000000000000002";
    let debug = format!("graph.facebook.com/v25.0/debug_token?input_token={token}&{app}");
    for (reason, error) in [
        ("none", json!(null)),
        ("transient", json!({"code": 2, "is_transient": true})),
        ("undecided", json!({"code": 190})),
        ("checkpoint", json!({"code": 190, "subcode": 459})),
    ] {
        let order = json!({"fault": "not_valid", "reason": reason, "account": "page", "times": 2});
        meta.inject(serde_json::from_value(order).unwrap());
        assert_eq!(get(&mut meta, &format!("graph.facebook.com/v25.0/me?access_token={token}")).status, 200);
        let mut data = get(&mut meta, &debug).json()["data"].clone();
        assert_eq!(data["is_valid"], json!(false), "{reason}");
        if let Some(error) = data["error"].as_object_mut() {
            error.remove("message");
        }
        assert_eq!(data["error"], error, "{reason}");
        assert_eq!(get(&mut meta, &debug).json()["data"]["is_valid"], json!(true), "{reason}");
    }
}
