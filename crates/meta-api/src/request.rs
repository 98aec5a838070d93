//! Which address is asked for what, with exactly the parameters that Meta documents.

use std::fmt::Write as _;

use ring::hmac;

use crate::{App, HttpRequest, Method, Param, Platform, Token};

/// The version of the Graph API that is asked for where an address has one. Meta keeps a version for about two years.
pub const GRAPH_VERSION: &str = "v25.0";

/// Threads counts its versions separately.
const THREADS_VERSION: &str = "v1.0";

const INSTAGRAM_API: &str = "api.instagram.com";
const INSTAGRAM: &str = "graph.instagram.com";
const FACEBOOK: &str = "graph.facebook.com";
const THREADS: &str = "graph.threads.com";
/// The older name of [`THREADS`], documented as its equal.
const THREADS_OLD: &str = "graph.threads.net";

/// The second name of a host, to be tried when the first cannot be reached at all.
pub(crate) fn other_name(host: &str) -> Option<&'static str> {
    (host == THREADS).then_some(THREADS_OLD)
}

/// The platforms whose long-lived tokens are refreshed without an app secret.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Refreshing {
    Instagram,
    Threads,
}

impl Refreshing {
    fn host(self) -> &'static str {
        match self {
            Self::Instagram => INSTAGRAM,
            Self::Threads => THREADS,
        }
    }
}

/// Pages "Refresh Access Token" (Instagram Platform) and "Long-Lived Tokens" (Threads).
pub(crate) fn refresh(at: Refreshing, token: &Token) -> HttpRequest {
    let grant = match at {
        Refreshing::Instagram => "ig_refresh_token",
        Refreshing::Threads => "th_refresh_token",
    };
    get(
        at.host(),
        "/refresh_access_token".to_owned(),
        vec![Param::new("grant_type", grant), Param::new(ACCESS_TOKEN, token.expose())],
    )
}

/// Pages "Access Token" (Instagram Platform) and "Long-Lived Tokens" (Threads). No `client_id`: the secret names the app.
pub(crate) fn exchange(at: Refreshing, token: &Token, app: &App) -> HttpRequest {
    let grant = match at {
        Refreshing::Instagram => "ig_exchange_token",
        Refreshing::Threads => "th_exchange_token",
    };
    get(
        at.host(),
        "/access_token".to_owned(),
        vec![
            Param::new("grant_type", grant),
            Param::new(CLIENT_SECRET, app.secret.expose()),
            Param::new(ACCESS_TOKEN, token.expose()),
        ],
    )
}

/// Page "Get Long-Lived Tokens" (Facebook Login).
pub(crate) fn fb_exchange(token: &Token, app: &App) -> HttpRequest {
    let query = vec![
        Param::new("grant_type", "fb_exchange_token"),
        Param::new("client_id", app.id.as_str()),
        Param::new(CLIENT_SECRET, app.secret.expose()),
        Param::new("fb_exchange_token", token.expose()),
    ];
    get(FACEBOOK, format!("/{GRAPH_VERSION}/oauth/access_token"), query)
}

/// Page "Install Apps and Generate Tokens" (system users): as [`fb_exchange`], for another 60 days.
pub(crate) fn refresh_system_user(token: &Token, app: &App) -> HttpRequest {
    let mut request = fb_exchange(token, app);
    request.query.push(Param::new("set_token_expires_in_60_days", "true"));
    request
}

/// Pages "Business Login" (Instagram Platform), "Manually Build a Login Flow" (Facebook Login), "Get Access Tokens" (Threads).
/// Instagram and Threads want a form; Facebook a query.
pub(crate) fn exchange_code(platform: Platform, code: &str, redirect_uri: &str, app: &App) -> HttpRequest {
    let client_id = Param::new("client_id", app.id.as_str());
    let client_secret = Param::new(CLIENT_SECRET, app.secret.expose());
    let redirect_uri = Param::new("redirect_uri", redirect_uri);
    // `#_` is a fragment that Meta adds to the redirect, and no part of the code.
    let code = Param::new("code", code.trim().trim_end_matches("#_"));
    let host = match platform {
        Platform::Facebook => {
            let query = vec![client_id, client_secret, redirect_uri, code];
            return get(FACEBOOK, format!("/{GRAPH_VERSION}/oauth/access_token"), query);
        }
        Platform::Instagram => INSTAGRAM_API,
        Platform::Threads => THREADS,
    };
    HttpRequest {
        method: Method::Post,
        host,
        path: "/oauth/access_token".to_owned(),
        query: Vec::new(),
        form: vec![client_id, client_secret, Param::new("grant_type", "authorization_code"), redirect_uri, code],
    }
}

/// Whose token is it?
pub(crate) fn me(platform: Platform, token: &Token, app: Option<&App>) -> HttpRequest {
    let (host, version, fields) = match platform {
        Platform::Instagram => (INSTAGRAM, GRAPH_VERSION, "id,user_id,username,account_type"),
        Platform::Threads => (THREADS, THREADS_VERSION, "id,username"),
        Platform::Facebook => (FACEBOOK, GRAPH_VERSION, "id,name"),
    };
    let query = vec![Param::new("fields", fields), Param::new(ACCESS_TOKEN, token.expose())];
    prove(get(host, format!("/{version}/me"), query), token, app)
}

/// Page "Debug Token" (Graph API). The caller is the app itself.
pub(crate) fn debug_facebook(token: &Token, app: &App) -> HttpRequest {
    let caller = format!("{}|{}", app.id, app.secret.expose());
    get(
        FACEBOOK,
        format!("/{GRAPH_VERSION}/debug_token"),
        vec![Param::new("input_token", token.expose()), Param::new(ACCESS_TOKEN, caller)],
    )
}

/// Page "Debug Access Token" (Threads). The caller is a tester of the app, which the owner of the token is on a site of their own.
pub(crate) fn debug_threads(token: &Token) -> HttpRequest {
    get(
        THREADS,
        format!("/{THREADS_VERSION}/debug_token"),
        vec![Param::new("input_token", token.expose()), Param::new(ACCESS_TOKEN, token.expose())],
    )
}

/// One sheet of the pages that the owner of a Facebook user token may act for, 100 to a sheet.
pub(crate) fn accounts(token: &Token, app: Option<&App>, after: Option<&str>) -> HttpRequest {
    let mut query = vec![
        Param::new("fields", "id,name,access_token"),
        Param::new("limit", "100"),
        Param::new(ACCESS_TOKEN, token.expose()),
    ];
    query.extend(after.map(|cursor| Param::new("after", cursor)));
    prove(get(FACEBOOK, format!("/{GRAPH_VERSION}/me/accounts"), query), token, app)
}

impl HttpRequest {
    /// The values that nobody may see.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        let secret = |param: &&Param| SECRET_PARAMS.contains(&param.name);
        self.query.iter().chain(&self.form).filter(secret).map(|param| param.value.as_str())
    }
}

const ACCESS_TOKEN: &str = "access_token";
const CLIENT_SECRET: &str = "client_secret";
const PROOF: &str = "appsecret_proof";
pub(crate) const SECRET_PARAMS: [&str; 6] =
    [ACCESS_TOKEN, CLIENT_SECRET, PROOF, "code", "fb_exchange_token", "input_token"];

/// Adds the proof that the caller knows the app's secret, which the app's settings may demand: page "Secure Requests" (Graph API).
/// Documented for graph.facebook.com only, and in the query because some addresses ignore it in the body.
fn prove(mut request: HttpRequest, token: &Token, app: Option<&App>) -> HttpRequest {
    if let Some(app) = app.filter(|_| request.host == FACEBOOK) {
        let key = hmac::Key::new(hmac::HMAC_SHA256, app.secret.expose().as_bytes());
        let tag = hmac::sign(&key, token.expose().as_bytes());
        let mut proof = String::with_capacity(64);
        for byte in tag.as_ref() {
            // Writing to a `String` cannot fail.
            let _ = write!(proof, "{byte:02x}");
        }
        request.query.push(Param::new(PROOF, proof));
    }
    request
}

fn get(host: &'static str, path: String, query: Vec<Param>) -> HttpRequest {
    HttpRequest { method: Method::Get, host, path, query, form: Vec::new() }
}
