//! Calls of AWS's JSON protocol.
//!
//! <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>

use std::sync::Arc;
use std::time::Duration;

use everlit_http::{HttpClient, Method, Origin, Request, Secret};
use everlit_keeper::{Clock, DeliveryError, DeliveryErrorClass};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::api::{at, exchange, odd};
use crate::aws::credentials::{Credentials, Source};
use crate::aws::endpoint::{endpoint, region, usual};
use crate::aws::profile::Profile;
use crate::aws::provider::Provider;
use crate::aws::refusal::Refusal;
use crate::aws::sigv4::{Scope, authorization};
use crate::error::Error;
use crate::setup::Setup;

/// A service with a JSON protocol.
#[derive(Debug)]
pub(crate) struct Service {
    /// Its name in host names and signatures.
    pub(crate) name: &'static str,
    /// What stands before the name of a call.
    pub(crate) prefix: &'static str,
    /// The variable with an address of its own.
    pub(crate) endpoint_variable: &'static str,
}

/// Between attempts while calls are limited.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// A service in a region, with credentials.
#[derive(Debug)]
pub(crate) struct Client {
    service: &'static Service,
    pub(crate) region: String,
    origin: Origin,
    http: HttpClient,
    provider: Provider,
    clock: Arc<dyn Clock>,
}

impl Client {
    pub(crate) fn new(setup: &Setup<'_>, service: &'static Service) -> Result<Self, Error> {
        let profile = Profile::read(setup)?;
        let region = region(setup, &profile)?;
        let usual = usual(service.name, &region);
        let origin = endpoint(setup, setup.options.text("url"), service.endpoint_variable, &usual)?;
        let provider = Provider::new(setup, Source::find(setup, &profile, &region)?)?;
        Ok(Self { service, region, origin, http: setup.http()?, provider, clock: Arc::clone(&setup.clock) })
    }

    /// The answer to a call such as `PutParameter`. A limit on calls is one of the whole AWS account and soon over, so it is
    /// waited for.
    pub(crate) async fn call(&self, action: &str, body: &Value) -> Result<Value, Refusal> {
        for pause in PAUSES {
            match self.call_once(action, body).await {
                Err(refusal) if refusal.is_limit() => self.clock.sleep(pause).await,
                answer => return answer,
            }
        }
        self.call_once(action, body).await
    }

    async fn call_once(&self, action: &str, body: &Value) -> Result<Value, Refusal> {
        let body = Zeroizing::new(body.to_string().into_bytes());
        let headers = self.headers(&self.provider.credentials().await?, action, &body)?;
        let request = Request { method: Method::POST, url: at(&self.origin, "/")?, headers, body };
        let response = exchange(&self.http, request).await?;
        match Refusal::of(&response, self.origin.host()) {
            Some(refusal) => Err(refusal),
            None => serde_json::from_slice(&response.body).map_err(|_| self.odd().into()),
        }
    }

    fn headers(
        &self,
        credentials: &Credentials,
        action: &str,
        body: &[u8],
    ) -> Result<Vec<(&'static str, Secret)>, DeliveryError> {
        let (now, host) = (self.stamp()?, self.origin.host_header());
        let mut headers = vec![
            ("content-type", Secret::new("application/x-amz-json-1.1")),
            ("x-amz-date", Secret::new(&*now)),
            ("x-amz-target", Secret::new(format!("{}.{action}", self.service.prefix))),
        ];
        headers.extend(credentials.session_token.clone().map(|token| ("x-amz-security-token", token)));
        let mut signed: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.expose())).collect();
        signed.push(("host", &host));
        let scope = Scope { region: &self.region, service: self.service.name, at: &now };
        let authorization = authorization(credentials, scope, &signed, body);
        headers.push(("authorization", Secret::new(authorization)));
        Ok(headers)
    }

    /// The time as signatures have it: `20150830T123600Z`.
    fn stamp(&self) -> Result<String, DeliveryError> {
        let now = jiff::Timestamp::from_second(self.clock.now().as_unix());
        now.map(|now| now.strftime("%Y%m%dT%H%M%SZ").to_string())
            .map_err(|error| DeliveryError::new(DeliveryErrorClass::Bug, format!("the clock: {error}")))
    }

    /// A 2xx answer that is not the service's.
    pub(crate) fn odd(&self) -> DeliveryError {
        odd(self.origin.host())
    }
}
