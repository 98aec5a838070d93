//! `everlit sandbox`, as scripts and people use it.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests write the project files, and fail by panicking"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use everlit_testkit::started;

/// A running sandbox, killed when dropped.
struct Sandbox {
    child: Child,
    out: BufReader<ChildStdout>,
    url: String,
}

impl Sandbox {
    fn start(flags: &[&str]) -> Self {
        let mut command = everlit();
        command.args(["sandbox", "--port", "0"]).args(flags).stdout(Stdio::piped());
        let mut child = started(|| command.spawn()).unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let url = line.trim_end().strip_prefix("Sandbox on ").unwrap_or_else(|| panic!("{line}")).to_owned();
        Self { child, out, url }
    }

    /// The body of the reply.
    fn ask(&self, request: &str, body: &str) -> String {
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{request} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{reply}");
        body.to_owned()
    }

    fn token(&self) -> String {
        let reply = self.ask("POST /_sandbox/tokens", r#"{"kind":"instagram","age_days":40}"#);
        let reply: serde_json::Value = serde_json::from_str(&reply).unwrap();
        reply["access_token"].as_str().unwrap().to_owned()
    }

    fn port(&self) -> &str {
        self.url.rsplit(':').next().unwrap()
    }

    /// Its output from the second line to the hint how to stop it.
    fn introduction(&mut self) -> String {
        let mut said = String::new();
        while !said.ends_with("Ctrl-C\n") {
            assert_ne!(self.out.read_line(&mut said).unwrap(), 0, "it has exited:\n{said}");
        }
        said
    }

    /// Kills it and returns the output that has not been read yet.
    fn said(mut self) -> String {
        self.child.kill().unwrap();
        let mut said = String::new();
        self.out.read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn everlit() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_everlit"));
    command.env_remove("EVERLIT_META_URL");
    command
}

#[test]
fn the_first_line_is_the_address_of_its_page() {
    let sandbox = Sandbox::start(&[]);
    assert!(sandbox.url.starts_with("http://127.0.0.1:"), "{}", sandbox.url);
    assert!(sandbox.ask("GET /", "").contains("<html"));
}

#[test]
fn everlit_refreshes_a_token_from_the_sandbox() {
    let mut sandbox = Sandbox::start(&["--friendly"]);
    let project = tempfile::tempdir().unwrap();
    let token = sandbox.token();
    fs::write(project.path().join(".env.local"), format!("IG_ACCESS_TOKEN={token}\n")).unwrap();
    let mut command = everlit();
    command.args(["refresh", "-C"]).arg(project.path()).env("EVERLIT_META_URL", &sandbox.url);
    let refresh = started(|| command.output()).unwrap();
    assert_eq!(refresh.status.code(), Some(0), "{refresh:?}");
    assert!(String::from_utf8_lossy(&refresh.stdout).contains("60 days left"), "{refresh:?}");
    let said = sandbox.introduction();
    assert!(
        said.contains(&sandbox.url) && said.contains("EVERLIT_META_URL") && said.contains("/_sandbox/tokens"),
        "{said}"
    );
}

#[test]
fn the_printed_seed_reproduces_the_same_tokens() {
    let mut first = Sandbox::start(&[]);
    let (said, token) = (first.introduction(), first.token());
    let seed = said.split_once("--seed ").unwrap().1.lines().next().unwrap();
    assert_eq!(Sandbox::start(&["--seed", seed]).token(), token);
}

#[test]
fn a_port_in_use_is_a_configuration_error() {
    let first = Sandbox::start(&["--quiet"]);
    let second = started(|| everlit().args(["sandbox", "--port", first.port()]).output()).unwrap();
    let err = String::from_utf8(second.stderr).unwrap();
    assert_eq!((second.status.code(), second.stdout.len()), (Some(2), 0), "{err}");
    assert!(err.contains(&format!("port {} is in use", first.port())) && err.contains("--port 0"), "{err}");
    assert_eq!(first.said(), "");
}
