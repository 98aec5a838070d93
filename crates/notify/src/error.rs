//! Why a notifier cannot be built.

use everlit_http::UrlError;

/// A setting or secret with which a notifier can never work. Contains no part of them: they may be secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The URL cannot be called.
    #[error("the URL {0}")]
    Url(#[from] UrlError),
    /// The URL has no path.
    #[error("the URL ends after the host; copy all of it, including the path")]
    NoPath,
    /// The address of a page, or of a service that is gone: says which URL is needed.
    #[error("{0}")]
    Address(&'static str),
    /// The last part of the path is not a topic of ntfy.
    #[error("the URL must end in a topic of at most 64 letters, digits, - and _, as in https://ntfy.sh/my-topic")]
    Topic,
    /// An access token that no header can carry.
    #[error("the access token contains a space or a character that no token has")]
    Token,
    /// A secret is not set; this is its suffix.
    #[error("{0} is not set")]
    MissingSecret(&'static str),
    /// Not a signing secret as Standard Webhooks defines it.
    #[error(
        "the signing secret must be whsec_ followed by base64 of 24 to 64 bytes; \
         create one with: openssl rand -base64 32"
    )]
    SigningSecret,
    /// The mail server is not a host name with or without a port.
    #[error("the mail server must be a host name, or a host name and a port: mail.example.com:587")]
    MailServer,
    /// Mail over a connection that anyone can read.
    #[error("unencrypted mail is allowed to this machine only; use STARTTLS or TLS")]
    PlainMail,
    /// The sender of mail is not an e-mail address.
    #[error("the sender is not an e-mail address")]
    MailFrom,
    /// A recipient of mail is not an e-mail address, or there is none.
    #[error("mail needs at least one recipient, and each must be an e-mail address")]
    MailTo,
    /// A command without a program.
    #[error("the command is empty; its first part is the program")]
    NoProgram,
    /// A monitor in the place of a channel.
    #[error("{0} is a monitor, not a channel")]
    NotAChannel(&'static str),
    /// A channel in the place of a monitor.
    #[error("{0} is a channel, not a monitor")]
    NotAMonitor(&'static str),
    /// The proxy or the certificates cannot be used.
    #[error("{0}")]
    Connection(String),
}
