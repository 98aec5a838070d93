//! One line of stdin, read without holding up anything else.

use std::io::{self, BufRead as _, Read as _};

use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::output::problem::Problem;

/// Whether waiting for a line can be given up without losing the next one to it.
pub(super) const CAN_BE_GIVEN_UP: bool = cfg!(unix);

/// No address that a browser shows is longer.
const LONGEST: usize = 16 * 1024;

/// The next line; `None` where the input has ended. At a terminal, dropping the future gives the line up.
pub(super) async fn line(is_terminal: bool) -> Result<Option<Zeroizing<String>>, Problem> {
    let failed = |error: io::Error| {
        Problem::config(format!("stdin cannot be read: {error}"))
            .with_next("the same again, in a terminal or with a pipe")
    };
    let (tell, told) = oneshot::channel();
    let (wait, _given_up_when_dropped) = turn::new(is_terminal).map_err(failed)?;
    let read = move || {
        if wait.comes() {
            // Whoever gave up needs no line.
            let _ = tell.send(read_line());
        }
    };
    std::thread::Builder::new().name("stdin".to_owned()).spawn(read).map_err(failed)?;
    told.await.unwrap_or(Ok(None)).map_err(failed)
}

fn read_line() -> io::Result<Option<Zeroizing<String>>> {
    // Reserved in full, so that growing leaves no copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
    let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX);
    io::stdin().lock().take(limit).read_until(b'\n', &mut bytes)?;
    let text = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
    Ok((!text.is_empty()).then_some(text))
}

#[cfg(unix)]
mod turn {
    use std::io;
    use std::os::unix::net::UnixStream;

    use rustix::event::{PollFd, PollFlags, poll};

    /// Waits for its turn to read: until there is something, or until the other half is dropped.
    pub(super) struct Turn(Option<UnixStream>);

    pub(super) fn new(is_terminal: bool) -> io::Result<(Turn, Option<UnixStream>)> {
        if !is_terminal {
            return Ok((Turn(None), None));
        }
        let (ours, theirs) = UnixStream::pair()?;
        Ok((Turn(Some(theirs)), Some(ours)))
    }

    impl Turn {
        pub(super) fn comes(&self) -> bool {
            let Some(given_up) = &self.0 else { return true };
            let stdin = io::stdin();
            loop {
                let mut sources = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(given_up, PollFlags::IN)];
                match poll(&mut sources, None) {
                    Err(rustix::io::Errno::INTR) => {}
                    Err(_) => return false,
                    Ok(_) => return sources[1].revents().is_empty(),
                }
            }
        }
    }
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, clippy::unused_self, reason = "as on Unix, where there is something to wait for")]
mod turn {
    use std::io;

    /// There is nothing to wait for.
    pub(super) struct Turn;

    pub(super) fn new(_is_terminal: bool) -> io::Result<(Turn, ())> {
        Ok((Turn, ()))
    }

    impl Turn {
        pub(super) fn comes(&self) -> bool {
            true
        }
    }
}
