//! The token itself: is it there, what is it, and what does refreshing it need.

use crate::output::{Exit, remedy, rerun};
use everlit_host::shell::PERMIT;
use std::io::ErrorKind;

use everlit_engine::AccountStore;
use everlit_engine::{Account, notes_on_copies};
use everlit_keeper::{Cause, Step, StoreError, StoreErrorClass, Stored};
use everlit_meta_api::{Platform, TokenKind};

use super::finding::{AccountCheck, Finding};
use crate::context::Context;

pub(super) fn of(context: &Context<'_>, store: &AccountStore, account_check: &AccountCheck<'_>) -> Vec<Finding> {
    let stored = match &account_check.found {
        Ok(stored) => stored,
        Err(error) => return vec![unusable(error)],
    };
    let key = account_check.key(store);
    let mut findings = vec![of_kind(account_check.account, &key, stored)];
    findings.extend(stored.notes.iter().map(|note| Finding::warning("token", note.clone())));
    let copies = notes_on_copies(context, store, &account_check.account.name, stored);
    findings.extend(copies.into_iter().map(|note| Finding::warning("copies", note)));
    findings.push(app(context, account_check.account, stored));
    findings
}

fn unusable(error: &StoreError) -> Finding {
    let finding = |exit| Finding::problem("token", exit, error.to_string());
    match error.class {
        StoreErrorClass::Missing => finding(Exit::Config).fix(Step::everlit("init")),
        StoreErrorClass::NoToken => finding(Exit::Person).fix(Step::everlit("status").with_note("names the account")),
        StoreErrorClass::NotAToken => finding(Exit::Config)
            .fix(Step::note("put the access token itself there (Meta's App Dashboard > Instagram > API setup with Instagram login > Generate token)")),
        StoreErrorClass::Unusable if error.io == Some(ErrorKind::PermissionDenied) => finding(Exit::Config)
            .fix(Step::note(format!("let the user that runs everlit read that file and enter its folder ({PERMIT})"))),
        StoreErrorClass::Unusable => finding(Exit::Config).fix(rerun("once the file is corrected as the message says")),
        StoreErrorClass::Locked => finding(Exit::Locked),
        StoreErrorClass::Unreachable => finding(Exit::Temporary),
        StoreErrorClass::NotSaved => finding(Exit::NotSaved),
    }
}

fn of_kind(account: &Account, key: &str, stored: &Stored) -> Finding {
    let kind = stored.current.kind();
    let message = format!(
        "{key} in {} is {}, {}",
        account.env_file.value.display(),
        kind.described(),
        stored.current.fingerprint()
    );
    match kind {
        TokenKind::InstagramBasicDisplay => {
            let message =
                format!("{message}: Meta ended that product on 4 December 2024, and such a token cannot be revived");
            Finding::problem("token", Exit::Person, message).fix(remedy(
                Cause::BasicDisplay,
                Some(account.name.as_str()),
                None,
            ))
        }
        TokenKind::Unknown => Finding::problem("token", Exit::Config, format!("{message}, so there is no host to ask"))
            .fix(Step::everlit("connect").with_note(
                "with the whole token: Instagram's begin with IGAA, Threads' with THAA, Facebook's with EAA",
            )),
        TokenKind::Instagram | TokenKind::Threads | TokenKind::Facebook => Finding::ok("token", message),
    }
}

/// Facebook tokens are exchanged with the app's secret; the others are refreshed without it.
pub(super) fn app(context: &Context<'_>, account: &Account, stored: &Stored) -> Finding {
    let needs_app = stored.current.kind() == TokenKind::Facebook;
    match context.app(account, Platform::Facebook) {
        Ok(Some(app)) => {
            let need = if needs_app { "" } else { ", and not needed for this token" };
            Finding::ok("app", format!("id and secret are set ({}){need}", app.origin))
        }
        Ok(None) if needs_app => {
            let message = "id and secret are not set, and a Facebook token cannot be refreshed without them";
            Finding::problem("app", Exit::Config, message)
                .fix(Step::note("set META_APP_ID and META_APP_SECRET in one place: the env file, the environment or .everlit/secrets.env"))
        }
        Ok(None) => Finding::ok("app", "id and secret are not set, and not needed for this token"),
        Err(problem) if needs_app => Finding::problem("app", Exit::Config, problem.message).fix(problem.next),
        Err(problem) => {
            let message = format!("{}; not needed for this token", problem.message);
            Finding::warning("app", message).fix(problem.next)
        }
    }
}
