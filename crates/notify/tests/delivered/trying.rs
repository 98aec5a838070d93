//! How every channel handles a response: retry, give up, or done.

use everlit_http::Secret;
use everlit_keeper::{NotifyError, NotifyErrorClass};
use everlit_notify::Error;

use crate::recorder::{Answer, Recorder};
use crate::{NOW, Stepping, channel, notice};

/// Notifies a service that answers so: the outcome, the number of attempts, and the waits between them.
async fn notify(answers: Vec<Answer>) -> (Result<(), NotifyError>, usize, Vec<u64>) {
    let (service, clock) = (Recorder::answering(answers).await, Stepping::at(NOW));
    let slack = channel("slack", &[("URL", service.url("/services/T0/B0/fake-secret"))], &clock).unwrap();
    let outcome = slack.notify(&notice()).await;
    if let Err(error) = &outcome {
        assert_eq!(error.message.matches("127.0.0.1").count(), 1, "{error}");
        assert!(!error.message.contains("fake-secret") && !error.message.contains("/services"), "{error}");
    }
    (outcome, service.calls().len(), clock.slept())
}

const OK: Answer = Answer::Status(200, "", "ok");

#[tokio::test]
async fn transient_failures_are_retried_twice_with_short_waits() {
    for failure in [
        Answer::Status(500, "", "<html>"),
        Answer::Status(503, "", ""),
        Answer::Status(429, "", ""),
        Answer::Garbage(b"SSH-2.0-OpenSSH\r\n"),
        Answer::Garbage(b""),
    ] {
        let (outcome, tries, waits) = notify(vec![failure.clone(), failure.clone(), OK]).await;
        assert_eq!((outcome, tries, waits), (Ok(()), 3, vec![1, 4]), "{failure:?}");
        let (outcome, tries, _) = notify(vec![failure.clone()]).await;
        assert_eq!((outcome.unwrap_err().is_permanent(), tries), (false, 3), "{failure:?}");
    }
}

#[tokio::test]
async fn retry_after_is_honored_if_it_fits_the_budget() {
    let (outcome, tries, waits) = notify(vec![Answer::Status(429, "Retry-After: 7\r\n", ""), OK]).await;
    assert_eq!((outcome, tries, waits), (Ok(()), 2, vec![7]));
    // Discord says it in JSON, with a fraction.
    let (outcome, tries, waits) = notify(vec![Answer::Status(429, "", r#"{"retry_after": 2.25}"#), OK]).await;
    assert_eq!((outcome, tries, waits), (Ok(()), 2, vec![3]));
    let (outcome, tries, waits) = notify(vec![Answer::Status(429, "Retry-After: 3600\r\n", ""), OK]).await;
    assert_eq!((tries, waits), (1, vec![]));
    assert!(outcome.unwrap_err().message.contains("asks to wait 3600 seconds"));
}

#[tokio::test]
async fn permanent_failures_are_explained_and_not_retried() {
    for (status, body, message) in [
        (404, "no_service", "does not know this URL (404, no_service): create a new incoming webhook"),
        (410, "channel_is_archived", "(410, channel_is_archived)"),
        (403, "action_prohibited", "denied access (403, action_prohibited)"),
        (401, "", "denied access (401)"),
        (400, "invalid_payload", "rejected the message (400, invalid_payload)"),
        (400, "token IGAAfake of https://evil.example", "rejected the message (400):"),
        (413, "", "too long"),
    ] {
        let (outcome, tries, _) = notify(vec![Answer::Status(status, "", body), OK]).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.class, error.http_status, tries), (NotifyErrorClass::Refused, Some(status), 1), "{error}");
        assert!(error.message.contains(message), "{error}");
    }
}

#[tokio::test]
async fn redirects_are_failures_and_are_not_followed() {
    let elsewhere = Recorder::answering(vec![OK]).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: {}\r\n", elsewhere.url("/").expose());
        let answer = Answer::Status(status, Box::leak(location.into_boxed_str()), "");
        let (outcome, tries, _) = notify(vec![answer, OK]).await;
        assert!(outcome.unwrap_err().message.contains("not followed"));
        assert_eq!(tries, 1);
    }
    assert!(elsewhere.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_service_that_hangs_times_out() {
    let (outcome, tries, _) = notify(vec![Answer::Hang]).await;
    let error = outcome.unwrap_err();
    assert!(error.message.contains("within 10 s"), "{error}");
    assert!(tries <= 3);
}

#[test]
fn an_invalid_url_is_refused_and_not_shown() {
    let wrong = |url: &str| channel("slack", &[("URL", Secret::new(url))], &Stepping::at(NOW)).unwrap_err();
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
