//! The accounts, at Meta and in the vault.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use everlit_keeper::{AccountName, Expiry, Record};
use everlit_meta_api::{Timestamp, Token};
use everlit_sandbox::{Issue, Kind, Sandbox, State};
use everlit_vault::{NewAccount, Vault, VaultError};
use tokio::task::{JoinError, JoinSet};

use crate::options::Options;

/// What has become of the accounts that are meant not to work: people must be told of each, once. Each is another matter, as several
/// alike would be an incident.
const ENDS: [State; 4] = [State::PasswordChanged, State::Revoked, State::Checkpoint, State::Deauthorized];

/// How many these are.
pub(crate) const DEAD: usize = ENDS.len();

/// Whether the account is one of those.
pub(crate) fn is_dead(name: &str) -> bool {
    name.starts_with("dead-")
}

pub(crate) fn dead_name(number: usize) -> String {
    format!("dead-{number:06}")
}

pub(crate) fn now() -> Timestamp {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Timestamp::from_unix(i64::try_from(now).unwrap_or(i64::MAX))
}

/// Adds accounts with eight days left, which are never paced, that become due one after the other over most of the time.
pub(crate) async fn fill(vault: &Vault, sandbox: &Sandbox, options: &Options) -> Result<(), String> {
    const AT_ONCE: usize = 32;
    let (started, mut adding) = (now(), JoinSet::new());
    // The accounts are added before the first worker starts.
    let first = started + Duration::from_secs(10 + options.accounts as u64 / 1_500);
    let vault = Arc::new(vault.clone());
    for number in 0..options.accounts + DEAD {
        let is_dead = number >= options.accounts;
        let (part, whole) = if is_dead { (number - options.accounts, DEAD) } else { (number, options.accounts) };
        let name = if is_dead { dead_name(part) } else { format!("shop-{part:06}") };
        let run_at = first + Duration::from_secs(options.seconds * 8 / 10 * part as u64 / whole.max(1) as u64);
        let account = account(sandbox, name, if is_dead { ENDS[part] } else { State::Live }, started, run_at)?;
        if adding.len() >= AT_ONCE {
            added(adding.join_next().await)?;
        }
        let vault = Arc::clone(&vault);
        adding.spawn(async move { vault.add(account, started).await });
    }
    while let Some(one) = adding.join_next().await {
        added(Some(one))?;
    }
    Ok(())
}

fn account(
    sandbox: &Sandbox,
    name: String,
    state: State,
    now: Timestamp,
    run_at: Timestamp,
) -> Result<NewAccount, String> {
    let issue = Issue::new(Kind::Instagram).username(&name).aged_days(52).state(state);
    let token = Token::parse(&sandbox.with(|meta| meta.issue(&issue))).map_err(|error| error.to_string())?;
    let record = Record {
        issued_at: Some(ago(now, 52)),
        expiry: Expiry::At(ago(now, -8)),
        last_verified_at: Some(ago(now, 1)),
        next_check_at: Some(run_at),
        ..Record::of_new_token(token.kind(), token.fingerprint(), ago(now, 52))
    };
    Ok(NewAccount {
        name: AccountName::new(name),
        token: Some(token),
        record: Some(record),
        tags: Vec::new(),
        app: None,
    })
}

fn added(one: Option<Result<Result<(), VaultError>, JoinError>>) -> Result<(), String> {
    match one {
        Some(Ok(Err(error))) => Err(error.message),
        Some(Err(error)) => Err(error.to_string()),
        _ => Ok(()),
    }
}

fn ago(now: Timestamp, days: i64) -> Timestamp {
    Timestamp::from_unix(now.as_unix() - days * 24 * 60 * 60)
}
