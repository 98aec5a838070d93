//! A service, started and ended as service managers do.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use everlit_sandbox::{Issue, Kind};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::{Call, Meta, Project};

/// A service, and what it logs.
pub struct Serving {
    pub process: Killed,
    log: Receiver<String>,
    logged: Vec<String>,
    pub address: String,
}

/// A process that is killed when dropped.
pub struct Killed(pub Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Serving {
    /// Starts it, and waits until it serves.
    pub fn start(call: Call) -> Self {
        let mut command = call.into_command();
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, log) = channel();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        std::thread::spawn(move || lines.for_each(|line| drop(sender.send(line))));
        let process = Killed(process);
        let mut serving = Self { process, log, logged: Vec::new(), address: String::new() };
        let first = serving.hears("serving");
        let address = first["listen"].as_str().unwrap().to_owned();
        Self { address, ..serving }
    }

    /// Waits for a line with this message, or this text anywhere.
    pub fn hears(&mut self, text: &str) -> Value {
        loop {
            let line = match self.log.recv_timeout(Duration::from_secs(120)) {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) => panic!("no `{text}`: {}", self.logged.join("\n")),
                Err(RecvTimeoutError::Disconnected) => panic!("it ended without `{text}`: {}", self.logged.join("\n")),
            };
            self.logged.push(line.clone());
            if line.contains(text) {
                return serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
            }
        }
    }

    pub fn hears_times(&mut self, text: &str, times: usize) {
        for _ in 0..times {
            self.hears(text);
        }
    }

    /// What it answers: status and body.
    pub fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// Waits until it answers so.
    pub fn answers(&self, path: &str, status: u16, text: &str) {
        loop {
            let (found, body) = self.get(path);
            if found == status && body.contains(text) {
                return;
            }
            std::thread::yield_now();
        }
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process.0), signal).unwrap();
    }

    /// Asks it to end; returns how it ended, and all it has logged.
    pub fn end(self) -> (ExitStatus, String) {
        self.signal(Signal::TERM);
        self.ended()
    }

    pub fn ended(mut self) -> (ExitStatus, String) {
        let status = self.process.0.wait().unwrap();
        self.logged.extend(self.log.iter());
        (status, self.logged.join("\n"))
    }
}

/// Adds an account with a token of this age, in days; nobody has seen it yet.
pub fn add(project: &Project, meta: &Meta, name: &str, age: i64) -> String {
    let token = meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(age));
    project.everlit(&["account", "add", name, "--stdin"]).fed(&token).ended(0);
    token
}

/// `everlit serve` at a free port.
pub fn serve(project: &Project, meta: &Meta) -> Call {
    project.everlit(&["serve", "--listen", "127.0.0.1:0"]).asking(meta)
}

/// The token of this account that Meta has issued last.
pub fn newest(meta: &Meta, name: &str) -> String {
    meta.sandbox.with(|meta| meta.newest_token(name).unwrap().text.to_string())
}
