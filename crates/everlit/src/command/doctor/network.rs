//! The connection to Meta, whether Meta accepts the token, and whether the two clocks agree.

use everlit_engine::{Account, StandInTime, read_env_file};
use everlit_keeper::{AccountName, Step, Stored};
use std::time::Duration;

use everlit_envfile::EnvFile;
use everlit_meta_api::{AccountId, Class, Client, Error, Me, Platform, Stage, Timestamp, TokenKind, TransportError};

use everlit_store::user_id_key;

use super::finding::{AccountCheck, Finding};
use crate::context::Context;
use crate::output::{Exit, Problem, apart, clock as clock_off, connect};

/// A person is waiting.
const TIMEOUT: Duration = Duration::from_secs(10);

pub(super) async fn of(context: &Context<'_>, checks: &[AccountCheck<'_>]) -> Vec<Finding> {
    let client = match context.client() {
        Ok(client) => client,
        Err(error) => {
            let problem = Problem::from(error);
            return vec![Finding::problem("meta", problem.exit, problem.message).fix(problem.next)];
        }
    };
    let mut findings = Vec::new();
    let (store, mut clock) = (context.store(), None);
    let in_vault = context.vault().is_some();
    let named = checks.len() > 1 && !in_vault;
    let asked: Vec<&AccountCheck<'_>> = if in_vault { one_of_each(checks) } else { checks.iter().collect() };
    for account_check in asked {
        let Ok(stored) = &account_check.found else { continue };
        let Some(platform) = askable(stored) else { continue };
        // What is wrong with the app is a finding of its own.
        let with_app = context.with_app(client.clone(), account_check.account, Platform::Facebook);
        let client = with_app.unwrap_or_else(|_| client.clone());
        let key = account_check.key(&store);
        let look = look(context, &client, account_check.account, &key, stored, platform).await;
        clock = clock.or(look.clock);
        findings.extend(
            look.findings
                .into_iter()
                .map(|finding| if named { finding.about(&account_check.account.name) } else { finding }),
        );
        if look.unreachable {
            // The other accounts would wait just as long for the same answer.
            break;
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok("meta", "not asked: there is no token to ask about"));
    }
    findings.extend(clock);
    findings
}

/// One account of each platform: of thousands in a vault, `everlit status --live` asks for each.
fn one_of_each<'c, 'a>(checks: &'c [AccountCheck<'a>]) -> Vec<&'c AccountCheck<'a>> {
    let platform = |check: &AccountCheck<'_>| askable(check.found.as_ref().ok()?);
    // What is wrong with a token that has failed is known already.
    let has_failed =
        |check: &AccountCheck<'_>| check.found.as_ref().is_ok_and(|stored| stored.record.failure.is_some());
    let mut asked: Vec<&AccountCheck<'_>> = checks.iter().filter(|check| platform(check).is_some()).collect();
    asked.sort_by_key(|check| (platform(check), has_failed(check)));
    asked.dedup_by_key(|check| platform(check));
    asked
}

/// Basic Display is switched off, and a token of unknown kind has no host.
fn askable(stored: &Stored) -> Option<Platform> {
    let kind = stored.current.kind();
    kind.platform().filter(|_| kind != TokenKind::InstagramBasicDisplay)
}

#[derive(Default)]
struct Look {
    findings: Vec<Finding>,
    clock: Option<Finding>,
    unreachable: bool,
}

async fn look(
    context: &Context<'_>,
    client: &Client,
    account: &Account,
    key: &str,
    stored: &Stored,
    platform: Platform,
) -> Look {
    let host = match &context.settings.meta_url {
        Some(url) => url.value.as_str(),
        None => host(platform),
    };
    match tokio::time::timeout(TIMEOUT, client.me(&stored.current)).await {
        Ok(Ok(me)) => {
            let in_vault = context.vault().is_some();
            let whose = if in_vault { "the token of one account" } else { "the token" };
            let mut findings = vec![Finding::ok("meta", format!("{host} answers and accepts {whose}"))];
            findings.extend(other_id(context, account, key, &me.value).filter(|_| !in_vault));
            Look { findings, clock: me.date.map(|date| clock(context, date)), unreachable: false }
        }
        Ok(Err(Error::Transport(error))) => {
            let finding = unreachable(host, &error, context.settings.meta_url.is_some());
            Look { findings: vec![finding], unreachable: true, clock: None }
        }
        Ok(Err(error)) => {
            let finding = refused(host, &account.name, &error);
            let names_it = || Step::everlit("status --live").with_note("asks for each account, and names it");
            let finding = if context.vault().is_some() { finding.fix(names_it()) } else { finding };
            Look { findings: vec![finding], ..Look::default() }
        }
        Err(_) => {
            let message = format!("{host} did not answer within {} seconds", TIMEOUT.as_secs());
            let finding = Finding::problem("meta", Exit::Temporary, message).fix(retry());
            Look { findings: vec![finding], unreachable: true, clock: None }
        }
    }
}

fn retry() -> Step {
    Step::note("retry; if it fails again, check the network and Meta's status page")
}

fn host(platform: Platform) -> &'static str {
    match platform {
        Platform::Instagram => "graph.instagram.com",
        Platform::Facebook => "graph.facebook.com",
        Platform::Threads => "graph.threads.com",
    }
}

fn unreachable(host: &str, error: &TransportError, stand_in: bool) -> Finding {
    let exit = if error.stage == Stage::Setup { Exit::Config } else { Exit::Temporary };
    let fix = match error.stage {
        Stage::Setup => Step::note("correct the setting that the message names"),
        Stage::Connect if stand_in => {
            Step::everlit("sandbox").with_note("starts the stand-in; or unset EVERLIT_META_URL")
        }
        Stage::Resolve => {
            Step::shell("nslookup graph.instagram.com").with_note("checks DNS; behind a proxy, set HTTPS_PROXY")
        }
        Stage::Connect => Step::note(
            "check that network and firewall allow outgoing connections to port 443; behind a proxy, set HTTPS_PROXY",
        ),
        Stage::Proxy => Step::note("check the proxy that HTTPS_PROXY names"),
        Stage::Tls => Step::note(
            "if a proxy in this network inspects TLS, pass its certificate with --ca-file; otherwise check this machine's clock",
        ),
        Stage::Send | Stage::Headers | Stage::Body | Stage::Deadline | Stage::NotBegun => retry(),
    };
    Finding::problem("meta", exit, format!("{host} cannot be reached: {error}")).fix(fix)
}

/// Meta rejected the token. Its message may name a person, so only its codes are shown.
fn refused(host: &str, account: &AccountName, error: &Error) -> Finding {
    let code = error.evidence().and_then(|evidence| Some((evidence.code?, evidence.subcode)));
    let number =
        code.map(|(code, subcode)| subcode.map_or_else(|| code.to_string(), |subcode| format!("{code}/{subcode}")));
    let message = match &number {
        Some(number) => format!("{host} answers and rejects the token (code {number}). {}", error.meaning()),
        None => format!("{host} answers, but not like Meta: {error}"),
    };
    let finding = match error.class() {
        // Meta has said this of good tokens; everlit itself needs two agreeing answers.
        Class::Reconnect if error.needs_confirmation() => Finding::warning("meta", message),
        Class::Reconnect | Class::AccountOwner | Class::AppOwner => Finding::problem("meta", Exit::Person, message),
        Class::Config => Finding::problem("meta", Exit::Config, message),
        Class::Retry | Class::BackOff | Class::Unknown => Finding::warning("meta", message),
    };
    match number {
        Some(number) if error.class() == Class::Reconnect => {
            finding.fix(connect(Some(account.as_str()), &[]).with_note(format!("`everlit explain {number}` says more")))
        }
        Some(number) => finding.fix(Step::everlit(&format!("explain {number}"))),
        None => {
            finding.fix(Step::note("retry; check whether a proxy between this machine and Meta answers in its place"))
        }
    }
}

fn clock(context: &Context<'_>, meta: Timestamp) -> Finding {
    const TOLERABLE: i64 = 5 * 60;
    let ahead = context.machine_time().since(meta);
    if ahead.abs() <= TOLERABLE {
        return Finding::ok("clock", "agrees with Meta's");
    }
    if let Some(StandInTime::Ahead(_)) = context.stand_in_time() {
        let message = format!("the stand-in's clock is used; this machine's clock is {} it", apart(ahead));
        return Finding::warning("clock", message).fix(Step::note("none needed, if the stand-in's was set on purpose"));
    }
    Finding::warning("clock", clock_off(-ahead))
        .fix(Step::shell("timedatectl set-ntp true").with_note("or enable network time in the system's date settings"))
}

/// Checks the account's id beside the token, which sites use in URLs: `IG_USER_ID` for `IG_ACCESS_TOKEN`.
fn other_id(context: &Context<'_>, account: &Account, token_key: &str, me: &Me) -> Option<Finding> {
    let key = user_id_key(token_key)?;
    let bytes = read_env_file(&context.settings.folder.join(&account.env_file.value), &*context.disk);
    let written = EnvFile::parse(&bytes).value(&key).ok()??;
    let written = String::from_utf8_lossy(&written).trim().to_owned();
    let ids: Vec<&str> = [&me.user_id, &me.id].into_iter().flatten().map(AccountId::as_str).collect();
    if written.is_empty() || ids.is_empty() || ids.contains(&written.as_str()) {
        return None;
    }
    let message = format!("{key} in {} is not the id of the token's account", account.env_file.value.display());
    Some(Finding::warning("account", message).fix(Step::note(format!(
        "put the account_id of `everlit status --json` there, or the token of the account that {key} names"
    ))))
}
