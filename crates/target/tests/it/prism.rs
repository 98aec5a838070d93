//! Prism, which holds calls and answers against the specification of an API: <https://github.com/stoplightio/prism>.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout};

use crate::server::Server;
use crate::support::{CREDENTIAL, command, validators};

/// Prism in front of a server. It refuses a call that the specification does not allow, and an answer likewise.
pub(crate) struct Prism {
    pub(crate) url: String,
    _process: Process,
    /// It writes there as long as it runs.
    _output: BufReader<ChildStdout>,
}

/// A process that ends with its owner.
struct Process(Child);

impl Prism {
    pub(crate) fn start(specification: &str, server: &Server) -> Self {
        let folder = validators();
        let process = command("node")
            .arg(folder.join("node_modules/@stoplight/prism-cli/dist/index.js"))
            .args(["proxy", "--errors", "--host", "127.0.0.1", "--port", "0"])
            .arg(folder.join("specs").join(specification))
            .arg(&server.url)
            .spawn();
        let mut process = Process(process.unwrap());
        let mut output = BufReader::new(process.0.stdout.take().unwrap());
        let mut line = String::new();
        loop {
            line.clear();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "Prism did not start");
            if let Some((_, url)) = line.split_once("Prism is listening on ") {
                return Self { url: url.trim().to_owned(), _process: process, _output: output };
            }
        }
    }

    /// The answer to a call of the test's own, as text.
    pub(crate) fn call(&self, method: &str, target: &str, body: &str) -> String {
        let host = self.url.trim_start_matches("http://");
        let head = format!(
            "{method} {target} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {CREDENTIAL}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let mut stream = TcpStream::connect(host).unwrap();
        stream.write_all((head + body).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
