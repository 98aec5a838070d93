//! The violations that the sandbox records.

use everlit_sandbox::{Config, Endpoint, Issue, Kind, Meta, Rule, State};

use crate::{DAY, INSTAGRAM_APP, NOW, careful, friendly, get, me, post, refresh, token_in};

fn rules(meta: &Meta) -> Vec<Rule> {
    meta.violations().map(|violation| violation.rule).collect()
}

#[test]
fn a_careful_client_breaks_no_rule() {
    let mut meta = friendly();
    let token = meta.issue(&Issue::new(Kind::Instagram).aged_days(31));
    let new = token_in(&refresh(&mut meta, &token));
    me(&mut meta, &new);
    assert_eq!(rules(&meta), []);
    assert_eq!((meta.calls_to(Endpoint::Refresh), meta.calls_to(Endpoint::Me)), (1, 1));
}

#[test]
fn each_broken_rule_is_recorded() {
    let refresh = "graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token&access_token=";
    let form = "application/x-www-form-urlencoded";
    let table = [
        (careful("POST", "graph.instagram.com/refresh_access_token"), Rule::RefreshUsesGet),
        (careful("POST", "graph.instagram.com/access_token"), Rule::RefreshUsesGet),
        (careful("GET", "api.instagram.com/oauth/access_token?code=1"), Rule::CodeExchangeUsesForm),
        (
            careful("POST", "api.instagram.com/oauth/access_token").header("content-type", "application/json"),
            Rule::CodeExchangeUsesForm,
        ),
        (careful("GET", &format!("{refresh}x&{INSTAGRAM_APP}")), Rule::NoSecretInRefresh),
        (everlit_sandbox::Call::new("GET", refresh).header("user-agent", "x"), Rule::AcceptJson),
        (everlit_sandbox::Call::new("GET", refresh).header("accept", "application/json"), Rule::UserAgent),
        (careful("GET", refresh).header("referer", "https://example.com/"), Rule::NoReferer),
    ];
    for (call, rule) in table {
        let mut meta = friendly();
        meta.handle(&call.header("content-type", form).body(b""));
        assert_eq!(rules(&meta), [rule]);
    }
}

#[test]
fn a_refresh_before_24_hours_is_a_violation() {
    let mut meta = friendly();
    let token = meta.issue(&Issue::new(Kind::Instagram).aged(DAY - 1));
    refresh(&mut meta, &token);
    assert_eq!(rules(&meta), [Rule::NoRefreshUnder24h]);
    meta.clear_violations();
    meta.advance(1);
    refresh(&mut meta, &token);
    assert_eq!(rules(&meta), []);
}

#[test]
fn using_a_token_reported_dead_is_a_violation() {
    let mut meta = friendly();
    meta.knobs.allowed_dead_token_calls = 1;
    let token = meta.issue(&Issue::new(Kind::Instagram).aged_days(31).state(State::PasswordChanged));
    refresh(&mut meta, &token);
    me(&mut meta, &token);
    assert_eq!(rules(&meta), []);
    me(&mut meta, &token);
    assert_eq!(rules(&meta), [Rule::NoCallsWithDeadToken]);
    meta.set_state(&token, State::Live);
    me(&mut meta, &token);
    assert_eq!(rules(&meta).len(), 1, "the token is valid again");
}

#[test]
fn a_platform_error_does_not_report_a_token_dead() {
    use everlit_sandbox::{Fault, Injection, MetaError};
    let mut meta = friendly();
    meta.knobs.allowed_dead_token_calls = 0;
    let token = meta.issue(&Issue::new(Kind::Instagram).state(State::Revoked));
    meta.inject(Injection::new(Fault::Error(MetaError::new(2, "later"))).times(3));
    for _ in 0..4 {
        me(&mut meta, &token);
    }
    assert_eq!(rules(&meta), []);
}

#[test]
fn the_log_never_contains_a_token_secret_or_code() {
    let mut meta = Meta::new(Config::default().clock_at(NOW), 11);
    let kinds = [Kind::Instagram, Kind::Threads, Kind::FacebookUser, Kind::SystemUser];
    let tokens: Vec<_> = kinds.into_iter().map(|kind| meta.issue(&Issue::new(kind).aged_days(31))).collect();
    for token in &tokens {
        for path in [
            "me",
            "refresh_access_token",
            "oauth/access_token",
            "debug_token",
            "oauth/revoke",
            "v25.0/me/accounts",
            token,
        ] {
            for host in ["graph.instagram.com", "graph.threads.com", "graph.facebook.com", token] {
                for name in
                    ["access_token", "fb_exchange_token&fb_exchange_token", "input_token", "revoke_token", token]
                {
                    get(&mut meta, &format!("{host}/{path}?{INSTAGRAM_APP}&grant_type={name}={token}"));
                }
            }
        }
    }
    post(&mut meta, "api.instagram.com/oauth/access_token", &format!("{INSTAGRAM_APP}&code=AQfakeSECRETcode"));
    assert!(meta.log().len() > 400);
    let written = format!("{:?} {:?}", meta.log().collect::<Vec<_>>(), meta.violations().collect::<Vec<_>>());
    for needle in ["fakeSANDBOX", "fa4e5a4db0c5", "SECRETcode"] {
        assert!(!written.contains(needle), "{needle}");
    }
}

#[test]
fn the_log_shows_outcomes_and_drops_the_oldest_calls() {
    let mut config = Config::friendly().clock_at(NOW);
    config.call_log_limit = 3;
    let mut meta = Meta::new(config, 1);
    let token = meta.issue(&Issue::new(Kind::Instagram).username("bakery").aged_days(31));
    me(&mut meta, &token);
    meta.set_state("bakery", State::PasswordChanged);
    me(&mut meta, &token);
    me(&mut meta, "unheard_of");
    get(&mut meta, "graph.instagram.com/me");
    let seen: Vec<_> = meta
        .log()
        .map(|entry| (entry.number, entry.token.as_str(), entry.outcome.split(' ').next().unwrap()))
        .collect();
    assert_eq!(seen, [(2, "#1", "190/460"), (3, "unknown", "190"), (4, "none", "190")]);
    assert_eq!(meta.outcomes().collect::<Vec<_>>(), [("190", 2), ("190/460", 1), ("ok", 1)]);
}

#[test]
fn a_refresh_after_a_lost_response_is_not_a_violation() {
    use everlit_sandbox::{Fault, Injection, OneOf, RefreshString};
    let mut meta = friendly();
    meta.knobs.refresh_string = OneOf::only(RefreshString::Same);
    let token = meta.issue(&Issue::new(Kind::Instagram).aged_days(31));
    meta.inject(Injection::new(Fault::LostReply).times(1));
    refresh(&mut meta, &token);
    meta.advance(3600);
    me(&mut meta, &token);
    refresh(&mut meta, &token);
    assert_eq!(rules(&meta), []);
    refresh(&mut meta, &token);
    assert_eq!(rules(&meta), [Rule::NoRefreshUnder24h]);
}
