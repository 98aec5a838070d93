//! Reads stdin: a secret that a program pipes in, or one line without blocking anything else.

use std::io::{self, BufRead as _, Read as _};
#[cfg(unix)]
use std::os::unix::net::UnixStream;

use everlit_meta_api::Secret;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

/// Whether reading from a terminal can be cancelled without losing the next line.
pub const CAN_CANCEL_STDIN: bool = cfg!(unix);

/// Larger than any token, address or password.
const LARGEST_SECRET: u64 = 64 << 10;

/// All of stdin as a secret, which `what` names in an error.
pub fn piped_secret(what: &str) -> Result<Secret, String> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = io::stdin().lock().take(LARGEST_SECRET + 1).read_to_end(&mut bytes);
    read.map_err(|error| format!("stdin cannot be read: {error}"))?;
    if bytes.len() as u64 > LARGEST_SECRET {
        return Err(format!("more than a {what} came through stdin (over 64 kB)"));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err("what came through stdin is UTF-16".to_owned());
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| "what came through stdin is not text".to_owned())?;
    Ok(Secret::new(text.trim_start_matches('\u{feff}')))
}

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
