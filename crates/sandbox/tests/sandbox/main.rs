//! The sandbox from the client's side.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic fails the test")]

mod endpoints;
mod faults;
mod in_process;
mod login;
mod manage;
mod refresh;
mod rules;

use everlit_meta_api::DAY;
use everlit_sandbox::{Call, Config, Meta, Response};

/// Noon on 1 June 2026, UTC.
const NOW: i64 = 1_780_315_200;
const INSTAGRAM_APP: &str = "client_id=1000000000000001&client_secret=fa4e5a4db0c500000000000000000001";
const FACEBOOK_APP: &str = "client_id=1000000000000002&client_secret=fa4e5a4db0c500000000000000000002";

fn friendly() -> Meta {
    Meta::new(Config::friendly().clock_at(NOW), 1)
}

/// A GET as a careful client sends it; `target` is host, path and query.
fn get(meta: &mut Meta, target: &str) -> Response {
    meta.handle(&careful("GET", target))
}

fn post(meta: &mut Meta, target: &str, form: &str) -> Response {
    let call = careful("POST", target).header("content-type", "application/x-www-form-urlencoded");
    meta.handle(&call.body(form.as_bytes()))
}

fn careful(method: &str, target: &str) -> Call {
    Call::new(method, target).header("accept", "application/json").header("user-agent", "everlit-test")
}

fn refresh(meta: &mut Meta, token: &str) -> Response {
    let (host, grant) = if token.starts_with("TH") { ("threads.com", "th") } else { ("instagram.com", "ig") };
    get(meta, &format!("graph.{host}/refresh_access_token?grant_type={grant}_refresh_token&access_token={token}"))
}

fn me(meta: &mut Meta, token: &str) -> Response {
    get(meta, &format!("graph.instagram.com/v25.0/me?fields=user_id,username&access_token={token}"))
}

/// `(code, subcode)` of an error from a graph host.
fn codes(response: &Response) -> (i64, Option<i64>) {
    let error = &response.json()["error"];
    (
        error["code"].as_i64().unwrap_or_else(|| panic!("no error in {}", response.text())),
        error["error_subcode"].as_i64(),
    )
}

/// The token in a reply.
fn token_in(response: &Response) -> String {
    let json = response.json();
    json["access_token"].as_str().unwrap_or_else(|| panic!("no token in {}", response.text())).to_owned()
}
