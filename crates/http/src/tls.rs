//! TLS with rustls, and the trusted certificates.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::{Error, Stage};

/// The trusted certificates. PEM files are passed in as bytes.
///
/// A CA that a person names (`--ca-file`) is added to the bundled roots, because a company's proxy signs some hosts and
/// not others. A bundle that the machine names (`SSL_CERT_FILE`) replaces them: whoever sets it decides what is
/// trusted.
#[derive(Clone, Default)]
pub enum Roots {
    /// Mozilla's root certificates, built into this program.
    #[default]
    Bundled,
    /// Mozilla's root certificates and these.
    BundledAnd(Vec<u8>),
    /// Only these.
    Only(Vec<u8>),
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bundled => f.write_str("Bundled"),
            Self::BundledAnd(pem) => write!(f, "BundledAnd({} bytes)", pem.len()),
            Self::Only(pem) => write!(f, "Only({} bytes)", pem.len()),
        }
    }
}

/// The TLS configuration, built by the first connection: parsing a system's certificate bundle takes milliseconds that
/// a run with nothing due should not spend.
#[derive(Debug)]
pub struct Tls {
    roots: Roots,
    config: OnceLock<Result<Arc<ClientConfig>, String>>,
}

impl Tls {
    /// Trusts these certificates. Reads none of them yet.
    pub fn new(roots: Roots) -> Self {
        Self { roots, config: OnceLock::new() }
    }

    /// Encrypts the connection and verifies that the other side is `host`.
    pub async fn secure<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        host: &str,
    ) -> Result<TlsStream<S>, Error> {
        let config = self
            .config
            .get_or_init(|| config(&self.roots))
            .clone()
            .map_err(|detail| Error::unsent(Stage::Setup, detail))?;
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Error::unsent(Stage::Setup, format!("{host} is not a valid host name")))?;
        TlsConnector::from(config)
            .connect(name, stream)
            .await
            .map_err(|error| Error { kind: Some(error.kind()), ..Error::unsent(Stage::Tls, describe(&error, host)) })
    }
}

fn config(roots: &Roots) -> Result<Arc<ClientConfig>, String> {
    let mut store = RootCertStore::empty();
    if !matches!(roots, Roots::Only(_)) {
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    if let Roots::BundledAnd(pem) | Roots::Only(pem) = roots {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let certificates = certificates.map_err(|_| "the CA file is not PEM".to_owned())?;
        // A system's bundle may hold certificates that rustls cannot read; one usable certificate is enough.
        let (usable, _) = store.add_parsable_certificates(certificates);
        if usable == 0 {
            return Err("the CA file holds no usable certificate".to_owned());
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn describe(error: &std::io::Error, host: &str) -> String {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(reason)) => format!(
            "the certificate of {host} is not trusted ({reason}). If a proxy in this network inspects TLS, pass its CA \
             certificate with --ca-file"
        ),
        Some(other) => format!("{host}: {other}"),
        None => format!("{host}: {error}"),
    }
}
