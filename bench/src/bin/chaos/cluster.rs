//! The database that is struck: PostgreSQL behind pgbouncer, alone or as a pair under Patroni with etcd.

use std::fs::{read_to_string, write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use everlit_testkit::postgres::program;
use everlit_testkit::server::User;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::process::{Process, mortal, port, run, status, wait_for};

/// How long the cluster may take to have a primary.
const ELECTION: Duration = Duration::from_secs(90);

/// A PostgreSQL.
struct Node {
    name: String,
    data: PathBuf,
    port: u16,
    /// Where its Patroni answers; 0 without one.
    api: u16,
    /// Patroni, or PostgreSQL itself.
    process: Process,
}

impl Node {
    /// Kills Patroni, if there is one, and PostgreSQL; says whether that was there.
    fn kill(&mut self) -> bool {
        self.process.kill();
        let Ok(text) = read_to_string(self.data.join("postmaster.pid")) else { return self.api == 0 };
        let Some(pid) = text.lines().next().and_then(|pid| pid.parse::<i32>().ok()) else { return false };
        // The file may be an old one, and the number another process's by now.
        let is_ours = read_to_string(format!("/proc/{pid}/cmdline"))
            .is_ok_and(|command| command.contains(&*self.data.to_string_lossy()));
        self.api == 0 || is_ours && kill(Pid::from_raw(pid), Signal::SIGKILL).is_ok()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The servers.
pub(crate) struct Cluster {
    folder: PathBuf,
    user: User,
    _etcd: Option<Process>,
    nodes: Vec<Node>,
    pooler: Process,
    pooler_port: u16,
    /// The port that pgbouncer sends its clients to.
    primary: u16,
}

impl Cluster {
    /// One server, which is started again when it was killed.
    pub(crate) fn alone(folder: &Path) -> Result<Self, String> {
        let user = User::unless_root("postgres");
        user.own(folder);
        let (data, port) = (folder.join("data"), port());
        let mut init = user.command(program("initdb"));
        run(init
            .args(["--no-sync", "--encoding=UTF8", "--locale=C", "--auth=trust", "--username=postgres", "-D"])
            .arg(&data))?;
        let process = start_postgres(user, folder, &data, port)?;
        let node = Node { name: "alone".to_owned(), data, port, api: 0, process };
        Self::with(folder, user, None, vec![node])
    }

    /// A pair under Patroni: the second one has everything that the first has acknowledged.
    pub(crate) fn pair(folder: &Path) -> Result<Self, String> {
        let user = User::unless_root("postgres");
        user.own(folder);
        let etcd_port = port();
        let (client, peer) = (format!("http://127.0.0.1:{etcd_port}"), format!("http://127.0.0.1:{}", port()));
        let mut etcd = mortal(&user.command("/usr/bin/etcd"));
        etcd.arg("--data-dir").arg(folder.join("etcd")).args(["--unsafe-no-fsync", "--log-level=error"]);
        etcd.args(["--listen-client-urls", &client, "--advertise-client-urls", &client]);
        etcd.args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer]);
        etcd.arg(format!("--initial-cluster=default={peer}"));
        let etcd = Process::start(&mut etcd, &folder.join("etcd.log"))?;
        wait_for("answer of etcd", Duration::from_secs(20), || status(etcd_port, "/health") == Some(200))?;
        let mut nodes = vec![new_node(user, folder, etcd_port, "one")?];
        let first = nodes[0].api;
        wait_for("first primary", ELECTION, || status(first, "/primary") == Some(200))?;
        nodes.push(new_node(user, folder, etcd_port, "two")?);
        let second = nodes[1].api;
        wait_for("replica", ELECTION, || status(second, "/sync") == Some(200))?;
        Self::with(folder, user, Some(etcd), nodes)
    }

    fn with(folder: &Path, user: User, etcd: Option<Process>, nodes: Vec<Node>) -> Result<Self, String> {
        let (pooler_port, primary) = (port(), nodes[0].port);
        let pooler = start_pooler(user, folder, pooler_port, primary)?;
        let folder = folder.to_owned();
        let cluster = Self { folder, user, _etcd: etcd, nodes, pooler, pooler_port, primary };
        wait_for("answer of the database", Duration::from_secs(30), || cluster.sql("postgres", "SELECT 1").is_ok())?;
        Ok(cluster)
    }

    pub(crate) fn is_pair(&self) -> bool {
        self.nodes.len() > 1
    }

    /// The address of a vault, by way of pgbouncer.
    pub(crate) fn vault(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/vault?sslmode=disable", self.pooler_port)
    }

    /// Sends SQL to the primary, past pgbouncer.
    pub(crate) fn sql(&self, database: &str, sql: &str) -> Result<String, String> {
        let mut psql = Command::new(program("psql"));
        psql.args(["-XqtA", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "postgres", "-d", database, "-c", sql]);
        run(psql.args(["-p", &self.primary.to_string()]))
    }

    /// Sends pgbouncer to whichever node is the primary now. To be called now and then.
    pub(crate) fn follow(&mut self) -> Result<(), String> {
        let leads = |node: &&Node| node.api == 0 || status(node.api, "/primary") == Some(200);
        let Some(port) = self.nodes.iter().find(leads).map(|node| node.port) else { return Ok(()) };
        if port != self.primary {
            self.primary = port;
            write_pooler(&self.folder, self.pooler_port, port)?;
            self.pooler.signal(Signal::SIGHUP)?;
        }
        Ok(())
    }

    pub(crate) fn restart_pooler(&mut self) -> Result<(), String> {
        self.pooler.kill();
        self.pooler = start_pooler(self.user, &self.folder, self.pooler_port, self.primary)?;
        Ok(())
    }

    /// Kills the primary. Alone, it is started again; of a pair, its Patroni is killed with it, and [`heal`](Self::heal) starts that
    /// again: within 20 seconds or so, the same node stays the primary.
    pub(crate) fn kill_primary(&mut self) -> Result<(), String> {
        let primary = self.primary;
        let node = self.nodes.iter_mut().find(|node| node.port == primary).ok_or("no primary is known")?;
        if !node.kill() {
            return Err(format!("no PostgreSQL runs in {}", node.data.display()));
        }
        if node.api == 0 {
            // It refuses to start while the old one's children hold the memory.
            let (folder, data, port, user) = (&self.folder, &node.data, node.port, self.user);
            return wait_for("restart of the database", Duration::from_secs(60), || {
                let Ok(process) = start_postgres(user, folder, data, port) else { return false };
                node.process = process;
                std::thread::sleep(Duration::from_secs(1));
                !node.process.has_ended()
            });
        }
        Ok(())
    }

    /// The port of the primary, as far as it is known.
    pub(crate) fn primary(&self) -> u16 {
        self.primary
    }

    /// Starts the Patroni of a node that was killed.
    pub(crate) fn heal(&mut self) -> Result<(), String> {
        for node in &mut self.nodes {
            if node.api != 0 && node.process.has_ended() {
                let (file, log) =
                    (self.folder.join(format!("{}.yml", node.name)), self.folder.join(format!("{}.log", node.name)));
                node.process = start_patroni(self.user, &self.folder, &file, &log)?;
            }
        }
        Ok(())
    }

    /// Whether every node works.
    pub(crate) fn is_whole(&self) -> bool {
        self.sql("postgres", "SELECT 1").is_ok()
            && (!self.is_pair() || self.nodes.iter().any(|node| status(node.api, "/sync") == Some(200)))
    }

    /// Asks Patroni to make the other node the primary.
    pub(crate) fn switch_over(&self) -> Result<String, String> {
        let config = self.folder.join("one.yml");
        let mut ctl = self.user.command("/usr/bin/patronictl");
        run(ctl.arg("-c").arg(config).args(["switchover", "everlit", "--force"]))
    }
}

fn start_postgres(user: User, folder: &Path, data: &Path, port: u16) -> Result<Process, String> {
    let mut postgres = mortal(&user.command(program("postgres")));
    postgres.arg("-D").arg(data).arg("-k").arg(folder);
    postgres.args(["-c", &format!("port={port}"), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]);
    Process::start(&mut postgres, &folder.join("postgres.log"))
}

fn start_pooler(user: User, folder: &Path, port: u16, primary: u16) -> Result<Process, String> {
    write_pooler(folder, port, primary)?;
    let mut pooler = mortal(&user.command("/usr/sbin/pgbouncer"));
    Process::start(pooler.arg(folder.join("pgbouncer.ini")), &folder.join("pgbouncer.log"))
}

fn write_pooler(folder: &Path, port: u16, primary: u16) -> Result<(), String> {
    let settings = format!(
        "[databases]\n* = host=127.0.0.1 port={primary}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
         unix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 20\nmax_client_conn = 500\n\
         server_login_retry = 1\nserver_connect_timeout = 5\nquery_wait_timeout = 20\n"
    );
    let settings = settings.replace("port=", "user=postgres port=");
    write(folder.join("pgbouncer.ini"), settings).map_err(|error| format!("cannot write pgbouncer.ini: {error}"))
}

/// A node of a pair, on ports of its own.
fn new_node(user: User, folder: &Path, etcd: u16, name: &str) -> Result<Node, String> {
    let (port, api, data) = (port(), port(), folder.join(name));
    let binaries = program("postgres");
    let config = format!(
        "scope: everlit\nname: {name}\nrestapi: {{listen: '127.0.0.1:{api}', connect_address: '127.0.0.1:{api}'}}\n\
         etcd3: {{host: '127.0.0.1:{etcd}'}}\n\
         bootstrap:\n  dcs:\n    ttl: 20\n    loop_wait: 3\n    retry_timeout: 5\n    synchronous_mode: true\n    \
         postgresql: {{use_pg_rewind: true, parameters: {{max_connections: 200, wal_log_hints: 'on'}}}}\n  \
         initdb: [{{encoding: UTF8}}, {{locale: C}}, data-checksums]\n  \
         pg_hba: ['local all all trust', 'host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust']\n\
         postgresql:\n  listen: '127.0.0.1:{port}'\n  connect_address: '127.0.0.1:{port}'\n  data_dir: '{data}'\n  \
         bin_dir: '{bin}'\n  pgpass: '{folder}/{name}.pgpass'\n  authentication:\n    superuser: {{username: postgres, password: fake}}\n    \
         replication: {{username: replicator, password: fake}}\n    rewind: {{username: rewinder, password: fake}}\n  \
         parameters: {{unix_socket_directories: '{folder}'}}\n",
        data = data.display(),
        bin = binaries.parent().unwrap_or_else(|| Path::new("/")).display(),
        folder = folder.display(),
    );
    let (file, log) = (folder.join(format!("{name}.yml")), folder.join(format!("{name}.log")));
    write(&file, config).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    let process = start_patroni(user, folder, &file, &log)?;
    Ok(Node { name: name.to_owned(), data, port, api, process })
}

fn start_patroni(user: User, folder: &Path, config: &Path, log: &Path) -> Result<Process, String> {
    let mut patroni = mortal(&user.command("/usr/bin/patroni"));
    // What it leaves in a home must be its user's.
    Process::start(patroni.arg(config).env("HOME", folder), log)
}
