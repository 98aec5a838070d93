//! Mail, to a real server and to servers that misbehave.

use std::sync::{Arc, Mutex};

use everlit_http::{Roots, Secret};
use everlit_keeper::{Notifier, NotifyError};
use everlit_notify::{Error, Options, Setup};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use crate::{NOW, Stepping, notice, setup};

/// The settings of one mail channel.
#[derive(Clone)]
struct Settings {
    options: Options,
    password: Option<Secret>,
    roots: Roots,
}

impl Settings {
    fn new(server: String, security: &str) -> Self {
        let mut options = Options::default();
        options.set("server", vec![server]);
        options.set("security", vec![security.to_owned()]);
        options.set("user", vec!["everlit".to_owned()]);
        options.set("from", vec!["everlit <everlit@example.com>".to_owned()]);
        let second = "Second Person <second@example.org>";
        options.set("to", vec!["admin@example.com".to_owned(), second.to_owned()]);
        Self { options, password: Some(Secret::new("fake-password")), roots: Roots::Bundled }
    }

    fn build(&self, clock: &Arc<Stepping>) -> Result<Arc<dyn Notifier>, Error> {
        let password = self.password.clone().map(|password| ("PASSWORD", password));
        let setup = setup("email", &self.options, &Vec::from_iter(password), clock);
        Setup { roots: self.roots.clone(), ..setup }.channel()
    }

    /// Sends a notice: the outcome, and the waits between the attempts.
    async fn notify(&self) -> (Result<(), NotifyError>, Vec<u64>) {
        let clock = Stepping::at(NOW);
        let outcome = self.build(&clock).unwrap().notify(&notice()).await;
        if let Err(error) = &outcome {
            assert!(!error.message.contains("fake-password"), "{error}");
        }
        (outcome, clock.slept())
    }
}

/// A server that sends one of these lines after each that it receives. Returns what it received.
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
    let (outcome, waits) = Settings::new(server, "starttls").notify().await;
    let error = outcome.unwrap_err();
    assert!(error.message.contains("does not offer STARTTLS, so neither password nor mail was sent"), "{error}");
    assert!(waits.is_empty());
    let heard = heard.lock().unwrap().join("\n").to_ascii_uppercase();
    assert!(heard.contains("EHLO") && !heard.contains("AUTH") && !heard.contains("MAIL"), "{heard}");
}

#[tokio::test]
async fn errors_say_why_a_server_cannot_be_used() {
    for (lines, message, tries) in [
        (&["554 no service for you"][..], "rejected the mail (554)", 1),
        (&["421 too busy"], "accepts no mail for now (421)", 3),
        (&["SSH-2.0-OpenSSH_9.9"], "does not respond like a mail server", 1),
        (&["220 mail.example", "250 mail.example", "550 not from you"], "rejected the sender or a recipient (550)", 1),
        (
            &["220 mail.example", "250 mail.example", "250 ok", "553 nobody here"],
            "rejected the sender or a recipient (553)",
            1,
        ),
        (
            &["220 mail.example", "250-mail.example\r\n250 AUTH PLAIN", "535 no"],
            "rejected the user or the password (535)",
            1,
        ),
    ] {
        let (server, _) = speaking(lines).await;
        let mut plain = Settings::new(server, "none");
        if !lines.iter().any(|line| line.contains("AUTH")) {
            plain.options.set("user", Vec::new());
        }
        let (outcome, waits) = plain.notify().await;
        let error = outcome.unwrap_err();
        assert!(error.message.contains(message), "{error}");
        assert_eq!(waits.len() + 1, tries, "{error}");
    }
    // Nothing has listened on port 1 for decades.
    let (outcome, waits) = Settings::new("127.0.0.1:1".to_owned(), "starttls").notify().await;
    let error = outcome.unwrap_err();
    assert!(error.message.contains("cannot connect to 127.0.0.1 on port 1"), "{error}");
    assert_eq!(waits, [1, 4]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap().to_string();
    let (outcome, _) = Settings::new(server, "starttls").notify().await;
    let error = outcome.unwrap_err();
    assert!(error.message.contains("in time") || error.message.contains("within 10 seconds"), "{error}");
    assert!(error.message.contains("127.0.0.1"), "{error}");
}

#[test]
fn invalid_settings_are_refused_before_anything_is_sent() {
    let of = |change: &dyn Fn(&mut Settings)| {
        let mut settings = Settings::new("mail.example".to_owned(), "starttls");
        change(&mut settings);
        settings.build(&Stepping::at(NOW)).err()
    };
    let with = |key, values: &[&str]| {
        let values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
        of(&move |settings| settings.options.set(key, values.clone()))
    };
    assert_eq!(of(&|_| {}), None);
    assert_eq!(with("security", &["none"]), Some(Error::PlainMail));
    assert_eq!(of(&|settings| settings.password = None), Some(Error::MissingSecret("PASSWORD")));
    assert_eq!(with("from", &["everlit"]), Some(Error::MailFrom));
    assert_eq!(with("from", &["a@example.com\r\nBcc: b@example.com"]), Some(Error::MailFrom));
    assert_eq!(with("to", &[]), Some(Error::MailTo));
    assert_eq!(with("to", &["admin@example.com", "nobody"]), Some(Error::MailTo));
    for server in ["", "mail.example:0", "mail.example:port", "smtp://mail.example", "mail example"] {
        assert_eq!(with("server", &[server]), Some(Error::MailServer), "{server}");
    }
}

#[cfg(target_os = "linux")]
mod real {
    //! aiosmtpd, which requires TLS and a login. Python's email package reads its mails.

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

        fn settings(&self, security: &str) -> Settings {
            Settings {
                roots: Roots::Only(self.pem.clone()),
                ..Settings::new(format!("localhost:{}", self.port), security)
            }
        }

        fn mail(&mut self) -> Value {
            serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
        }
    }

    impl Drop for Server {
        fn drop(&mut self) {
            // It exits when stdin closes.
            drop(self.process.stdin.take());
            let _ = self.process.wait();
        }
    }

    fn header<'a>(mail: &'a Value, name: &str) -> &'a str {
        let headers = mail["headers"].as_array().unwrap();
        headers.iter().find(|header| header[0] == name).unwrap()[1].as_str().unwrap()
    }

    #[tokio::test]
    async fn mail_arrives_intact_over_starttls_with_a_login() {
        let mut server = Server::start("starttls");
        server.settings("starttls").notify().await.0.unwrap();
        let mail = server.mail();
        assert_eq!(
            (&mail["from"], &mail["user"], &mail["tls"]),
            (&json!("everlit@example.com"), &json!("everlit"), &json!(true))
        );
        assert_eq!(mail["to"], json!(["admin@example.com", "second@example.org"]));
        assert_eq!(mail["defects"], json!([]));
        assert_eq!(header(&mail, "Subject"), "everlit: action required for shop");
        assert_eq!(header(&mail, "Auto-Submitted"), "auto-generated");
        assert_eq!(header(&mail, "Message-ID"), "<shop-needs-person-1800000000@example.com>");
        assert_eq!(header(&mail, "Date"), "Fri, 15 Jan 2027 08:00:00 +0000");
        let text = mail["parts"]["text/plain"].as_str().unwrap();
        for line in [
            "Instagram says that the password was changed.",
            "- shop (user shop.official): since 12 Jan 2027; token expires on 23 Jan 2027 (in 8 days)",
            "Run: everlit connect --account shop",
        ] {
            assert!(text.lines().any(|read| read == line), "{text}");
        }
        assert!(mail["parts"]["text/html"].as_str().unwrap().contains("<pre>everlit connect --account shop</pre>"));

        // Two mails about one account form one thread; a hostile text adds no header.
        let hostile = Notice {
            id: "x\r\nBcc: evil@example.net".to_owned(),
            message: format!("\r\n\r\n<script>alert(1)</script>\r\nBcc: evil@example.net {}", "\u{e9}".repeat(2_000)),
            ..notice()
        };
        let email = server.settings("starttls").build(&Stepping::at(NOW)).unwrap();
        email.notify(&hostile).await.unwrap();
        let second = server.mail();
        assert_eq!(header(&mail, "References"), header(&second, "References"));
        assert!(second["headers"].as_array().unwrap().iter().all(|header| header[0] != "Bcc"));
        assert_eq!((&second["defects"], &second["to"]), (&json!([]), &mail["to"]));
        assert!(second["longest"].as_u64().unwrap() <= 998);
    }

    #[tokio::test]
    async fn mail_arrives_over_implicit_tls() {
        let mut server = Server::start("tls");
        server.settings("tls").notify().await.0.unwrap();
        assert_eq!(server.mail()["user"], "everlit");
    }

    #[tokio::test]
    async fn wrong_passwords_and_unknown_certificates_differ() {
        let server = Server::start("starttls");
        let mut wrong = server.settings("starttls");
        wrong.password = Some(Secret::new("fake-password-2"));
        let error = wrong.notify().await.0.unwrap_err();
        assert!(error.message.contains("rejected the user or the password (535)"), "{error}");
        let unknown = Settings { roots: Roots::Bundled, ..server.settings("starttls") };
        let error = unknown.notify().await.0.unwrap_err();
        assert!(error.message.contains("its certificate is not trusted"), "{error}");
    }
}
