//! moto, which stands in for AWS, with AWS's own client.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::Value;

/// Ends when dropped.
pub struct Moto {
    pub url: String,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    process: Child,
}

impl Moto {
    pub fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tests/it/validators/moto_server.py");
        let mut python = super::python_command(&script);
        let python = python.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = python.spawn().unwrap_or_else(|error| panic!("{error}: run tools/setup-tests.sh"));
        let stdin = process.stdin.take().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut url = String::new();
        stdout.read_line(&mut url).unwrap();
        Self { url: url.trim().to_owned(), stdin, stdout, process }
    }

    /// What AWS's own client is answered.
    pub fn call(&mut self, service: &str, method: &str, parameters: &Value) -> Value {
        writeln!(self.stdin, "{}", serde_json::json!([[service, method, parameters]])).unwrap();
        let mut answers = String::new();
        self.stdout.read_line(&mut answers).unwrap();
        let answers: Value = serde_json::from_str(&answers).unwrap();
        answers[0].clone()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
