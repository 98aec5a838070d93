//! What AWS's error codes mean: who can help.
//!
//! <https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html>; the errors of a call are on its page.

use everlit_http::Response;
use everlit_keeper::{DeliveryError, DeliveryErrorClass};
use everlit_meta_api::clean;
use serde_json::Value;

use crate::api::refusal;

/// An answer that is not 2xx, or none at all.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// AWS's code, such as `ParameterNotFound`; empty if AWS did not answer.
    pub(crate) code: String,
    pub(crate) error: DeliveryError,
}

impl From<DeliveryError> for Refusal {
    fn from(error: DeliveryError) -> Self {
        Self { code: String::new(), error }
    }
}

impl From<Refusal> for DeliveryError {
    fn from(refusal: Refusal) -> Self {
        refusal.error
    }
}

impl Refusal {
    /// The refusal in the answer to a call of a JSON protocol; `None` if it is 2xx.
    pub(crate) fn of(response: &Response, host: &str) -> Option<Self> {
        let by_status = refusal(response, host, &[])?;
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let code = body["__type"].as_str().or_else(|| response.header("x-amzn-errortype")).unwrap_or_default();
        let message = [&body["message"], &body["Message"]].into_iter().find_map(Value::as_str);
        Some(Self::new(code, message, by_status, host))
    }

    /// Whether the call was not made because there were too many.
    pub(crate) fn is_limit(&self) -> bool {
        matches!(
            &*self.code,
            "ThrottlingException"
                | "Throttling"
                | "TooManyRequestsException"
                | "RequestLimitExceeded"
                | "TooManyUpdates"
        )
    }

    /// The refusal with this code, or by its status alone where there is no code.
    pub(crate) fn new(code: &str, message: Option<&str>, by_status: DeliveryError, host: &str) -> Self {
        // `com.amazonaws.ssm#ParameterNotFound`, or `ParameterNotFound:http://...`.
        let code = code.rsplit('#').next().and_then(|code| code.split(':').next()).unwrap_or_default();
        let is_code = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
        if !is_code {
            return by_status.into();
        }
        let status = by_status.http_status.unwrap_or_default();
        let message = message.map(|message| format!(": {}", clean(message))).unwrap_or_default();
        let message = format!("{host} answered {code} ({status}){message}");
        let class = class(code).unwrap_or(by_status.class);
        Self { code: code.to_owned(), error: DeliveryError { class, message, ..by_status } }
    }
}

/// Who can help with an error of this code; `None` where the status says it.
fn class(code: &str) -> Option<DeliveryErrorClass> {
    use DeliveryErrorClass::{CredentialRefused, NotFound, Retry};
    Some(match code.trim_end_matches("Exception") {
        "Throttling"
        | "TooManyRequests"
        | "TooManyUpdates"
        | "RequestLimitExceeded"
        | "RequestTimeout"
        | "InternalServerError"
        | "InternalServiceError"
        | "InternalFailure"
        | "InternalError"
        | "ServiceUnavailable"
        | "KMSThrottling"
        | "KMSInternal"
        | "IDPCommunicationError"
        | "ParameterAlreadyExists"
        | "ResourceExists" => Retry,
        "AccessDenied"
        | "UnrecognizedClient"
        | "InvalidClientTokenId"
        | "InvalidAccessKeyId"
        | "ExpiredToken"
        | "MissingAuthenticationToken"
        | "IncompleteSignature"
        | "InvalidSignature"
        | "SignatureDoesNotMatch"
        | "RequestExpired"
        | "OptInRequired"
        | "NotAuthorized"
        | "InvalidIdentityToken"
        | "IDPRejectedClaim" => CredentialRefused,
        "ParameterNotFound" | "ResourceNotFound" | "InvalidKeyId" | "UnknownOperation" => NotFound,
        _ => return None,
    })
}
