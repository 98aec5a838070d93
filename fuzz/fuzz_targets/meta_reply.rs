//! Any status, headers and body: no panic, nothing implausible is accepted, and the output reveals nothing of the token
//! that was sent.
//!
//! Input: the status (two bytes), a byte that chooses the token, then the body. A line `%%` separates headers before it
//! from the body after it.

#![no_main]

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use everlit_meta_api::{
    App, BoxFuture, Client, Error, HttpReply, HttpRequest, Lifetime, Platform, Reply, Secret, Token, TokenReply,
    Transport, TransportError,
};
use libfuzzer_sys::fuzz_target;

/// Without eight consecutive digits, which an id or a time could contain by chance.
const TOKENS: [&str; 3] = [
    "IGAAfakeFAKEfake0fake1FAKE2fakeFAKEfake3fake4FAKE5fakeFAKE",
    "THAAfakeFAKEfake0fake1FAKE2fakeFAKEfake3fake4FAKE5fakeFAKE",
    "EAAfakeFAKEfakeFAKE0fake1FAKE2fakeFAKEfake3fake4FAKE5fake",
];
/// The headers that the client reads.
const HEADERS: [&str; 6] =
    ["content-encoding", "date", "retry-after", "www-authenticate", "x-app-usage", "x-business-use-case-usage"];
const SECRET: &str = "0fake1fake2fake3fake4fake5fake6f";

fuzz_target!(|input: &[u8]| {
    let [high, low, which, rest @ ..] = input else { return };
    let divided = rest.windows(4).position(|window| window == b"\n%%\n");
    let (head, body) = divided.map_or((&b""[..], rest), |at| (&rest[..at], &rest[at + 4..]));
    let head = String::from_utf8_lossy(head);
    let values = head.lines().map(str::to_owned);
    let reply = HttpReply {
        status: u16::from_be_bytes([*high, *low]),
        headers: HEADERS.map(str::to_owned).into_iter().zip(values).collect(),
        body: body.to_vec(),
    };
    let app = App { id: "1234567890".to_owned(), secret: Secret::new(SECRET) };
    let client = Client::new(Arc::new(Echo(reply))).with_app(app);
    let text = TOKENS[usize::from(*which) % TOKENS.len()];
    let token = Token::parse(text).expect("made for it");

    // A token that comes back as the new one is the only way out for it, and its `Debug` shows a fingerprint.
    safe(&[text], believed(now(client.refresh(&token))));
    safe(&[text, SECRET], believed(now(client.exchange(&token))));
    safe(&[text, SECRET], believed(now(client.fb_exchange(&token))));
    safe(&[text, SECRET], now(client.exchange_code(Platform::Instagram, text, "https://example.com/")));
    safe(&[text], now(client.me(&token)));
    safe(&[text], now(client.debug_token(&token)));
    safe(&[text], now(client.page_tokens(&token)));
});

/// A lifetime that is believed lies between an hour and a hundred days.
fn believed(result: Result<Reply<TokenReply>, Error>) -> Result<Reply<TokenReply>, Error> {
    if let Ok(Reply { value: TokenReply { lifetime: Lifetime::Seconds(seconds), .. }, .. }) = &result {
        assert!((3_600..=8_640_000).contains(seconds), "{seconds}");
    }
    result
}

/// Eight characters in a row of a secret that was sent are too many.
fn safe<T: std::fmt::Debug>(sent: &[&str], result: Result<T, Error>) {
    let mut shown = format!("{result:?}");
    if let Err(error) = result {
        shown += &format!("{error} {}", error.message());
        let _ =
            (error.class(), error.is_definite(), error.needs_confirmation(), error.retry_after(), error.reply_lost());
    }
    for secret in sent {
        // The secrets are ASCII, so every cut is a character boundary.
        assert!((8..=secret.len()).all(|end| !shown.contains(&secret[end - 8..end])), "{shown}");
    }
}

/// Gives the same reply to every request, at once.
#[derive(Debug)]
struct Echo(HttpReply);

impl Transport for Echo {
    fn send(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

/// The outcome of a future that waits for nothing.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => unreachable!("the transport answers at once"),
    }
}
