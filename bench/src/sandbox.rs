//! Starts `everlit sandbox` as a child and asks it for tokens.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

use serde_json::Value;

use crate::error::Error;

/// A friendly sandbox on a free port. It is killed when dropped.
#[derive(Debug)]
pub(crate) struct Sandbox {
    child: Child,
    url: String,
}

impl Sandbox {
    /// Starts it and waits for the line with its address.
    pub(crate) fn start(everlit: &Path) -> Result<Self, Error> {
        let child = Command::new(everlit)
            .args(["sandbox", "--friendly", "--port", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(Error::io("start `everlit sandbox`"))?;
        // From here on the child is killed whatever happens.
        let mut sandbox = Self { child, url: String::new() };

        let mut line = String::new();
        if let Some(stdout) = sandbox.child.stdout.take() {
            let mut stdout = BufReader::new(stdout);
            stdout.read_line(&mut line).map_err(Error::io("read from `everlit sandbox`"))?;
            // Reads the rest of its output too: a full pipe would block it.
            thread::spawn(move || io::copy(&mut stdout, &mut io::sink()));
        }
        let url = line.split_whitespace().find(|word| word.starts_with("http://"));
        url.ok_or_else(|| Error::Sandbox(line.clone()))?.trim_end_matches('/').clone_into(&mut sandbox.url);
        Ok(sandbox)
    }

    /// The value of `EVERLIT_META_URL`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Issues a new Instagram token that can be refreshed: 40 days old, with 20 days left.
    pub(crate) fn old_token(&self) -> Result<String, Error> {
        let reply = self.post("/_sandbox/tokens", OLD_TOKEN)?;
        let reply: Value = serde_json::from_str(&reply).map_err(|_| Error::Sandbox(reply.clone()))?;
        let token = reply["access_token"].as_str();
        token.map(str::to_owned).ok_or_else(|| Error::Sandbox(reply.to_string()))
    }

    /// Sends one request over its own connection and returns the body of a 2xx reply.
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
            _ => Err(Error::Sandbox(reply)),
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself; neither failure matters.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Always of the same account: everlit does not replace a token with one of another account.
const OLD_TOKEN: &str = r#"{"kind":"instagram","username":"bench_bakery","user_id":"17840000000000001","age_days":40}"#;
