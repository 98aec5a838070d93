//! A self-signed certificate for one login. It lives in memory only; the browser warns about it once.

use std::sync::Arc;

use everlit_meta_api::Timestamp;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use time::{Duration, OffsetDateTime};

use crate::LoginError;

/// A self-signed certificate and the TLS configuration that uses it.
pub(crate) struct SelfSigned {
    #[cfg_attr(not(test), allow(dead_code, reason = "tests verify it as a browser would"))]
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) config: Arc<ServerConfig>,
}

impl SelfSigned {
    /// Valid for the loopback names only, from a day before `now` to two days after it.
    pub(crate) fn for_loopback(now: Timestamp) -> Result<Self, LoginError> {
        let key = KeyPair::generate().map_err(failed)?;
        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let mut wanted = CertificateParams::new(names).map_err(failed)?;
        wanted.distinguished_name.push(DnType::CommonName, "everlit on this machine");
        wanted.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let now = OffsetDateTime::from_unix_timestamp(now.as_unix()).map_err(failed)?;
        (wanted.not_before, wanted.not_after) = now
            .checked_sub(Duration::days(1))
            .zip(now.checked_add(Duration::days(2)))
            .ok_or_else(|| failed("the machine's clock is far off"))?;
        let certificate = wanted.self_signed(&key).map_err(failed)?.der().clone();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key)
            .map_err(failed)?;
        Ok(Self { certificate, config: Arc::new(config) })
    }
}

fn failed(error: impl std::fmt::Display) -> LoginError {
    LoginError::Certificate(error.to_string())
}
