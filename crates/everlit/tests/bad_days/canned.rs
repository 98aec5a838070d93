//! A server that answers every request alike, and remembers what came.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

pub(crate) struct Canned {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Canned {
    /// Answers with these bytes, then hangs up. Its thread ends with the test's process.
    pub(crate) fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let (listener, answer) = (TcpListener::bind("127.0.0.1:0").unwrap(), answer.into());
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let mut request = Vec::new();
                let mut part = [0; 4096];
                while !request.ends_with(b"\r\n\r\n") {
                    match stream.read(&mut part) {
                        Ok(length) if length > 0 => request.extend_from_slice(&part[..length]),
                        _ => break,
                    }
                }
                // `OPTIONS` asks what time it is here.
                if !request.starts_with(b"OPTIONS ") {
                    seen.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
                }
                // A client that has hung up already is no failure of this server.
                let _ = stream.write_all(&answer);
            }
        });
        Self { address, requests }
    }

    /// The same with status, headers and body given apart.
    pub(crate) fn http(status: &str, headers: &str, body: &[u8]) -> Self {
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n", body.len());
        Self::answering([head.as_bytes(), body].concat())
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}
