//! A service on this machine that answers as a test says and keeps what it was asked.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `PUT /repos/o/r/actions/secrets/TOKEN`
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(header, _)| header == name).map_or("", |(_, value)| value)
    }

    /// The line with all characters as they are meant: a proxy may encode fewer of them.
    pub(crate) fn decoded(&self) -> String {
        percent_encoding::percent_decode_str(&self.line).decode_utf8().unwrap().into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Status, further headers, body.
pub(crate) type Answer = (u16, &'static str, String);

/// An answer in JSON.
pub(crate) fn json(status: u16, body: &Value) -> Answer {
    (status, "content-type: application/json\r\n", body.to_string())
}

pub(crate) struct Server {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub(crate) fn new(answer: impl Fn(&Asked) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let keep = Arc::clone(&asked);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let request = read(&mut stream);
                let (status, headers, body) = answer(&request);
                keep.lock().unwrap().push(request);
                let length = body.len();
                let head =
                    format!("HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n");
                let _ = stream.write_all((head + &body).as_bytes());
            }
        });
        Self { url, asked }
    }

    /// One that keeps what it is told.
    pub(crate) fn with_state(
        state: &Arc<Mutex<Value>>,
        answer: impl Fn(&mut Value, &Asked) -> Answer + Send + 'static,
    ) -> Self {
        let state = Arc::clone(state);
        Self::new(move |asked| answer(&mut state.lock().unwrap(), asked))
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.line).collect()
    }
}

fn read(stream: &mut TcpStream) -> Asked {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            let line = lines.next().unwrap().trim_end_matches(" HTTP/1.1").to_owned();
            let header =
                |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
            let headers: Vec<_> = lines.filter_map(header).collect();
            let length =
                headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, n)| n.parse().unwrap());
            if body.len() >= length {
                return Asked { line, headers, body: body.to_owned() };
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return Asked { line: String::new(), headers: Vec::new(), body: String::new() },
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}
