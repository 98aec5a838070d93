//! A PostgreSQL that ends with the tests.
#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    reason = "the server is another program with real files and sockets"
)]

use std::fs::write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::server::{Server, User, certificate, folder, free_port, run};

/// Starts one with TLS, a certificate for `localhost` in `server.crt`, these settings, and the superuser `postgres` on the socket
/// in its folder. `access` is what `pg_hba.conf` says of everybody else.
pub fn start(access: &str, settings: &[&str]) -> Server {
    let user = User::unless_root("postgres");
    let (folder, port) = (folder(user), free_port());
    let data = folder.join("data");
    certificate(&folder, user);
    let mut init = user.command(program("initdb"));
    run(init
        .args(["--no-sync", "--encoding=UTF8", "--locale=C", "--auth=trust", "--username=postgres", "-D"])
        .arg(&data));
    let own = "local all postgres trust\nlocal replication postgres trust\n";
    write(data.join("pg_hba.conf"), format!("{own}{access}")).unwrap();
    Server::start(folder.clone(), port, &serving(user, &folder, port, settings), "ready to accept connections")
}

/// Starts a replica of the server, which follows it until it is [promoted](promote).
pub fn standby(of: &Server) -> Server {
    let user = User::unless_root("postgres");
    let (folder, port) = (folder(user), free_port());
    certificate(&folder, user);
    let mut copy = user.command(program("pg_basebackup"));
    copy.arg("-h").arg(&of.folder).args(["-p", &of.port.to_string(), "-U", "postgres", "-R", "-c", "fast", "-D"]);
    run(copy.arg(folder.join("data")));
    Server::start(folder.clone(), port, &serving(user, &folder, port, &[]), "ready to accept read-only connections")
}

/// Makes a replica a server of its own.
pub fn promote(standby: &Server) {
    assert_eq!(psql(standby, "postgres", "SELECT pg_promote()"), "t");
}

/// The command that serves the data in this folder.
fn serving(user: User, folder: &Path, port: u16, settings: &[&str]) -> Command {
    let mut server = user.command(program("postgres"));
    server.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
    let own = [
        format!("port={port}"),
        "listen_addresses=localhost".to_owned(),
        "fsync=off".to_owned(),
        "ssl=on".to_owned(),
        format!("ssl_cert_file={}", folder.join("server.crt").display()),
        format!("ssl_key_file={}", folder.join("server.key").display()),
    ];
    let settings = own.iter().map(String::as_str).chain(settings.iter().copied());
    server.args(settings.flat_map(|setting| ["-c", setting]));
    server
}

/// Starts a pgbouncer in front of every database of the server. It gives a connection to its clients for the time of one
/// transaction only, and does not offer TLS. `users` are names and passwords.
pub fn pooler(to: &Server, pool_size: usize, users: &[(&str, &str)]) -> Server {
    let user = User::unless_root("postgres");
    let (folder, port) = (folder(user), free_port());
    let settings = format!(
        "[databases]\n* = host=localhost port={}\n[pgbouncer]\nlisten_addr = localhost\nlisten_port = {port}\n\
         unix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {}\npool_mode = transaction\n\
         default_pool_size = {pool_size}\nmax_client_conn = 500\n",
        to.port,
        folder.join("users").display()
    );
    write(folder.join("pgbouncer.ini"), settings).unwrap();
    let users: Vec<_> = users.iter().map(|(name, password)| format!("\"{name}\" \"{password}\"\n")).collect();
    write(folder.join("users"), users.concat()).unwrap();
    let mut server = user.command("/usr/sbin/pgbouncer");
    server.arg(folder.join("pgbouncer.ini"));
    Server::start(folder, port, &server, "process up")
}

/// One of PostgreSQL's programs, the newest that is installed.
pub fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").map(|found| found.flatten().collect::<Vec<_>>());
    let programs = versions.unwrap_or_default().into_iter().map(|version| version.path().join("bin").join(name));
    programs
        .filter(|program| program.exists())
        .max()
        .unwrap_or_else(|| panic!("PostgreSQL is missing; run: tools/setup-tests.sh"))
}

/// Runs SQL as the superuser.
pub fn psql(server: &Server, database: &str, sql: &str) -> String {
    let mut psql = client(server, "psql");
    run(psql.args(["-XqtA", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql]))
}

/// A program of PostgreSQL's that connects as the superuser.
pub fn client(server: &Server, name: &str) -> Command {
    let mut command = Command::new(program(name));
    command.arg("-h").arg(&server.folder).args(["-p", &server.port.to_string(), "-U", "postgres"]);
    command
}
