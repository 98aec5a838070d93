//! A server on this machine that plays whoever takes messages.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A service that takes messages, one at a time, and keeps them.
pub struct Service {
    pub address: String,
    /// Request line and body of each.
    pub taken: Arc<Mutex<Vec<(String, String)>>>,
    answer: Arc<Mutex<(u16, String)>>,
}

impl Service {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (taken, answer) = (Arc::<Mutex<Vec<_>>>::default(), Arc::new(Mutex::new((200, "ok".to_owned()))));
        let (keep, given) = (Arc::clone(&taken), Arc::clone(&answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let request = read(&mut stream.as_ref().unwrap());
                keep.lock().unwrap().push(request);
                let (status, body) = given.lock().unwrap().clone();
                let length = body.len();
                let reply =
                    format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
                let _ = stream.unwrap().write_all(reply.as_bytes());
            }
        });
        Self { address, taken, answer }
    }

    pub fn answers(&self, status: u16) {
        self.answers_with(status, "ok");
    }

    pub fn answers_with(&self, status: u16, body: &str) {
        *self.answer.lock().unwrap() = (status, body.to_owned());
    }

    /// The bodies that came to this path.
    pub fn at(&self, path: &str) -> Vec<String> {
        let taken = self.taken.lock().unwrap();
        let here =
            taken.iter().filter(|(line, _)| line.split(' ').nth(1).is_some_and(|target| target.starts_with(path)));
        here.map(|(_, body)| body.clone()).collect()
    }

    pub fn lines(&self) -> Vec<String> {
        self.taken.lock().unwrap().iter().map(|(line, _)| line.clone()).collect()
    }
}

fn read(stream: &mut &TcpStream) -> (String, String) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return (head.lines().next().unwrap().to_owned(), body.to_owned());
            }
        }
        match stream.read(&mut buffer).unwrap() {
            0 => return (text, String::new()),
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}
