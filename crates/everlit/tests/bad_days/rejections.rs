//! What Meta says of a token, and what it takes to believe it.

use everlit_sandbox::{
    Endpoint, Fault, Injection, Issue, Kind, MetaError, OneOf, RefreshShort, RefreshString, RefreshUnder24h, State,
};

use crate::support::service::Service;
use crate::support::{Meta, Project, Run, USERNAME};
use crate::{DAY, ENV, METADATA, due, time_passes};

fn say(code: i64, message: &str) -> MetaError {
    MetaError::new(code, message)
}

/// Meta answers every call with this error.
fn told(error: MetaError) -> (Meta, Project) {
    let meta = Meta::friendly();
    let project = due(&meta);
    meta.inject(Injection::new(Fault::Error(error)));
    (meta, project)
}

/// A rejection that needs a person: reported with cause and next step, and Meta is not asked again.
fn final_rejection(error: MetaError, cause: &str, remedy: &str) -> Run {
    let (meta, project) = told(error);
    let before = project.read(ENV);
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(3);
    assert_eq!(meta.calls(), 1, "a definite answer needs no second call\n{run}");
    assert_eq!(project.read(ENV), before);
    let run = run.says("needs a person").says(cause).says(remedy);

    project.everlit(&["refresh"]).asking(&meta).run().ended(3).says("needs a person").says(cause);
    assert_eq!(meta.calls(), 1, "asked again");
    project.everlit(&["status"]).run().ended(3).says_somewhere(cause);
    project.everlit(&["status", "--check"]).run().ended(3).says("NEEDS A PERSON");
    run
}

#[test]
fn a_definite_subcode_counts_at_once_and_says_who_must_act() {
    let by_hand = "create a new token in Meta's App Dashboard";
    let table = [
        (458, "has removed the app", by_hand),
        (459, "is at a checkpoint", "owner has logged in to Instagram"),
        (460, "account's password was changed", by_hand),
        (463, "has expired", by_hand),
        (464, "not confirmed", "owner has logged in to Instagram"),
        (467, "no longer valid", by_hand),
        (483, "waiting for the account's owner to agree", "owner has logged in to Instagram"),
        (492, "no longer has a role", "app's owner has checked roles"),
    ];
    for (subcode, cause, remedy) in table {
        let message = "Error validating access token: fake words.";
        let run = final_rejection(say(190, message).subcode(subcode), cause, remedy);
        run.says(&format!("Refresh failed 400: {message} (code 190, subcode {subcode})")).says("fbtrace_id");
    }
}

#[test]
fn the_messages_that_people_search_for_stay() {
    let run = final_rejection(say(190, "Invalid OAuth access token").subcode(467), "no longer valid", "Next: ");
    run.says("Refresh failed 400: Invalid OAuth access token");
}

#[test]
fn the_ids_for_metas_support_are_in_the_json_report() {
    let (meta, project) = told(say(190, "no").subcode(467));
    let run = project.everlit(&["refresh", "--json"]).asking(&meta).run().ended(3);
    let ids = run.json()["accounts"][0]["failure"]["support_ids"].as_str().unwrap().to_owned();
    assert!(ids.starts_with("x-fb-trace-id: A") && ids.ends_with(", x-fb-rev: 1030000000"), "{ids}");
}

#[test]
fn a_damaged_token_is_not_blamed_on_the_settings() {
    let meta = Meta::friendly();
    let token = format!("a{}", meta.token_of_age(31));
    let project = Project::holding(&token);
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(2);
    run.says("Cannot parse access token")
        .says("Next: everlit connect\n      or create a new token")
        .never_shows("META_APP_ID");
    project.everlit(&["status"]).run().ended(2).says("Next: everlit connect").never_shows("META_APP_ID");
}

#[test]
fn a_dead_threads_token_is_recognised_despite_http_500() {
    let meta = Meta::friendly();
    let issue = Issue::new(Kind::Threads).username(USERNAME).aged_days(31).state(State::PasswordChanged);
    let token = meta.issue(&issue);
    let project = Project::holding(&token).with_metadata(&token, 31);
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(3);
    run.says("Refresh failed 500: ").says("account's password was changed");
    assert_eq!(meta.calls(), 1);
}

#[test]
fn an_expired_token_is_verified_once_and_not_again() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(61);
    let project = Project::holding(&token).with_metadata(&token, 61);
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(3);
    run.says("expired").says("Next: everlit connect\n      or create a new token");
    let calls = meta.calls();
    project.everlit(&["refresh"]).asking(&meta).run().ended(3).says("An expired token cannot be refreshed");
    assert_eq!(meta.calls(), calls);
}

/// Errors that have been sent for good tokens: Meta has to say them twice, some time apart.
#[test]
fn a_rejection_without_a_reason_counts_if_the_next_day_agrees() {
    for error in [say(190, "Invalid OAuth access token"), say(100, "Unsupported get request").subcode(33)] {
        let (meta, project) = told(error.clone());
        let run = project.everlit(&["refresh"]).asking(&meta).run().ended(4);
        run.says("failed").says(&format!("Refresh failed 400: {}", error.message)).says("nothing is lost");
        // Minutes later is not another day.
        project.everlit(&["refresh", "--force"]).asking(&meta).run().ended(4);
        time_passes(&meta, DAY);
        let run = project.everlit(&["refresh"]).asking(&meta).run().ended(3);
        run.says("needs a person").says("Next: everlit connect\n      or create a new token");
    }
}

#[test]
fn a_rejection_that_meta_withdraws_is_forgotten() {
    let (meta, project) = told(say(100, "Unsupported get request").subcode(33));
    project.everlit(&["refresh"]).asking(&meta).run().ended(4);
    time_passes(&meta, DAY);
    project.everlit(&["refresh"]).asking(&meta).run().ended(3).says("Next: everlit connect");
    meta.sandbox.with(everlit_sandbox::Meta::clear_injections);
    time_passes(&meta, DAY);
    // Until the next run has asked, it counts.
    let status = |flags: &[&str]| project.everlit(&[&["status"], flags].concat()).asking(&meta).run();
    status(&[]).ended(3).says("needs a person").says("asks Meta whether it works again");
    status(&["--check"]).ended(3).says("NEEDS A PERSON");
    project.everlit(&["doctor"]).asking(&meta).run().ended(3);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
    status(&[]).ended(0).says("healthy");
}

/// As in May 2026: nobody is sent to log in again, one message tells of all, and it passes by itself.
#[test]
fn many_accounts_rejected_alike_are_one_incident() {
    const NAMES: [&str; 3] = ["bakery", "cafe", "florist"];
    let (meta, service) = (Meta::friendly(), Service::new());
    let accounts = NAMES.map(|name| format!("[account.{name}]\nkey = \"{name}\"\n")).concat();
    let issue = |name| meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(31));
    let project = Project::empty()
        .with_file("everlit.toml", &format!("[notify.ops]\nkind = \"slack\"\n{accounts}"))
        .with_file(".env.local", &NAMES.map(|name| format!("{name}={}\n", issue(name))).concat());
    let refresh = || {
        let call = project.everlit(&["refresh"]).asking(&meta);
        call.env("EVERLIT_NOTIFY_OPS_URL", format!("{}/services/canaryFAKE", service.address)).run()
    };
    let a_day_later = || {
        time_passes(&meta, DAY);
    };
    meta.inject(Injection::new(Fault::Error(say(100, "Unsupported get request").subcode(33))));
    refresh().ended(4);
    assert!(service.lines().is_empty(), "nobody is notified of a first rejection: {:?}", service.lines());
    a_day_later();
    let run = refresh().ended(3);
    run.says("an incident at Meta or in the app").says("everlit retries by itself");
    assert_eq!(service.lines().len(), 1, "{:?}", service.lines());
    project.everlit(&["status", "--check"]).run().ended(3);
    a_day_later();
    refresh().ended(3);
    assert_eq!(service.lines().len(), 1, "told once");
    meta.sandbox.with(everlit_sandbox::Meta::clear_injections);
    a_day_later();
    refresh().ended(0).says("3 accounts: 3 refreshed");
    assert_eq!(service.lines().len(), 2, "well again");
}

#[test]
fn a_rejection_that_me_contradicts_never_counts() {
    for error in [say(190, "Invalid OAuth access token"), say(100, "Unsupported get request").subcode(33)] {
        let meta = Meta::friendly();
        let project = due(&meta);
        meta.inject(Injection::new(Fault::Error(error)).at(Endpoint::Refresh).times(3));
        for _ in 0..3 {
            project.everlit(&["refresh"]).asking(&meta).run().ended(4).says("nothing is lost");
            time_passes(&meta, DAY);
        }
        let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
        run.says("refreshed");
        assert!(project.read_json(METADATA)["everlit"]["failure"].is_null());
    }
}

#[test]
fn a_token_of_another_account_is_refused() {
    let meta = Meta::friendly();
    let project = due(&meta);
    let before = project.read(ENV);
    meta.inject(Injection::new(Fault::OtherAccount).at(Endpoint::Refresh).times(1));
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(4);
    run.says("token of another account; the old token was kept");
    assert_eq!(project.read(ENV), before);
    assert!(!project.has(".everlit/candidate"));
    time_passes(&meta, DAY);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
}

#[test]
fn a_new_token_that_me_rejects_replaces_nothing() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(3);
    let project = Project::holding(&token);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    time_passes(&meta, 31 * DAY);
    let before = project.read(ENV);
    meta.inject(Injection::new(Fault::Error(say(190, "Session has been invalidated").subcode(460))).at(Endpoint::Me));
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(4);
    run.says("Meta does not accept its own new token; the old token was kept");
    assert_eq!(meta.refreshes(), 2);
    assert_eq!(project.read(ENV), before);
    assert!(!project.has(".everlit/candidate"));
}

#[test]
fn a_new_token_is_kept_if_me_is_unavailable() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(3);
    let project = Project::holding(&token);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    time_passes(&meta, 31 * DAY);
    meta.inject(Injection::new(Fault::Empty { status: 404 }).at(Endpoint::Me));
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
    assert!(project.read(ENV).contains(&meta.newest()));
}

#[test]
fn a_token_under_a_day_old_is_not_refreshed_again() {
    for way in [RefreshUnder24h::Error100, RefreshUnder24h::Error190] {
        let meta = Meta::with(|knobs| knobs.refresh_under_24h = OneOf::only(way));
        let token = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).aged(3_600));
        let project = Project::holding(&token);
        let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
        run.says("too young").says("at least 24 hours old").says("planned for");
        let calls = meta.calls();
        for arguments in [&["refresh"][..], &["refresh", "--force"]] {
            project.everlit(arguments).asking(&meta).run().ended(0).says("too young");
        }
        assert_eq!(meta.calls(), calls, "{way:?}: asked again");
        time_passes(&meta, DAY + 3_600);
        project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
    }
    // Or Meta says yes and does nothing.
    let meta = Meta::with(|knobs| knobs.refresh_under_24h = OneOf::only(RefreshUnder24h::NoOp));
    let token = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).aged(600));
    let project = Project::holding(&token);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("60 days left");
    assert!(project.read(ENV).contains(&token));
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("healthy");
    assert_eq!(meta.refreshes(), 1);
}

#[test]
fn after_a_lost_reply_a_too_young_token_is_explained() {
    let meta = Meta::with(|knobs| {
        knobs.refresh_string = OneOf::only(RefreshString::Same);
        knobs.refresh_under_24h = OneOf::only(RefreshUnder24h::Error190);
    });
    let project = due(&meta);
    let before = project.read(ENV);
    meta.inject(Injection::new(Fault::LostReply).at(Endpoint::Refresh).times(1));
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    run.says("too young").says("the reply to an earlier request was lost: Meta has probably refreshed this token");
    assert_eq!(project.read(ENV), before);
    time_passes(&meta, DAY + 3_600);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
}

#[test]
fn a_short_lived_token_gets_a_hint_and_an_end() {
    for way in [RefreshShort::Error190, RefreshShort::Error100, RefreshShort::Error452] {
        let meta = Meta::with(|knobs| knobs.refresh_short = OneOf::only(way));
        let token = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).short());
        let project = Project::holding(&token);
        let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
        run.says("too young").says("Meta gives the same answer for one-hour tokens; if yours came from a login, run `everlit connect --exchange`");
        time_passes(&meta, DAY + 3_600);
        let run = project.everlit(&["refresh"]).asking(&meta).run().ended(3);
        run.says("expired").says("Next: everlit connect\n      or create a new token");
    }
}

impl Run {
    /// Demands that stdout or stderr holds this text.
    #[track_caller]
    fn says_somewhere(&self, text: &str) {
        assert!(self.stdout.contains(text) || self.stderr.contains(text), "no {text:?}\n{self}");
    }
}
