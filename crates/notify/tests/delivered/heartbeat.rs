//! Heartbeats, checked against what each monitor documents.

use std::time::Duration;

use everlit_http::Secret;
use everlit_notify::{Error, Heartbeat, Options, Summary};

use crate::recorder::{Answer, Call, Recorder};
use crate::{NOW, Stepping, setup};

const RID: &str = "00112233-4455-4677-8899-aabbccddeeff";
const RUN: u128 = 0x0011_2233_4455_6677_8899_aabb_ccdd_eeff;

fn successful() -> Summary {
    let day = Duration::from_secs(86_400);
    let took = Duration::from_millis(1_500);
    Summary { accounts: 3, checked: 3, oldest_check: Some(day), took, ..Summary::default() }
}

fn build(kind: &str, secrets: &[(&'static str, Secret)]) -> Result<Heartbeat, Error> {
    setup(kind, &Options::default(), secrets, &Stepping::at(NOW)).heartbeat(RUN)
}

/// The calls of one run to a monitor at `path`.
async fn calls(path: &str, kind: &str, summary: &Summary) -> Vec<Call> {
    let body = if kind == "uptime-kuma" { r#"{"ok":true}"# } else { "OK" };
    let answer = Answer::Status(200, "Ping-Body-Limit: 60\r\n", body);
    let service = Recorder::answering(vec![answer]).await;
    let heartbeat = build(kind, &[("URL", service.url(path))]).unwrap();
    heartbeat.start().await.unwrap();
    heartbeat.finish(summary).await.unwrap();
    service.calls()
}

async fn targets(path: &str, kind: &str, summary: &Summary) -> Vec<String> {
    calls(path, kind, summary).await.iter().map(|call| format!("{} {}", call.method, call.target)).collect()
}

/// Five runs: success; one failure to retry; incomplete; a person must act; another run holds the lock.
fn runs() -> [Summary; 5] {
    [
        successful(),
        Summary { failed: 1, exit: 4, ..successful() },
        Summary { checked: 1, exit: 4, ..successful() },
        Summary { needs_person: 1, exit: 3, ..successful() },
        Summary { checked: 0, exit: 6, ..successful() },
    ]
}

#[tokio::test]
async fn healthchecks_receives_fail_only_if_a_person_must_act() {
    let of = async |summary| targets("/ping/key/everlit", "healthchecks", &summary).await;
    let at = |signal: &str| format!("/ping/key/everlit{signal}?rid={RID}");
    let (start, log) = (format!("GET {}", at("/start")), format!("POST {}", at("/log")));
    let (success, fail) = (format!("POST {}", at("")), format!("POST {}", at("/fail")));
    let [fine, passing, incomplete, person, locked] = runs();
    assert_eq!(of(fine).await, [&*start, &success]);
    assert_eq!(of(passing).await, [&*start, &log, &success]);
    assert_eq!(of(incomplete).await, [&*start, &log]);
    assert_eq!(of(person).await, [&*start, &fail]);
    assert_eq!(of(locked).await, [&*start, &log]);
    assert_eq!(of(Summary { not_saved: 1, exit: 5, ..successful() }).await, [&*start, &fail]);

    let calls = calls("/ping/key/everlit", "healthchecks", &successful()).await;
    let body = "accounts=3 checked=3 failed=0 needs_person=0 not_saved=0 oldest_check_age=86400s took=1s exit=0";
    assert_eq!(calls[1].body, body[..60], "no more than the monitor keeps");
}

#[tokio::test]
async fn uptime_kuma_ignores_the_query_that_was_copied_along() {
    let of = async |summary| targets("/api/push/fake?status=up&msg=OK&ping=", "uptime-kuma", &summary).await;
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
async fn cronitor_receives_the_state_and_the_counts() {
    let of = async |summary| targets("/p/fakekey/everlit", "cronitor", &summary).await;
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
async fn dead_mans_snitch_receives_an_exit_status() {
    let of = async |summary| targets("/fake", "snitch", &summary).await;
    let [fine, passing, _, person, _] = runs();
    let got = of(fine).await;
    assert!(got.len() == 1 && got[0].starts_with("GET /fake?m=accounts=3%20") && got[0].ends_with("&s=0"), "{got:?}");
    assert!(of(passing).await[0].ends_with("&s=0"));
    assert!(of(person).await[0].ends_with("&s=3"));
}

#[tokio::test]
async fn a_plain_url_monitor_is_called_at_its_own_urls() {
    let service = Recorder::answering(vec![Answer::Status(200, "", "")]).await;
    let success = ("URL", service.url("/end"));
    let start = ("URL_START", service.url("/begin?x=1"));
    let three = [success.clone(), start, ("URL_FAIL", service.url("/end/fail"))];
    let one = [success];
    for (secrets, summary, expected) in [
        (&three[..], runs()[0], &["GET /begin?x=1", "GET /end"][..]),
        (&three, runs()[3], &["GET /begin?x=1", "GET /end/fail"]),
        (&one, runs()[0], &["GET /end"]),
        (&one, runs()[3], &[]),
    ] {
        let before = service.targets().len();
        let heartbeat = build("url", secrets).unwrap();
        heartbeat.start().await.unwrap();
        heartbeat.finish(&summary).await.unwrap();
        assert_eq!(service.targets()[before..], *expected);
    }
}

#[test]
fn a_heartbeat_names_its_hosts_and_never_a_url() {
    let url = |host: &str| Secret::new(format!("https://{host}/fake-secret"));
    let of = |start: &str, success: &str, failure: &str| {
        let secrets = [("URL_START", url(start)), ("URL", url(success)), ("URL_FAIL", url(failure))];
        build("url", &secrets).unwrap().goes_to()
    };
    assert_eq!(of("a.example", "a.example", "a.example"), "a.example");
    assert_eq!(of("a.example", "b.example", "a.example"), "a.example or b.example");
}

#[tokio::test]
async fn an_unavailable_monitor_is_retried_and_a_missing_one_is_not() {
    for (answer, tries, is_permanent) in
        [(Answer::Status(502, "", ""), 3, false), (Answer::Status(404, "", "not found"), 1, true)]
    {
        let service = Recorder::answering(vec![answer]).await;
        let heartbeat = build("healthchecks", &[("URL", service.url("/fake-uuid"))]).unwrap();
        let error = heartbeat.start().await.unwrap_err();
        assert_eq!((service.calls().len(), error.is_permanent()), (tries, is_permanent));
        assert!(!error.message.contains("fake-uuid"), "{error}");
        assert!(!format!("{heartbeat:?}").contains("fake-uuid"));
    }
}

#[test]
fn a_url_without_a_path_is_refused() {
    let built = build("healthchecks", &[("URL", Secret::new("https://hc-ping.com/"))]);
    assert_eq!(built.unwrap_err(), Error::NoPath);
}

#[test]
fn a_channel_cannot_stand_in_for_a_monitor_nor_the_reverse() {
    let secrets = [("URL", Secret::new("https://x.example/fake"))];
    assert_eq!(build("slack", &secrets).unwrap_err(), Error::NotAMonitor("slack"));
    let (options, clock) = (Options::default(), Stepping::at(NOW));
    let built = setup("healthchecks", &options, &secrets, &clock).channel();
    assert_eq!(built.unwrap_err(), Error::NotAChannel("healthchecks"));
}
