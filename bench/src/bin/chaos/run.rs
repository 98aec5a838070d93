//! One run: the stage, the strikes, the end.

use std::fs::write;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use everlit_disk::RealDisk;
use everlit_keeper::{AccountName, Expiry, Record};
use everlit_meta_api::{Timestamp, Token};
use everlit_sandbox::{Config, Fault, Injection, Issue, Kind, OldAfterRefresh, OneOf, RefreshString, Sandbox, State};
use everlit_vault::{MasterKey, NewAccount, Vault, VaultAddress};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::cluster::Cluster;
use crate::ledger::Ledger;
use crate::options::Options;
use crate::process::wait_for;
use crate::recorder::Recorder;
use crate::workers::{Setting, Worker};

/// Accounts each worker may have in flight: what it had there when it was killed may be lost on the way.
const IN_FLIGHT: usize = 192;

/// Accounts whose owner has changed the password: people must be told of each, once.
const DEAD: usize = 5;

/// A lease, and the longest work under one.
const LEASE: Duration = Duration::from_secs(300 + 210);

/// What can be done to them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Strike {
    KillWorker,
    StopWorker,
    FillSpill,
    KillPrimary,
    SwitchOver,
    RestartPooler,
    MetaGone,
}

struct Stage {
    cluster: Cluster,
    sandbox: Sandbox,
    setting: Setting,
    workers: Vec<Worker>,
    rng: fastrand::Rng,
    strikes: Vec<String>,
    began: Instant,
    kills: usize,
}

/// Whether every promise was kept.
pub(crate) fn run(options: &Options) -> Result<bool, String> {
    let folder = tempfile::Builder::new().prefix("everlit-chaos-").tempdir().map_err(|error| error.to_string())?;
    let path = folder.path().to_owned();
    open_to_servers(&path)?;
    let runtime = Runtime::new().map_err(|error| error.to_string())?;
    let cluster_folder = path.join("database");
    std::fs::create_dir(&cluster_folder).map_err(|error| error.to_string())?;
    let cluster = if options.alone { Cluster::alone(&cluster_folder) } else { Cluster::pair(&cluster_folder) }?;
    println!(
        "{} accounts, {} workers, seed {}, in {}",
        options.accounts,
        options.workers,
        options.seed,
        path.display()
    );
    cluster.sql("postgres", "CREATE DATABASE vault")?;

    let (sandbox, recorder) =
        (Sandbox::start(config(), options.seed, None).map_err(|error| error.to_string())?, Recorder::start()?);
    let master = MasterKey::generate().map_err(|error| error.to_string())?;
    write(path.join("master.key"), &*master.text()).map_err(|error| error.to_string())?;
    let settings = "master_key_file = \"master.key\"\n[notify.team]\nkind = \"slack\"\n";
    write(path.join("everlit.toml"), settings).map_err(|error| error.to_string())?;
    let vault = open(&runtime, &cluster, &master, true)?;
    let filled = Instant::now();
    runtime.block_on(fill(&vault, &sandbox, options))?;
    println!("filled in {} s", filled.elapsed().as_secs());

    let setting = Setting {
        program: options.program.clone(),
        folder: path,
        vault: cluster.vault(),
        meta: sandbox.url(),
        channel: recorder.url.clone(),
    };
    let workers = (1..=options.workers).map(|number| setting.start(&format!("worker-{number}")));
    let workers = workers.collect::<Result<Vec<_>, _>>()?;
    let (rng, began) = (fastrand::Rng::with_seed(options.seed), Instant::now());
    let mut stage = Stage { cluster, sandbox, setting, workers, rng, strikes: Vec::new(), began, kills: 0 };
    wait_for("ready worker", Duration::from_secs(60), || stage.workers.iter().all(Worker::is_ready))?;
    stage.play(options)?;
    let drained = stage.drain(options)?;

    let vault = open(&runtime, &stage.cluster, &master, false)?;
    let mut problems: Vec<String> = stage.workers.drain(..).filter_map(|worker| worker.end().err()).collect();
    let mut ledger =
        stage.sandbox.with(|meta| runtime.block_on(Ledger::of(&vault, meta, now(), |name| name.starts_with("dead"))));
    ledger.problems.append(&mut problems);
    ledger.drained_after = drained.as_secs();
    ledger.strikes = std::mem::take(&mut stage.strikes);
    for name in (0..DEAD).map(dead_name) {
        match recorder.naming(&name) {
            1 => ledger.told_once += 1,
            times => ledger.told_otherwise.push((name, times)),
        }
    }
    let balanced = ledger.is_balanced(options.accounts + DEAD, stage.kills, IN_FLIGHT);
    print(&ledger, &balanced);
    if let Some(file) = &options.json {
        let text = serde_json::to_string_pretty(&ledger).map_err(|error| error.to_string())?;
        write(file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    if options.keep || balanced.is_err() {
        println!("logs: {}", folder.keep().display());
    }
    Ok(balanced.is_ok())
}

/// Unfriendly, and each refresh issues another token; the old one stays valid, as it does at Meta as far as is known.
fn config() -> Config {
    let mut config = Config::default();
    config.knobs.refresh_string = OneOf::only(RefreshString::New);
    config.knobs.old_after_refresh = OldAfterRefresh::Valid;
    config.call_log_limit = 2_000_000;
    config
}

fn open_to_servers(path: &std::path::Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).map_err(|error| error.to_string())
}

fn now() -> Timestamp {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Timestamp::from_unix(i64::try_from(now).unwrap_or(i64::MAX))
}

fn open(runtime: &Runtime, cluster: &Cluster, master: &MasterKey, create: bool) -> Result<Vault, String> {
    let address: VaultAddress = cluster.vault().parse().map_err(|error: everlit_vault::VaultError| error.message)?;
    let (master, actor, seed) = (master.clone(), "chaos".to_owned(), fastrand::u64(..));
    let opened = runtime.block_on(async {
        if create {
            Vault::create(&address, &RealDisk, master, actor, now(), seed).await
        } else {
            Vault::open(&address, &RealDisk, master, actor, seed).await
        }
    });
    opened.map_err(|error| error.message)
}

fn dead_name(number: usize) -> String {
    format!("dead-{number:05}")
}

/// Accounts with eight days left, which are never paced, that become due one after the other over most of the time.
async fn fill(vault: &Vault, sandbox: &Sandbox, options: &Options) -> Result<(), String> {
    const AT_ONCE: usize = 32;
    let started = now();
    let mut adding = JoinSet::new();
    let vault = Arc::new(vault.clone());
    let names = (0..options.accounts).map(|number| format!("shop-{number:06}")).chain((0..DEAD).map(dead_name));
    for (number, name) in names.enumerate() {
        let is_dead = number >= options.accounts;
        let issue = Issue::new(Kind::Instagram).username(&name).aged_days(52);
        let issue = if is_dead { issue.state(State::PasswordChanged) } else { issue };
        let text = sandbox.with(|meta| meta.issue(&issue));
        let token = Token::parse(&text).map_err(|error| error.to_string())?;
        let part = if is_dead { number - options.accounts } else { number };
        let whole = if is_dead { DEAD } else { options.accounts };
        let due = options.seconds * 8 / 10 * part as u64 / whole.max(1) as u64;
        let record = Record {
            issued_at: Some(ago(started, 52)),
            expiry: Expiry::At(ago(started, -8)),
            last_verified_at: Some(ago(started, 1)),
            next_check_at: Some(started + Duration::from_secs(30 + due)),
            ..Record::of_new_token(token.kind(), token.fingerprint(), ago(started, 52))
        };
        let account =
            NewAccount { name: AccountName::new(name), token: Some(token), record: Some(record), tags: Vec::new() };
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

type Added = Result<Result<(), everlit_vault::VaultError>, tokio::task::JoinError>;

fn added(one: Option<Added>) -> Result<(), String> {
    match one {
        Some(Ok(Err(error))) => Err(error.message),
        Some(Err(error)) => Err(error.to_string()),
        _ => Ok(()),
    }
}

fn ago(now: Timestamp, days: i64) -> Timestamp {
    Timestamp::from_unix(now.as_unix() - days * 24 * 60 * 60)
}

impl Stage {
    /// Strikes until the time is up.
    fn play(&mut self, options: &Options) -> Result<(), String> {
        let mut plan = vec![
            Strike::KillWorker,
            Strike::StopWorker,
            Strike::RestartPooler,
            Strike::KillPrimary,
            Strike::FillSpill,
            Strike::MetaGone,
        ];
        if self.cluster.is_pair() {
            plan.push(Strike::SwitchOver);
        }
        let end = Duration::from_secs(options.seconds);
        let pause = Duration::from_secs((options.seconds / 24).clamp(2, 18));
        let mut next = Vec::new();
        self.wait(pause)?;
        while self.began.elapsed() < end {
            if next.is_empty() {
                // All of them, in an order of chance, again and again.
                next.clone_from(&plan);
                self.rng.shuffle(&mut next);
            }
            if let Some(strike) = next.pop() {
                self.strike(strike)?;
            }
            self.wait(pause)?;
        }
        Ok(())
    }

    fn strike(&mut self, strike: Strike) -> Result<(), String> {
        let chosen = self.rng.usize(..self.workers.len());
        let whom = self.workers[chosen].name.clone();
        self.note(&format!("{strike:?} ({whom})"));
        match strike {
            Strike::KillWorker => {
                self.kills += 1;
                self.setting.kill_and_restart(&mut self.workers[chosen])?;
            }
            Strike::StopWorker => {
                self.workers[chosen].stop();
                self.wait(Duration::from_secs(8))?;
                self.workers[chosen].resume();
            }
            Strike::FillSpill => {
                self.workers[chosen].fill_spill(true)?;
                self.wait(Duration::from_secs(5))?;
                self.workers[chosen].fill_spill(false)?;
            }
            Strike::KillPrimary => {
                self.cluster.kill_primary()?;
                self.wait(Duration::from_secs(5))?;
                self.cluster.heal()?;
                self.wait_for_database()?;
            }
            Strike::SwitchOver => {
                self.cluster.switch_over()?;
                self.wait_for_database()?;
            }
            Strike::RestartPooler => self.cluster.restart_pooler()?,
            Strike::MetaGone => {
                self.sandbox.with(|meta| meta.inject(Injection::new(Fault::Dropped)));
                self.wait(Duration::from_secs(5))?;
                self.sandbox.with(everlit_sandbox::Meta::clear_injections);
            }
        }
        Ok(())
    }

    fn wait_for_database(&mut self) -> Result<(), String> {
        let cluster = &mut self.cluster;
        wait_for("whole database", Duration::from_secs(150), || {
            let _ = cluster.follow();
            let _ = cluster.heal();
            cluster.is_whole()
        })?;
        self.note("the database is whole again");
        Ok(())
    }

    fn note(&mut self, what: &str) {
        let line = format!("{:4} s  {what}", self.began.elapsed().as_secs());
        println!("{line}");
        self.strikes.push(line);
    }

    /// Waits, while pgbouncer follows the primary.
    fn wait(&mut self, pause: Duration) -> Result<(), String> {
        let until = Instant::now() + pause;
        while Instant::now() < until {
            self.cluster.follow()?;
            sleep(Duration::from_millis(250));
        }
        Ok(())
    }

    /// Waits until nothing is overdue and nobody works; says how long that took.
    fn drain(&mut self, options: &Options) -> Result<Duration, String> {
        let began = Instant::now();
        self.note("the strikes are over");
        if options.hurry {
            // Those of workers that live are taken again at once by nobody else: each has its number.
            self.cluster
                .sql("vault", "UPDATE due SET lease_until = 0 WHERE lease_until < extract(epoch FROM now()) + 285")?;
        }
        let sql = "SELECT count(*) FROM due WHERE lease_until > extract(epoch FROM now()) OR run_at <= extract(epoch FROM now())";
        let mut left = String::new();
        let drained = wait_for("end of the queue", LEASE, || {
            let _ = self.cluster.follow();
            left = self.cluster.sql("vault", sql).unwrap_or_else(|error| error);
            left == "0"
        });
        drained.map_err(|error| format!("{error}: {left} left"))?;
        wait_for("ready workers", Duration::from_secs(90), || self.workers.iter().all(Worker::is_ready))?;
        self.note("nothing is overdue, and nobody works");
        Ok(began.elapsed())
    }
}

fn print(ledger: &Ledger, balanced: &Result<(), String>) {
    let rows = [
        ("accounts in the vault", ledger.accounts.to_string()),
        ("tokens that work", ledger.alive.to_string()),
        ("tokens lost", ledger.lost.len().to_string()),
        ("accounts that cannot be read", ledger.unreadable.to_string()),
        ("refreshes that Meta executed", ledger.refreshes.to_string()),
        ("newer tokens that never arrived", ledger.replies_lost.to_string()),
        ("replies that the sandbox lost", ledger.lost_by_the_sandbox.to_string()),
        ("refreshes of one account at once", ledger.at_once.to_string()),
        ("people told once", format!("{} of {DEAD}", ledger.told_once)),
        ("seconds to an empty queue", ledger.drained_after.to_string()),
    ];
    println!("\n{:<36} {:>9}", "the ledger", "");
    for (what, number) in rows {
        println!("{what:<36} {number:>9}");
    }
    for (what, names) in [("lost", &ledger.lost), ("problem", &ledger.problems)] {
        names.iter().take(10).for_each(|name| println!("{what}: {name}"));
    }
    for (name, times) in &ledger.told_otherwise {
        println!("told {times} times: {name}");
    }
    match balanced {
        Ok(()) => println!("Every promise was kept."),
        Err(broken) => println!("BROKEN: {broken}"),
    }
}
