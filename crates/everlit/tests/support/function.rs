//! The program as a function of AWS Lambda, and the runtime API that it asks for invocations.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Child;

use super::Call;

/// A function that waits for its next invocation; ends when dropped.
pub struct Function {
    child: Child,
    api: TcpListener,
    /// Where the next event goes.
    waiting: TcpStream,
    invocations: usize,
}

impl Function {
    pub fn start(call: Call) -> Self {
        let api = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = api.local_addr().unwrap().to_string();
        let child = call.env("AWS_LAMBDA_RUNTIME_API", address).into_command().spawn().unwrap();
        let (waiting, path, _) = request(&api);
        assert!(path.ends_with("/invocation/next"), "{path}");
        Self { child, api, waiting, invocations: 0 }
    }

    /// The response to an event, or the error of the function.
    pub fn invoke(&mut self, event: &str) -> Result<String, String> {
        self.begin(event);
        let (mut stream, path, body) = request(&self.api);
        let id = format!("/2018-06-01/runtime/invocation/id-{}/", self.invocations);
        let what = path.strip_prefix(&id).unwrap_or_else(|| panic!("{path} is no answer to {id}"));
        respond(&mut stream, 202, "", "{}");
        self.waiting = request(&self.api).0;
        if what == "response" { Ok(body) } else { Err(body) }
    }

    /// Demands that the event which was handed out has not been answered.
    #[track_caller]
    pub fn assert_busy(&self) {
        self.api.set_nonblocking(true).unwrap();
        assert!(self.api.accept().is_err(), "it has answered");
        self.api.set_nonblocking(false).unwrap();
    }

    /// Hands out an event. Whoever does not wait for the answer ends the function.
    pub fn begin(&mut self, event: &str) {
        self.invocations += 1;
        let id = format!("lambda-runtime-aws-request-id: id-{}\r\n", self.invocations);
        respond(&mut self.waiting, 200, &id, event);
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next request, with its path and body.
fn request(api: &TcpListener) -> (TcpStream, String, String) {
    let (stream, _) = api.accept().unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut line) = (String::new(), String::new());
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line).unwrap();
        head.push_str(&line.to_lowercase());
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (stream, head.split(' ').nth(1).unwrap().to_owned(), String::from_utf8(body).unwrap())
}

fn respond(stream: &mut TcpStream, status: u16, headers: &str, body: &str) {
    let head = format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
}
