//! How refreshes work and how tokens end.

use everlit_sandbox::{
    Config, ExpiresIn, Issue, Kind, Language, Meta, OldAfterRefresh, OneOf, RefreshShort, RefreshString,
    RefreshUnder24h, State,
};
use proptest::prelude::*;

use crate::{DAY, NOW, codes, friendly, get, me, refresh, token_in};

#[test]
fn a_refreshed_token_expires_60_days_after_the_refresh() {
    for kind in [Kind::Instagram, Kind::Threads] {
        let mut meta = friendly();
        let token = meta.issue(&Issue::new(kind).aged_days(31));
        let response = refresh(&mut meta, &token);
        assert_eq!(response.json()["expires_in"], 60 * DAY);
        assert_eq!(meta.token(&token_in(&response)).unwrap().expires_at, Some(NOW + 60 * DAY));
    }
}

#[test]
fn the_old_token_keeps_its_expiry_unless_the_knob_revokes_it() {
    let mut meta = friendly();
    let old = meta.issue(&Issue::new(Kind::Instagram).aged_days(31));
    let new = token_in(&refresh(&mut meta, &old));
    assert_ne!(new, old);
    meta.advance(29 * DAY - 1);
    assert_eq!(me(&mut meta, &old).status, 200);
    meta.advance(1);
    assert_eq!(codes(&me(&mut meta, &old)), (190, Some(463)), "a token that expires now has expired");
    assert_eq!(me(&mut meta, &new).status, 200);

    meta.knobs.old_after_refresh = OldAfterRefresh::Dies;
    let newest = token_in(&refresh(&mut meta, &new));
    assert_eq!(codes(&me(&mut meta, &new)), (190, Some(467)));
    assert_eq!(me(&mut meta, &newest).status, 200);
}

#[test]
fn a_refresh_can_extend_the_same_string() {
    let mut meta = friendly();
    meta.knobs.refresh_string = OneOf::only(RefreshString::Same);
    let token = meta.issue(&Issue::new(Kind::Instagram).aged_days(59));
    assert_eq!(token_in(&refresh(&mut meta, &token)), token);
    meta.advance(59 * DAY);
    assert_eq!(me(&mut meta, &token).status, 200);
}

#[test]
fn a_refresh_works_only_once_the_token_is_24_hours_old() {
    let table =
        [(RefreshUnder24h::NoOp, None), (RefreshUnder24h::Error100, Some(100)), (RefreshUnder24h::Error190, Some(190))];
    for (knob, code) in table {
        let mut meta = friendly();
        meta.knobs.refresh_under_24h = OneOf::only(knob);
        let token = meta.issue(&Issue::new(Kind::Instagram).aged(DAY - 1));
        let early = refresh(&mut meta, &token);
        if let Some(code) = code {
            assert_eq!(codes(&early).0, code);
        } else {
            assert_eq!(token_in(&early), token);
            assert_eq!(early.json()["expires_in"], 59 * DAY + 1);
        }
        meta.advance(1);
        assert_eq!(refresh(&mut meta, &token).json()["expires_in"], 60 * DAY);
    }
}

#[test]
fn a_short_lived_token_cannot_be_refreshed() {
    for (knob, code) in [(RefreshShort::Error190, 190), (RefreshShort::Error100, 100), (RefreshShort::Error452, 452)] {
        let mut meta = friendly();
        meta.knobs.refresh_short = OneOf::only(knob);
        let token = meta.issue(&Issue::new(Kind::Instagram).short());
        assert_eq!(codes(&refresh(&mut meta, &token)).0, code);
    }
}

#[test]
fn each_state_has_its_error_on_each_host() {
    let table = [
        (Kind::Instagram, State::Expired, 400, (190, Some(463))),
        (Kind::Instagram, State::Revoked, 400, (190, Some(467))),
        (Kind::Instagram, State::PasswordChanged, 400, (190, Some(460))),
        (Kind::Instagram, State::Checkpoint, 400, (190, Some(459))),
        (Kind::Instagram, State::Deauthorized, 400, (190, Some(458))),
        (Kind::Instagram, State::RoleRemoved, 400, (100, None)),
        (Kind::Instagram, State::BasicDisplay, 400, (100, None)),
        (Kind::Threads, State::Expired, 500, (190, Some(463))),
        (Kind::Threads, State::RoleRemoved, 500, (10, None)),
    ];
    for (kind, state, status, expected) in table {
        let mut meta = friendly();
        let token = meta.issue(&Issue::new(kind).aged_days(31).state(state));
        let response = refresh(&mut meta, &token);
        assert_eq!((response.status, codes(&response)), (status, expected), "{kind:?} {state:?}");
        assert_eq!(meta.set_state(&token, State::Live), 1);
        assert_eq!(refresh(&mut meta, &token).status, 200, "{kind:?} {state:?} and valid again");
    }
    let mut meta = friendly();
    let page = meta.issue(&Issue::new(Kind::FacebookPage).state(State::RoleRemoved));
    let response = get(&mut meta, &format!("graph.facebook.com/v25.0/me?access_token={page}"));
    assert_eq!(codes(&response), (190, Some(492)));
    meta.knobs.threads_status = 400;
    let threads = meta.issue(&Issue::new(Kind::Threads).state(State::Revoked));
    assert_eq!(refresh(&mut meta, &threads).status, 400);
}

#[test]
fn messages_can_be_localized_and_lack_a_subcode() {
    let mut meta = friendly();
    meta.knobs.subcodes = OneOf::only(false);
    meta.knobs.language = OneOf::only(Language::Pt);
    let token = meta.issue(&Issue::new(Kind::Instagram).state(State::PasswordChanged));
    let response = me(&mut meta, &token);
    assert_eq!(codes(&response), (190, None));
    assert!(response.text().contains("alterou a senha"), "{}", response.text());

    let english = format!("graph.instagram.com/me?locale=en_US&access_token={token}");
    assert!(get(&mut meta, &english).text().contains("changed their password"));
    meta.knobs.honours_locale = false;
    assert!(get(&mut meta, &english).text().contains("alterou a senha"));
}

#[test]
fn a_private_profile_loses_permission_90_days_after_consent() {
    let mut meta = friendly();
    let mut token = meta.issue(&Issue::new(Kind::Threads).private());
    for _ in 0..2 {
        meta.advance(40 * DAY);
        token = token_in(&refresh(&mut meta, &token));
    }
    meta.advance(11 * DAY);
    assert_eq!(codes(&refresh(&mut meta, &token)).0, 10);
    let me = get(&mut meta, &format!("graph.threads.com/v1.0/me?fields=id,username&access_token={token}"));
    assert_eq!(codes(&me).0, 10);
}

#[test]
fn expires_in_comes_in_odd_but_legal_forms() {
    let mut meta = friendly();
    let token = meta.issue(&Issue::new(Kind::Instagram).aged_days(31));
    for (knob, text) in [
        (ExpiresIn::Number, r#""expires_in":5184000"#),
        (ExpiresIn::Text, r#""expires_in":"5184000""#),
        (ExpiresIn::Zero, r#""expires_in":0"#),
    ] {
        meta.knobs.expires_in = OneOf::only(knob);
        assert!(refresh(&mut meta, &token).text().contains(text));
    }
    meta.knobs.expires_in = OneOf::only(ExpiresIn::Absent);
    assert!(!refresh(&mut meta, &token).text().contains("expires_in"));
}

#[test]
fn two_refreshes_of_the_same_token_both_return_a_valid_one() {
    let mut meta = friendly();
    let old = meta.issue(&Issue::new(Kind::Instagram).aged_days(31));
    let (one, two) = (token_in(&refresh(&mut meta, &old)), token_in(&refresh(&mut meta, &old)));
    assert_ne!(one, two);
    for token in [one, two] {
        assert_eq!(me(&mut meta, &token).status, 200);
    }
}

#[test]
fn the_old_token_stays_valid_if_the_new_one_is_lost() {
    use everlit_sandbox::{Delivery, Endpoint, Fault, Injection};
    let mut meta = friendly();
    let old = meta.issue(&Issue::new(Kind::Instagram).username("bakery").aged_days(31));
    meta.inject(Injection::new(Fault::LostReply).at(Endpoint::Refresh).times(1));
    assert_eq!(refresh(&mut meta, &old).delivery, Delivery::LostAfterApply);
    assert_ne!(*meta.newest_token("bakery").unwrap().text, *old, "Meta issued a new token");
    assert_eq!(refresh(&mut meta, &old).status, 200);
}

proptest! {
    #[test]
    fn the_same_seed_gives_the_same_responses(seed: u64) {
        let run = |seed| {
            let mut meta = Meta::new(Config::default().clock_at(NOW), seed);
            let mut token = meta.issue(&Issue::new(Kind::Instagram));
            (0..40).map(|_| {
                meta.advance(2 * DAY);
                let response = refresh(&mut meta, &token);
                if let Some(new) = response.json()["access_token"].as_str() {
                    token = new.to_owned();
                }
                response
            }).collect::<Vec<_>>()
        };
        prop_assert_eq!(run(seed), run(seed));
    }

    #[test]
    fn calls_with_other_tokens_do_not_change_a_tokens_responses(seed: u64) {
        let run = |others: usize| {
            let mut meta = Meta::new(Config::default().clock_at(NOW), seed);
            let tokens: Vec<_> = (0..4).map(|_| meta.issue(&Issue::new(Kind::Instagram).aged_days(9))).collect();
            (0..10).map(|_| {
                for token in &tokens[1..=others] {
                    refresh(&mut meta, token);
                }
                me(&mut meta, &tokens[0])
            }).collect::<Vec<_>>()
        };
        prop_assert_eq!(run(0), run(3));
    }

    #[test]
    fn no_call_panics(method in "GET|POST|PUT", target in ".{0,60}", host in "graph\\.(instagram|facebook|threads)\\.com",
                              path in "(me|me/accounts|refresh_access_token|access_token|oauth/access_token|debug_token)",
                              form in ".{0,40}") {
        let mut meta = Meta::new(Config::default(), 3);
        for target in [target.clone(), format!("{host}/{path}?{target}")] {
            let call = crate::careful(&method, &target).header("content-type", "application/x-www-form-urlencoded");
            let response = meta.handle(&call.body(form.as_bytes()));
            prop_assert!((200..600).contains(&response.status));
        }
    }
}
