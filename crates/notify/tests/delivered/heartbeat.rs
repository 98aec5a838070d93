//! Heartbeats, by what each monitor documents.

use std::time::Duration;

use everlit_http::Secret;
use everlit_notify::{Heartbeat, Monitor, Summary};

use crate::recorder::{Answer, Call, Recorder};
use crate::{NOW, Steps, sender};

const RID: &str = "00112233-4455-4677-8899-aabbccddeeff";
const RUN: u128 = 0x0011_2233_4455_6677_8899_aabb_ccdd_eeff;

fn well() -> Summary {
    let day = Duration::from_secs(86_400);
    let took = Duration::from_millis(1_500);
    Summary { accounts: 3, checked: 3, oldest_check: Some(day), took, ..Summary::default() }
}

/// What a run asks of a monitor that lives at `path`.
async fn calls(path: &str, monitor: impl Fn(Secret) -> Monitor, summary: &Summary) -> Vec<Call> {
    let answer = Answer::Status(200, "Ping-Body-Limit: 60\r\n", r#"{"ok":true}"#);
    let service = Recorder::answering(vec![answer]).await;
    let heart = Heartbeat::new("watch", &monitor(service.url(path)), RUN, sender(&Steps::at(NOW))).unwrap();
    heart.start().await.unwrap();
    heart.finish(summary).await.unwrap();
    service.calls()
}

async fn targets(path: &str, monitor: impl Fn(Secret) -> Monitor, summary: &Summary) -> Vec<String> {
    calls(path, monitor, summary).await.iter().map(|call| format!("{} {}", call.method, call.target)).collect()
}

/// A run each: all well; one passing failure; not everyone looked at; a person must act; locked out by another run.
fn runs() -> [Summary; 5] {
    [
        well(),
        Summary { failed: 1, exit: 4, ..well() },
        Summary { checked: 1, exit: 4, ..well() },
        Summary { needs_person: 1, exit: 3, ..well() },
        Summary { checked: 0, exit: 6, ..well() },
    ]
}

#[tokio::test]
async fn healthchecks_hears_start_and_end_and_fail_only_where_a_person_must_act() {
    let of = async |summary| targets("/ping/key/everlit", Monitor::Healthchecks, &summary).await;
    let at = |signal: &str| format!("/ping/key/everlit{signal}?rid={RID}");
    let (start, log) = (format!("GET {}", at("/start")), format!("POST {}", at("/log")));
    let (success, fail) = (format!("POST {}", at("")), format!("POST {}", at("/fail")));
    let [fine, passing, incomplete, person, locked] = runs();
    assert_eq!(of(fine).await, [&*start, &success]);
    assert_eq!(of(passing).await, [&*start, &log, &success]);
    assert_eq!(of(incomplete).await, [&*start, &log]);
    assert_eq!(of(person).await, [&*start, &fail]);
    assert_eq!(of(locked).await, [&*start, &log]);
    assert_eq!(of(Summary { not_saved: 1, exit: 5, ..well() }).await, [&*start, &fail]);

    let calls = calls("/ping/key/everlit", Monitor::Healthchecks, &well()).await;
    let body = "accounts=3 checked=3 failed=0 needs_person=0 not_saved=0 oldest_check_age=86400s took=1s exit=0";
    assert_eq!(calls[1].body, body[..60], "no more than the monitor keeps");
}

#[tokio::test]
async fn uptime_kuma_hears_up_or_down_whatever_query_was_copied_along() {
    let of = async |summary| targets("/api/push/fake?status=up&msg=OK&ping=", Monitor::UptimeKuma, &summary).await;
    let [fine, passing, incomplete, person, _] = runs();
    let got = of(fine).await;
    assert!(
        got[0].starts_with("GET /api/push/fake?status=up&msg=accounts=3%20checked=3") && got[0].ends_with("&ping=1500"),
        "{got:?}"
    );
    assert!(of(passing).await[0].contains("status=up"));
    assert!(of(person).await[0].contains("status=down"));
    assert!(of(incomplete).await.is_empty());
}

#[tokio::test]
async fn cronitor_hears_the_state_and_the_numbers() {
    let of = async |summary| targets("/p/fakekey/everlit", Monitor::Cronitor, &summary).await;
    let [fine, _, _, person, _] = runs();
    let got = of(fine).await;
    assert_eq!(got[0], format!("GET /p/fakekey/everlit?state=run&series={RID}"));
    let complete = format!(
        "GET /p/fakekey/everlit?state=complete&series={RID}&metric=count:3&metric=error_count:0&status_code=0&"
    );
    assert!(got[1].starts_with(&complete), "{got:?}");
    assert!(of(person).await[1].contains("state=fail"));
}

#[tokio::test]
async fn dead_mans_snitch_hears_an_exit_status() {
    let of = async |summary| targets("/fake", Monitor::DeadMansSnitch, &summary).await;
    let [fine, passing, _, person, _] = runs();
    let got = of(fine).await;
    assert!(got.len() == 1 && got[0].starts_with("GET /fake?m=accounts=3%20") && got[0].ends_with("&s=0"), "{got:?}");
    assert!(of(passing).await[0].ends_with("&s=0"));
    assert!(of(person).await[0].ends_with("&s=3"));
}

#[tokio::test]
async fn any_other_monitor_is_called_at_the_addresses_it_gave() {
    let service = Recorder::answering(vec![Answer::Status(200, "", "")]).await;
    let (start, success) = (Some(service.url("/begin?x=1")), service.url("/end"));
    let three = Monitor::Other { start, success: success.clone(), failure: Some(service.url("/end/fail")) };
    let one = Monitor::Other { start: None, success, failure: None };
    for (monitor, summary, expected) in [
        (&three, runs()[0], &["GET /begin?x=1", "GET /end"][..]),
        (&three, runs()[3], &["GET /begin?x=1", "GET /end/fail"]),
        (&one, runs()[0], &["GET /end"]),
        (&one, runs()[3], &[]),
    ] {
        let before = service.targets().len();
        let heart = Heartbeat::new("watch", monitor, RUN, sender(&Steps::at(NOW))).unwrap();
        heart.start().await.unwrap();
        heart.finish(&summary).await.unwrap();
        assert_eq!(service.targets()[before..], *expected);
    }
}

#[test]
fn a_heartbeat_names_its_hosts_and_no_address() {
    let url = |host: &str| Secret::new(format!("https://{host}/fake-secret"));
    let of = |start: &str, success: &str, failure: &str| {
        let (start, failure) = (Some(url(start)), Some(url(failure)));
        let monitor = Monitor::Other { start, success: url(success), failure };
        Heartbeat::new("watch", &monitor, RUN, sender(&Steps::at(NOW))).unwrap().goes_to()
    };
    assert_eq!(of("a.example", "a.example", "a.example"), "a.example");
    assert_eq!(of("a.example", "b.example", "a.example"), "a.example or b.example");
}

#[tokio::test]
async fn a_monitor_that_does_not_answer_is_tried_three_times_and_one_that_is_gone_once() {
    for (answer, tries, is_permanent) in
        [(Answer::Status(502, "", ""), 3, false), (Answer::Status(404, "", "not found"), 1, true)]
    {
        let service = Recorder::answering(vec![answer]).await;
        let monitor = Monitor::Healthchecks(service.url("/fake-uuid"));
        let heart = Heartbeat::new("watch", &monitor, RUN, sender(&Steps::at(NOW))).unwrap();
        let error = heart.start().await.unwrap_err();
        assert_eq!((service.calls().len(), error.is_permanent), (tries, is_permanent));
        assert!(!error.message.contains("fake-uuid"), "{error}");
        assert!(!format!("{heart:?} {monitor:?}").contains("fake-uuid"));
    }
}

#[test]
fn an_address_without_a_path_is_refused() {
    let monitor = Monitor::Healthchecks(Secret::new("https://hc-ping.com/"));
    Heartbeat::new("watch", &monitor, RUN, sender(&Steps::at(NOW))).unwrap_err();
}
