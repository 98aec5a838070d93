//! A self-signed certificate for one login. It lives in memory only; the browser warns about it once.

use std::sync::Arc;

use everlit_meta_api::Timestamp;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use crate::LoginError;

/// A self-signed certificate and the TLS acceptor that uses it.
pub(crate) struct SelfSigned {
    #[cfg_attr(not(test), allow(dead_code, reason = "tests verify it as a browser would"))]
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) acceptor: TlsAcceptor,
}

impl SelfSigned {
    /// Valid for the loopback names only, from yesterday to the day after tomorrow.
    pub(crate) fn for_loopback(now: Timestamp) -> Result<Self, LoginError> {
        let key = KeyPair::generate().map_err(failed)?;
        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let mut wanted = CertificateParams::new(names).map_err(failed)?;
        wanted.distinguished_name.push(DnType::CommonName, "everlit on this machine");
        wanted.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        (wanted.not_before, wanted.not_after) = day(now, -1)
            .zip(day(now, 2))
            .map(|(from, to)| (date_time_ymd(from.0, from.1, from.2), date_time_ymd(to.0, to.1, to.2)))
            .ok_or_else(|| failed("the machine's clock is far off"))?;
        let certificate = wanted.self_signed(&key).map_err(failed)?.der().clone();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key)
            .map_err(failed)?;
        Ok(Self { certificate, acceptor: TlsAcceptor::from(Arc::new(config)) })
    }
}

/// Year, month and day, UTC, `after` days after `now`.
fn day(now: Timestamp, after: i64) -> Option<(i32, u8, u8)> {
    const SECONDS: i64 = 86_400;
    let at = jiff::Timestamp::from_second(now.as_unix().saturating_add(after * SECONDS)).ok()?;
    let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    Some((date.year().into(), u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?))
}

fn failed(error: impl std::fmt::Display) -> LoginError {
    LoginError::Certificate(error.to_string())
}
