//! Reads one line of stdin without blocking anything else.

use std::io::{self, BufRead as _, Read as _};

use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::output::problem::Problem;

/// Whether reading can be cancelled without losing the next line.
pub(super) const CAN_BE_CANCELLED: bool = cfg!(unix);

/// Browsers show no longer address.
const LONGEST: usize = 16 * 1024;

/// The next line; `None` at the end of the input. At a terminal, dropping the future cancels the read.
pub(super) async fn line(is_terminal: bool) -> Result<Option<Zeroizing<String>>, Problem> {
    let failed = |error: io::Error| {
        Problem::config(format!("stdin cannot be read: {error}"))
            .with_next(everlit_keeper::Step::note("run it again, in a terminal or with a pipe"))
    };
    let (tell, told) = oneshot::channel();
    let (wait, _cancelled_when_dropped) = turn::new(is_terminal).map_err(failed)?;
    let read = move || {
        if wait.comes() {
            // The receiver is gone if the read was cancelled.
            let _ = tell.send(read_line());
        }
    };
    std::thread::Builder::new().name("stdin".to_owned()).spawn(read).map_err(failed)?;
    told.await.unwrap_or(Ok(None)).map_err(failed)
}

fn read_line() -> io::Result<Option<Zeroizing<String>>> {
    // Reserved in full, so that growing leaves no copies in memory.
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

    /// Waits until there is input, or until the other half is dropped.
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
            let Some(cancelled) = &self.0 else { return true };
            let stdin = io::stdin();
            loop {
                let mut sources = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(cancelled, PollFlags::IN)];
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
