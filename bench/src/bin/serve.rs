//! What `everlit serve` does in a second, and what it needs while it waits.
//!
//! `cargo run --release -p everlit-bench --bin serve -- --program target/release/everlit` prints refreshes a second against a
//! friendly sandbox on this machine, each durable; `--waiting 100000` the memory of a worker that waits. `--postgres` puts the vault into a
//! PostgreSQL that it starts, with its usual syncs to disk, and prints what pgbench does there with the same statements.
//!
//! A worker is measured from the first refresh to the last, by the processor time of its whole life. It has known its accounts
//! for long, as it has in all months but the first: a refresh is two calls to Meta. The sandbox shares the machine's processors.
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
    use everlit_bench::bulk::{Due, fill_postgres, fill_sqlite};
    use everlit_disk::RealDisk;
    use everlit_keeper::{AccountName, Expiry, Record};
    use everlit_meta_api::{AccountId, Timestamp, Token};
    use everlit_sandbox::{Config, Endpoint, Issue, Kind, Sandbox};
    use everlit_testkit::postgres::{client, psql, start};
    use everlit_testkit::server::Server;
    use everlit_vault::{MasterKey, NewAccount, Vault, VaultAddress};
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    use tempfile::TempDir;
    use tokio::runtime::Runtime;
    use tokio::task::JoinSet;

    /// Measures the service.
    #[derive(Debug, clap::Parser)]
    struct Options {
        /// The program to measure
        #[arg(long, value_name = "FILE")]
        program: PathBuf,
        /// Accounts in the vault, one measurement for each number
        #[arg(long, value_name = "N", value_delimiter = ',', default_value = "10000")]
        accounts: Vec<u32>,
        /// Accounts that are refreshed, all of them due at once; more than 3,600 are a backlog, which is paced
        #[arg(long, value_name = "N", default_value_t = 3_500)]
        refreshes: u32,
        /// Accounts that wait while the memory is measured, one measurement for each number
        #[arg(long, value_name = "N", value_delimiter = ',')]
        waiting: Vec<u32>,
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
        println!("{}", conditions(server.as_ref())?);
        let mut sites = Sites { server: server.as_ref(), made: 0 };
        for accounts in &options.accounts {
            refreshes(&options, *accounts, &program, &runtime, &sites.new_one()?)?;
        }
        for waiting in &options.waiting {
            memory(*waiting, &program, &runtime, &sites.new_one()?)?;
        }
        Ok(())
    }

    fn conditions(server: Option<&Server>) -> Outcome<String> {
        let cores = std::thread::available_parallelism()?;
        let database = match server {
            None => "SQLite, synchronous=FULL".to_owned(),
            Some(server) => {
                let show = |setting| psql(server, "postgres", &format!("SHOW {setting}"));
                let [version, fsync, commit] = ["server_version", "fsync", "synchronous_commit"].map(show);
                format!("PostgreSQL {version}, fsync={fsync}, synchronous_commit={commit}")
            }
        };
        Ok(format!("{cores} cores, shared with the sandbox; {database}"))
    }

    /// Where vaults are made.
    struct Sites<'s> {
        server: Option<&'s Server>,
        made: u32,
    }

    /// A place for a vault.
    struct Site<'s> {
        folder: TempDir,
        /// The server, and the name of the database there.
        database: Option<(&'s Server, String)>,
    }

    impl<'s> Sites<'s> {
        fn new_one(&mut self) -> Outcome<Site<'s>> {
            self.made += 1;
            let database = self.server.map(|server| {
                let name = format!("vault{}", self.made);
                psql(server, "postgres", &format!("CREATE DATABASE {name}"));
                (server, name)
            });
            Ok(Site { folder: tempfile::tempdir()?, database })
        }
    }

    impl Site<'_> {
        fn file(&self) -> PathBuf {
            self.folder.path().join("everlit.db")
        }

        fn address(&self) -> String {
            match &self.database {
                Some((server, name)) => {
                    format!("postgres://postgres@127.0.0.1:{}/{name}?sslmode=disable", server.port)
                }
                None => format!("sqlite:{}", self.file().display()),
            }
        }

        /// Adds copies of the newest account.
        fn add_copies(&self, count: u32, due: Due) -> Outcome<()> {
            let now = i64::try_from(unix_now()?)?;
            match &self.database {
                Some((server, name)) => {
                    psql(server, name, &fill_postgres(count, due, now));
                    psql(server, name, "VACUUM ANALYZE");
                }
                None => fill_sqlite(&self.file(), count, due, now)?,
            }
            Ok(())
        }
    }

    /// Databases are as large as they are many.
    impl Drop for Site<'_> {
        fn drop(&mut self) {
            if let Some((server, name)) = &self.database {
                psql(server, "postgres", &format!("DROP DATABASE {name} WITH (FORCE)"));
            }
        }
    }

    fn refreshes(options: &Options, accounts: u32, program: &Path, runtime: &Runtime, site: &Site<'_>) -> Outcome<()> {
        let sandbox = Sandbox::start(Config::friendly(), 1, None)?;
        fill(runtime, site, options.refreshes, |name| {
            sandbox.with(|meta| {
                let text = meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(50));
                let owner = meta.token(&text).map(|token| meta.account(token).user_id.clone());
                (text, owner.unwrap_or_default(), 50)
            })
        })?;
        if let Some(more) = accounts.checked_sub(options.refreshes).filter(|more| *more > 0) {
            site.add_copies(more, Due::Later)?;
        }
        let (cpu, own) = (cpu_of(UsageWho::RUSAGE_CHILDREN)?, cpu_of(UsageWho::RUSAGE_SELF)?);
        let workers = start_all(options.workers, program, site, &sandbox.url())?;
        let wait_for = |calls: u32| {
            while sandbox.with(|meta| meta.calls_to(Endpoint::Refresh)) < u64::from(calls) {
                std::thread::sleep(Duration::from_millis(5));
            }
            Instant::now()
        };
        let began = wait_for(1);
        let took = wait_for(options.refreshes).duration_since(began).as_secs_f64();
        let own = cpu_of(UsageWho::RUSAGE_SELF)?.saturating_sub(own).as_secs_f64();
        for worker in workers {
            end(worker)?;
        }
        let cpu = cpu_of(UsageWho::RUSAGE_CHILDREN)?.saturating_sub(cpu).as_secs_f64();
        let rate = |seconds: f64| f64::from(options.refreshes) / seconds;
        println!(
            "{accounts} accounts, {} refreshes, {} worker(s): {took:.2} s; {:.0} a second, {:.0} for each second of a processor \
             that the workers used; the sandbox used {own:.2} s",
            options.refreshes,
            options.workers,
            rate(took),
            rate(cpu)
        );
        if let Some((server, database)) = &site.database {
            site.add_copies(options.refreshes * 2, Due::Now)?;
            let by_pgbench = pgbench(server, database, options)?;
            println!(
                "pgbench, the same statements for one account at a time, {} clients: {by_pgbench:.0} a second; everlit does {:.2} \
                 times that",
                clients(options),
                rate(took) / by_pgbench
            );
        }
        Ok(())
    }

    /// As many as the workers have connections.
    fn clients(options: &Options) -> usize {
        options.workers * 4
    }

    /// Refreshes a second without Meta.
    fn pgbench(server: &Server, database: &str, options: &Options) -> Outcome<f64> {
        let script = server.folder.join("refresh.pgbench");
        write(&script, include_str!("../refresh.pgbench"))?;
        let clients = clients(options);
        let each = usize::try_from(options.refreshes)? / clients;
        let mut pgbench = client(server, "pgbench");
        pgbench.args(["--no-vacuum", "--protocol=extended", "--client"]).arg(clients.to_string());
        pgbench.arg("--transactions").arg(each.to_string()).arg("--define").arg(format!("now={}", unix_now()?));
        let output = pgbench.arg("--file").arg(&script).arg(database).output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        rate.ok_or_else(|| format!("pgbench failed: {said}{}", String::from_utf8_lossy(&output.stderr)).into())
    }

    fn memory(waiting: u32, program: &Path, runtime: &Runtime, site: &Site<'_>) -> Outcome<()> {
        fill(runtime, site, 1, |name| (format!("IGAAfakeFAKE{name:0>150}"), "17841400000000001".to_owned(), 10))?;
        site.add_copies(waiting.saturating_sub(1), Due::Later)?;
        let worker = start_all(1, program, site, "http://127.0.0.1:9")?.remove(0);
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
        println!("{waiting} accounts waiting: {now:.1} MiB resident, {most:.1} at most");
        Ok(())
    }

    /// Adds accounts; `issue` tells the token of each, whose it is, and how many days old.
    fn fill(
        runtime: &Runtime,
        site: &Site<'_>,
        accounts: u32,
        issue: impl Fn(&str) -> (String, String, u64),
    ) -> Outcome<()> {
        const AT_ONCE: usize = 512;
        let folder = site.folder.path();
        let master = MasterKey::generate()?;
        write(folder.join("master.key"), &*master.text())?;
        write(folder.join("everlit.toml"), "master_key_file = \"master.key\"\n")?;
        let now = unix_now()?;
        let at = Timestamp::from_unix(i64::try_from(now)?);
        let parsed: VaultAddress = site.address().parse()?;
        runtime.block_on(async {
            let vault = Arc::new(Vault::create(&parsed, &RealDisk, master, "bench".to_owned(), at, 1).await?);
            let mut adding = JoinSet::new();
            for number in 0..accounts {
                let name = format!("client-{number}");
                let (text, owner, age) = issue(&name);
                let token = Token::parse(&text)?;
                let issued = Timestamp::from_unix(i64::try_from(now - age * DAY)?);
                let mut record = Record::of_new_token(token.kind(), token.fingerprint(), issued);
                record.issued_at = Some(issued);
                record.expiry = Expiry::At(issued + Duration::from_secs(60 * DAY));
                record.last_verified_at = Some(at);
                record.account = Some(AccountId::parse(&owner)?);
                record.next_check_at =
                    Some(at + Duration::from_secs(if age > 30 { 0 } else { DAY * (1 + u64::from(number % 20)) }));
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

    fn unix_now() -> Outcome<u64> {
        Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())
    }

    fn start_all(count: usize, program: &Path, site: &Site<'_>, meta: &str) -> Outcome<Vec<Child>> {
        let start = || {
            let mut command = Command::new(program);
            command.arg("-C").arg(site.folder.path());
            command.args(["--vault", &site.address(), "serve", "--listen", "127.0.0.1:0"]);
            command.env_clear().env("EVERLIT_META_URL", meta).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
        };
        Ok((0..count).map(|_| start()).collect::<Result<_, _>>()?)
    }

    fn end(mut worker: Child) -> Outcome<()> {
        kill(Pid::from_raw(i32::try_from(worker.id())?), Signal::SIGTERM)?;
        let status = worker.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the worker ended with {status}").into()) }
    }

    fn cpu_of(who: UsageWho) -> Outcome<Duration> {
        let usage = getrusage(who)?;
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
