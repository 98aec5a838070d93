//! Carries the calls of `everlit-meta-api` to a [`Meta`] in the same process: no socket, no waiting.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use everlit_meta_api::{BoxFuture, HttpReply, HttpRequest, Stage, Transport, TransportError};

use crate::{
    call::{Call, Delivery, Response},
    state::Meta,
};

/// A transport to a [`Meta`] in this process. Clones share it.
///
/// Responses that a network would lose become errors at once. A slow response is a missed deadline; nothing waits.
#[derive(Debug, Clone)]
pub struct InProcess {
    meta: Arc<Mutex<Meta>>,
}

impl InProcess {
    /// A transport to this Meta.
    pub fn new(meta: Meta) -> Self {
        Self { meta: Arc::new(Mutex::new(meta)) }
    }

    /// Inspects or changes the Meta behind it.
    pub fn with<T>(&self, work: impl FnOnce(&mut Meta) -> T) -> T {
        work(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Meta> {
        self.meta.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for InProcess {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            let response = self.lock().handle(&call_of(&request));
            reply_of(response)
        })
    }
}

/// The request as it would arrive over HTTP, with the headers that an HTTP transport adds.
fn call_of(request: &HttpRequest) -> Call {
    let target = format!("{}{}?{}", request.host, request.path, *request.encoded_query());
    Call::new(request.method.as_ref(), &target)
        .header("accept", "application/json")
        .header("accept-language", "en-US")
        .header("user-agent", "in-process")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(request.encoded_form().as_bytes())
}

/// What a client with a deadline receives.
fn reply_of(response: Response) -> Result<HttpReply, TransportError> {
    let lost = |stage, detail: &str| Err(TransportError::new(stage, true, detail));
    let mut body = response.body.to_vec();
    match response.delivery {
        Delivery::Whole => {}
        Delivery::Huge(bytes) => body.resize(bytes.clamp(body.len(), HttpReply::MAX_BODY + 1), b' '),
        Delivery::Dropped | Delivery::LostAfterApply => return lost(Stage::Headers, "the connection was closed"),
        Delivery::Truncated(_) => return lost(Stage::Body, "the connection was closed"),
        Delivery::Slow(_) | Delivery::Drip(_) => return lost(Stage::Deadline, "the reply took too long"),
    }
    Ok(HttpReply { status: response.status, headers: response.headers, body })
}
