//! A fake Meta that gives prepared replies and records the requests.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::sync::{Arc, Mutex};

use everlit_meta_api::{
    App, BoxFuture, Client, Error, HttpReply, HttpRequest, Param, Secret, Token, Transport, TransportError,
};

pub(crate) const INSTAGRAM: &str = "IGAAfakeFAKEfake0123456789fakeFAKEfake0123456789fakeFAKE";
pub(crate) const THREADS: &str = "THAAfakeFAKEfake0123456789fakeFAKEfake0123456789fakeFAKE";
pub(crate) const FACEBOOK: &str = "EAAfakeFAKEfakeFAKE0123456789fakeFAKEfake0123456789fakeFAKE";
pub(crate) const FRESH: &str = "IGAAfreshFAKEfresh0123456789freshFAKEfresh0123456789fresh";
pub(crate) const APP_SECRET: &str = "0fake1fake2fake3fake4fake5fake6f";

pub(crate) fn token(text: &str) -> Token {
    Token::parse(text).unwrap()
}

pub(crate) fn app() -> App {
    App { id: "1234567890".to_owned(), secret: Secret::new(APP_SECRET) }
}

/// Gives the prepared replies in order.
#[derive(Debug)]
pub(crate) struct Meta {
    replies: Mutex<Vec<Result<HttpReply, TransportError>>>,
    asked: Mutex<Vec<HttpRequest>>,
}

impl Meta {
    pub(crate) fn saying(replies: impl IntoIterator<Item = Result<HttpReply, TransportError>>) -> Arc<Self> {
        let mut replies: Vec<_> = replies.into_iter().collect();
        replies.reverse();
        Arc::new(Self { replies: Mutex::new(replies), asked: Mutex::default() })
    }

    /// A client with an app.
    pub(crate) fn client(self: &Arc<Self>) -> Client {
        Client::new(Arc::clone(self) as Arc<dyn Transport>).with_app(app())
    }

    pub(crate) fn asked(&self) -> Vec<HttpRequest> {
        self.asked.lock().unwrap().clone()
    }
}

impl Transport for Meta {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        self.asked.lock().unwrap().push(request);
        let reply = self.replies.lock().unwrap().pop().expect("a reply was prepared for every call");
        Box::pin(async { reply })
    }
}

/// The headers that the client reads.
pub(crate) const HEADERS: [&str; 7] = [
    "content-encoding",
    "date",
    "retry-after",
    "www-authenticate",
    "x-app-usage",
    "x-business-use-case-usage",
    "x-fb-debug",
];

pub(crate) fn json(status: u16, body: &str) -> HttpReply {
    HttpReply {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.as_bytes().to_vec(),
    }
}

/// `name=value` of every parameter.
pub(crate) fn shown(params: &[Param]) -> Vec<String> {
    params.iter().map(|param| format!("{}={}", param.name, *param.value)).collect()
}

/// The error of refreshing an Instagram token if Meta sends this.
pub(crate) async fn refused(reply: HttpReply) -> Error {
    Meta::saying([Ok(reply)]).client().refresh(&token(INSTAGRAM)).await.unwrap_err()
}
