//! What to do about an error of Meta: one table, read from top to bottom, the first matching row decides.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::Evidence;

/// Who has to act on a failure, and whether the token is at stake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Nobody: it will pass. Try again, ever more slowly.
    Retry,
    /// Nobody: too many calls. Wait for the stated time.
    BackOff,
    /// The account's owner must log in again; the token is dead, or the login never was complete.
    Reconnect,
    /// The account's owner must put the account in order (a checkpoint, say); the token may revive.
    AccountOwner,
    /// The app's owner must act in Meta's dashboard: roles, permissions, review.
    AppOwner,
    /// What was configured is wrong: secret, id, kind of token. The token is untouched.
    Config,
    /// Not known. Try again slowly, tell a person if it lasts, and never take the token for dead.
    Unknown,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 7] =
        [Self::Retry, Self::BackOff, Self::Reconnect, Self::AccountOwner, Self::AppOwner, Self::Config, Self::Unknown];

    /// The name used in files and JSON: `retry`, `back-off`, `reconnect`, `account-owner`, `app-owner`, `config`, `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::BackOff => "back-off",
            Self::Reconnect => "reconnect",
            Self::AccountOwner => "account-owner",
            Self::AppOwner => "app-owner",
            Self::Config => "config",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Class {
    type Err = UnknownClass;

    fn from_str(text: &str) -> Result<Self, UnknownClass> {
        Self::ALL.into_iter().find(|class| class.as_str() == text).ok_or(UnknownClass)
    }
}

/// The text names no [`Class`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a class of errors")]
pub struct UnknownClass;

/// The row that decides about `evidence`.
pub(crate) fn classify(evidence: &Evidence) -> &'static Row {
    TABLE.iter().find(|row| row.matches(evidence)).unwrap_or(&OTHER)
}

/// One row of the table: which errors it is about, and what they mean.
#[derive(Debug)]
pub(crate) struct Row {
    /// Ranges of codes, both ends included. Empty: whatever the code.
    pub(crate) codes: &'static [(i64, i64)],
    pub(crate) subcode: Option<i64>,
    /// `error.type`
    kind: Option<&'static str>,
    /// The message must hold one of these, in lower case. Empty: whatever the message.
    pub(crate) says: &'static [&'static str],
    /// Only if `is_transient` is true.
    transient: bool,
    /// Only if there is no code at all and the HTTP status lies in this range.
    status: Option<(u16, u16)>,

    pub(crate) class: Class,
    /// See [`Error::is_definite`](crate::Error::is_definite).
    pub(crate) definite: bool,
    /// See [`Error::needs_confirmation`](crate::Error::needs_confirmation).
    pub(crate) confirm: bool,
    /// How long to wait when the headers do not say.
    pub(crate) wait: Option<Duration>,

    pub(crate) name: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) action: &'static str,
}

impl Row {
    fn matches(&self, evidence: &Evidence) -> bool {
        // An unreadable reply with this header is a 190 whose number was lost.
        let code = evidence.code.or_else(|| (evidence.kind.as_deref() == Some(INVALID_TOKEN)).then_some(190));
        let code_fits = self.covers(code);
        let subcode_fits = self.subcode.is_none() || self.subcode == evidence.subcode;
        let kind_fits = self.kind.is_none() || self.kind == evidence.kind.as_deref();
        let transient_fits = !self.transient || evidence.is_transient == Some(true);
        let status_fits = self.status.is_none_or(|(from, to)| {
            code.is_none() && evidence.http_status.is_some_and(|status| (from..=to).contains(&status))
        });
        code_fits && subcode_fits && kind_fits && transient_fits && status_fits && self.is_said_by(evidence)
    }

    /// Whether the row is about this code.
    pub(crate) fn covers(&self, code: Option<i64>) -> bool {
        self.codes.is_empty()
            || code.is_some_and(|code| self.codes.iter().any(|&(from, to)| (from..=to).contains(&code)))
    }

    /// Whether the code alone, perhaps with its subcode, leads to this row.
    pub(crate) fn is_about_codes_alone(&self) -> bool {
        !self.codes.is_empty() && self.kind.is_none() && self.says.is_empty()
    }

    fn is_said_by(&self, evidence: &Evidence) -> bool {
        self.says.is_empty()
            || evidence.message.as_ref().is_some_and(|message| {
                let message = message.to_lowercase();
                self.says.iter().any(|phrase| message.contains(phrase))
            })
    }

    const fn new(class: Class, name: &'static str, meaning: &'static str, action: &'static str) -> Self {
        Self {
            codes: &[],
            subcode: None,
            kind: None,
            says: &[],
            transient: false,
            status: None,
            class,
            definite: false,
            confirm: false,
            wait: None,
            name,
            meaning,
            action,
        }
    }

    const fn codes(self, codes: &'static [(i64, i64)]) -> Self {
        Self { codes, ..self }
    }

    /// A subcode names the reason beyond doubt.
    const fn definite(self, subcode: i64) -> Self {
        Self { subcode: Some(subcode), definite: true, ..self }
    }

    const fn subcode(self, subcode: i64) -> Self {
        Self { subcode: Some(subcode), ..self }
    }

    const fn kind(self, kind: &'static str) -> Self {
        Self { kind: Some(kind), ..self }
    }

    const fn says(self, says: &'static [&'static str]) -> Self {
        Self { says, ..self }
    }

    const fn confirm(self) -> Self {
        Self { confirm: true, ..self }
    }

    const fn wait_hours(self, hours: u64) -> Self {
        Self { wait: Some(Duration::from_secs(hours * 3_600)), ..self }
    }

    const fn status(self, from: u16, to: u16) -> Self {
        Self { status: Some((from, to)), ..self }
    }

    const fn transient(self) -> Self {
        Self { transient: true, ..self }
    }
}

/// The word in a `www-authenticate` header that stands for a dead token.
pub(crate) const INVALID_TOKEN: &str = "invalid_token";

/// The word in the same header that stands for a code from a login that is used up.
const INVALID_CODE: &str = "invalid_code";

/// 102 is the older number of 190.
const SESSION: &[(i64, i64)] = &[(190, 190), (102, 102)];

const LOG_IN_AGAIN: &str = "Connect the account again: its owner logs in and agrees once more.";
const OPEN_INSTAGRAM: &str = "The account's owner opens the app or website, follows what it asks for, and then connects again if the token has not revived.";
const CHECK_SECRET: &str = "Compare the app id and the app secret with the dashboard. Instagram, Threads and Facebook each have a pair of their own.";
const NEW_CODE: &str = "Start the login again; each code works once.";
const GRANT: &str = "In the app's dashboard, see that the app has the permission (Advanced Access, or a role for this account), then connect again with it granted.";
const WAIT: &str = "Nothing to do: calls go on when the limit allows. If it lasts, see what else uses this app.";

/// Meta's codes in order of precedence: limits, what passes by itself, what is configured wrongly, dead sessions, permissions,
/// troubles of the platform, the HTTP status. Messages are a fallback only: they come in the reader's language.
///
/// Sources: Meta's pages "Handle Errors" (Graph API), "Error Codes" (Instagram Platform) and "Rate Limits"; public issue threads for the rest.
pub(crate) static TABLE: &[Row] = &[
    // Limits.
    Row::new(Class::BackOff, "app call limit", "The app has used up its calls for this hour.", WAIT)
        .codes(&[(4, 4)])
        .wait_hours(1),
    Row::new(Class::BackOff, "user call limit", "This account has used up its calls for this hour.", WAIT)
        .codes(&[(17, 17)])
        .wait_hours(1),
    Row::new(Class::BackOff, "page call limit", "This page has used up its calls for this hour.", WAIT)
        .codes(&[(32, 32)])
        .wait_hours(1),
    Row::new(Class::BackOff, "app limit", "The app has reached one of its limits.", WAIT).codes(&[(341, 341)]).wait_hours(1),
    Row::new(
        Class::BackOff,
        "policy block",
        "Meta has blocked the account or the app for a while, for breaking a policy.",
        "Look for a notice in the account and in the app's dashboard. Calling again and again makes it longer.",
    )
    .codes(&[(368, 368)])
    .wait_hours(24),
    Row::new(Class::BackOff, "bursty calls", "Too many calls came at once.", WAIT)
        .codes(&[(613, 613)])
        .subcode(1996)
        .wait_hours(1),
    Row::new(Class::BackOff, "custom call limit", "Calls of this kind have used up their own limit.", WAIT)
        .codes(&[(613, 613)])
        .wait_hours(1),
    Row::new(
        Class::BackOff,
        "business use case limit",
        "This account has used up the calls that this app may make for it (80001 pages, 80002 Instagram, 80006 Messenger, 80008 WhatsApp).",
        WAIT,
    )
    .codes(&[(80_000, 80_009), (80_014, 80_014)])
    .wait_hours(1),
    // What Meta itself calls passing. Only `true` counts: `false` has been sent for failures that passed.
    Row::new(
        Class::Retry,
        "transient",
        "Meta reports a passing fault on its side.",
        "Nothing to do: it is tried again by itself.",
    )
    .transient(),
    // What is configured wrongly. The same text comes with code 1 from Facebook and with code 100 from Instagram.
    Row::new(Class::Config, "wrong app secret", "The app secret does not belong to the app id.", CHECK_SECRET)
        .says(&["client secret"]),
    Row::new(
        Class::Config,
        "wrong app secret proof",
        "The proof made from the app secret is missing or wrong: the secret is wrong, or the token belongs to another app.",
        CHECK_SECRET,
    )
    .codes(&[(100, 100)])
    .says(&["appsecret_proof"]),
    Row::new(
        Class::Config,
        "token of another app",
        "The token was issued to another app than the one whose id and secret are configured.",
        CHECK_SECRET,
    )
    .codes(&[(100, 100)])
    .says(&["app_id in the input_token did not match"]),
    Row::new(
        Class::Config,
        "wrong app id",
        "The platform does not know the app id: most often the id of the Meta app stands where the Instagram app id belongs.",
        CHECK_SECRET,
    )
    .says(&["invalid platform app"]),
    Row::new(
        Class::Config,
        "wrong app id for Threads",
        "Threads does not know the app id: most often the id of the Meta app stands where the Threads app id belongs.",
        CHECK_SECRET,
    )
    .codes(&[(1_349_026, 1_349_026)]),
    Row::new(
        Class::AppOwner,
        "tester invitation open",
        "The account has been invited as a tester of the app, and has not accepted.",
        "The account's owner accepts the invitation in the settings of Threads, under website permissions.",
    )
    .codes(&[(1_349_245, 1_349_245)]),
    Row::new(
        Class::AppOwner,
        "no role in the app",
        "The app is in development mode, and the account is no accepted tester of it.",
        "Invite the account as a tester in the app's dashboard; its owner accepts in Instagram's settings under website permissions.",
    )
    .says(&["insufficient developer role"]),
    Row::new(
        Class::Reconnect,
        "login code used up",
        "The code from the login was used before, or is older than an hour.",
        NEW_CODE,
    )
    .says(&["matching code was not found", "authorization code has been used", "authorization code has expired"]),
    Row::new(
        Class::Config,
        "redirect URI differs",
        "The redirect URI is not exactly the one of the login, or not registered with the app.",
        "Make the two the same to the letter. The dashboard may add a slash at the end.",
    )
    .says(&["redirect_uri", "redirect uri"]),
    Row::new(
        Class::Config,
        "unknown scope",
        "The login asked for a permission that no longer exists.",
        "Use the scopes that begin with instagram_business_; the older names ended in January 2025.",
    )
    .says(&["invalid scope"]),
    Row::new(Class::Reconnect, "login code refused", "The code from the login was refused.", NEW_CODE)
        .codes(&[(100, 100)])
        .says(&["authorization code"]),
    Row::new(Class::Reconnect, "login code refused", "The code from the login was refused.", NEW_CODE).kind(INVALID_CODE),
    Row::new(
        Class::AppOwner,
        "no access to this account",
        "The app may not act for this account. In spite of the words it is not about the request's method.",
        "Add the account as a tester in the app's dashboard and have its owner accept, or get Advanced Access for the app.",
    )
    .codes(&[(100, 100)])
    .kind("IGApiException")
    .says(&["method type: get"])
    .confirm(),
    Row::new(
        Class::Reconnect,
        "not visible",
        "Meta says that the account does not exist or cannot be seen with this token. In May 2026 it said so of good tokens for three days.",
        "Wait for the second opinion. If many accounts fail alike, it is an incident at Meta; else connect this account again.",
    )
    .codes(&[(100, 100)])
    .subcode(33)
    .confirm(),
    Row::new(
        Class::Config,
        "bad parameter",
        "Meta does not accept a parameter of the request.",
        "Compare the kind of the token and the app's settings with the platform. If they are right, report it as a bug.",
    )
    .codes(&[(100, 100)]),
    Row::new(Class::Config, "bad app id", "Meta does not know the app id.", CHECK_SECRET).codes(&[(101, 101)]),
    Row::new(Class::Config, "bad signature", "Meta does not accept the signature of the request.", CHECK_SECRET)
        .codes(&[(104, 104)]),
    Row::new(
        Class::Config,
        "unknown id",
        "The id asked for does not exist.",
        "Compare the configured account or page id with the platform.",
    )
    .codes(&[(803, 803)]),
    Row::new(
        Class::Config,
        "version retired",
        "Meta has switched off the version of its API that was called.",
        "Update this program.",
    )
    .codes(&[(2635, 2635)]),
    // Sessions, the subcode first.
    Row::new(Class::Reconnect, "app removed", "The account's owner has removed the app.", LOG_IN_AGAIN)
        .codes(SESSION)
        .definite(458),
    Row::new(Class::AccountOwner, "checkpoint", "The account waits at a checkpoint: its owner must log in to it.", OPEN_INSTAGRAM)
        .codes(SESSION)
        .definite(459),
    Row::new(Class::Reconnect, "password changed", "The password of the account was changed, which ends all its tokens.", LOG_IN_AGAIN)
        .codes(SESSION)
        .definite(460),
    Row::new(
        Class::Reconnect,
        "expired",
        "The token has expired. An expired token can never be refreshed.",
        "Connect the account again. If the token lived for an hour or two only, it was a short-lived one that was never exchanged.",
    )
    .codes(SESSION)
    .definite(463),
    Row::new(Class::AccountOwner, "account not confirmed", "The account is not confirmed yet.", OPEN_INSTAGRAM)
        .codes(SESSION)
        .definite(464),
    Row::new(Class::Reconnect, "token invalid", "The token is no longer valid: logged out, or revoked.", LOG_IN_AGAIN)
        .codes(SESSION)
        .definite(467),
    Row::new(Class::AccountOwner, "consent missing", "The platform waits for the account's owner to agree to something.", OPEN_INSTAGRAM)
        .codes(SESSION)
        .definite(483),
    Row::new(
        Class::AppOwner,
        "page role lost",
        "The person behind this page token no longer has a role on the page.",
        "An administrator of the page gives the role back; then connect again.",
    )
    .codes(SESSION)
    .definite(492),
    // Sessions without a known subcode, by message.
    Row::new(Class::AccountOwner, "checkpoint", "The account waits at a checkpoint: its owner must log in to it.", OPEN_INSTAGRAM)
        .codes(SESSION)
        .says(&["log in to", "checkpoint", "session key is malformed"])
        .confirm(),
    Row::new(
        Class::Config,
        "wrong kind of token",
        "Meta cannot read the token: it is cut off, or of another platform than it was sent to.",
        "Copy the whole token again. Instagram tokens begin with IGAA, Threads with THAA, Facebook with EAA.",
    )
    .codes(SESSION)
    .says(&["cannot parse", "could not be decrypted", "decrypt", "malformed"]),
    Row::new(Class::Reconnect, "expired", "The token has expired. An expired token can never be refreshed.", LOG_IN_AGAIN)
        .codes(SESSION)
        .says(&["expired"])
        .confirm(),
    Row::new(
        Class::Reconnect,
        "session ended",
        "The token no longer works: the password was changed, the app removed, or the owner logged out.",
        LOG_IN_AGAIN,
    )
    .codes(SESSION)
    .says(&["invalidated", "logged out", "not authorized"])
    .confirm(),
    Row::new(
        Class::Reconnect,
        "token refused",
        "Meta refuses the token and does not say why.",
        "Wait for the second opinion; if it agrees, connect the account again.",
    )
    .codes(SESSION)
    .confirm(),
    Row::new(
        Class::Reconnect,
        "session key invalid",
        "The session of the token has ended. When exchanging, it means that the token is long-lived already.",
        "If this came from exchanging, keep the token as it is. Else connect the account again.",
    )
    .codes(&[(452, 452)])
    .confirm(),
    Row::new(Class::Reconnect, "token revoked", "The token was revoked.", LOG_IN_AGAIN)
        .says(&["revoked_access_token", "not a confirmed user"])
        .confirm(),
    // Permissions and the state of the account.
    Row::new(Class::AppOwner, "capability missing", "The app is not allowed to make this call.", GRANT).codes(&[(3, 3)]),
    Row::new(Class::AppOwner, "permission denied", "The app lacks a permission for this call.", GRANT).codes(&[(10, 10)]),
    Row::new(
        Class::Reconnect,
        "permission not granted",
        "The account's owner has not granted a permission, or it has ended (private Threads profiles: after 90 days).",
        "Connect the account again and leave all boxes ticked. If that does not help, see the app's permissions in its dashboard.",
    )
    .codes(&[(200, 299)])
    .confirm(),
    Row::new(
        Class::AccountOwner,
        "account restricted",
        "Instagram has restricted the account, or it is inactive or at a checkpoint.",
        OPEN_INSTAGRAM,
    )
    .codes(&[(25, 25)])
    .subcode(2_207_050),
    Row::new(
        Class::AccountOwner,
        "not a professional account",
        "The account is a personal one; Meta's API serves business and creator accounts only.",
        "The account's owner switches to a professional account in Instagram's settings, and connects again.",
    )
    .says(&["is not an instagram business"]),
    // Troubles of the platform.
    Row::new(Class::Retry, "unknown error", "Meta had a fault.", "Nothing to do: it is tried again by itself.").codes(&[(1, 1)]),
    Row::new(Class::Retry, "service down", "A service at Meta is down or overloaded.", "Nothing to do: it is tried again by itself.")
        .codes(&[(2, 2)]),
    Row::new(
        Class::Retry,
        "Instagram server fault",
        "Instagram had a fault or took too long.",
        "Nothing to do: it is tried again by itself.",
    )
    .codes(&[(-2, -1)]),
    Row::new(
        Class::Retry,
        "content not available",
        "Meta answered with the text of a web page, which says nothing about the token.",
        "Nothing to do: it is tried again by itself.",
    )
    .says(&["content isn't available right now", "content isn\u{2019}t available right now"]),
    // The HTTP status, when nothing else is known.
    Row::new(Class::BackOff, "HTTP 429", "Too many calls.", WAIT).status(429, 429).wait_hours(1),
    Row::new(
        Class::Retry,
        "HTTP 5xx",
        "Meta's servers had a fault and gave no reason.",
        "Nothing to do: it is tried again by itself.",
    )
    .status(500, 599),
];

/// What no row is about.
static OTHER: Row = Row::new(
    Class::Unknown,
    "not known",
    "Meta gave an error that is not known here.",
    "It is tried again slowly. If it lasts, look at the message and at Meta's status page.",
);
