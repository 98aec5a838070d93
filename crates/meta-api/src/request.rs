//! The request of each call: host, path, and exactly the parameters that Meta documents.

use std::fmt::Write as _;

use ring::hmac;

use crate::{App, HttpRequest, Method, Param, Platform, Token};

/// The version of the Graph API in paths that have one. Meta keeps a version for about two years.
pub const GRAPH_VERSION: &str = "v25.0";

/// Threads has its own version numbers.
const THREADS_VERSION: &str = "v1.0";

const INSTAGRAM_API: &str = "api.instagram.com";
const INSTAGRAM: &str = "graph.instagram.com";
const FACEBOOK: &str = "graph.facebook.com";
const THREADS: &str = "graph.threads.com";
/// The older name of [`THREADS`], documented as equivalent.
const THREADS_OLD: &str = "graph.threads.net";

/// The second name of a host, for when the first cannot be reached at all.
pub(crate) fn fallback_host(host: &str) -> Option<&'static str> {
    (host == THREADS).then_some(THREADS_OLD)
}

/// A host that refreshes and exchanges tokens, and the prefix of its grant types.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RefreshApi {
    host: &'static str,
    prefix: &'static str,
}

impl RefreshApi {
    pub(crate) const INSTAGRAM: Self = Self { host: INSTAGRAM, prefix: "ig" };
    pub(crate) const THREADS: Self = Self { host: THREADS, prefix: "th" };
}

/// Pages "Refresh Access Token" (Instagram Platform) and "Long-Lived Tokens" (Threads).
pub(crate) fn refresh(api: RefreshApi, token: &Token) -> HttpRequest {
    let grant = Param::new("grant_type", format!("{}_refresh_token", api.prefix));
    get(api.host, "/refresh_access_token".to_owned(), vec![grant, Param::new(ACCESS_TOKEN, token.expose())])
}

/// Pages "Access Token" (Instagram Platform) and "Long-Lived Tokens" (Threads). No `client_id`: the secret names the
/// app.
pub(crate) fn exchange(api: RefreshApi, token: &Token, app: &App) -> HttpRequest {
    let query = vec![
        Param::new("grant_type", format!("{}_exchange_token", api.prefix)),
        Param::new(CLIENT_SECRET, app.secret.expose()),
        Param::new(ACCESS_TOKEN, token.expose()),
    ];
    get(api.host, "/access_token".to_owned(), query)
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

/// Page "Install Apps and Generate Tokens" (system users): like [`fb_exchange`], for another 60 days.
pub(crate) fn refresh_system_user(token: &Token, app: &App) -> HttpRequest {
    let mut request = fb_exchange(token, app);
    request.query.push(Param::new("set_token_expires_in_60_days", "true"));
    request
}

/// Pages "Business Login" (Instagram Platform), "Manually Build a Login Flow" (Facebook Login), "Get Access Tokens"
/// (Threads). Instagram and Threads expect a form, Facebook a query.
pub(crate) fn exchange_code(platform: Platform, code: &str, redirect_uri: &str, app: &App) -> HttpRequest {
    let client_id = Param::new("client_id", app.id.as_str());
    let client_secret = Param::new(CLIENT_SECRET, app.secret.expose());
    let redirect_uri = Param::new("redirect_uri", redirect_uri);
    // Meta adds the fragment `#_` to the redirect; it is not part of the code.
    let code = Param::new("code", code.trim().trim_end_matches("#_"));
    let (host, query) = match platform {
        Platform::Facebook => {
            let query = vec![client_id, client_secret, redirect_uri, code];
            return get(FACEBOOK, format!("/{GRAPH_VERSION}/oauth/access_token"), query);
        }
        Platform::Instagram => (INSTAGRAM_API, Vec::new()),
        Platform::Threads => (THREADS, vec![english()]),
    };
    HttpRequest {
        method: Method::POST,
        host,
        path: "/oauth/access_token".to_owned(),
        query,
        form: vec![client_id, client_secret, Param::new("grant_type", "authorization_code"), redirect_uri, code],
        idempotent: false,
    }
}

/// Asks for the account that the token belongs to.
pub(crate) fn me(platform: Platform, token: &Token, app: Option<&App>) -> HttpRequest {
    let (host, version, fields) = match platform {
        Platform::Instagram => (INSTAGRAM, GRAPH_VERSION, "id,user_id,username,account_type"),
        Platform::Threads => (THREADS, THREADS_VERSION, "id,username"),
        Platform::Facebook => (FACEBOOK, GRAPH_VERSION, "id,name"),
    };
    let query = vec![Param::new("fields", fields), Param::new(ACCESS_TOKEN, token.expose())];
    prove(ask(host, format!("/{version}/me"), query), token, app)
}

/// Page "Debug Token" (Graph API). The caller is the app itself.
pub(crate) fn debug_facebook(token: &Token, app: &App) -> HttpRequest {
    let caller = format!("{}|{}", app.id, app.secret.expose());
    ask(
        FACEBOOK,
        format!("/{GRAPH_VERSION}/debug_token"),
        vec![Param::new("input_token", token.expose()), Param::new(ACCESS_TOKEN, caller)],
    )
}

/// Page "Debug Access Token" (Threads). The caller must be a tester of the app, as the token's owner is in an app of
/// their own.
pub(crate) fn debug_threads(token: &Token) -> HttpRequest {
    ask(
        THREADS,
        format!("/{THREADS_VERSION}/debug_token"),
        vec![Param::new("input_token", token.expose()), Param::new(ACCESS_TOKEN, token.expose())],
    )
}

/// Up to 100 of the pages that the owner of a Facebook user token may act for, from the cursor `after` on.
pub(crate) fn accounts(token: &Token, app: Option<&App>, after: Option<&str>) -> HttpRequest {
    let mut query = vec![
        Param::new("fields", "id,name,access_token"),
        Param::new("limit", "100"),
        Param::new(ACCESS_TOKEN, token.expose()),
    ];
    query.extend(after.map(|cursor| Param::new("after", cursor)));
    prove(ask(FACEBOOK, format!("/{GRAPH_VERSION}/me/accounts"), query), token, app)
}

impl HttpRequest {
    /// The values that must stay secret.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        let secret = |param: &&Param| SECRET_PARAMS.contains(&param.name);
        self.query.iter().chain(&self.form).filter(secret).map(|param| param.value.as_str())
    }
}

/// Meta translates its messages, which people read and the table of errors falls back on. Facebook's documented parameter;
/// whether the other graph hosts obey it is not known, so `Accept-Language` says the same.
fn english() -> Param {
    Param::new("locale", "en_US")
}

const ACCESS_TOKEN: &str = "access_token";
const CLIENT_SECRET: &str = "client_secret";
const PROOF: &str = "appsecret_proof";
pub(crate) const SECRET_PARAMS: [&str; 6] =
    [ACCESS_TOKEN, CLIENT_SECRET, PROOF, "code", "fb_exchange_token", "input_token"];

/// Adds the proof that the caller knows the app secret, which the app's settings may demand: page "Secure Requests"
/// (Graph API). Documented for graph.facebook.com only, and in the query because some endpoints ignore it in the body.
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

/// A call to one of the graph hosts that may issue a token.
fn get(host: &'static str, path: String, mut query: Vec<Param>) -> HttpRequest {
    query.push(english());
    HttpRequest { method: Method::GET, host, path, query, form: Vec::new(), idempotent: false }
}

/// A call to one of the graph hosts that issues nothing.
fn ask(host: &'static str, path: String, query: Vec<Param>) -> HttpRequest {
    HttpRequest { idempotent: true, ..get(host, path, query) }
}
