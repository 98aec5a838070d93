//! Meta's errors: how each is recognized, what it means and what to do. One table, and the function that reads it.

use crate::known_error::{Codes, KnownError, row};
use crate::{Class, Evidence};

/// The row that decides about `evidence`: the first that matches.
pub(crate) fn classify(evidence: &Evidence) -> &'static KnownError {
    TABLE.iter().find(|row| row.matches(evidence)).unwrap_or(&UNKNOWN)
}

/// Explains a code as Meta sends it. An unknown subcode gets the explanation of the code alone.
pub fn explain(code: i64, subcode: Option<i64>) -> Option<&'static KnownError> {
    let rows = || TABLE.iter().filter(|row| row.depends_on_codes_only() && row.covers(Some(code)));
    let exact = rows().find(|row| row.subcode == subcode);
    exact.or_else(|| rows().find(|row| row.subcode.is_none())).or_else(|| rows().next())
}

/// The row that decides about an error with this code and message, as a person has pasted it; `None` for one that is not
/// known. The type of the error may stand in the message.
pub fn recognize(code: i64, subcode: Option<i64>, message: &str) -> Option<&'static KnownError> {
    let text = message.to_lowercase();
    let kinds = ["IGApiException", "THApiException"];
    let kind = kinds.into_iter().find(|kind| text.contains(&kind.to_lowercase())).map(str::to_owned);
    let evidence = Evidence { code: Some(code), subcode, kind, message: Some(text), ..Evidence::default() };
    Some(classify(&evidence)).filter(|row| **row != UNKNOWN)
}

/// Every row, in the order of precedence.
pub fn explanations() -> impl Iterator<Item = &'static KnownError> {
    TABLE.iter()
}

impl Evidence {
    /// Whether Meta named the reason with an unambiguous subcode.
    pub fn is_definite(&self) -> bool {
        classify(self).definite
    }

    /// Whether the app's id or secret is wrong, not the token.
    pub fn blames_app(&self) -> bool {
        classify(self).action == CHECK_SECRET
    }

    /// Whether the table knows this message, whatever the code.
    pub fn has_known_message(&self) -> bool {
        !classify(self).phrases.is_empty()
    }
}

const ANY: Codes = &[];
const BAD_PARAMETER: Codes = &[(100, 100)];
/// 102 is the older number of 190.
const SESSION: Codes = &[(190, 190), (102, 102)];

const RETRIED: &str = "Nothing to do: it is retried automatically.";
const WAIT: &str =
    "Nothing to do: calls resume when the limit resets. If it keeps happening, find out what else uses this app.";
const LOG_IN_AGAIN: &str = "Connect the account again: its owner logs in and grants access once more.";
const OPEN_INSTAGRAM: &str = "The account's owner opens the app or website, follows its instructions, and connects \
                              again if the token still does not work.";
const CHECK_SECRET: &str =
    "Compare the app id and app secret with the dashboard. Instagram, Threads and Facebook each have their own pair.";
const NEW_CODE: &str = "Start the login again; each code works only once.";
const GRANT: &str = "In the app's dashboard, check that the app has the permission (Advanced Access, or a role for \
                     this account), then connect again and grant it.";

/// In order of precedence: limits, temporary failures, unambiguous messages, dead sessions, permissions, outages, code
/// 100 without a known message, HTTP status. Messages are a fallback only: they come in the reader's language.
///
/// Sources: Meta's pages "Handle Errors" (Graph API), "Error Codes" (Instagram Platform) and "Rate Limits"; public
/// issue threads for the rest.
static TABLE: &[KnownError] = &[
    // Limits.
    limit(&[(4, 4)], "app call limit", "The app has used up its calls for this hour."),
    limit(&[(17, 17)], "user call limit", "This account has used up its calls for this hour."),
    limit(&[(32, 32)], "page call limit", "This page has used up its calls for this hour."),
    limit(&[(341, 341)], "app limit", "The app has reached one of its limits."),
    row(
        &[(368, 368)],
        Class::BackOff,
        "policy block",
        "Meta has temporarily blocked the account or the app for violating a policy.",
        "Look for a notice in the account and in the app's dashboard. Further calls prolong the block.",
    )
    .wait_at_least_hours(24),
    limit(&[(613, 613)], "bursty calls", "Too many calls came at once.").subcode(1996),
    limit(&[(613, 613)], "custom call limit", "Calls of this kind have used up their own limit."),
    limit(
        &[(80_000, 80_009), (80_014, 80_014)],
        "business use case limit",
        "This account has used up the calls that this app may make for it (80001 pages, 80002 Instagram, 80006 \
         Messenger, 80008 WhatsApp).",
    ),
    // What Meta itself calls temporary. Only `true` counts: `false` has been sent for failures that passed.
    row(ANY, Class::Retry, "transient", "Meta reports a temporary fault on its side.", RETRIED).transient(),
    // The app itself, whatever the code and the endpoint: the tokens live on.
    row(
        ANY,
        Class::AppOwner,
        "app switched off",
        "Meta has deactivated, restricted or deleted the app. The account's token is not at fault.",
        "The app's owner opens the App Dashboard and reactivates the app; until then no login helps.",
    )
    .phrases(&[
        "api access deactivated",
        "api access disabled",
        "api access blocked",
        "application has been deleted",
        "application has been disabled",
        "app has been deleted",
        "app has been disabled",
        "app not active",
        "app is not active",
        "app is currently restricted",
        "application is restricted",
        "app is restricted",
        "has been deactivated due to inactivity",
    ]),
    // Messages that say what is wrong, whatever the code: the same text comes with code 1 from Facebook and with code 100
    // from Instagram.
    row(ANY, Class::Config, "wrong app secret", "The app secret does not belong to the app id.", CHECK_SECRET)
        .phrases(&["client secret"]),
    row(
        BAD_PARAMETER,
        Class::Config,
        "wrong app secret proof",
        "The proof made from the app secret is missing or wrong: the secret is wrong, or the token belongs to another \
         app.",
        CHECK_SECRET,
    )
    .phrases(&["appsecret_proof"]),
    row(
        BAD_PARAMETER,
        Class::Config,
        "token of another app",
        "The token was issued to a different app than the one whose id and secret are configured.",
        CHECK_SECRET,
    )
    .phrases(&["app_id in the input_token did not match"]),
    row(
        BAD_PARAMETER,
        Class::Config,
        "app not allowed to look up the token",
        "The id and secret that were sent are not those of the app that issued the token.",
        CHECK_SECRET,
    )
    .phrases(&["must provide an app access token"]),
    row(
        ANY,
        Class::Config,
        "wrong app id",
        "The platform does not know the app id. Usually, the Meta app's id was entered instead of the Instagram app \
         id.",
        CHECK_SECRET,
    )
    .phrases(&["invalid platform app"]),
    row(
        &[(1_349_026, 1_349_026)],
        Class::Config,
        "wrong app id for Threads",
        "Threads does not know the app id. Usually, the Meta app's id was entered instead of the Threads app id.",
        CHECK_SECRET,
    ),
    row(
        ANY,
        Class::Config,
        "wrong app id for Threads",
        "Threads does not know the app id. Usually, the Meta app's id was entered instead of the Threads app id.",
        CHECK_SECRET,
    )
    .phrases(&["no application data was given"]),
    row(
        &[(1_349_245, 1_349_245)],
        Class::AppOwner,
        "tester invitation open",
        "The account was invited as a tester of the app but has not accepted.",
        "The account's owner accepts the invitation in the Threads settings, under website permissions.",
    ).takes_login(),
    row(
        ANY,
        Class::AppOwner,
        "no role in the app",
        "The app is in development mode, and the account is not an accepted tester of it.",
        "Invite the account as a tester in the app's dashboard; its owner accepts in the settings of Instagram or \
         Threads, under website permissions.",
    ).takes_login()
    .phrases(&["insufficient developer role"]),
    row(
        ANY,
        Class::AccountOwner,
        "not a professional account",
        "This is a personal account; Meta's API serves business and creator accounts only.",
        "The account's owner switches to a professional account in the Instagram settings, then connects again.",
    ).takes_login()
    .phrases(&["is not an instagram business"]),
    row(
        ANY,
        Class::AccountOwner,
        "activity off Meta turned off",
        "The account's owner has turned off the activity off Meta technologies, without which no app can be connected.",
        "The account's owner turns it on in the Accounts Center, under Your information and permissions, and logs in \
         again.",
    ).takes_login()
    .phrases(&["activity off meta technologies"]),
    row(
        ANY,
        Class::Reconnect,
        "login cancelled",
        "The person who was to log in pressed Cancel, or did not allow access.",
        "Start the login again, and allow access.",
    ).takes_login()
    .phrases(&["user denied your request", "access_denied", "user_denied"]),
    row(
        ANY,
        Class::Reconnect,
        "login code used up",
        "The code from the login was used before, or is older than an hour.",
        NEW_CODE,
    ).takes_login()
    .phrases(&[
        "matching code was not found",
        "authorization code has been used",
        "authorization code has expired",
    ]),
    row(
        ANY,
        Class::Config,
        "redirect URI differs",
        "The redirect URI differs from the one used at login, or is not registered with the app.",
        "Make the two identical, character for character. The dashboard may add a slash at the end.",
    ).takes_login()
    .phrases(&["redirect_uri", "redirect uri"]),
    row(
        ANY,
        Class::Config,
        "unknown scope",
        "The login asked for a permission that no longer exists.",
        "Use the scopes that begin with instagram_business_; the older names were retired in January 2025.",
    ).takes_login()
    .phrases(&["invalid scope"]),
    row(BAD_PARAMETER, Class::Reconnect, "login code refused", "The code from the login was refused.", NEW_CODE).takes_login()
        .phrases(&["authorization code"]),
    row(ANY, Class::Reconnect, "login code refused", "The code from the login was refused.", NEW_CODE).takes_login()
        .kind(Evidence::INVALID_CODE),
    row(
        BAD_PARAMETER,
        Class::AppOwner,
        "no access to this account",
        "The app may not act for this account. Despite its wording, this is not about the request's method.",
        "Add the account as a tester in the app's dashboard and have its owner accept, or get Advanced Access for the \
         app.",
    )
    .kind("IGApiException")
    .phrases(&["method type: get"])
    // In October 2022 it passed by itself.
    .confirm_over_hours(24),
    row(
        BAD_PARAMETER,
        Class::Reconnect,
        "not visible",
        "Meta says that the account does not exist or is not visible with this token. In May 2026 it said so about \
         good tokens for three days.",
        "Wait for the second check. If many accounts fail alike, it is an incident at Meta; otherwise connect this \
         account again.",
    )
    .subcode(33)
    .confirm(),
    row(
        BAD_PARAMETER,
        Class::Reconnect,
        "no such resource",
        "Threads says so of an expired token, and of an account for which the app may not act.",
        "Wait for the second check; if it agrees, connect the account again.",
    )
    .phrases(&["requested resource does not exist"])
    .confirm(),
    row(&[(101, 101)], Class::Config, "bad app id", "Meta does not know the app id.", CHECK_SECRET),
    row(
        &[(104, 104)],
        Class::Config,
        "bad signature",
        "Meta does not accept the signature of the request.",
        CHECK_SECRET,
    ),
    row(
        &[(803, 803)],
        Class::Config,
        "unknown id",
        "The requested id does not exist.",
        "Compare the configured account or page id with the platform.",
    ),
    row(
        &[(2635, 2635)],
        Class::Config,
        "version retired",
        "Meta has shut down the API version that everlit calls. The token is not at fault.",
        "Raise the version: update everlit to a release that calls a newer one.",
    ),
    // Sessions with a subcode.
    session(458, Class::Reconnect, "app removed", "The account's owner has removed the app.", LOG_IN_AGAIN),
    session(
        459,
        Class::AccountOwner,
        "checkpoint",
        "The account is at a checkpoint: its owner must log in to it.",
        OPEN_INSTAGRAM,
    ),
    session(
        460,
        Class::Reconnect,
        "password changed",
        "The account's password was changed, which ends all its tokens.",
        LOG_IN_AGAIN,
    ),
    session(
        463,
        Class::Reconnect,
        "expired",
        "The token has expired. An expired token can never be refreshed.",
        "Connect the account again. If the token lasted only an hour or two, it was a short-lived one that was never \
         exchanged.",
    ),
    session(464, Class::AccountOwner, "account not confirmed", "The account is not confirmed yet.", OPEN_INSTAGRAM),
    session(
        467,
        Class::Reconnect,
        "token invalid",
        "The token is no longer valid: logged out, or revoked.",
        LOG_IN_AGAIN,
    ),
    session(
        483,
        Class::AccountOwner,
        "consent missing",
        "The platform is waiting for the account's owner to agree to something.",
        OPEN_INSTAGRAM,
    ),
    session(
        492,
        Class::AppOwner,
        "page role lost",
        "The person behind this page token no longer has a role on the page.",
        "An administrator of the page gives the role back; then connect again.",
    ).takes_login(),
    // Sessions without a known subcode, by message.
    row(
        SESSION,
        Class::AccountOwner,
        "checkpoint",
        "The account is at a checkpoint: its owner must log in to it.",
        OPEN_INSTAGRAM,
    )
    .phrases(&["log in to", "checkpoint", "session key is malformed"])
    .confirm(),
    row(
        SESSION,
        Class::Config,
        "bad token signature",
        "The app secret does not belong to the app id, or the token was changed while copying.",
        CHECK_SECRET,
    )
    .phrases(&["access token signature"]),
    row(
        SESSION,
        Class::Config,
        "wrong kind of token",
        "Meta cannot read the token: it is cut off, or was sent to the wrong platform.",
        "Copy the whole token again. Instagram tokens begin with IGAA, Threads with THAA, Facebook with EAA.",
    )
    .phrases(&["cannot parse", "could not be decrypted", "decrypt", "malformed"]),
    row(
        SESSION,
        Class::Reconnect,
        "expired",
        "The token has expired. An expired token can never be refreshed.",
        LOG_IN_AGAIN,
    )
    .phrases(&["expired"])
    .confirm(),
    row(
        SESSION,
        Class::Reconnect,
        "session ended",
        "The token no longer works: the password was changed, the app removed, or the owner logged out.",
        LOG_IN_AGAIN,
    )
    .phrases(&["invalidated", "logged out", "not authorized"])
    .confirm(),
    row(
        SESSION,
        Class::Reconnect,
        "token refused",
        "Meta refuses the token and does not say why.",
        "Wait for the second check; if it agrees, connect the account again.",
    )
    .confirm(),
    row(
        &[(452, 452)],
        Class::Reconnect,
        "session key invalid",
        "The token's session has ended. During an exchange, it means that the token is already long-lived.",
        "If this came from an exchange, keep the token as it is. Otherwise connect the account again.",
    )
    .confirm(),
    row(ANY, Class::Reconnect, "token revoked", "The token was revoked.", LOG_IN_AGAIN)
        .phrases(&["revoked_access_token", "not a confirmed user"])
        .confirm(),
    // Permissions and the state of the account.
    row(&[(3, 3)], Class::AppOwner, "capability missing", "The app is not allowed to make this call.", GRANT).takes_login(),
    row(
        &[(10, 10)],
        Class::Reconnect,
        "permission ended",
        "The permission for this account has ended: for private Threads profiles 90 days after the login. Or the app has lost \
         it.",
        "Connect the account again; its owner grants access once more. If that does not help, check the app's permissions \
         in its dashboard.",
    )
    .kind("THApiException")
    .confirm(),
    row(&[(10, 10)], Class::AppOwner, "permission denied", "The app lacks a permission for this call.", GRANT).takes_login(),
    row(
        &[(200, 299)],
        Class::Reconnect,
        "permission not granted",
        "The account's owner has not granted a permission, or it has ended (private Threads profiles: after 90 days).",
        "Connect the account again and leave every box ticked. If that does not help, check the app's permissions in \
         its dashboard.",
    )
    .confirm(),
    row(
        &[(25, 25)],
        Class::AccountOwner,
        "account restricted",
        "Instagram has restricted the account, or it is inactive or at a checkpoint.",
        OPEN_INSTAGRAM,
    )
    .subcode(2_207_050),
    // Outages.
    row(&[(1, 1)], Class::Retry, "unknown error", "Meta had a fault.", RETRIED),
    row(&[(2, 2)], Class::Retry, "service down", "A service at Meta is down or overloaded.", RETRIED),
    row(&[(-2, -1)], Class::Retry, "Instagram server fault", "Instagram had a fault or took too long.", RETRIED),
    row(
        ANY,
        Class::Retry,
        "content not available",
        "Meta answered with the text of a web page, which says nothing about the token.",
        RETRIED,
    )
    .phrases(&["content isn't available right now", "content isn\u{2019}t available right now"]),
    // Code 100 without a known message.
    row(
        BAD_PARAMETER,
        Class::Config,
        "bad parameter",
        "Meta does not accept a parameter of the request.",
        "Check that the kind of token and the app's settings fit the platform. If they do, report a bug.",
    )
    // Meta has sent code 100 for expired tokens and for outages.
    .confirm(),
    // The HTTP status, if nothing else is known.
    limit(ANY, "HTTP 429", "Too many calls.").status(429, 429),
    row(ANY, Class::Retry, "HTTP 5xx", "Meta's servers had a fault and gave no reason.", RETRIED).status(500, 599),
];

/// The row for every error that no other row matches.
static UNKNOWN: KnownError = row(
    ANY,
    Class::Unknown,
    "not known",
    "Meta reported an unknown error.",
    "It is retried slowly. If it persists, look at the message and at Meta's status page.",
);

const fn limit(codes: Codes, name: &'static str, meaning: &'static str) -> KnownError {
    row(codes, Class::BackOff, name, meaning, WAIT).wait_hours(1)
}

/// A dead session whose subcode names the reason.
const fn session(
    subcode: i64,
    class: Class,
    name: &'static str,
    meaning: &'static str,
    action: &'static str,
) -> KnownError {
    row(SESSION, class, name, meaning, action).subcode(subcode).definite()
}
