//! Reads Meta's replies in every shape they come in, and trusts none of them.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::redact::Sanitizer;
use crate::{
    AccountId, Error, Evidence, Expiry, HttpReply, Implausible, InfoType, Lifetime, Me, PageToken, Secret, Timestamp,
    Token, TokenInfo, TokenReply, Unreadable, UnreadableBody, Usage,
};

type Object = Map<String, Value>;

/// The code of success: with it, a message is not an error, and a failure has no code.
const NO_ERROR: Option<i64> = Some(0);

/// The JSON object of a reply that reports success.
pub(crate) fn object(reply: &HttpReply, sanitizer: &Sanitizer) -> Result<Object, Error> {
    let wait = Usage::of(reply).regain_after;
    let refused = authenticate_header(reply, sanitizer);
    let body = match read_object(reply) {
        Ok(body) => body,
        Err(_) if refused.as_ref().is_some_and(|(kind, _)| kind == Evidence::INVALID_TOKEN) => Object::new(),
        Err(body) => {
            return Err(Error::Unreadable(Unreadable { http_status: reply.status, body, retry_after: wait }));
        }
    };
    let evidence = error_object(&body, sanitizer);
    if is_success(reply.status) && evidence.as_ref().is_none_or(|evidence| evidence.code == NO_ERROR) {
        return Ok(body);
    }
    let mut evidence = evidence.unwrap_or_default();
    evidence.code = evidence.code.filter(|_| evidence.code != NO_ERROR);
    evidence.http_status = Some(reply.status);
    evidence.support_ids = support_ids(reply, sanitizer);
    evidence.retry_after = wait;
    if let Some((kind, message)) = refused.filter(|_| evidence.code.is_none()) {
        evidence.kind = Some(kind);
        evidence.message.get_or_insert(message);
    }
    Err(Error::Api(Box::new(evidence)))
}

/// A new token. `shortest` is the shortest plausible lifetime.
pub(crate) fn token_reply(body: &Object, sanitizer: &Sanitizer, shortest: Duration) -> Result<TokenReply, Implausible> {
    let fields = inner(body);
    let text = fields.get("access_token").and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let text = text.ok_or(Implausible::NoToken)?;
    let received = || Secret::new(text.trim());
    let token = Token::parse(text).map_err(|error| Implausible::Token { error, received: received() })?;
    let lifetime = Lifetime::from_json(fields.get("expires_in"), shortest);
    Ok(TokenReply {
        token,
        token_type: clean_text(fields, "token_type", sanitizer),
        lifetime: lifetime.map_err(|seconds| Implausible::Lifetime { seconds, received: received() })?,
        user_id: account(fields, "user_id"),
        permissions: words(fields.get("permissions"), sanitizer),
    })
}

/// The answer to `/me`.
pub(crate) fn me(body: &Object, sanitizer: &Sanitizer) -> Result<Me, Implausible> {
    let fields = inner(body);
    let me = Me {
        id: account(fields, "id"),
        user_id: account(fields, "user_id"),
        username: clean_text(fields, "username", sanitizer).or_else(|| clean_text(fields, "name", sanitizer)),
        account_type: clean_text(fields, "account_type", sanitizer),
    };
    if me.identity().is_some() { Ok(me) } else { Err(Implausible::NoAccount) }
}

/// The answer to `debug_token`.
pub(crate) fn token_info(body: &Object, sanitizer: &Sanitizer) -> Result<TokenInfo, Implausible> {
    let fields = inner(body);
    let error = fields.get("error").filter(|error| says_something(error)).and_then(Value::as_object);
    let error = error.map(|error| evidence(error, sanitizer)).filter(|error| error.code != NO_ERROR);
    let is_valid = match fields.get("is_valid") {
        Some(Value::Bool(is_valid)) => *is_valid,
        _ if error.is_some() => false,
        _ => return Err(Implausible::NoValidity),
    };
    // 0 means "never" in `expires_at` and "does not apply" elsewhere.
    let moment = |name| integer(fields.get(name)).filter(|&seconds| seconds > 0).map(Timestamp::from_unix);
    Ok(TokenInfo {
        token_type: info_type(fields.get("type")),
        is_valid,
        expires_at: match integer(fields.get("expires_at")) {
            Some(0) => Some(Expiry::Never),
            _ => moment("expires_at").map(Expiry::At),
        },
        data_access_expires_at: moment("data_access_expires_at"),
        issued_at: moment("issued_at"),
        scopes: words(fields.get("scopes"), sanitizer).unwrap_or_default(),
        user_id: account(fields, "user_id"),
        profile_id: account(fields, "profile_id"),
        app_id: account(fields, "app_id"),
        error,
    })
}

/// The pages in one reply of `/me/accounts`, and the cursor of the next reply. Pages without a usable token are left
/// out: the owner may not act for them.
pub(crate) fn page_tokens(body: &Object, sanitizer: &Sanitizer) -> (Vec<PageToken>, Option<String>) {
    let entries = body.get("data").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let page = |fields: &Object| {
        Some(PageToken {
            id: account(fields, "id")?,
            name: clean_text(fields, "name", sanitizer),
            token: Token::parse(fields.get("access_token")?.as_str()?).ok()?,
        })
    };
    let paging = body.get("paging").filter(|paging| paging.get("next").is_some());
    let cursor = paging.and_then(|paging| paging.get("cursors")?.get("after")?.as_str());
    (entries.filter_map(page).collect(), cursor.map(str::to_owned))
}

/// Reads the body as a JSON object, or says what it is instead.
fn read_object(reply: &HttpReply) -> Result<Object, UnreadableBody> {
    const GZIP: &[u8] = &[0x1f, 0x8b];
    let body = reply.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&reply.body).trim_ascii();
    let encoding = reply.header("content-encoding").map_or("", str::trim);
    if (300..400).contains(&reply.status) {
        Err(UnreadableBody::Redirect)
    } else if reply.body.len() > HttpReply::MAX_BODY {
        Err(UnreadableBody::TooLarge)
    } else if !(encoding.is_empty() || encoding.eq_ignore_ascii_case("identity")) || body.starts_with(GZIP) {
        Err(UnreadableBody::Encoded)
    } else if body.is_empty() {
        Err(UnreadableBody::Empty)
    } else if body.starts_with(b"<") {
        Err(UnreadableBody::Html)
    } else {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(_) => Err(UnreadableBody::NotAnObject),
            Err(error) if error.is_eof() => Err(UnreadableBody::Truncated),
            Err(_) => Err(UnreadableBody::NotJson),
        }
    }
}

/// The error inside a reply, in any of Meta's envelopes.
fn error_object(body: &Object, sanitizer: &Sanitizer) -> Option<Evidence> {
    if let Some(Value::Object(error)) = body.get("error").filter(|error| says_something(error)) {
        return Some(evidence(error, sanitizer));
    }
    // {"meta":{"code","error_type","error_message"}} of the older API; the `meta` of a good reply holds no error.
    let flat = body.get("meta").and_then(Value::as_object).unwrap_or(body);
    let names = ["error", "error_type", "error_message", "error_msg", "error_code"];
    let is_error = names.iter().any(|name| flat.get(*name).is_some_and(says_something));
    // {"error_type","code","error_message"} of api.instagram.com, {"error_code","error_message"} of the Threads login,
    // {"error","error_description"} of plain OAuth.
    is_error.then(|| Evidence {
        code: integer(flat.get("code")).or_else(|| integer(flat.get("error_code"))),
        kind: clean_text(flat, "error_type", sanitizer).or_else(|| clean_text(flat, "error", sanitizer)),
        message: ["error_message", "error_msg", "error_description"]
            .iter()
            .find_map(|name| clean_text(flat, name, sanitizer)),
        trace_id: clean_text(flat, "fbtrace_id", sanitizer),
        ..Evidence::default()
    })
}

/// Reads the error page that Meta shows instead of its login, as JSON or as a browser renders it.
pub fn error_page(text: &str) -> Option<Error> {
    let sanitizer = Sanitizer::none();
    let evidence = match serde_json::from_str(text) {
        Ok(Value::Object(body)) => error_object(&body, &sanitizer)?,
        _ if text.contains(char::is_whitespace) => {
            Evidence { message: Some(sanitizer.clean(text)), ..Evidence::default() }
        }
        _ => return None,
    };
    let is_json = text.starts_with('{');
    (is_json || evidence.has_known_message()).then(|| Error::Api(Box::new(evidence)))
}

/// Whether the field of a reply reports an error: `null`, `false`, `0`, `""`, `{}`, `[]` and `{"code":0}` do not.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(text.trim(), "" | "0"),
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(fields) => fields.values().any(says_something),
    }
}

/// `{"message","type","code","error_subcode",...}`; inside `debug_token` the subcode is called `subcode`.
fn evidence(error: &Object, sanitizer: &Sanitizer) -> Evidence {
    Evidence {
        http_status: None,
        code: integer(error.get("code")),
        subcode: integer(error.get("error_subcode")).or_else(|| integer(error.get("subcode"))),
        kind: clean_text(error, "type", sanitizer),
        message: clean_text(error, "message", sanitizer),
        user_title: clean_text(error, "error_user_title", sanitizer),
        user_message: clean_text(error, "error_user_msg", sanitizer),
        trace_id: clean_text(error, "fbtrace_id", sanitizer),
        is_transient: error.get("is_transient").and_then(Value::as_bool),
        retry_after: None,
        support_ids: None,
    }
}

/// The headers by which Meta's support finds a call: `x-fb-trace-id: ..., x-fb-rev: ...`.
fn support_ids(reply: &HttpReply, sanitizer: &Sanitizer) -> Option<String> {
    let names = ["x-fb-trace-id", "x-fb-request-id", "x-fb-rev", "x-fb-debug"];
    let sent = names.iter().filter_map(|name| Some((name, sanitizer.clean_id(reply.header(name)?))));
    let ids: Vec<_> = sent.filter(|(_, id)| !id.is_empty()).map(|(name, id)| format!("{name}: {id}")).collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}

/// The last two values of `www-authenticate: OAuth "Facebook Platform" "invalid_token" "Error validating ..."`.
fn authenticate_header(reply: &HttpReply, sanitizer: &Sanitizer) -> Option<(String, String)> {
    let rest = reply.header("www-authenticate")?.trim().strip_prefix("OAuth \"Facebook Platform\" \"")?;
    let (kind, message) = rest.split_once('"')?;
    Some((sanitizer.clean(kind), sanitizer.clean(message.trim().trim_matches('"'))))
}

/// The fields of a reply: at the top, in `data`, or in the first element of `data`.
fn inner(body: &Object) -> &Object {
    match body.get("data") {
        Some(Value::Object(fields)) => fields,
        Some(Value::Array(items)) => items.first().and_then(Value::as_object).unwrap_or(body),
        _ => body,
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

fn account(fields: &Object, name: &str) -> Option<AccountId> {
    fields.get(name).and_then(AccountId::from_json)
}

/// A non-blank text, sanitized.
fn clean_text(fields: &Object, name: &str, sanitizer: &Sanitizer) -> Option<String> {
    fields.get(name)?.as_str().map(|text| sanitizer.clean(text)).filter(|text| !text.is_empty())
}

/// An integer, as a number or as text.
fn integer(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A list of words: an array, or one text separated by commas or spaces.
fn words(value: Option<&Value>, sanitizer: &Sanitizer) -> Option<Vec<String>> {
    match value? {
        Value::Array(items) => Some(items.iter().filter_map(Value::as_str).map(|word| sanitizer.clean(word)).collect()),
        Value::String(text) => {
            let words = text.split([',', ' ']).filter(|word| !word.is_empty());
            Some(words.map(|word| sanitizer.clean(word)).collect())
        }
        _ => None,
    }
}

fn info_type(value: Option<&Value>) -> InfoType {
    match value.and_then(Value::as_str).map(str::to_ascii_uppercase).as_deref() {
        Some("USER") => InfoType::User,
        Some("PAGE") => InfoType::Page,
        Some("APP") => InfoType::App,
        Some("SYSTEM_USER") => InfoType::SystemUser,
        _ => InfoType::Other,
    }
}
