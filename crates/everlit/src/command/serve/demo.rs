//! `everlit serve --demo`: a hundred made-up accounts in every state, and a sandbox that plays Meta.
#![allow(
    clippy::disallowed_methods,
    reason = "these files are the demo's own; everlit itself reaches them through its disk"
)]

use std::fs;
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use everlit_engine::CONFIG_FILE;
use everlit_host::{Environment, shell};
use everlit_keeper::{AccountName, Expiry, Policy, Record, Step, next_check};
use everlit_meta_api::{Timestamp, Token};
use everlit_sandbox::{Config, Issue, Kind, Sandbox, State};
use everlit_vault::{MasterKey, NewAccount, Vault, VaultError};
use tempfile::TempDir;

use crate::cli::Global;
use crate::command::key::write_key;
use crate::context::Context;
use crate::output::{Problem, Screen, dim, strong};

/// Removed when dropped.
pub(super) struct Demo {
    folder: TempDir,
    sandbox: Sandbox,
    environment: Environment,
}

const KEY_FILE: &str = "everlit-master.key";

/// The same accounts each time.
const SEED: u64 = 2027;

impl Demo {
    /// A folder with a vault of a hundred accounts, and a sandbox that knows them. The vault is the one of `--vault`, which
    /// must be new, or a file in the folder; never the one that the environment names, which may be a real one.
    pub(super) fn create(global: &Global) -> Result<Self, Problem> {
        let failed = |error: std::io::Error| {
            let next = Step::everlit("serve --demo").with_note("with TMPDIR set to a folder that can be written");
            Problem::config(format!("cannot create the demo: {error}")).with_next(next)
        };
        let folder = TempDir::with_prefix("everlit-demo-").map_err(failed)?;
        let sandbox = Sandbox::start(Config::default(), SEED, None).map_err(failed)?;
        let address = global.vault.as_deref().unwrap_or("sqlite:everlit.db");
        let key = MasterKey::generate().map_err(|error| Problem::internal(error.to_string()))?;
        let text = format!("vault = {address:?}\nmaster_key_file = \"{KEY_FILE}\"\n");
        fs::write(folder.path().join(CONFIG_FILE), text).map_err(failed)?;
        let environment = Environment::of(folder.path().to_owned(), &[("EVERLIT_META_URL", &sandbox.url())]);
        let demo = Self { folder, sandbox, environment };
        demo.fill(&key).map(|()| demo)
    }

    pub(super) fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Says where to look once the service answers; in the first minute again below its log, whenever Meta has a pause. Ends
    /// with whoever sends the address.
    pub(super) fn introduce(&self, ready: &Receiver<SocketAddr>, screen: &mut Screen) {
        const PAUSE: Duration = Duration::from_secs(2);
        let Ok(address) = ready.recv() else { return };
        self.show(address, screen);
        let asked = || self.sandbox.with(|meta| meta.outcomes().map(|(_, count)| count).sum::<u64>());
        let (mut calls, mut shown) = (asked(), 0);
        for _ in 0..30 {
            if ready.recv_timeout(PAUSE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let before = std::mem::replace(&mut calls, asked());
            if calls == before && calls != shown {
                self.show(address, screen);
                shown = calls;
            }
        }
    }

    fn show(&self, address: SocketAddr, screen: &mut Screen) {
        let (folder, url) = (self.folder.path().display().to_string(), self.sandbox.url());
        let folder = shell::quoted(&folder);
        screen.say(strong(
            "A hundred made-up accounts are being kept alive. The sandbox plays Meta, unfriendly as it is.",
        ));
        for (what, how) in [
            ("In another terminal, see how they stand", format!("everlit -C {folder} status")),
            ("See the sandbox's side in a browser", format!("{url}/")),
            ("Health and metrics", format!("http://{address}/metrics")),
            ("Stop it (the folder is removed, with the vault's only key)", "Ctrl-C".to_owned()),
        ] {
            screen.say(format!("{}\n  {how}", dim(what)));
        }
    }

    fn fill(&self, key: &MasterKey) -> Result<(), Problem> {
        let global = Global::default();
        let context = Context::without_vault(&global, &self.environment)?;
        write_key(&context, &self.folder.path().join(KEY_FILE), key)?;
        let (vault, now) = (context.create_vault()?, context.now());
        let accounts: Vec<Made> = (1..=100).map(|number| self.make(number, now)).collect();
        Ok(context.wait_for_vault(add_all(&vault, accounts, now))?)
    }

    /// By its number, one of every kind that users meet.
    fn make(&self, number: i64, now: Timestamp) -> Made {
        let names = ["bakery", "florist", "gym", "hotel", "museum", "studio", "tailor", "vineyard"];
        let name = format!("{}-{number:02}", names[usize::try_from(number).unwrap_or(0) % names.len()]);
        let kind = if number % 10 == 3 { Kind::Threads } else { Kind::Instagram };
        let issue = Issue::new(kind).username(&name);
        let (issue, age, is_known) = match number {
            1..=3 => (issue.aged(7_200), 0, false),
            4..=6 => (issue.aged_days(20), 0, false),
            7..=11 => (issue.aged_days(20).state(State::PasswordChanged), 20, true),
            12..=15 => (issue.aged_days(61), 61, true),
            16..=30 => (issue.aged_days(number + 10), number + 10, true),
            _ => (issue.aged_days(number % 18 + 2), number % 18 + 2, true),
        };
        let tags = vec![if number % 2 == 0 { "europe" } else { "america" }.to_owned()];
        let token = (number < 99).then(|| self.sandbox.with(|meta| meta.issue(&issue)));
        let token = token.and_then(|text| Token::parse(&text).ok());
        let record = token.as_ref().filter(|_| is_known).map(|token| record(token, age, number, now));
        let account = NewAccount { name: AccountName::new(name), token, record, tags, app: None };
        (account, matches!(number, 97 | 98))
    }
}

/// An account, and whether it is paused.
type Made = (NewAccount, bool);

/// What is known of a token that was issued so many days ago and verified lately.
fn record(token: &Token, age: i64, number: i64, now: Timestamp) -> Record {
    const LIFE: Duration = Duration::from_secs(60 * 24 * 60 * 60);
    let days_ago = |days: i64| Timestamp::from_unix(now.as_unix() - days * 24 * 60 * 60);
    let issued = days_ago(age);
    let record = Record {
        issued_at: Some(issued),
        expiry: Expiry::At(issued + LIFE),
        last_verified_at: (number > 15).then(|| days_ago(number % 4)),
        ..Record::of_new_token(token.kind(), token.fingerprint(), issued)
    };
    Record { next_check_at: Some(next_check(&record, now, &Policy::default())), ..record }
}

async fn add_all(vault: &Vault, accounts: Vec<Made>, now: Timestamp) -> Result<(), VaultError> {
    for (account, is_paused) in accounts {
        let name = account.name.clone();
        vault.add(account, now).await?;
        if is_paused {
            vault.pause(&name, true, now).await?;
        }
    }
    Ok(())
}
