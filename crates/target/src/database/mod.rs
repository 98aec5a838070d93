//! What the databases among the kinds share.

#[cfg(any(feature = "mysql", feature = "postgres"))]
mod session;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod sql;
mod url;

#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(crate) use session::Session;
#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(crate) use sql::{Dialect, Parameter, Sql, Table, Values, Writes};
pub(crate) use url::DatabaseUrl;

use everlit_keeper::{DeliveryError, DeliveryErrorClass};
use everlit_options::{OptionSpec, Shape};

use crate::kind::{SecretSpec, optional};

pub(crate) const URL: SecretSpec = SecretSpec { suffix: "URL", prompt: "URL with the password", is_required: true };

#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(crate) const READ_ONLY: &str = "is read only, as a replica is: use the URL of the primary";

/// The certificate of the provider's own CA.
pub(crate) const CA_FILE: OptionSpec = optional("ca_file", Shape::Text);

/// An error before the server said anything.
pub(crate) fn unreached(error: &everlit_http::Error) -> DeliveryError {
    let is_certificate = error.stage == everlit_http::Stage::Tls && error.detail.contains("is not trusted");
    let message = if is_certificate {
        format!("{error}. If the service has a CA of its own, set `ca_file` to that CA's certificate")
    } else {
        error.to_string()
    };
    // Trusting a certificate takes a person; networks recover.
    let class = if is_certificate { DeliveryErrorClass::NotFound } else { DeliveryErrorClass::Retry };
    DeliveryError { io: error.kind, ..DeliveryError::new(class, message) }
}

/// What a server says, without the token or anything else that is secret.
pub(crate) fn said(text: &str) -> String {
    const LONGEST: usize = 200;
    everlit_meta_api::clean(text).chars().take(LONGEST).collect()
}
