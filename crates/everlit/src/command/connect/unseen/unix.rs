//! A line that the terminal does not show: the echo is off before anything is asked, and on again whatever happens.

use std::io::{self, Write};

use everlit_meta_api::Secret;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// Asks on stderr and reads a line from stdin, which is a terminal.
pub(super) fn line(prompt: &str) -> io::Result<Secret> {
    let _echo_off = EchoOff::now()?;
    let mut stderr = io::stderr();
    write!(stderr, "{prompt}").and_then(|()| stderr.flush())?;
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    Ok(Secret::new(line))
}

/// Gives the terminal back as it was when dropped.
struct EchoOff {
    before: Termios,
}

impl EchoOff {
    fn now() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut without = before.clone();
        without.local_modes.remove(LocalModes::ECHO);
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
