//! Meta's errors, what they mean and what to do: one table.

use crate::Class;
use crate::classify::Row;

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
pub(crate) static OTHER: Row = Row::new(
    Class::Unknown,
    "not known",
    "Meta gave an error that is not known here.",
    "It is tried again slowly. If it lasts, look at the message and at Meta's status page.",
);
