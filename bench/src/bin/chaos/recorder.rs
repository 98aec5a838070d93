//! Takes the messages to people.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A channel that keeps what it takes.
pub(crate) struct Recorder {
    pub(crate) url: String,
    messages: Arc<Mutex<Vec<Message>>>,
}

/// A message, and the accounts that it names.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// What it is about, as `needs_person`.
    pub(crate) news: String,
    pub(crate) accounts: Vec<String>,
}

impl Message {
    /// Of the JSON that webhooks get.
    fn of(body: &str) -> Self {
        let event: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("unreadable").to_owned();
        let accounts = event["data"]["accounts"].as_array().map(Vec::as_slice).unwrap_or_default();
        let accounts = accounts.iter().map(|account| text(&account["name"])).collect();
        Self { news: text(&event["data"]["news"]), accounts }
    }
}

impl Recorder {
    pub(crate) fn start() -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let url = format!("http://{}/hook", listener.local_addr().map_err(|error| error.to_string())?);
        let messages = Arc::<Mutex<Vec<Message>>>::default();
        let keep = Arc::clone(&messages);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let body = read(&stream).unwrap_or_default();
                keep.lock().unwrap_or_else(PoisonError::into_inner).push(Message::of(&body));
                let _ = (&stream).write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
            }
        });
        Ok(Self { url, messages })
    }

    pub(crate) fn messages(&self) -> Vec<Message> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read(mut stream: &TcpStream) -> std::io::Result<String> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = |line: &str| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok();
            if body.len() >= head.lines().find_map(length).unwrap_or(0) {
                return Ok(body.to_owned());
            }
        }
        match stream.read(&mut buffer)? {
            0 => return Ok(text),
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}
