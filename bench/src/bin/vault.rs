//! What a vault in a SQLite file costs at several sizes: bytes for each account, the time to find the next one that is due,
//! and how many refreshes a second become durable.
//!
//! `cargo run --release -p everlit-bench --bin vault` prints a row for each size. Meta is left out: a refresh here is what the
//! keeper asks of its store for one, with the same syncs to disk. `--folder` puts the files on another disk.
#![allow(clippy::disallowed_methods, reason = "it measures with the real clock, and looks at real files")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser as _;
use everlit_disk::RealDisk;
use everlit_keeper::{AccountName, Candidate, Expiry, Origin, Record, Store as _};
use everlit_meta_api::{Timestamp, Token};
use everlit_vault::{Claimed, MasterKey, NewAccount, Vault, VaultAddress, VaultError};
use tokio::task::JoinSet;

/// Measures a vault.
#[derive(Debug, clap::Parser)]
struct Options {
    /// How many accounts, one row for each number
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "10000,100000,1000000")]
    accounts: Vec<u32>,
    /// Refreshes in flight at once
    #[arg(long, value_name = "N", default_value_t = 64)]
    in_flight: usize,
    /// Refreshes to measure
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    refreshes: usize,
    /// Where the files are put for the time of the measurement
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// The figures of one size.
struct Row {
    accounts: u32,
    bytes_each: u64,
    next_due: Duration,
    refreshes_per_second: f64,
    names: Duration,
}

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
const DAY: u64 = 24 * 60 * 60;

fn main() -> ExitCode {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let measured = match runtime {
        Ok(runtime) => runtime.block_on(print_all(&options)),
        Err(error) => Err(format!("cannot start the runtime: {error}")),
    };
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "a program for developers")]
            {
                eprintln!("{error}");
            }
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "a program for developers")]
async fn print_all(options: &Options) -> Result<(), String> {
    println!("| accounts | bytes each | next due | refreshes/s | all names |\n|---|---|---|---|---|");
    for accounts in &options.accounts {
        let row = measure(*accounts, options).await.map_err(|error| error.to_string())?;
        println!(
            "| {} | {} | {:.2} ms | {:.0} | {:.2} s |",
            row.accounts,
            row.bytes_each,
            row.next_due.as_secs_f64() * 1_000.0,
            row.refreshes_per_second,
            row.names.as_secs_f64()
        );
    }
    Ok(())
}

async fn measure(accounts: u32, options: &Options) -> Result<Row, VaultError> {
    let internal = |error: std::io::Error| VaultError::new(everlit_vault::VaultErrorClass::Internal, error.to_string());
    let folder = match &options.folder {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    };
    let folder = folder.map_err(internal)?;
    let path = folder.path().join("everlit.db");
    let master = MasterKey::generate()
        .map_err(|error| VaultError::new(everlit_vault::VaultErrorClass::Internal, error.to_string()))?;
    let address = VaultAddress::Sqlite(path.clone());
    let vault = Vault::create(&address, &RealDisk, master, "bench".to_owned(), NOW, 1).await?;
    fill(&vault, accounts).await?;
    let began = Instant::now();
    let names = vault.names().await?.len();
    let names_took = began.elapsed();
    assert_eq!(names, accounts as usize, "every account can be read");
    let next_due = next_due(&vault).await?;
    let refreshes_per_second = refresh_many(&vault, options).await?;
    drop(vault);
    let bytes_each = size_of(&path).map_err(internal)? / u64::from(accounts);
    Ok(Row { accounts, bytes_each, next_due, refreshes_per_second, names: names_took })
}

/// Adds the accounts, a tenth of which are due.
async fn fill(vault: &Vault, accounts: u32) -> Result<(), VaultError> {
    const AT_ONCE: u32 = 1_000;
    for first in (0..accounts).step_by(AT_ONCE as usize) {
        let mut adding = JoinSet::new();
        for number in first..accounts.min(first + AT_ONCE) {
            let vault = vault.clone();
            adding.spawn(async move { vault.add(account(number), NOW).await });
        }
        while let Some(added) = adding.join_next().await {
            added.unwrap_or_else(|_| Err(VaultError::new(everlit_vault::VaultErrorClass::Internal, "a task ended")))?;
        }
    }
    Ok(())
}

fn account(number: u32) -> NewAccount {
    let token = token(number, 0);
    let mut record = Record::of_new_token(token.kind(), token.fingerprint(), NOW);
    let is_due = number.is_multiple_of(10);
    record.expiry = Expiry::At(NOW + Duration::from_secs(DAY * if is_due { 25 } else { 50 }));
    record.issued_at = Some(NOW);
    record.last_verified_at = Some(NOW);
    record.username = Some(format!("client{number}"));
    let wait = if is_due { 0 } else { DAY * u64::from(number % 20 + 1) };
    record.next_check_at = Some(NOW + Duration::from_secs(wait));
    NewAccount {
        name: AccountName::new(format!("client-{number}")),
        token: Some(token),
        record: Some(record),
        tags: Vec::new(),
        app: None,
    }
}

/// As long as Meta's.
#[expect(clippy::unwrap_used, reason = "the text is a token")]
fn token(number: u32, generation: u32) -> Token {
    Token::parse(&format!("IGAAfakeFAKE{number:0>60}Z{generation:0>100}")).unwrap()
}

/// The time to find the most urgent account: the median of some.
async fn next_due(vault: &Vault) -> Result<Duration, VaultError> {
    const TIMES: usize = 101;
    let mut took = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let began = Instant::now();
        let due = vault.due(NOW, 1).await;
        took.push(began.elapsed());
        assert!(due.is_ok_and(|due| due.len() == 1), "accounts are due");
    }
    took.sort();
    Ok(took[TIMES / 2])
}

/// Claims and refreshes accounts until enough are done.
async fn refresh_many(vault: &Vault, options: &Options) -> Result<f64, VaultError> {
    let began = Instant::now();
    let (mut done, mut in_flight) = (0, JoinSet::new());
    while done < options.refreshes {
        let (claimed, _) = vault.claim(NOW, options.in_flight - in_flight.len()).await?;
        let is_last = claimed.is_empty();
        for claimed in claimed {
            in_flight.spawn(refresh(claimed));
        }
        // Half of them, so that claims are batches; all of them, once nothing is due any more.
        let rest = if is_last { 0 } else { options.in_flight / 2 };
        while in_flight.len() > rest {
            if let Some(Ok(refreshed)) = in_flight.join_next().await {
                refreshed?;
                done += 1;
            }
        }
        if is_last {
            break;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    Ok(done as f64 / began.elapsed().as_secs_f64())
}

/// What the keeper asks of a store for one refresh.
async fn refresh(mut claimed: Claimed) -> Result<(), VaultError> {
    let failed = |error: everlit_keeper::StoreError| {
        VaultError::new(everlit_vault::VaultErrorClass::Internal, error.to_string())
    };
    let lease = &mut claimed.lease;
    let stored = lease.load(NOW).await.map_err(failed)?;
    lease.reserve().await.map_err(failed)?;
    let new = Token::parse(&format!("{}x", stored.current.expose())).unwrap_or_else(|_| stored.current.clone());
    let expiry = Expiry::At(NOW + Duration::from_secs(60 * DAY));
    let candidate = Candidate {
        token: new.clone(),
        replaces: stored.current.fingerprint(),
        received_at: NOW,
        expiry,
        account: None,
        origin: Origin::Refresh,
    };
    lease.save_candidate(&candidate).await.map_err(failed)?;
    let mut record = Record { fingerprint: new.fingerprint(), expiry, ..stored.record };
    record.next_check_at = Some(NOW + Duration::from_secs(30 * DAY));
    record.log(NOW, everlit_keeper::EventKind::Refreshed, "new token saved");
    lease.promote(&candidate, &record).await.map_err(failed)
}

/// The file with its journal.
fn size_of(path: &Path) -> std::io::Result<u64> {
    let journal = PathBuf::from(format!("{}-wal", path.display()));
    let journal = std::fs::metadata(journal).map_or(0, |journal| journal.len());
    Ok(std::fs::metadata(path)?.len() + journal)
}
