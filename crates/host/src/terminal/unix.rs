//! Reads a line without echo; the echo is restored whatever happens.

use std::io::{self, BufRead as _, Write as _};

use everlit_meta_api::Secret;
use rustix::process::{Signal, getpid, kill_process};
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

/// Asks on stderr and reads a line from stdin, which is a terminal. Ctrl-C ends the process, with the echo on again.
pub fn unseen_line(prompt: &str) -> io::Result<Secret> {
    let echo_off = EchoOff::now()?;
    let mut stderr = io::stderr();
    write!(stderr, "{prompt}").and_then(|()| stderr.flush())?;
    let interrupt = echo_off.before.special_codes[SpecialCodeIndex::VINTR];
    let line = until_newline_or(interrupt)?;
    drop(echo_off);
    if line.last() == Some(&interrupt) {
        let _ = writeln!(stderr);
        kill_process(getpid(), Signal::INT)?;
        // If the signal is ignored, fail all the same.
        return Err(io::ErrorKind::Interrupted.into());
    }
    let text = std::str::from_utf8(&line).map_err(|_| io::Error::other("the input is not text"))?;
    Ok(Secret::new(text))
}

fn until_newline_or(interrupt: u8) -> io::Result<Zeroizing<Vec<u8>>> {
    /// Reserved in full, so that growing leaves no copies in memory; no terminal line is longer.
    const LONGEST: usize = 4096;
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut stdin = io::stdin().lock();
    loop {
        let found = match stdin.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            found => found?,
        };
        let end = found.iter().position(|byte| *byte == b'\n' || *byte == interrupt);
        let length = end.map_or(found.len(), |at| at + 1);
        line.extend_from_slice(&found[..length]);
        stdin.consume(length);
        if end.is_some() || length == 0 {
            return Ok(line);
        }
    }
}

/// Gives the terminal back as it was when dropped.
struct EchoOff {
    before: Termios,
}

impl EchoOff {
    fn now() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut without = before.clone();
        // Ctrl-C as a signal would end the process and leave the shell without its echo: it ends the line instead.
        without.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
        without.special_codes[SpecialCodeIndex::VEOL] = before.special_codes[SpecialCodeIndex::VINTR];
        // The end of the line is shown all the same.
        without.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(io::stdin(), OptionalActions::Now, &without)?;
        Ok(Self { before })
    }
}

impl Drop for EchoOff {
    fn drop(&mut self) {
        // A terminal that is gone needs no echo.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}
