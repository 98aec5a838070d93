//! What a person has to do about a cause.

use everlit_keeper::{AccountName, Cause, FailureState, Record, Step};
use everlit_meta_api::{Class, Platform};

/// What a person has to do about `cause`. `account` is its name in the settings, if it is about one, and `platform` that of
/// its token, if that is known.
pub fn remedy(cause: Cause, account: Option<&str>, platform: Option<Platform>) -> Step {
    let connect = |flags: &[&str]| connect(account, flags);
    match cause {
        Cause::Incident => {
            let command = connect(&[]);
            Step::note(format!(
                "wait: everlit retries by itself. Check https://metastatus.com and the app's page in the App Dashboard; if both are fine, run `{command}`"
            ))
        }
        Cause::BasicDisplay => {
            connect(&[]).with_note("first switch the account to a professional one (Business or Creator)")
        }
        Cause::CannotExtend | Cause::DataAccessEnded => connect(&["--facebook"])
            .with_note("the owner has to log in again; page tokens and system-user tokens last longer"),
        Cause::Meta(Class::AccountOwner) => Step::everlit("refresh --force").with_note(format!(
            "once the account's owner has logged in to {} and followed the instructions there",
            platform.map_or("the platform", Platform::title)
        )),
        Cause::Meta(Class::AppOwner) => Step::everlit("refresh --force")
            .with_note("once the app's owner has checked roles, permissions and alerts in Meta's App Dashboard"),
        Cause::Meta(Class::Config) if matches!(platform, Some(Platform::Instagram | Platform::Threads)) => {
            Step::note("correct the setting that the message names, then run `everlit refresh --force`")
        }
        Cause::Meta(Class::Config) => Step::note(
            "correct the setting that the message names (a Facebook token needs META_APP_ID and META_APP_SECRET, both in the env file or both in the environment), then run `everlit refresh --force`",
        ),
        _ => {
            let more = if cause == Cause::ShortLived {
                "tokens from there are long-lived"
            } else {
                "the next run picks it up"
            };
            match by_hand(platform) {
                Some(how) => connect(&[]).with_note(format!("or {how}; {more}")),
                None => connect(&["--facebook"]),
            }
        }
    }
}

/// Meta's code for a call of an API version that no longer exists.
const VERSION_RETIRED: i64 = 2635;

/// How to create a token without a login through everlit; `None` where Meta has no page for it.
fn by_hand(platform: Option<Platform>) -> Option<&'static str> {
    match platform {
        None => Some("create a new token in Meta's App Dashboard and put it into the env file"),
        Some(Platform::Instagram) => Some(
            "create a new token in Meta's App Dashboard (Instagram > API setup with Instagram login > Generate token) and put it into the env file",
        ),
        Some(Platform::Threads) => Some(
            "create a new token in Meta's App Dashboard (Use cases > Access the Threads API > Settings > User Token Generator) and put it into the env file",
        ),
        Some(Platform::Facebook) => None,
    }
}

/// The same, given Meta's answer. A token that Meta cannot parse is not a configuration error. A refresh at Instagram or
/// Threads sends no app secret, so the app is not to blame there; at Facebook, it may be an app with a name.
pub fn remedy_after(record: Option<&Record>, cause: Cause, account: &str) -> Step {
    let platform = record.and_then(|record| record.kind.platform());
    let failure = record.and_then(|record| record.failure.as_ref());
    let evidence = failure.and_then(|failure| failure.evidence.as_ref());
    let sent_secret = platform == Some(Platform::Facebook);
    let app_is_wrong = sent_secret && failure.is_some_and(FailureState::blames_app);
    let named_app = record.and_then(|record| record.app.as_deref()).filter(|_| sent_secret);
    match (cause, evidence.and_then(|evidence| evidence.code)) {
        (Cause::Meta(Class::Config), Some(102 | 190)) if !app_is_wrong => {
            remedy(Cause::Meta(Class::Reconnect), Some(account), platform)
        }
        (Cause::Meta(Class::Config), Some(VERSION_RETIRED)) => Step::note(
            "update everlit: Meta has shut down the API version that this release calls. Then run `everlit refresh --force`",
        ),
        (Cause::Meta(Class::Config), _) => {
            named_app.map_or_else(|| remedy(cause, Some(account), platform), |app| set_app(app, account))
        }
        _ => remedy(cause, Some(account), platform),
    }
}

/// The id or the secret of a named app is wrong or missing, or the account's tokens come from another one.
fn set_app(app: &str, account: &str) -> Step {
    let platform = Platform::Facebook.as_str();
    Step::everlit_args(["app", "add", app, "--platform", platform, "--id", "NUMBER", "--stdin"]).with_note(format!(
        "with its own id, and its secret on stdin; or `everlit account app {account} NAME` if another app issues the account's \
         tokens. Then run `everlit refresh --force`"
    ))
}

/// `everlit connect shop`; the only account of a folder without settings needs no name.
pub fn connect(account: Option<&str>, flags: &[&str]) -> Step {
    let account = account.filter(|name| *name != AccountName::NAMELESS);
    Step::everlit_args(["connect"].into_iter().chain(account).chain(flags.iter().copied()))
}

/// All is well.
pub fn nothing_to_do() -> Step {
    Step::note("nothing to do")
}
