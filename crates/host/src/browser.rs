//! Opens an address in the browser.

use std::process::{Command, Stdio};

use crate::Environment;
use crate::child_env;

/// Whether a browser was started. Starts none without a screen (over SSH, in a container).
pub fn open_in_browser(url: &str, environment: &Environment) -> bool {
    let is_remote = ["SSH_CONNECTION", "SSH_TTY"].iter().any(|name| environment.variable(name).is_some());
    let Some(mut opener) = opener(environment).filter(|_| !is_remote) else { return false };
    opener.env_clear().envs(child_env::to_browser(environment));
    opener.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Ctrl-C here must not end a browser started by it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut opener, 0);
    opener.arg(url).spawn().is_ok()
}

#[cfg(not(any(windows, target_os = "macos")))]
fn opener(environment: &Environment) -> Option<Command> {
    let has_screen = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| environment.variable(name).is_some());
    has_screen.then(|| Command::new("xdg-open"))
}

#[cfg(target_os = "macos")]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere there may be no screen")]
fn opener(_environment: &Environment) -> Option<Command> {
    Some(Command::new("open"))
}

/// Not `cmd /c start`, which interprets `&` and `%`.
#[cfg(windows)]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere there may be no screen")]
fn opener(_environment: &Environment) -> Option<Command> {
    let mut command = Command::new("rundll32");
    command.arg("url.dll,FileProtocolHandler");
    Some(command)
}
