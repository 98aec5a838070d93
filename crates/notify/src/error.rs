//! Why a channel cannot be set up.

use everlit_http::UrlError;

/// Something in a channel's settings that can never work. Holds nothing of the settings, which may be secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The address cannot be called.
    #[error("the address {0}")]
    Url(#[from] UrlError),
    /// The address is that of a whole service, not of a place in it.
    #[error("the address ends after the host; copy all of it, path included")]
    NoPath,
    /// The last part of the path is no topic of ntfy.
    #[error("the address must end in a topic of at most 64 letters, digits, - and _, as in https://ntfy.sh/my-topic")]
    Topic,
    /// Not a secret in the form of Standard Webhooks.
    #[error(
        "the signing secret must be whsec_ and then base64 of 24 to 64 bytes; make one with: openssl rand -base64 32"
    )]
    SigningSecret,
    /// The mail server is no host name with or without a port.
    #[error("the mail server must be a host name, or a host name and a port: mail.example.com:587")]
    MailServer,
    /// A password over a connection that anyone can listen to.
    #[error("mail may go unencrypted to this machine only; use STARTTLS or TLS")]
    PlainMail,
    /// A user name without a password, or the other way round.
    #[error("a mail user needs a password, and a password needs a user")]
    MailPassword,
    /// The sender of mail is no address.
    #[error("the sender is no e-mail address")]
    MailFrom,
    /// A receiver of mail is no address, or there is none.
    #[error("each receiver must be an e-mail address, and there must be one at least")]
    MailTo,
    /// A command without a program.
    #[error("the command is empty; its first part is the program")]
    NoProgram,
    /// Proxy or certificates cannot be used.
    #[error("{0}")]
    Connection(String),
}
