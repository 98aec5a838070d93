//! One run: the stage is set, the strikes are made, the books are compared.

use std::fs::{Permissions, create_dir, set_permissions, write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use everlit_disk::RealDisk;
use everlit_sandbox::{Config, OldAfterRefresh, OneOf, RefreshString, Sandbox};
use everlit_vault::{MasterKey, Vault, VaultAddress};
use tokio::runtime::Runtime;

use crate::accounts::{fill, now};
use crate::cluster::Cluster;
use crate::ledger::{Books, Ledger};
use crate::options::Options;
use crate::process::{port, wait_for};
use crate::recorder::Recorder;
use crate::strikes::Stage;
use crate::workers::{Setting, Worker};

/// Whether every promise was kept.
pub(crate) fn run(options: &Options) -> Result<bool, String> {
    let io = |error: std::io::Error| error.to_string();
    let folder = tempfile::Builder::new().prefix("everlit-chaos-").tempdir().map_err(io)?;
    let path = folder.path().to_owned();
    println!(
        "{} accounts, {} workers, seed {}, in {}",
        options.accounts,
        options.workers,
        options.seed,
        path.display()
    );
    let runtime = Runtime::new().map_err(io)?;
    let judged = play(options, &path, &runtime);
    let is_kept = options.keep || !matches!(judged, Ok((_, Ok(()))));
    if is_kept {
        println!("logs: {}", folder.keep().display());
    }
    let (ledger, balanced) = judged?;
    ledger.print(&balanced);
    if let Some(file) = &options.json {
        let text = serde_json::to_string_pretty(&ledger).map_err(|error| error.to_string())?;
        write(file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(balanced.is_ok())
}

/// The books at the end, and whether they balance.
fn play(options: &Options, path: &Path, runtime: &Runtime) -> Result<(Ledger, Result<(), String>), String> {
    let io = |error: std::io::Error| error.to_string();
    // The servers run as another user.
    set_permissions(path, Permissions::from_mode(0o755)).map_err(io)?;
    let database = path.join("database");
    create_dir(&database).map_err(io)?;
    let cluster = if options.alone { Cluster::alone(&database) } else { Cluster::pair(&database) }?;
    cluster.sql("postgres", "CREATE DATABASE vault")?;
    // Not a port that Linux gives to connections: it must be free again after the sandbox has refused some.
    let address = ([127, 0, 0, 1], port()).into();
    let sandbox = Sandbox::start(config(options), options.seed, Some(address)).map_err(io)?;
    let recorder = Recorder::start()?;
    let master = MasterKey::generate().map_err(|error| error.to_string())?;
    write(path.join("master.key"), &*master.text()).map_err(io)?;
    let settings = "master_key_file = \"master.key\"\n[notify.team]\nkind = \"webhook\"\n";
    write(path.join("everlit.toml"), settings).map_err(io)?;
    let vault = open(runtime, &cluster, &master, true)?;
    runtime.block_on(fill(&vault, &sandbox, options))?;

    let setting = Setting {
        program: options.program.clone(),
        folder: PathBuf::from(path),
        vault: cluster.vault(),
        meta: sandbox.url(),
        channel: recorder.url.clone(),
        small_disks: options.small_disks,
    };
    let workers = (1..=options.workers).map(|number| setting.start(&format!("worker-{number}")));
    let workers = workers.collect::<Result<Vec<_>, _>>()?;
    wait_for("ready worker", Duration::from_secs(60), || workers.iter().all(Worker::is_ready))?;
    let mut stage = Stage::new(options, cluster, sandbox, setting, workers);
    stage.play()?;
    let drained_after = stage.drain()?.as_secs();

    let ended = stage.workers.iter_mut().map(|worker| worker.end().and_then(|()| worker.has_empty_spill()));
    let problems: Vec<String> = ended.filter_map(Result::err).collect();
    let vault = open(runtime, &stage.cluster, &master, false)?;
    let books = stage.sandbox.with(Books::of);
    let strikes = std::mem::take(&mut stage.strikes);
    let mut ledger = Ledger { strikes, drained_after, problems, kills: stage.kills.len(), ..Ledger::default() };
    runtime.block_on(ledger.compare_all(&vault, &books, &stage.kills, now()));
    ledger.count_messages(&recorder.messages());
    let balanced = ledger.is_balanced(options);
    Ok((ledger, balanced))
}

/// Unfriendly, and each refresh issues another token.
fn config(options: &Options) -> Config {
    let mut config = Config::default();
    let knobs = &mut config.knobs;
    knobs.refresh_string = OneOf::only(RefreshString::New);
    // Without them, an account that needs a person is asked about again minutes later.
    knobs.subcodes = OneOf::only(true);
    // Several workers, each with as many calls as it may have.
    knobs.max_concurrent_calls = None;
    // everlit goes by the clock of a stand-in for Meta, and would be wrong by days from its start on.
    knobs.fault_rates.wrong_date = 0.0;
    if !options.old_tokens_live {
        knobs.old_after_refresh = OldAfterRefresh::Dies;
        // The token of a reply that Meta loses is nobody's fault here, and would be lost.
        (knobs.fault_rates.lost_reply, knobs.fault_rates.truncated) = (0.0, 0.0);
    }
    config.call_log_limit = 2_000_000;
    config
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
