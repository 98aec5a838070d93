//! Why a target cannot be built.

use everlit_http::UrlError;

/// A setting or secret with which a target can never work. Holds no secret.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Error {
    /// A secret is not set; this is its suffix.
    #[error("{0} is not set")]
    MissingSecret(&'static str),
    /// A secret that no header or URL can carry; this is its suffix.
    #[error("{0} contains a space or a character that no such secret has")]
    Secret(&'static str),
    /// The address cannot be called.
    #[error("`{0}` {1}")]
    Url(&'static str, UrlError),
    /// A setting is wrong.
    #[error("`{0}` {1}")]
    Setting(&'static str, String),
    /// The name would put the token into what browsers download.
    #[error("{0} would be compiled into what every visitor downloads; use a name without {1}")]
    Public(String, &'static str),
    /// Not a signing secret as Standard Webhooks defines it.
    #[error("SECRET must be whsec_ followed by base64 of 24 to 64 bytes")]
    SigningSecret,
    /// Not the key of a Google service account.
    #[error(
        "SERVICE_ACCOUNT must be the JSON of a service account's key, with client_email, private_key_id and private_key"
    )]
    ServiceAccount,
    /// A token of a stand-in for Meta, on its way to a real service.
    #[error("EVERLIT_META_URL is set: tokens of a stand-in for Meta are not sent to {0}")]
    Trial(String),
    /// No credentials for a cloud can be had from its own variables and files.
    #[error("{0}")]
    Credentials(String),
    /// The proxy or the certificates cannot be used.
    #[error("{0}")]
    Connection(String),
}
