//! The part of Redis' protocol that a key needs: commands go out as arrays of strings, one simple value comes back for each.
//!
//! <https://redis.io/docs/latest/develop/reference/protocol-spec/>

use std::fmt::Write as _;
use std::io;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use zeroize::Zeroizing;

/// What Redis answers.
#[cfg_attr(test, derive(Debug, Eq, PartialEq))]
pub(super) enum Reply {
    /// A string or a number.
    Text(String),
    /// No such value exists.
    Nil,
    /// It begins with a word in capitals that says what kind of error it is.
    Error(String),
}

/// A connection to a server that speaks the protocol.
pub(super) struct Connection<S>(BufReader<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    pub(super) fn new(stream: S) -> Self {
        Self(BufReader::new(stream))
    }

    /// Sends a command and waits for what comes of it.
    pub(super) async fn call(&mut self, command: &[&str]) -> io::Result<Reply> {
        let mut bytes = Zeroizing::new(format!("*{}\r\n", command.len()));
        for argument in command {
            // Writing into a string cannot fail.
            let _ = write!(bytes, "${}\r\n{argument}\r\n", argument.len());
        }
        self.0.get_mut().write_all(bytes.as_bytes()).await?;
        self.0.get_mut().flush().await?;
        self.reply().await
    }

    async fn reply(&mut self) -> io::Result<Reply> {
        let line = self.line().await?;
        let (kind, text) = line.split_at_checked(1).ok_or_else(odd)?;
        Ok(match kind {
            "+" | ":" => Reply::Text(text.to_owned()),
            "-" => Reply::Error(text.to_owned()),
            "$" if text == "-1" => Reply::Nil,
            "$" => Reply::Text(self.string(text.parse().map_err(|_| odd())?).await?),
            _ => return Err(odd()),
        })
    }

    async fn line(&mut self) -> io::Result<String> {
        const LONGEST: u64 = 4096;
        let mut line = Vec::new();
        (&mut self.0).take(LONGEST).read_until(b'\n', &mut line).await?;
        if line.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.strip_suffix(b"\r\n").ok_or_else(odd)?;
        Ok(String::from_utf8_lossy(line).into_owned())
    }

    async fn string(&mut self, length: usize) -> io::Result<String> {
        const LONGEST: usize = 1 << 20;
        if length > LONGEST {
            return Err(io::Error::other("the value there is larger than any token"));
        }
        let mut bytes = vec![0; length + 2];
        self.0.read_exact(&mut bytes).await?;
        let bytes = bytes.strip_suffix(b"\r\n").ok_or_else(odd)?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }
}

fn odd() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it does not answer as Redis does")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn reply(bytes: &[u8]) -> io::Result<Reply> {
        let mut sent = Vec::new();
        Connection::new(tokio::io::join(bytes, &mut sent)).call(&["GET", "caf\u{e9}"]).await.inspect(|_| {
            assert_eq!(sent, "*2\r\n$3\r\nGET\r\n$5\r\ncaf\u{e9}\r\n".as_bytes());
        })
    }

    #[tokio::test]
    async fn each_kind_of_reply_is_read() {
        for (bytes, expected) in [
            ("+OK\r\n", Reply::Text("OK".to_owned())),
            (":7\r\n", Reply::Text("7".to_owned())),
            ("$-1\r\n", Reply::Nil),
            ("$4\r\na\r\nb\r\n", Reply::Text("a\r\nb".to_owned())),
            ("-NOPERM no\r\n", Reply::Error("NOPERM no".to_owned())),
        ] {
            assert_eq!(reply(bytes.as_bytes()).await.unwrap(), expected, "{bytes:?}");
        }
    }

    #[tokio::test]
    async fn what_is_no_reply_is_an_error() {
        for bytes in
            ["", "+OK", "$5\r\nabc", "$x\r\n", "$99999999999\r\n", "HTTP/1.1 400 Bad Request\r\n", "\r\n", "*1\r\n"]
        {
            reply(bytes.as_bytes()).await.unwrap_err();
        }
    }
}
