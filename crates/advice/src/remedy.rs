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

#[cfg(test)]
mod tests {
    use everlit_meta_api::{Evidence, Timestamp, Token};

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
    const INSTAGRAM: &str = "IGAAfakeFAKE";
    const THREADS: &str = "THAAfakeFAKE";
    const FACEBOOK: &str = "EAAfakeFAKE";

    /// What is advised for a token of this prefix that failed with `cause` and `code`.
    fn advice(prefix: &str, cause: Cause, code: i64, message: &str) -> String {
        let token = Token::parse(&prefix.repeat(6)).unwrap();
        let mut record = Record::of_new_token(token.kind(), token.fingerprint(), NOW);
        record.failure = Some(failure(cause, code, message));
        remedy_after(Some(&record), cause, "shop").to_string()
    }

    fn failure(cause: Cause, code: i64, message: &str) -> FailureState {
        let evidence = Evidence { code: Some(code), message: Some(message.to_owned()), ..Evidence::default() };
        FailureState {
            cause,
            message: String::new(),
            evidence: Some(evidence),
            attempts: 1,
            first_at: NOW,
            cause_since: NOW,
            last_at: NOW,
            next_attempt_at: NOW,
            reply_lost: false,
            verifying: false,
        }
    }

    #[test]
    fn a_bad_signature_blames_the_app_only_at_facebook() {
        let advice = |prefix| advice(prefix, Cause::Meta(Class::Config), 190, "Invalid OAuth access token signature.");
        assert!(advice(INSTAGRAM).starts_with("everlit connect shop; or create a new token"), "{}", advice(INSTAGRAM));
        assert!(advice(THREADS).contains("Use cases > Access the Threads API"), "{}", advice(THREADS));
        assert!(advice(FACEBOOK).contains("META_APP_SECRET"), "{}", advice(FACEBOOK));
    }

    #[test]
    fn a_refused_app_leads_to_its_own_settings_and_no_login() {
        let token = Token::parse(&FACEBOOK.repeat(6)).unwrap();
        let mut record = Record::of_new_token(token.kind(), token.fingerprint(), NOW);
        record.failure = Some(failure(Cause::Meta(Class::Config), 190, "Invalid OAuth access token."));
        for message in ["Meta does not accept the app's id and secret", "the secret of the app agency is not set"] {
            let failure = record.failure.as_mut().unwrap();
            failure.message = message.to_owned();
            failure.evidence = failure.evidence.take().filter(|_| message.starts_with("Meta"));
            for (app, command) in [
                (Some("agency"), "everlit app add agency --platform facebook --id NUMBER --stdin; with its own id"),
                (None, "correct the setting that the message names (a Facebook token needs META_APP_ID"),
            ] {
                let record = Record { app: app.map(str::to_owned), ..record.clone() };
                let advice = remedy_after(Some(&record), Cause::Meta(Class::Config), "shop").to_string();
                assert!(advice.starts_with(command), "{advice}");
            }
        }
    }

    #[test]
    fn advice_names_the_platform_of_the_token_and_no_other() {
        for class in [Class::Reconnect, Class::AccountOwner, Class::AppOwner, Class::Config] {
            for (prefix, others) in [
                (INSTAGRAM, ["Threads", "Facebook", "META_APP_SECRET"]),
                (THREADS, ["Instagram", "Facebook", "META_APP_SECRET"]),
                (FACEBOOK, ["Instagram", "Threads", "INSTAGRAM_APP_SECRET"]),
            ] {
                let advice = advice(prefix, Cause::Meta(class), 1, "");
                assert!(!others.iter().any(|other| advice.contains(other)), "{prefix} {class:?}: {advice}");
            }
        }
    }

    #[test]
    fn a_cut_token_is_replaced_whatever_the_platform() {
        for prefix in [INSTAGRAM, THREADS, FACEBOOK] {
            let advice = advice(prefix, Cause::Meta(Class::Config), 190, "Cannot parse access token");
            assert!(advice.starts_with("everlit connect shop"), "{advice}");
        }
    }

    #[test]
    fn a_retired_version_is_answered_by_an_update() {
        for prefix in [INSTAGRAM, THREADS, FACEBOOK] {
            let advice = advice(prefix, Cause::Meta(Class::Config), 2635, "");
            assert!(advice.starts_with("update everlit: ") && !advice.contains("META_APP"), "{advice}");
        }
    }

    #[test]
    fn a_short_lived_token_gets_the_advice_of_its_platform() {
        let advice = |platform| remedy(Cause::ShortLived, Some("shop"), platform).to_string();
        assert_eq!(advice(Some(Platform::Facebook)), "everlit connect shop --facebook");
        let dashboard = "everlit connect shop; or create a new token in Meta's App Dashboard";
        for (platform, page) in [
            (Some(Platform::Instagram), " (Instagram > API setup with Instagram login > Generate token)"),
            (Some(Platform::Threads), " (Use cases > Access the Threads API > Settings > User Token Generator)"),
            (None, ""),
        ] {
            let end = "and put it into the env file; tokens from there are long-lived";
            assert_eq!(advice(platform), format!("{dashboard}{page} {end}"));
        }
    }
}
