//! What the databases among the kinds share.

#[cfg(any(feature = "mysql", feature = "postgres"))]
mod session;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod sql;

#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(crate) use session::Session;
#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(crate) use sql::{Dialect, Parameter, Sql, Table, Values, Writes};

use everlit_http::{DatabaseUrl, Roots};
use everlit_keeper::{DeliveryError, DeliveryErrorClass};
use everlit_options::{OptionSpec, Shape};

use crate::error::Error;
use crate::kind::{SecretSpec, optional};
use crate::setup::Setup;

pub(crate) const URL: SecretSpec = SecretSpec { suffix: "URL", prompt: "URL with the password", is_required: true };

#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(crate) const READ_ONLY: &str = "is read only, as a replica is: use the URL of the primary";

/// The certificate of the provider's own CA.
pub(crate) const CA_FILE: OptionSpec = optional("ca_file", Shape::Text);

/// The URL in the secret `URL`.
pub(crate) fn url_of(setup: &Setup<'_>, schemes: &[&str], usual_port: u16) -> Result<DatabaseUrl, Error> {
    let url = DatabaseUrl::parse(setup.secret("URL")?.expose(), schemes, usual_port)
        .map_err(|why| Error::Setting("URL", why))?;
    if setup.is_trial && !url.is_this_machine() {
        return Err(Error::Trial(url.host));
    }
    Ok(url)
}

/// Who may answer as the host: whoever has a certificate of a CA that is trusted, or of the one in `ca_file`.
pub(crate) fn roots_of(setup: &Setup<'_>) -> Result<Roots, Error> {
    const LARGEST: usize = 1 << 20;
    let Some(shown) = setup.options.text("ca_file") else { return Ok(setup.roots.clone()) };
    let unusable = |error: std::io::Error| Error::Setting("ca_file", format!("cannot be read: {shown}: {error}"));
    let mut pem = setup.disk.read(&setup.folder.join(shown), LARGEST).map_err(unusable)?;
    pem.push(b'\n');
    Ok(match setup.roots.clone() {
        Roots::Bundled => Roots::BundledAnd(pem),
        Roots::BundledAnd(others) => Roots::BundledAnd([pem, others].concat()),
        Roots::Only(others) => Roots::Only([pem, others].concat()),
    })
}

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
