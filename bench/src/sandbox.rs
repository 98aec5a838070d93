//! `everlit sandbox` as a child, and the two things that the bench asks of it.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

use serde_json::Value;

use crate::error::Error;

/// A calm Meta on a free port of this machine. Ended when dropped.
#[derive(Debug)]
pub(crate) struct Sandbox {
    child: Child,
    url: String,
}

impl Sandbox {
    /// Starts it, and waits for the line that says where it listens.
    pub(crate) fn start(everlit: &Path) -> Result<Self, Error> {
        let child = Command::new(everlit)
            .args(["sandbox", "--friendly", "--port", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(Error::io("start `everlit sandbox`"))?;
        // From here on the child is ended whatever happens.
        let mut sandbox = Self { child, url: String::new() };

        let mut line = String::new();
        if let Some(stdout) = sandbox.child.stdout.take() {
            let mut stdout = BufReader::new(stdout);
            stdout.read_line(&mut line).map_err(Error::io("read from `everlit sandbox`"))?;
            // Whatever it says after that is read too: a full pipe would stop it.
            thread::spawn(move || io::copy(&mut stdout, &mut io::sink()));
        }
        let url = line.split_whitespace().find(|word| word.starts_with("http://"));
        url.ok_or_else(|| said(&line))?.trim_end_matches('/').clone_into(&mut sandbox.url);
        Ok(sandbox)
    }

    /// For `EVERLIT_META_URL`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A new Instagram token that may be refreshed: 40 days old, 20 left.
    pub(crate) fn old_token(&self) -> Result<String, Error> {
        let reply = self.post("/_sandbox/tokens", OLD_TOKEN)?;
        let reply: Value = serde_json::from_str(&reply).map_err(|_| said(&reply))?;
        let token = reply["access_token"].as_str();
        token.map(str::to_owned).ok_or_else(|| said(&reply.to_string()))
    }

    /// One request over a connection of its own; the body of a 2xx reply.
    fn post(&self, path: &str, body: &str) -> Result<String, Error> {
        let address = self.url.trim_start_matches("http://");
        let exchange = || {
            let mut stream = TcpStream::connect(address)?;
            write!(
                stream,
                "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            )?;
            let mut reply = String::new();
            stream.read_to_string(&mut reply).map(|_| reply)
        };
        let reply = exchange().map_err(Error::io(format!("POST {path} to the sandbox")))?;
        match reply.split_once("\r\n\r\n") {
            Some((head, body)) if head.starts_with("HTTP/1.1 2") => Ok(body.to_owned()),
            _ => Err(said(&reply)),
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to do about either failure.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Always of the same account: a token of another one would not be taken in place of the first.
const OLD_TOKEN: &str = r#"{"kind":"instagram","username":"bench_bakery","user_id":"17840000000000001","age_days":40}"#;

fn said(message: &str) -> Error {
    Error::Sandbox(format!("it said {message:?}"))
}
