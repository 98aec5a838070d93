//! What counts as delivered: the answer that a service documents, not the status alone.

use everlit_http::Secret;
use everlit_keeper::{NotifyError, NotifyErrorClass};
use everlit_notify::{Options, Summary};

use crate::recorder::{Answer, Recorder};
use crate::{NOW, Stepping, notice, setup};

const PAGE: &str = "<!DOCTYPE html><html><title>Sign in to the network</title></html>";
const KEY: &str = "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0";

/// A notice to a channel, or a heartbeat to a monitor, that is answered so.
async fn send(kind: &str, status: u16, body: &'static str) -> Result<(), NotifyError> {
    let service = Recorder::answering(vec![Answer::Status(status, "content-type: text/html\r\n", body)]).await;
    let secrets = [("URL", service.url("/api/push/fake-topic")), ("SECRET", Secret::new(KEY))];
    let (options, clock) = (Options::default(), Stepping::at(NOW));
    let setup = setup(kind, &options, &secrets, &clock);
    let setup = if kind == "ntfy" {
        everlit_notify::Setup { secrets: [("URL", service.url("/topic"))].into(), ..setup }
    } else {
        setup
    };
    if setup.kind.is_monitor() {
        setup.heartbeat(1).unwrap().finish(&Summary::default()).await
    } else {
        setup.channel().unwrap().notify(&notice()).await
    }
}

#[tokio::test]
async fn the_documented_answer_of_a_service_is_a_delivery() {
    for (kind, status, body) in [
        ("slack", 200, "ok"),
        ("slack", 200, "ok\n"),
        ("slack", 200, r#"{"success":true}"#),
        ("discord", 204, ""),
        ("discord", 200, r#"{"id":"1","content":"x"}"#),
        ("teams", 202, ""),
        ("teams", 200, "1"),
        ("ntfy", 200, r#"{"id":"fake","event":"message","topic":"topic"}"#),
        ("webhook", 204, ""),
        ("webhook", 200, "thanks"),
        ("healthchecks", 200, "OK"),
        ("healthchecks", 201, "Created"),
        ("uptime-kuma", 200, r#"{"ok":true}"#),
        ("cronitor", 200, ""),
        ("snitch", 202, "Got it, thanks!"),
        ("url", 200, ""),
    ] {
        assert_eq!(send(kind, status, body).await, Ok(()), "{kind} {status} {body}");
    }
}

#[tokio::test]
async fn a_failure_inside_a_200_is_no_delivery() {
    use NotifyErrorClass::{Refused, Temporary};
    const TEAMS_400: &str = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 400 with \
                             ContextId tcid=0";
    const TEAMS_429: &str = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with \
                             ContextId tcid=0";
    for (kind, status, body, class, message) in [
        ("slack", 200, r#"{"ok":false,"error":"no_service"}"#, Refused, "answered 200, but its answer says so"),
        ("slack", 200, "welcome", Refused, "may not have arrived"),
        ("slack", 200, "", Refused, "may not have arrived"),
        ("discord", 200, "ok", Refused, "may not have arrived"),
        ("teams", 200, TEAMS_400, Refused, "Teams rejected the message"),
        ("teams", 202, TEAMS_400, Refused, "Teams rejected the message"),
        ("teams", 200, TEAMS_429, Temporary, "limits the rate"),
        ("teams", 200, "welcome", Refused, "may not have arrived"),
        ("teams", 200, "", Refused, "may not have arrived"),
        ("ntfy", 200, "", Refused, "may not have arrived"),
        ("healthchecks", 200, "OK (not found)", Refused, "there is no check with this URL"),
        ("healthchecks", 200, "OK (rate limited)", Temporary, "limits the rate"),
        ("healthchecks", 200, "", Refused, "may not have arrived"),
        ("uptime-kuma", 200, r#"{"ok":false,"msg":"x"}"#, Refused, "no active monitor"),
        ("uptime-kuma", 200, "OK", Refused, "may not have arrived"),
    ] {
        let error = send(kind, status, body).await.expect_err(body);
        assert_eq!((error.class, error.http_status), (class, Some(status)), "{kind} {body}: {error}");
        assert!(error.message.contains(message), "{kind} {body}: {error}");
    }
}

#[tokio::test]
async fn a_web_page_is_never_a_delivery() {
    let kinds = everlit_notify::KINDS.iter().map(|kind| kind.name).filter(|name| !["email", "command"].contains(name));
    for kind in kinds {
        for body in [PAGE, "\u{feff}\n<HTML><body>", "<!-- proxy --><html>"] {
            let error = send(kind, 200, body).await.expect_err(kind);
            assert!(error.message.contains("web page") && error.is_permanent(), "{kind}: {error}");
        }
    }
}
