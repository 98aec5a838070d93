//! Starts a server that ends with the tests, however they end.
#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    reason = "the servers are other programs with real files and sockets"
)]

use std::fs::{Permissions, set_permissions, write};
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};

/// A running server. Its folder goes with it.
#[derive(Debug)]
pub struct Server {
    /// What it keeps its files in.
    pub folder: PathBuf,
    /// Where it listens.
    pub port: u16,
    _guard: ChildStdin,
}

/// A user of this machine, whom a server runs as that refuses to run as root.
#[derive(Clone, Copy, Debug)]
pub struct User(Option<(u32, u32)>);

impl User {
    /// `name` where the tests run as root, else whoever runs them.
    pub fn unless_root(name: &str) -> Self {
        let users = std::fs::read_to_string("/etc/passwd").unwrap();
        let fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| fields[0] == name);
        let ids = fields.map(|fields| (fields[2].parse().unwrap(), fields[3].parse().unwrap()));
        let is_root =
            std::fs::metadata("/proc/self").map(|own| std::os::unix::fs::MetadataExt::uid(&own)).unwrap() == 0;
        Self(is_root.then(|| ids.unwrap_or_else(|| panic!("there is no user {name}; run: tools/setup-tests.sh"))))
    }

    /// Gives a file or folder to the user.
    pub fn own(self, path: &Path) {
        if let Some((uid, gid)) = self.0 {
            chown(path, Some(uid), Some(gid)).unwrap();
        }
    }

    /// The program as this user's.
    pub fn command(self, program: impl AsRef<Path>) -> Command {
        let program = program.as_ref();
        let Some((uid, gid)) = self.0 else { return Command::new(program) };
        let mut command = Command::new("setpriv");
        command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".to_owned()]).arg(program);
        command
    }
}

/// A new folder that other users can reach, owned by this one.
pub fn folder(user: User) -> PathBuf {
    let folder = tempfile::Builder::new().prefix("everlit-db").tempdir().unwrap().keep();
    set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    user.own(&folder);
    folder
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Writes a certificate for `localhost` and its key into the folder.
pub fn certificate(folder: &Path, user: User) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    for (name, pem) in [("server.crt", made.cert.pem()), ("server.key", made.signing_key.serialize_pem())] {
        let path = folder.join(name);
        write(&path, pem).unwrap();
        set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        user.own(&path);
    }
}

impl Server {
    /// Runs it until the tests are over: waits for the line with which it says that it is ready.
    pub fn start(folder: PathBuf, port: u16, server: &Command, ready: &str) -> Self {
        // The shell's standard input ends when this process does, even if it is killed.
        const GUARD: &str = r#"folder=$1; shift; "$@" </dev/null & cat >/dev/null; kill -9 $!; wait; rm -rf "$folder""#;
        let mut guard = Command::new("sh");
        guard.args(["-c", &format!("exec 2>&1; {GUARD}"), "sh"]).arg(&folder);
        guard.arg(server.get_program()).args(server.get_args()).current_dir(&folder);
        let mut guard = guard.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(guard.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut said = Vec::new();
        let is_ready = lines.by_ref().inspect(|line| said.push(line.clone())).any(|line| line.contains(ready));
        assert!(is_ready, "{server:?} ended: {}", said.join("\n"));
        let stdin = guard.stdin.take().unwrap();
        std::thread::spawn(move || {
            lines.for_each(drop);
            guard.wait()
        });
        Self { folder, port, _guard: stdin }
    }
}

/// Runs a program to its end.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; run: tools/setup-tests.sh"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
