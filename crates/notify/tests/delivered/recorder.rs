//! A local web service that records calls and gives scripted answers.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use everlit_http::Secret;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// An answer to one call.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// A status, headers with a line break after each, and a body.
    Status(u16, &'static str, &'static str),
    /// These bytes, which are not HTTP.
    Garbage(&'static [u8]),
    /// Never answers.
    Hang,
}

/// A recorded call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Call {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What a service documents about valid calls. Others are answered with 400.
pub(crate) type Rules = fn(&Call) -> Result<(), String>;

pub(crate) struct Recorder {
    address: SocketAddr,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Recorder {
    /// Gives these answers in turn, and repeats the last.
    pub(crate) async fn answering(answers: Vec<Answer>) -> Self {
        Self::with(|_| Ok(()), answers).await
    }

    /// Answers valid calls so.
    pub(crate) async fn ruled(rules: Rules, answer: Answer) -> Self {
        Self::with(rules, vec![answer]).await
    }

    async fn with(rules: Rules, mut answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let recorder = Self { address: listener.local_addr().unwrap(), calls: Arc::default() };
        let calls = Arc::clone(&recorder.calls);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
                let calls = Arc::clone(&calls);
                tokio::spawn(async move {
                    let Some(call) = read(&mut stream).await else { return };
                    let broken = rules(&call).err();
                    calls.lock().unwrap().push(call);
                    let bytes = match (broken, answer) {
                        (Some(rule), _) => response(400, "", &rule),
                        (None, Answer::Status(status, headers, body)) => response(status, headers, body),
                        (None, Answer::Garbage(bytes)) => bytes.to_vec(),
                        (None, Answer::Hang) => std::future::pending().await,
                    };
                    let _ = stream.write_all(&bytes).await;
                });
            }
        });
        recorder
    }

    /// The URL of `path` here.
    pub(crate) fn url(&self, path: &str) -> Secret {
        Secret::new(format!("http://{}{path}", self.address))
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    /// The method and the target of each call.
    pub(crate) fn targets(&self) -> Vec<String> {
        self.calls().iter().map(|call| format!("{} {}", call.method, call.target)).collect()
    }
}

fn response(status: u16, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

async fn read(stream: &mut TcpStream) -> Option<Call> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(bytes).unwrap();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut call = Call { method, target, headers, body: String::new() };
    let length = call.header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    call.body = String::from_utf8(body).unwrap();
    Some(call)
}
