//! What `everlit serve` does in a second, and what it needs while it waits.
//!
//! `cargo run --release -p everlit-bench --bin serve -- --program target/release/everlit` prints two rows: refreshes a second
//! against a friendly sandbox on this machine, each durable, and the memory of a worker that waits. `--postgres` puts the vault
//! into a PostgreSQL that it starts, with its usual syncs to disk. The sandbox shares the machine's processors.
#![allow(clippy::disallowed_methods, reason = "it measures with the real clock, and looks at real processes")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for developers")]

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::{read_to_string, write};
    use std::path::{Path, PathBuf};
    use std::process::{Child, Command, Stdio};
    use std::sync::Arc;
    use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

    use clap::Parser as _;
    use everlit_disk::RealDisk;
    use everlit_keeper::{AccountName, Expiry, Record};
    use everlit_meta_api::{Timestamp, Token};
    use everlit_sandbox::{Config, Endpoint, Issue, Kind, Sandbox};
    use everlit_testkit::postgres::{psql, start};
    use everlit_vault::{MasterKey, NewAccount, Vault, VaultAddress};
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    use tokio::runtime::Runtime;
    use tokio::task::JoinSet;

    /// Measures the service.
    #[derive(Debug, clap::Parser)]
    struct Options {
        /// The program to measure
        #[arg(long, value_name = "FILE")]
        program: PathBuf,
        /// Accounts that are refreshed, all of them due at once
        #[arg(long, value_name = "N", default_value_t = 10_000)]
        refreshes: usize,
        /// Accounts that wait while the memory is measured
        #[arg(long, value_name = "N", default_value_t = 100_000)]
        waiting: usize,
        /// How many workers share the vault
        #[arg(long, value_name = "N", default_value_t = 1)]
        workers: usize,
        /// A vault in PostgreSQL
        #[arg(long)]
        postgres: bool,
    }

    type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

    const DAY: u64 = 24 * 60 * 60;

    pub(super) fn run() -> Outcome<()> {
        let options = Options::parse();
        let (program, runtime) = (options.program.canonicalize()?, Runtime::new()?);
        let server = options.postgres.then(|| start("host all all all trust\n", &["fsync=on", "max_connections=200"]));
        let mut databases = 0;
        let mut address = |folder: &Path| match &server {
            Some(server) => {
                databases += 1;
                psql(server, "postgres", &format!("CREATE DATABASE vault{databases}"));
                format!("postgres://postgres@127.0.0.1:{}/vault{databases}?sslmode=disable", server.port)
            }
            None => format!("sqlite:{}", folder.join("everlit.db").display()),
        };
        let folder = tempfile::tempdir()?;
        let at = address(folder.path());
        refreshes(&options, &program, &runtime, folder.path(), &at)?;
        let folder = tempfile::tempdir()?;
        let at = address(folder.path());
        memory(&options, &program, &runtime, folder.path(), &at)
    }

    fn refreshes(options: &Options, program: &Path, runtime: &Runtime, folder: &Path, address: &str) -> Outcome<()> {
        let sandbox = Sandbox::start(Config::friendly(), 1, None)?;
        fill(runtime, folder, address, options.refreshes, |name| {
            let text = sandbox.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(50)));
            (text, 50)
        })?;
        let (cpu, began) = (cpu_of_children()?, Instant::now());
        let workers = start_all(options.workers, program, folder, address, &sandbox.url())?;
        let done = || sandbox.with(|meta| meta.calls_to(Endpoint::Refresh));
        while done() < options.refreshes as u64 {
            std::thread::sleep(Duration::from_millis(20));
        }
        let took = began.elapsed().as_secs_f64();
        for worker in workers {
            end(worker)?;
        }
        let cpu = cpu_of_children()?.saturating_sub(cpu).as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "some thousands")]
        let rate = |seconds: f64| options.refreshes as f64 / seconds;
        println!(
            "{} refreshes with {} in {took:.1} s: {:.0} a second, {:.0} for each second of a processor",
            options.refreshes,
            if options.workers == 1 { "1 worker".to_owned() } else { format!("{} workers", options.workers) },
            rate(took),
            rate(cpu)
        );
        Ok(())
    }

    fn memory(options: &Options, program: &Path, runtime: &Runtime, folder: &Path, address: &str) -> Outcome<()> {
        fill(runtime, folder, address, options.waiting, |name| (format!("IGAAfakeFAKE{name:0>150}"), 10))?;
        let worker = start_all(1, program, folder, address, "http://127.0.0.1:9")?.remove(0);
        // It has looked at its queue, counted its accounts and beaten twice by then.
        std::thread::sleep(Duration::from_secs(40));
        let status = read_to_string(format!("/proc/{}/status", worker.id()));
        end(worker)?;
        let status = status?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().split(' ').next()?.parse::<f64>().ok().map(|kib| kib / 1024.0)
        };
        let (now, most) = (field("VmRSS:").unwrap_or(0.0), field("VmHWM:").unwrap_or(0.0));
        println!("{} accounts waiting: {now:.1} MiB resident, {most:.1} at most", options.waiting);
        Ok(())
    }

    /// Adds accounts; `issue` tells the token of each, and how many days old it is.
    fn fill(
        runtime: &Runtime,
        folder: &Path,
        address: &str,
        accounts: usize,
        issue: impl Fn(&str) -> (String, u64),
    ) -> Outcome<()> {
        const AT_ONCE: usize = 512;
        let master = MasterKey::generate()?;
        write(folder.join("master.key"), &*master.text())?;
        write(folder.join("everlit.toml"), "master_key_file = \"master.key\"\n")?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let at = Timestamp::from_unix(i64::try_from(now)?);
        let parsed: VaultAddress = address.parse()?;
        runtime.block_on(async {
            let vault = Arc::new(Vault::create(&parsed, &RealDisk, master, "bench".to_owned(), at, 1).await?);
            let mut adding = JoinSet::new();
            for number in 0..accounts {
                let name = format!("client-{number}");
                let (text, age) = issue(&name);
                let token = Token::parse(&text)?;
                let issued = Timestamp::from_unix(i64::try_from(now - age * DAY)?);
                let mut record = Record::of_new_token(token.kind(), token.fingerprint(), issued);
                record.issued_at = Some(issued);
                record.expiry = Expiry::At(issued + Duration::from_secs(60 * DAY));
                record.last_verified_at = Some(at);
                record.next_check_at =
                    Some(at + Duration::from_secs(if age > 30 { 0 } else { DAY * (1 + number as u64 % 20) }));
                let (name, record) = (AccountName::new(name), Some(record));
                if adding.len() >= AT_ONCE
                    && let Some(added) = adding.join_next().await
                {
                    added??;
                }
                let vault = Arc::clone(&vault);
                adding.spawn(async move {
                    vault.add(NewAccount { name, token: Some(token), record, tags: Vec::new(), app: None }, at).await
                });
            }
            while let Some(added) = adding.join_next().await {
                added??;
            }
            Ok(())
        })
    }

    fn start_all(count: usize, program: &Path, folder: &Path, address: &str, meta: &str) -> Outcome<Vec<Child>> {
        let start = || {
            let mut command = Command::new(program);
            command.arg("-C").arg(folder).args(["--vault", address, "serve", "--listen", "127.0.0.1:0"]);
            command.env_clear().env("EVERLIT_META_URL", meta).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
        };
        Ok((0..count).map(|_| start()).collect::<Result<_, _>>()?)
    }

    fn end(mut worker: Child) -> Outcome<()> {
        kill(Pid::from_raw(i32::try_from(worker.id())?), Signal::SIGTERM)?;
        let status = worker.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the worker ended with {status}").into()) }
    }

    fn cpu_of_children() -> Outcome<Duration> {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
        let seconds = |time: nix::sys::time::TimeVal| {
            use nix::sys::time::TimeValLike as _;
            Duration::from_micros(u64::try_from(time.num_microseconds()).unwrap_or(0))
        };
        Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
    }
}

fn main() -> std::process::ExitCode {
    #[cfg(target_os = "linux")]
    if let Err(error) = linux::run() {
        eprintln!("{error}");
        return std::process::ExitCode::FAILURE;
    }
    std::process::ExitCode::SUCCESS
}
