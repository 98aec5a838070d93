//! TLS with rustls, and which certificates are trusted.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

use crate::connect::{ReadWrite, Stream};
use crate::{Error, Stage};

/// Which certificates are trusted. The PEM text of a file comes in as bytes.
///
/// A CA that a person names (`--ca-file`) is added, because a company's proxy signs some hosts and not others. A bundle that
/// the machine names (`SSL_CERT_FILE`) replaces the bundled roots, because whoever sets it means to decide which are trusted.
#[derive(Clone, Default)]
pub enum Roots {
    /// Mozilla's list, as bundled with this program.
    #[default]
    Bundled,
    /// Mozilla's list and these.
    BundledAnd(Vec<u8>),
    /// These alone.
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

/// TLS whose roots are read when the first connection needs them: reading a system's bundle takes milliseconds that a run with
/// nothing due should not spend.
#[derive(Debug)]
pub(crate) struct Tls {
    roots: Roots,
    config: OnceLock<Result<Arc<ClientConfig>, String>>,
}

impl Tls {
    pub(crate) fn new(roots: Roots) -> Self {
        Self { roots, config: OnceLock::new() }
    }

    /// Proves that the other side is `host`, and encrypts.
    pub(crate) async fn secure(&self, stream: impl ReadWrite + 'static, host: &str) -> Result<Stream, Error> {
        let config = self
            .config
            .get_or_init(|| config(&self.roots))
            .clone()
            .map_err(|words| Error::unsent(Stage::Setup, words))?;
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Error::unsent(Stage::Setup, format!("{host} is no host name")))?;
        match TlsConnector::from(config).connect(name, stream).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(Error::unsent(Stage::Tls, describe(&error, host))),
        }
    }
}

fn config(roots: &Roots) -> Result<Arc<ClientConfig>, String> {
    let mut store = RootCertStore::empty();
    let (bundled, pem): (_, &[u8]) = match roots {
        Roots::Bundled => (true, b""),
        Roots::BundledAnd(pem) => (true, pem),
        Roots::Only(pem) => (false, pem),
    };
    if bundled {
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    if !matches!(roots, Roots::Bundled) {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let certificates = certificates.map_err(|_| "the CA file is not PEM".to_owned())?;
        // A system's bundle may hold a certificate that rustls does not read; one that it does is enough.
        let (usable, _) = store.add_parsable_certificates(certificates);
        if usable == 0 {
            return Err("the CA file holds no certificate that can be used".to_owned());
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
            "the certificate of {host} is not trusted ({reason}). If a proxy in this network inspects TLS, name its CA with --ca-file"
        ),
        Some(other) => format!("{host}: {other}"),
        None => format!("{host}: {error}"),
    }
}
