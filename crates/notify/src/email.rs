//! E-mail over SMTP.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use everlit_http::{Roots, Secret};
use everlit_keeper::{Clock, Notice, Notifier, NotifyError, NotifyErrorClass};
use everlit_meta_api::BoxFuture;
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::event::id;
use crate::message::{Line, Message, Tone};
use crate::retry::{ATTEMPT, Failure, retry};
use crate::{Error, Setup};

/// The names of the modes of `Security`, the default first.
pub static SECURITY: [&str; 3] = ["starttls", "tls", "none"];

/// How the connection to a mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Security {
    /// Starts in the clear and must upgrade to TLS before anything is sent (RFC 3207).
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// Not at all. To this machine only.
    None,
}

/// One or more mailboxes.
#[derive(Debug)]
pub(crate) struct Email {
    name: String,
    host: String,
    port: u16,
    security: Security,
    credentials: Option<(String, Secret)>,
    from: Mailbox,
    to: Vec<Mailbox>,
    roots: Roots,
    clock: Arc<dyn Clock>,
}

impl Email {
    pub(crate) fn new(setup: &Setup<'_>) -> Result<Self, Error> {
        let options = setup.options;
        let security = match options.text("security") {
            Some("tls") => Security::Tls,
            Some("none") => Security::None,
            _ => Security::StartTls,
        };
        let (host, port) = host_and_port(options.text("server").unwrap_or_default(), security)?;
        let is_here = host.eq_ignore_ascii_case("localhost")
            || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        if security == Security::None && !is_here {
            return Err(Error::PlainMail);
        }
        let credentials = match options.text("user") {
            Some(user) => Some((user.to_owned(), setup.secret("PASSWORD")?.clone())),
            None => None,
        };
        let mailbox = |text: &str| text.trim().parse::<Mailbox>().ok();
        let to: Option<Vec<Mailbox>> = options.list("to").iter().map(|to| mailbox(to)).collect();
        Ok(Self {
            name: setup.name.to_owned(),
            host,
            port,
            security,
            credentials,
            from: options.text("from").and_then(mailbox).ok_or(Error::MailFrom)?,
            to: to.filter(|to| !to.is_empty()).ok_or(Error::MailTo)?,
            roots: setup.roots.clone(),
            clock: Arc::clone(&setup.clock),
        })
    }

    async fn send(&self, envelope: &Envelope, mail: &[u8]) -> Result<(), Failure> {
        let transport = self.transport().map_err(Failure::misconfigured)?;
        match tokio::time::timeout(ATTEMPT, transport.send_raw(envelope, mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.failure(&error)),
            Err(_) => {
                let message = format!("{} did not accept the mail within {} seconds", self.host, ATTEMPT.as_secs());
                Err(Failure::temporary(message))
            }
        }
    }

    fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
        let tls = match self.security {
            Security::StartTls => Tls::Required(self.tls()?),
            Security::Tls => Tls::Wrapper(self.tls()?),
            Security::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&*self.host)
            .port(self.port)
            .tls(tls)
            .timeout(Some(ATTEMPT));
        if let Some((user, password)) = &self.credentials {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
        }
        Ok(builder.build())
    }

    fn tls(&self) -> Result<TlsParameters, String> {
        let (store, pem): (_, &[u8]) = match &self.roots {
            Roots::Bundled => (CertificateStore::WebpkiRoots, b""),
            Roots::BundledAnd(pem) => (CertificateStore::WebpkiRoots, pem),
            Roots::Only(pem) => (CertificateStore::None, pem),
        };
        let mut parameters = TlsParameters::builder(self.host.clone()).certificate_store(store);
        let mut usable = rustls::RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| "the CA file is not PEM".to_owned())?;
            // A system's bundle may contain certificates that rustls cannot read. The others suffice.
            if usable.add(certificate.clone()).is_ok() {
                let certificate = Certificate::from_der(certificate.to_vec()).map_err(|error| error.to_string())?;
                parameters = parameters.add_root_certificate(certificate);
            }
        }
        parameters.build_rustls().map_err(|error| error.to_string())
    }

    /// Our own message for an error of lettre, whose messages quote the server.
    fn failure(&self, error: &lettre::transport::smtp::Error) -> Failure {
        let host = &self.host;
        let text = error.to_string();
        if let Some(code) = error.status().map(u16::from) {
            return match code {
                400..=499 => Failure::temporary(format!("{host} accepts no mail for now ({code})")),
                530 | 534 | 535 => {
                    Failure::refused(format!("{host} rejected the user or the password ({code}): store the right ones"))
                }
                550..=553 => Failure::refused(format!(
                    "{host} rejected the sender or a recipient ({code}): check both addresses"
                )),
                _ => Failure::refused(format!("{host} rejected the mail ({code})")),
            };
        }
        if text.contains("STARTTLS") {
            Failure::refused(format!(
                "{host} does not offer STARTTLS, so neither password nor mail was sent: use its TLS port (465), or \
                 another server"
            ))
        } else if text.contains("authentication mechanism") {
            Failure::refused(format!("{host} offers no supported login method: check the port, or leave out the user"))
        } else if error.is_tls() || text.contains("certificate") {
            Failure::refused(format!(
                "no secure connection to {host}: its certificate is not trusted, or the port expects another kind of \
                 TLS"
            ))
        } else if error.is_timeout() {
            Failure::temporary(format!("{host} did not respond in time"))
        } else if error.is_response() {
            Failure::refused(format!("{host} does not respond like a mail server: check host and port"))
        } else {
            let port = self.port;
            Failure::temporary(format!("cannot connect to {host} on port {port}: check both, and the network"))
        }
    }

    /// The whole mail, headers and body.
    pub(crate) fn mail(&self, notice: &Notice) -> Option<(Envelope, Vec<u8>)> {
        let message = Message::of(notice);
        let domain = self.from.email.domain();
        let seconds = u64::try_from(notice.at.as_unix()).unwrap_or(0);
        let mut builder = lettre::Message::builder()
            .from(self.from.clone())
            .subject(&message.title)
            .date(UNIX_EPOCH + Duration::from_secs(seconds))
            .message_id(Some(format!("<{}@{domain}>", id(notice))));
        for to in &self.to {
            builder = builder.to(to.clone());
        }
        let addresses: Vec<Address> = self.to.iter().map(|to| to.email.clone()).collect();
        let envelope = Envelope::new(Some(self.from.email.clone()), addresses).ok()?;
        let body = MultiPart::alternative_plain_html(text(&message), html(&message));
        let mut mail = builder.multipart(body).ok()?;
        let threads = threads(notice, domain);
        if !threads.is_empty() {
            let name = HeaderName::new_from_ascii_str("References");
            mail.headers_mut().insert_raw(HeaderValue::new(name, threads));
        }
        // RFC 3834: suppresses out-of-office replies.
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        mail.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
        Some((envelope, mail.formatted()))
    }
}

impl Notifier for Email {
    fn name(&self) -> &str {
        &self.name
    }

    fn goes_to(&self) -> Option<&str> {
        Some(&self.host)
    }

    fn notify<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotifyError>> {
        Box::pin(async move {
            let (envelope, mail) = self.mail(notice).ok_or_else(|| {
                let message = "cannot compose a mail for these addresses: check sender and recipients";
                NotifyError::new(NotifyErrorClass::Misconfigured, message)
            })?;
            retry(&*self.clock, &self.host, || self.send(&envelope, &mail)).await
        })
    }
}

/// The host and port of a mail server.
fn host_and_port(server: &str, security: Security) -> Result<(String, u16), Error> {
    let usual = match security {
        Security::StartTls => 587,
        Security::Tls => 465,
        Security::None => 25,
    };
    let server = server.trim();
    let (host, port) = match server.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().map_err(|_| Error::MailServer)?),
        None => (server, usual),
    };
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    if host.is_empty() || !host.bytes().all(is_host) || port == 0 {
        return Err(Error::MailServer);
    }
    Ok((host.to_owned(), port))
}

/// An invented first mail per account, to which all others refer, so that mail programs show them as one thread.
/// At most ten, for the length of a header line.
fn threads(notice: &Notice, domain: &str) -> String {
    let thread = |name: &str| {
        let digest = ring::digest::digest(&ring::digest::SHA256, name.as_bytes());
        let bytes = digest.as_ref().first_chunk().copied().unwrap_or_default();
        format!("<everlit-{:016x}@{domain}>", u64::from_be_bytes(bytes))
    };
    let threads: Vec<String> = notice.accounts.iter().take(10).map(|account| thread(account.name.as_str())).collect();
    threads.join(" ")
}

fn text(message: &Message) -> String {
    let lines: Vec<String> = message.lines().iter().map(Line::plain).collect();
    format!("{}\r\n\r\n{}\r\n", message.title, lines.join("\r\n"))
}

/// Inline styles only: mail programs drop others.
pub(crate) fn html(message: &Message) -> String {
    let color = match message.tone {
        Tone::Bad => "#d93025",
        Tone::Warning => "#b06000",
        Tone::Good => "#1e8e3e",
    };
    let lines: String = message
        .lines()
        .iter()
        .map(|line| match line {
            Line::Text(text) => format!("<p>{}</p>\r\n", escape(text)),
            Line::Account(account) => format!("<p style=\"margin-left:1em\">{}</p>\r\n", escape(account)),
            Line::Command(command) => format!("<p>Run:</p>\r\n<pre>{}</pre>\r\n", escape(command)),
        })
        .collect();
    let title = escape(&message.title);
    format!(
        "<!doctype html>\r\n<html><body style=\"font-family:sans-serif\">\r\n\
         <h2 style=\"color:{color}\">{title}</h2>\r\n{lines}</body></html>\r\n"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
