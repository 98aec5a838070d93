//! Mail: to a real server, and to servers that misbehave.

use std::sync::{Arc, Mutex};

use everlit_http::{Roots, Secret};
use everlit_keeper::{Clock, Notifier as _, NotifyError};
use everlit_notify::{Email, EmailSettings, Error, Security};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use crate::{NOW, Steps, notice};

fn settings(server: String, security: Security) -> EmailSettings {
    EmailSettings {
        server,
        security,
        user: Some("everlit".to_owned()),
        password: Some(Secret::new("fake-password")),
        from: "everlit <everlit@example.com>".to_owned(),
        to: vec!["admin@example.com".to_owned(), "Second Person <second@example.org>".to_owned()],
        roots: Roots::Bundled,
    }
}

async fn alert_state(settings: EmailSettings) -> (Result<(), NotifyError>, Vec<u64>) {
    let clock = Steps::at(NOW);
    let email = Email::new("mail", settings, Arc::clone(&clock) as Arc<dyn Clock>).unwrap();
    let outcome = email.notify(&notice()).await;
    if let Err(error) = &outcome {
        assert!(!error.message.contains("fake-password"), "{error}");
    }
    (outcome, clock.slept())
}

/// A server that speaks these lines, one after each that it hears, and what it heard.
async fn speaking(lines: &'static [&'static str]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heard = Arc::<Mutex<Vec<String>>>::default();
    let theirs = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            for line in lines {
                if stream.write_all(format!("{line}\r\n").as_bytes()).await.is_err() {
                    break;
                }
                let mut said = String::new();
                if stream.read_line(&mut said).await.is_err() {
                    break;
                }
                theirs.lock().unwrap().push(said.trim().to_owned());
            }
        }
    });
    (address, heard)
}

#[tokio::test]
async fn without_starttls_neither_password_nor_mail_is_sent() {
    let (server, heard) =
        speaking(&["220 mail.example ESMTP", "250-mail.example\r\n250 AUTH PLAIN LOGIN", "250 ok"]).await;
    let (outcome, waits) = alert_state(settings(server, Security::StartTls)).await;
    let error = outcome.unwrap_err();
    assert!(error.message.contains("offers no STARTTLS, so neither password nor mail was sent"), "{error}");
    assert!(waits.is_empty());
    let heard = heard.lock().unwrap().join("\n").to_ascii_uppercase();
    assert!(heard.contains("EHLO") && !heard.contains("AUTH") && !heard.contains("MAIL"), "{heard}");
}

#[tokio::test]
async fn a_server_that_cannot_be_used_is_described() {
    for (lines, message, tries) in [
        (&["554 no service for you"][..], "refuses the mail (554)", 1),
        (&["421 too busy"], "takes no mail for now (421)", 3),
        (&["SSH-2.0-OpenSSH_9.9"], "not as a mail server does", 1),
        (&["220 mail.example", "250 mail.example", "550 not from you"], "refuses the sender or a receiver (550)", 1),
        (
            &["220 mail.example", "250 mail.example", "250 ok", "553 nobody here"],
            "refuses the sender or a receiver (553)",
            1,
        ),
        (
            &["220 mail.example", "250-mail.example\r\n250 AUTH PLAIN", "535 no"],
            "refuses the mail user or its password (535)",
            1,
        ),
    ] {
        let (server, _) = speaking(lines).await;
        let mut plain = settings(server, Security::None);
        if !lines.iter().any(|line| line.contains("AUTH")) {
            (plain.user, plain.password) = (None, None);
        }
        let (outcome, waits) = alert_state(plain).await;
        let error = outcome.unwrap_err();
        assert!(error.message.contains(message), "{error}");
        assert_eq!(waits.len() + 1, tries, "{error}");
    }
    // Nobody has offered the service of port 1 for decades.
    let (outcome, waits) = alert_state(settings("127.0.0.1:1".to_owned(), Security::StartTls)).await;
    let error = outcome.unwrap_err();
    assert!(error.message.contains("no connection to 127.0.0.1 at port 1"), "{error}");
    assert_eq!(waits, [1, 4]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap().to_string();
    let (outcome, _) = alert_state(settings(server, Security::StartTls)).await;
    let error = outcome.unwrap_err();
    assert!(error.message.contains("in time") || error.message.contains("within 10 seconds"), "{error}");
    assert!(error.message.contains("127.0.0.1"), "{error}");
}

#[test]
fn settings_that_cannot_work_are_refused_before_anything_is_sent() {
    let of = |change: fn(&mut EmailSettings)| {
        let mut settings = settings("mail.example".to_owned(), Security::StartTls);
        change(&mut settings);
        Email::new("mail", settings, Steps::at(NOW)).err()
    };
    assert_eq!(of(|_| {}), None);
    assert_eq!(of(|s| s.security = Security::None), Some(Error::PlainMail));
    assert_eq!(of(|s| s.password = None), Some(Error::MailPassword));
    assert_eq!(of(|s| s.from = "everlit".to_owned()), Some(Error::MailFrom));
    assert_eq!(of(|s| s.from = "a@example.com\r\nBcc: b@example.com".to_owned()), Some(Error::MailFrom));
    assert_eq!(of(|s| s.to.clear()), Some(Error::MailTo));
    assert_eq!(of(|s| s.to.push("nobody".to_owned())), Some(Error::MailTo));
    for server in ["", "mail.example:0", "mail.example:port", "smtp://mail.example", "mail example"] {
        let made = Email::new("mail", settings(server.to_owned(), Security::Tls), Steps::at(NOW));
        assert_eq!(made.err(), Some(Error::MailServer), "{server}");
    }
}

#[cfg(target_os = "linux")]
mod real {
    //! aiosmtpd, which takes nothing without TLS and a login; its mails as Python's email package reads them.

    use std::io::{BufRead as _, BufReader, Lines};
    use std::process::{Child, ChildStdout, Stdio};

    use everlit_keeper::Notice;
    use serde_json::{Value, json};

    use super::*;
    use crate::validators;

    struct Server {
        process: Child,
        lines: Lines<BufReader<ChildStdout>>,
        port: u16,
        pem: Vec<u8>,
        _folder: tempfile::TempDir,
    }

    impl Server {
        fn start(mode: &str) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
            let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
            std::fs::write(&certificate, made.cert.pem()).unwrap();
            std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
            let mut python = validators::python();
            python.arg("-u").arg(validators::script("mail.py")).args([&certificate, &key]).arg(mode);
            let mut process = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
            let port = lines.next().unwrap().unwrap().parse().unwrap();
            Self { process, lines, port, pem: made.cert.pem().into_bytes(), _folder: folder }
        }

        fn settings(&self, security: Security) -> EmailSettings {
            EmailSettings {
                roots: Roots::Only(self.pem.clone()),
                ..settings(format!("localhost:{}", self.port), security)
            }
        }

        fn mail(&mut self) -> Value {
            serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
        }
    }

    impl Drop for Server {
        fn drop(&mut self) {
            // It ends with its input.
            drop(self.process.stdin.take());
            let _ = self.process.wait();
        }
    }

    fn header<'a>(mail: &'a Value, name: &str) -> &'a str {
        let headers = mail["headers"].as_array().unwrap();
        headers.iter().find(|header| header[0] == name).unwrap()[1].as_str().unwrap()
    }

    #[tokio::test]
    async fn a_mail_arrives_over_starttls_with_a_login_and_is_read_as_it_was_meant() {
        let mut server = Server::start("starttls");
        alert_state(server.settings(Security::StartTls)).await.0.unwrap();
        let mail = server.mail();
        assert_eq!(
            (&mail["from"], &mail["user"], &mail["tls"]),
            (&json!("everlit@example.com"), &json!("everlit"), &json!(true))
        );
        assert_eq!(mail["to"], json!(["admin@example.com", "second@example.org"]));
        assert_eq!(mail["defects"], json!([]));
        assert_eq!(header(&mail, "Subject"), "everlit: shop needs a person");
        assert_eq!(header(&mail, "Auto-Submitted"), "auto-generated");
        assert_eq!(header(&mail, "Message-ID"), "<shop-needs-person-1800000000@example.com>");
        assert_eq!(header(&mail, "Date"), "Fri, 15 Jan 2027 08:00:00 +0000");
        let text = mail["parts"]["text/plain"].as_str().unwrap();
        for line in [
            "Instagram says that the password was changed.",
            "- shop (user shop.official): since 12 Jan 2027; its token expires on 23 Jan 2027, in 8 days",
            "Run: everlit connect --account shop",
        ] {
            assert!(text.lines().any(|read| read == line), "{text}");
        }
        assert!(mail["parts"]["text/html"].as_str().unwrap().contains("<pre>everlit connect --account shop</pre>"));

        // Two mails about one account are one thread; the reader of a hostile one sees no header that was not meant.
        let hostile = Notice {
            id: "x\r\nBcc: evil@example.net".to_owned(),
            message: format!("\r\n\r\n<script>alert(1)</script>\r\nBcc: evil@example.net {}", "\u{e9}".repeat(2_000)),
            ..notice()
        };
        let email = Email::new("mail", server.settings(Security::StartTls), Steps::at(NOW)).unwrap();
        email.notify(&hostile).await.unwrap();
        let second = server.mail();
        assert_eq!(header(&mail, "References"), header(&second, "References"));
        assert!(second["headers"].as_array().unwrap().iter().all(|header| header[0] != "Bcc"));
        assert_eq!((&second["defects"], &second["to"]), (&json!([]), &mail["to"]));
        assert!(second["longest"].as_u64().unwrap() <= 998);
    }

    #[tokio::test]
    async fn a_mail_arrives_over_tls_from_the_first_byte() {
        let mut server = Server::start("tls");
        alert_state(server.settings(Security::Tls)).await.0.unwrap();
        assert_eq!(server.mail()["user"], "everlit");
    }

    #[tokio::test]
    async fn a_wrong_password_and_an_unknown_certificate_are_told_apart() {
        let server = Server::start("starttls");
        let mut wrong = server.settings(Security::StartTls);
        wrong.password = Some(Secret::new("fake-password-2"));
        let error = alert_state(wrong).await.0.unwrap_err();
        assert!(error.message.contains("refuses the mail user or its password (535)"), "{error}");
        let unknown = EmailSettings { roots: Roots::Bundled, ..server.settings(Security::StartTls) };
        let error = alert_state(unknown).await.0.unwrap_err();
        assert!(error.message.contains("its certificate is not trusted"), "{error}");
    }
}
