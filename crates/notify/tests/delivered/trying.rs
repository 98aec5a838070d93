//! What every channel does about an answer.

use everlit_keeper::{Notifier as _, NotifyError};
use everlit_notify::{Chat, Error, Service};

use crate::recorder::{Answer, Recorder};
use crate::{NOW, Steps, notice, sender};

/// How telling ends against these answers: the outcome, how many tries there were, and the waits between them.
async fn alert_state(answers: Vec<Answer>) -> (Result<(), NotifyError>, usize, Vec<u64>) {
    let (service, clock) = (Recorder::answering(answers).await, Steps::at(NOW));
    let slack = Chat::new("ops", Service::Slack, &service.url("/services/T0/B0/fake-secret"), sender(&clock)).unwrap();
    let outcome = slack.notify(&notice()).await;
    if let Err(error) = &outcome {
        assert_eq!(error.message.matches("127.0.0.1").count(), 1, "{error}");
        assert!(!error.message.contains("fake-secret") && !error.message.contains("/services"), "{error}");
    }
    (outcome, service.calls().len(), clock.slept())
}

const OK: Answer = Answer::Status(200, "", "ok");

#[tokio::test]
async fn what_passes_is_tried_three_times_with_short_waits() {
    for failure in [
        Answer::Status(500, "", "<html>"),
        Answer::Status(503, "", ""),
        Answer::Status(429, "", ""),
        Answer::Garbage(b"SSH-2.0-OpenSSH\r\n"),
        Answer::Garbage(b""),
    ] {
        let (outcome, tries, waits) = alert_state(vec![failure.clone(), failure.clone(), OK]).await;
        assert_eq!((outcome, tries, waits), (Ok(()), 3, vec![1, 4]), "{failure:?}");
        let (outcome, tries, _) = alert_state(vec![failure.clone()]).await;
        assert_eq!((outcome.unwrap_err().is_permanent, tries), (false, 3), "{failure:?}");
    }
}

#[tokio::test]
async fn a_wait_that_is_asked_for_is_kept_where_it_fits() {
    let (outcome, tries, waits) = alert_state(vec![Answer::Status(429, "Retry-After: 7\r\n", ""), OK]).await;
    assert_eq!((outcome, tries, waits), (Ok(()), 2, vec![7]));
    // Discord says it in JSON, with a fraction.
    let (outcome, tries, waits) = alert_state(vec![Answer::Status(429, "", r#"{"retry_after": 2.25}"#), OK]).await;
    assert_eq!((outcome, tries, waits), (Ok(()), 2, vec![3]));
    let (outcome, tries, waits) = alert_state(vec![Answer::Status(429, "Retry-After: 3600\r\n", ""), OK]).await;
    assert_eq!((tries, waits), (1, vec![]));
    assert!(outcome.unwrap_err().message.contains("asks to wait 3600 seconds"));
}

#[tokio::test]
async fn what_only_a_person_can_set_right_is_told_apart_and_not_tried_again() {
    for (status, body, message) in [
        (404, "no_service", "does not know this address (404, no_service): make a new incoming webhook"),
        (410, "channel_is_archived", "(410, channel_is_archived)"),
        (403, "action_prohibited", "refuses (403, action_prohibited)"),
        (401, "", "refuses (401)"),
        (400, "invalid_payload", "does not accept the message (400, invalid_payload)"),
        (400, "token IGAAfake of https://evil.example", "does not accept the message (400):"),
        (413, "", "too long"),
    ] {
        let (outcome, tries, _) = alert_state(vec![Answer::Status(status, "", body), OK]).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.is_permanent, tries), (true, 1), "{error}");
        assert!(error.message.contains(message), "{error}");
    }
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_leads_nowhere() {
    let elsewhere = Recorder::answering(vec![OK]).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: {}\r\n", elsewhere.url("/").expose());
        let answer = Answer::Status(status, Box::leak(location.into_boxed_str()), "");
        let (outcome, tries, _) = alert_state(vec![answer, OK]).await;
        assert!(outcome.unwrap_err().message.contains("not followed"));
        assert_eq!(tries, 1);
    }
    assert!(elsewhere.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_service_that_hangs_is_given_up() {
    let (outcome, tries, _) = alert_state(vec![Answer::Hang]).await;
    let error = outcome.unwrap_err();
    assert!(error.message.contains("within 10 seconds"), "{error}");
    assert!(tries <= 3);
}

#[test]
fn a_wrong_address_is_refused_before_anything_is_sent_and_not_shown() {
    let wrong = |url: &str| {
        Chat::new("ops", Service::Slack, &everlit_http::Secret::new(url), sender(&Steps::at(NOW))).unwrap_err()
    };
    assert_eq!(wrong("https://hooks.example").to_string(), Error::NoPath.to_string());
    for url in [
        "http://hooks.example/fake-secret",
        "fake-secret",
        "https://fake-secret@hooks.example/x",
        "https://x/fake secret",
    ] {
        let shown = format!("{} {:?}", wrong(url), wrong(url));
        assert!(!shown.contains("fake"), "{shown}");
    }
}
