//! Reads one line of stdin without blocking anything else.

use std::io::{self, BufRead as _, Read as _};
#[cfg(unix)]
use std::os::unix::net::UnixStream;

use tokio::sync::oneshot;
use zeroize::Zeroizing;

/// Whether reading from a terminal can be cancelled without losing the next line.
pub const CAN_CANCEL_STDIN: bool = cfg!(unix);

/// Browsers show no longer address.
const LONGEST: usize = 16 * 1024;

/// The next line; `None` at the end of the input. At a terminal, dropping the future cancels the read.
pub async fn stdin_line(is_terminal: bool) -> io::Result<Option<Zeroizing<String>>> {
    let (tell, told) = oneshot::channel();
    #[cfg(unix)]
    let (_cancels_when_dropped, cancelled) = UnixStream::pair()?;
    #[cfg(not(unix))]
    let _ = is_terminal;
    let read = move || {
        #[cfg(unix)]
        if is_terminal && !comes_before(&cancelled) {
            return;
        }
        // The receiver is gone if the read was cancelled.
        let _ = tell.send(read_line());
    };
    std::thread::Builder::new().name("stdin".to_owned()).spawn(read)?;
    told.await.unwrap_or(Ok(None))
}

fn read_line() -> io::Result<Option<Zeroizing<String>>> {
    // Reserved in full, so that growing leaves no copies in memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
    let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX);
    io::stdin().lock().take(limit).read_until(b'\n', &mut bytes)?;
    let text = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
    Ok((!text.is_empty()).then_some(text))
}

/// Waits for input; `false` once the other half of `cancelled` is dropped.
#[cfg(unix)]
fn comes_before(cancelled: &UnixStream) -> bool {
    use rustix::event::{PollFd, PollFlags, poll};
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
