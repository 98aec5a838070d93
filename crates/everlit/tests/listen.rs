//! A run for each signed call, as the crons of hosts make them that cannot run a program.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failure here fails the test")]

mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ExitStatus, Stdio};

use everlit_meta_api::Timestamp;
use everlit_sandbox::{Endpoint, Fault, Injection, MetaError};
use everlit_webhook::SigningKey;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use support::{Meta, Project, unix_now};

const SECRET: &str = "whsec_ZmFrZWZha2VmYWtlZmFrZWZha2VmYWtl";

/// `everlit listen`, until it is dropped.
struct Listener {
    child: Child,
    /// `127.0.0.1:PORT`
    address: String,
}

impl Listener {
    fn start(call: support::Call) -> Self {
        let mut child = call.into_command().stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let said = lines.by_ref().map(Result::unwrap).find(|line| line.starts_with("listening on http://"));
        let address = said.unwrap()["listening on http://".len()..].to_owned();
        // What runs say later is read by nobody, and must not block them.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address.replace("0.0.0.0", "127.0.0.1")).unwrap()
    }

    /// Begins a call with these headers, each with its line end.
    fn begin(&self, method: &str, path: &str, headers: &str, body: &str) -> TcpStream {
        let mut stream = self.connect();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        stream
    }

    fn call(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, Value) {
        answer(self.begin(method, path, headers, body))
    }

    /// Asks it to end, and waits until it has.
    fn end(&mut self) -> ExitStatus {
        self.terminate();
        self.child.wait().unwrap()
    }

    fn terminate(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Status and body.
fn answer(mut stream: TcpStream) -> (u16, Value) {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer:?}"));
    (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap())
}

fn signed(id: &str, body: &str) -> String {
    let headers = SigningKey::parse(SECRET).unwrap().headers(id, Timestamp::from_unix(unix_now()), body);
    headers.map(|(name, value)| format!("{name}: {}\r\n", value.expose())).concat()
}

fn listen(project: &Project, meta: &Meta) -> support::Call {
    let call = project.everlit(&["listen", "--address", "127.0.0.1:0"]);
    call.asking(meta).env("EVERLIT_TRIGGER_SECRET", SECRET)
}

#[test]
fn a_call_signed_by_another_library_starts_a_run() {
    let meta = Meta::friendly();
    let old = meta.token_of_age(40);
    let project = Project::holding(&old);
    let listener = Listener::start(listen(&project, &meta));
    let body = r#"{"cron": "0 3 * * *"}"#;
    let headers: Value = serde_json::from_str(&support::python("sign.py", &[SECRET, "msg_fake1", body])).unwrap();
    let line = |(name, value): (&String, &Value)| format!("{name}: {}\r\n", value.as_str().unwrap());
    let headers = headers.as_object().unwrap().iter().map(line).collect::<Vec<_>>().concat();
    let (status, report) = listener.call("POST", "/", &headers, body);
    assert_eq!(
        (status, &report["exit_code"], report["accounts"][0]["outcome"].as_str()),
        (200, &0.into(), Some("refreshed"))
    );
    assert!(!report.to_string().contains(&old[20..]) && project.read(".env.local").contains(&meta.newest()));
    // Whoever has seen the call cannot make it again, nor another one.
    assert_eq!(listener.call("POST", "/", &headers, body).0, 409);
    assert_eq!(listener.call("POST", "/", &headers, "{}").0, 401);
    assert_eq!(meta.refreshes(), 1);
}

/// What `schedule print` writes for a host's cron, called as that host calls it.
#[test]
fn the_function_for_vercels_cron_starts_a_run() {
    let meta = Meta::friendly();
    let project = Project::holding(&meta.token_of_age(40));
    let listener = Listener::start(listen(&project, &meta));
    let site = Project::new();
    site.everlit(&["schedule", "print", "vercel", "--output", "."]).run().ended(0);
    let cron = r#"import { GET } from "./api/everlit-refresh.mjs";
        await GET(new Request("http://site", { headers: { authorization: "Bearer fakeSECRETfake" } }));"#;
    let mut node = std::process::Command::new("node");
    node.args(["--input-type=module", "-e", cron]).current_dir(site.path()).env("CRON_SECRET", "fakeSECRETfake");
    node.env("EVERLIT_TRIGGER_URL", format!("http://{}", listener.address)).env("EVERLIT_TRIGGER_SECRET", SECRET);
    let called = node.output().unwrap();
    assert!(called.status.success(), "{}", String::from_utf8_lossy(&called.stderr));
    assert!(meta.refreshes() == 1 && project.read(".env.local").contains(&meta.newest()));
}

#[test]
fn only_a_signed_post_starts_a_run() {
    let meta = Meta::friendly();
    let project = Project::holding(&meta.token_of_age(40));
    let listener = Listener::start(listen(&project, &meta));
    let right = signed("a", "{}");
    let other = SigningKey::parse("whsec_b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm8=").unwrap();
    let wrong = other.headers("a", Timestamp::from_unix(unix_now()), "{}");
    let wrong = wrong.map(|(name, value)| format!("{name}: {}\r\n", value.expose())).concat();
    let old = SigningKey::parse(SECRET).unwrap().headers("a", Timestamp::from_unix(unix_now() - 310), "{}");
    let old = old.map(|(name, value)| format!("{name}: {}\r\n", value.expose())).concat();
    for (method, path, headers, status) in [
        ("POST", "/", "", 401),
        ("POST", "/", &*wrong, 401),
        ("POST", "/", &*old, 401),
        ("GET", "/", &*right, 405),
        ("POST", "/run", &*right, 404),
        ("GET", "/healthz", "", 200),
    ] {
        assert_eq!(listener.call(method, path, headers, "{}").0, status, "{method} {path} {headers}");
    }
    assert_eq!(meta.calls(), 0);
    assert_eq!(listener.call("POST", "/", &right, "{}").0, 200, "none of these has used up the id");
}

#[test]
fn a_run_that_needs_a_person_is_answered_with_500() {
    let meta = Meta::friendly();
    let project = Project::holding(&meta.token_of_age(61));
    let listener = Listener::start(listen(&project, &meta));
    let (status, answer) = listener.call("POST", "/", &signed("a", ""), "");
    assert_eq!((status, answer["error"].as_str()), (500, Some("ExitCode3")));
    assert!(answer["message"].as_str().unwrap().starts_with("default: "), "{answer}");
    // A failure that the next run tries again is none.
    let project = Project::holding(&meta.token_of_age(40));
    let listener = Listener::start(listen(&project, &meta));
    let limit = MetaError::new(4, "Application request limit reached");
    meta.inject(Injection::new(Fault::Error(limit)).at(Endpoint::Refresh));
    let (status, report) = listener.call("POST", "/", &signed("a", ""), "");
    assert_eq!((status, &report["exit_code"]), (200, &4.into()));
}

#[test]
fn it_ends_after_the_run_in_progress() {
    let meta = Meta::friendly();
    let project = Project::holding(&meta.token_of_age(40));
    let mut listener = Listener::start(listen(&project, &meta));
    meta.holds_back_the_refresh();
    let running = listener.begin("POST", "/", &signed("a", ""), "");
    meta.awaits_the_refresh(&mut listener.child);
    let waiting = listener.begin("POST", "/", &signed("b", ""), "");
    let silent = listener.connect();
    listener.terminate();
    // It listens no longer, and so has received the signal.
    while TcpStream::connect(&listener.address).is_ok() {
        assert!(listener.child.try_wait().unwrap().is_none(), "it has left the run alone");
    }
    meta.lets_go();
    assert_eq!(answer(running).0, 200);
    assert!(listener.child.wait().unwrap().success());
    for mut left in [waiting, silent] {
        let mut answer = String::new();
        let _ = left.read_to_string(&mut answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 503 "), "no further run: {answer}");
    }
    assert!(project.read(".env.local").contains(&meta.newest()));
    assert_eq!(meta.refreshes(), 1);
}

#[test]
fn without_a_secret_it_does_not_start() {
    let meta = Meta::friendly();
    let project = Project::holding(&meta.token_of_age(40));
    let call = || project.everlit(&["listen"]).env("PORT", "0");
    let refused = call().run().ended(2).notes("EVERLIT_TRIGGER_SECRET is not set, so no call could be trusted");
    assert_eq!(refused.next(), "set EVERLIT_TRIGGER_SECRET to what this prints: echo whsec_$(openssl rand -base64 32)");
    let short = "whsec_ZmFrZQ==";
    let refused = call().env("EVERLIT_TRIGGER_SECRET", short).run().ended(2);
    refused.notes("must be `whsec_` and 24 to 64 bytes in base64").never_shows(short);
    let refused = call().env("EVERLIT_TRIGGER_SECRET", SECRET).env("PORT", "http").run().ended(2);
    refused.notes("PORT is not the number of a port");
}

#[test]
fn a_platform_says_where_it_listens() {
    let meta = Meta::friendly();
    let project = Project::holding(&meta.token_of_age(40)).with_file("../secret", SECRET);
    let call =
        project.everlit(&["listen"]).asking(&meta).env("PORT", "0").env("EVERLIT_TRIGGER_SECRET_FILE", "../secret");
    let mut listener = Listener::start(call);
    assert!(listener.address.starts_with("0.0.0.0:"), "{}", listener.address);
    assert_eq!(listener.call("GET", "/healthz", "", "").0, 200);
    assert_eq!(listener.call("POST", "/", &signed("a", ""), "").0, 200);
    let taken = format!("127.0.0.1:{}", listener.address.rsplit(':').next().unwrap());
    let refused = project.everlit(&["listen", "--address", &taken]).env("EVERLIT_TRIGGER_SECRET", SECRET).run();
    refused.ended(2).notes(&format!("cannot listen on {taken}"));
    assert!(listener.end().success());
}
