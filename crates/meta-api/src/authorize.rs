//! The login in a person's browser: the address that begins it, and the address that it ends at.
//!
//! Pages "Business Login" (Instagram Platform), "Manually Build a Login Flow" (Facebook Login), "Get Access Tokens" (Threads).

use serde_json::Value;
use zeroize::Zeroizing;

use crate::classify::is_known_text;
use crate::redact::Shield;
use crate::request::GRAPH_VERSION;
use crate::transport::encode;
use crate::{Error, Evidence, Param, Platform, Secret, Token, TokenKind, parse};

/// The permissions without which nothing here works: to name the account and to keep its token fresh; for Facebook also to
/// list the pages and to read their tokens.
pub fn default_scopes(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Instagram => &["instagram_business_basic"],
        Platform::Facebook => &["pages_show_list", "pages_read_engagement"],
        Platform::Threads => &["threads_basic"],
    }
}

/// What a person is asked to allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permissions<'a> {
    /// These.
    Scopes(&'a [&'a str]),
    /// Those of the login configuration of that id, which also says whether a user's or a system user's token comes of it:
    /// page "Facebook Login for Business". Facebook alone has such.
    Configuration(&'a str),
}

/// The address at which a person allows the app. It holds no secret.
///
/// `state` comes back with the answer and must be impossible to guess. `force_login` asks for the password even where the
/// browser is logged in; Threads has no such parameter.
pub fn authorize_url(
    platform: Platform,
    app_id: &str,
    redirect_uri: &str,
    permissions: Permissions<'_>,
    state: &str,
    force_login: bool,
) -> String {
    let base = match platform {
        Platform::Instagram => "https://www.instagram.com/oauth/authorize".to_owned(),
        Platform::Facebook => format!("https://www.facebook.com/{GRAPH_VERSION}/dialog/oauth"),
        Platform::Threads => "https://threads.com/oauth/authorize".to_owned(),
    };
    let permissions = match permissions {
        Permissions::Scopes(scopes) => Param::new("scope", scopes.join(",")),
        Permissions::Configuration(id) => Param::new("config_id", id),
    };
    let mut query = vec![
        Param::new("client_id", app_id),
        Param::new("redirect_uri", redirect_uri),
        Param::new("response_type", "code"),
        permissions,
        Param::new("state", state),
    ];
    match platform {
        // Instagram's own form instead of a detour by Facebook.
        Platform::Instagram => query.push(Param::new("enable_fb_login", "0")),
        Platform::Facebook | Platform::Threads => {}
    }
    match platform {
        // The documented name, and the one that the dashboard writes itself.
        Platform::Instagram if force_login => {
            query.extend([Param::new("force_authentication", "1"), Param::new("force_reauth", "true")]);
        }
        Platform::Facebook if force_login => query.push(Param::new("auth_type", "reauthenticate")),
        _ => {}
    }
    format!("{base}?{}", *encode(&query))
}

/// What a person's login came to.
#[derive(Debug)]
pub enum Redirect {
    /// The answer to this very login, with its code.
    Answer(Secret),
    /// A code and nothing else: whether it belongs to this login cannot be seen.
    CodeAlone(Secret),
}

/// Reads what the browser was sent to, or what a person pasted: the whole address, its query, or the code alone.
///
/// Only an answer that carries `state` is taken for one to this login; a refusal is, too. `state` is compared in constant time.
pub fn read_redirect(text: &str, state: &str) -> Result<Redirect, RedirectError> {
    let text = text.trim().trim_matches(|c| matches!(c, '"' | '\'' | '<' | '>' | '`'));
    if Token::parse(text).is_ok_and(|token| token.kind() != TokenKind::Unknown) || text.contains("access_token=") {
        return Err(RedirectError::Token);
    }
    if let Some(error) = page_of_meta(text) {
        return Err(RedirectError::Meta(error));
    }
    // What Meta adds after `#` is no part of the answer.
    let answer = text.split('#').next().unwrap_or_default();
    if answer.matches("://").count() > 1 {
        return Err(RedirectError::Mixed);
    }
    match answer.split_once('?') {
        Some((_, query)) => in_query(query, state),
        None if answer.contains('=') => in_query(answer, state),
        None => alone(answer),
    }
}

/// Why there is no code to go on with.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RedirectError {
    /// The person pressed "Cancel".
    #[error("access was not allowed: the login was cancelled")]
    Denied,
    /// Meta sent the browser back with another error.
    #[error("Meta sent the browser back with an error: {0}")]
    Refused(String),
    /// What Meta shows in place of its login.
    #[error("{}", .0.cause_in_words())]
    Meta(Error),
    /// The `state` is another one.
    #[error("this is the answer to another login: to an earlier one, or to a link that somebody else made")]
    OtherLogin,
    /// There is a code or an error and no `state`.
    #[error("the address is cut short: its part `state=...` is missing")]
    NoState,
    /// More than one answer.
    #[error("this holds more than one answer, or the same one twice")]
    Mixed,
    /// The address of the page that asks, not the one after it.
    #[error("this is the address at which the login begins, not the one at which it ends")]
    Beginning,
    /// A token, which needs no login.
    #[error("this is a token, not the address at which a login ends")]
    Token,
    /// Nothing that could be a code.
    #[error("there is no login code in it")]
    NoCode,
}

fn in_query(query: &str, state: &str) -> Result<Redirect, RedirectError> {
    let fields: Vec<_> = query.split('&').filter_map(|field| field.split_once('=')).collect();
    let all =
        |name: &str| fields.iter().filter(|(field, _)| *field == name).map(|(_, value)| *value).collect::<Vec<_>>();
    let (codes, states) = (all("code"), all("state"));
    let refusal = ["error", "error_code", "error_message"].iter().any(|name| !all(name).is_empty());
    if codes.is_empty() && !refusal {
        return Err(if all("client_id").is_empty() { RedirectError::NoCode } else { RedirectError::Beginning });
    }
    let code = match (codes.as_slice(), states.as_slice()) {
        ([] | [_], [found]) if !is_same(&decoded(found), state) => return Err(RedirectError::OtherLogin),
        ([] | [_], []) => return Err(RedirectError::NoState),
        ([], [_]) => None,
        ([code], [_]) => Some(code),
        _ => return Err(RedirectError::Mixed),
    };
    match code {
        Some(code) if !refusal => a_code(&decoded(code)).map(Redirect::Answer),
        _ if all("error") == ["access_denied"] => Err(RedirectError::Denied),
        _ => {
            let words = ["error_description", "error_message", "error", "error_code"];
            let words = words.iter().find_map(|name| all(name).first().copied()).unwrap_or_default();
            Err(RedirectError::Refused(Shield::none().clean(&decoded(&words.replace('+', " ")))))
        }
    }
}

/// Meta's codes are long: a short word is something else.
fn alone(text: &str) -> Result<Redirect, RedirectError> {
    const SHORTEST: usize = 40;
    if text.len() < SHORTEST {
        return Err(RedirectError::NoCode);
    }
    let half = text.len() / 2;
    if text.get(..half).is_some_and(|first| text.get(half..) == Some(first)) {
        return Err(RedirectError::Mixed);
    }
    a_code(&decoded(text)).map(Redirect::CodeAlone)
}

fn a_code(text: &str) -> Result<Secret, RedirectError> {
    const LONGEST: usize = 4096;
    let code = text.split('#').next().unwrap_or_default();
    let is_code_char = |c: char| c.is_ascii_alphanumeric() || "-._~|+=".contains(c);
    if code.is_empty() || code.len() > LONGEST || !code.chars().all(is_code_char) {
        return Err(RedirectError::NoCode);
    }
    Ok(Secret::new(code))
}

/// The error that Meta shows in place of its login, as JSON or as the browser's view of it.
fn page_of_meta(text: &str) -> Option<Error> {
    let shield = Shield::none();
    let evidence = match serde_json::from_str(text) {
        Ok(Value::Object(body)) => parse::error_object(&body, &shield)?,
        _ if text.contains(char::is_whitespace) => {
            Evidence { message: Some(shield.clean(text)), ..Evidence::default() }
        }
        _ => return None,
    };
    let is_json = text.starts_with('{');
    (is_json || is_known_text(&evidence)).then(|| Error::Api(Box::new(evidence)))
}

/// `%41` to `A`. What is no UTF-8 afterwards becomes a character that no code and no state has.
fn decoded(text: &str) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = |at: usize| after.get(at).and_then(|&digit| char::from(digit).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (first, hex(0), hex(1)) {
            // Two hexadecimal digits are at most 255.
            bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned())
}

/// Takes as long for texts of one length wherever they differ.
fn is_same(one: &str, other: &str) -> bool {
    let differences = one.bytes().zip(other.bytes()).fold(0, |found, (a, b)| found | (a ^ b));
    one.len() == other.len() && std::hint::black_box(differences) == 0
}
