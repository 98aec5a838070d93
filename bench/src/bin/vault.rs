//! What a vault costs at several sizes: bytes for each account, the time to find the next one that is due, how many accounts
//! a second are read, and how many refreshes a second become durable.
//!
//! `cargo run --release -p everlit-bench --bin vault` prints a row for each size. Meta is left out: a refresh here is what the
//! keeper asks of its store for one, with the same syncs to disk. `--folder` puts the files on another disk; `--postgres`
//! measures a PostgreSQL that it starts. Most accounts are copies of one, with names of their own, that wait.
#![allow(clippy::disallowed_methods, reason = "it measures with the real clock, and looks at real files")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser as _;
#[cfg(target_os = "linux")]
use everlit_bench::bulk::fill_postgres;
use everlit_bench::bulk::{Due, fill_sqlite};
use everlit_disk::RealDisk;
use everlit_keeper::{AccountName, Candidate, Expiry, Origin, Record, Store as _};
use everlit_meta_api::{AccountId, Timestamp, Token};
#[cfg(target_os = "linux")]
use everlit_testkit::{postgres, server::Server};
use everlit_vault::{Claimed, MasterKey, NewAccount, Vault, VaultAddress, VaultError, VaultErrorClass};
use tempfile::TempDir;
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
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    refreshes: u32,
    /// Where the files are put for the time of the measurement
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// A vault in PostgreSQL
    #[cfg(target_os = "linux")]
    #[arg(long)]
    postgres: bool,
}

/// The figures of one size.
struct Row {
    accounts: u32,
    bytes_each: u64,
    next_due: Duration,
    read_per_second: f64,
    refreshes_per_second: f64,
}

/// A vault that goes with this.
struct Site {
    vault: Vault,
    place: Place,
}

enum Place {
    File(TempDir),
    #[cfg(target_os = "linux")]
    Server(Box<Server>),
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
    println!("| accounts | bytes each | next due | read/s | refreshes/s |\n|---|---|---|---|---|");
    for accounts in &options.accounts {
        let row = measure(*accounts, options).await.map_err(|error| error.to_string())?;
        println!(
            "| {} | {} | {:.2} ms | {:.0} | {:.0} |",
            row.accounts,
            row.bytes_each,
            row.next_due.as_secs_f64() * 1_000.0,
            row.read_per_second,
            row.refreshes_per_second
        );
    }
    Ok(())
}

async fn measure(accounts: u32, options: &Options) -> Result<Row, VaultError> {
    let site = Site::new(options).await?;
    let due = accounts.min(options.refreshes);
    fill(&site.vault, due).await?;
    site.add_copies(accounts - due)?;
    let bytes_each = site.size()? / u64::from(accounts);
    let next_due = next_due(&site.vault).await?;
    let read_per_second = read_all(&site.vault).await?;
    let refreshes_per_second = refresh_many(&site.vault, options).await?;
    Ok(Row { accounts, bytes_each, next_due, read_per_second, refreshes_per_second })
}

fn internal(error: impl std::fmt::Display) -> VaultError {
    VaultError::new(VaultErrorClass::Internal, error.to_string())
}

impl Site {
    async fn new(options: &Options) -> Result<Self, VaultError> {
        let master = MasterKey::generate().map_err(internal)?;
        #[cfg(target_os = "linux")]
        if options.postgres {
            let server = postgres::start("host all all all trust\n", &["fsync=on"]);
            let address = format!("postgres://postgres@127.0.0.1:{}/postgres?sslmode=disable", server.port);
            let vault = Vault::create(&address.parse()?, &RealDisk, master, "bench".to_owned(), NOW, 1).await?;
            return Ok(Self { vault, place: Place::Server(Box::new(server)) });
        }
        let folder = match &options.folder {
            Some(folder) => tempfile::tempdir_in(folder),
            None => tempfile::tempdir(),
        };
        let folder = folder.map_err(internal)?;
        let address = VaultAddress::Sqlite(folder.path().join("everlit.db"));
        let vault = Vault::create(&address, &RealDisk, master, "bench".to_owned(), NOW, 1).await?;
        Ok(Self { vault, place: Place::File(folder) })
    }

    fn add_copies(&self, count: u32) -> Result<(), VaultError> {
        let now = NOW.as_unix();
        match &self.place {
            _ if count == 0 => Ok(()),
            Place::File(folder) => {
                fill_sqlite(&folder.path().join("everlit.db"), count, Due::Later, now).map_err(internal)
            }
            #[cfg(target_os = "linux")]
            Place::Server(server) => {
                postgres::psql(server, "postgres", &fill_postgres(count, Due::Later, now));
                postgres::psql(server, "postgres", "VACUUM ANALYZE");
                Ok(())
            }
        }
    }

    /// Bytes on the disk: the file with its journal, or the database without the server's journal.
    fn size(&self) -> Result<u64, VaultError> {
        match &self.place {
            Place::File(folder) => size_of(&folder.path().join("everlit.db")).map_err(internal),
            #[cfg(target_os = "linux")]
            Place::Server(server) => {
                let empty = "SELECT pg_database_size('postgres') - pg_database_size('template1')";
                postgres::psql(server, "postgres", empty).parse().map_err(internal)
            }
        }
    }
}

/// Adds accounts that are due.
async fn fill(vault: &Vault, accounts: u32) -> Result<(), VaultError> {
    const AT_ONCE: u32 = 1_000;
    for first in (0..accounts).step_by(AT_ONCE as usize) {
        let mut adding = JoinSet::new();
        for number in first..accounts.min(first + AT_ONCE) {
            let vault = vault.clone();
            adding.spawn(async move { vault.add(account(number), NOW).await });
        }
        while let Some(added) = adding.join_next().await {
            added.map_err(internal)??;
        }
    }
    Ok(())
}

fn account(number: u32) -> NewAccount {
    let token = token(number, 0);
    let mut record = Record::of_new_token(token.kind(), token.fingerprint(), NOW);
    record.expiry = Expiry::At(NOW + Duration::from_secs(DAY * 25));
    record.issued_at = Some(NOW);
    record.last_verified_at = Some(NOW);
    record.username = Some(format!("client{number}"));
    record.next_check_at = Some(NOW);
    // Long known: its owner is.
    record.account = AccountId::parse(&format!("17841400{number:0>9}")).ok();
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

/// Reads all accounts but the copies, as one worker does once a day.
async fn read_all(vault: &Vault) -> Result<f64, VaultError> {
    let (began, mut read) = (Instant::now(), 0_u32);
    vault.for_each(|account| read += u32::from(account.is_ok())).await?;
    Ok(f64::from(read) / began.elapsed().as_secs_f64())
}

/// Claims and refreshes accounts until enough are done.
async fn refresh_many(vault: &Vault, options: &Options) -> Result<f64, VaultError> {
    let began = Instant::now();
    let (mut done, mut in_flight) = (0_u32, JoinSet::new());
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
    Ok(f64::from(done) / began.elapsed().as_secs_f64())
}

/// What the keeper asks of a store for one refresh.
async fn refresh(mut claimed: Claimed) -> Result<(), VaultError> {
    let lease = &mut claimed.lease;
    let stored = lease.load(NOW).await.map_err(internal)?;
    lease.reserve().await.map_err(internal)?;
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
    lease.save_candidate(&candidate).await.map_err(internal)?;
    let mut record = Record { fingerprint: new.fingerprint(), expiry, ..stored.record };
    record.next_check_at = Some(NOW + Duration::from_secs(30 * DAY));
    record.log(NOW, everlit_keeper::EventKind::Refreshed, "new token saved");
    lease.promote(&candidate, &record).await.map_err(internal)
}

/// The file with its journal.
fn size_of(path: &Path) -> std::io::Result<u64> {
    let journal = PathBuf::from(format!("{}-wal", path.display()));
    let journal = std::fs::metadata(journal).map_or(0, |journal| journal.len());
    Ok(std::fs::metadata(path)?.len() + journal)
}
