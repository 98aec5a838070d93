//! Opens an address in the person's browser.

use std::process::{Command, Stdio};

use crate::system::Environment;

/// Whether a browser has been asked. Where there is no screen (over SSH, in a container) nothing is started.
pub(super) fn open(url: &str, environment: &Environment) -> bool {
    let is_remote = ["SSH_CONNECTION", "SSH_TTY"].iter().any(|name| environment.variable(name).is_some());
    let Some(mut opener) = opener(environment).filter(|_| !is_remote) else { return false };
    // What a browser needs to start on this screen; our own environment may hold secrets.
    opener.env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    for name in NEEDED {
        if let Some(value) = environment.variable(name) {
            opener.env(name, value);
        }
    }
    // Ctrl-C here must not end a browser that was started by it.
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

/// Not `cmd /c start`, which reads `&` and `%` of an address as its own.
#[cfg(windows)]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere there may be no screen")]
fn opener(_environment: &Environment) -> Option<Command> {
    let mut command = Command::new("rundll32");
    command.arg("url.dll,FileProtocolHandler");
    Some(command)
}

const NEEDED: [&str; 26] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "TMPDIR",
    "BROWSER",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "DBUS_SESSION_BUS_ADDRESS",
    "DESKTOP_SESSION",
    "XDG_CONFIG_DIRS",
    "XDG_CONFIG_HOME",
    "XDG_CURRENT_DESKTOP",
    "XDG_DATA_DIRS",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "XDG_SESSION_TYPE",
    "SystemRoot",
    "PATHEXT",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "ProgramData",
    "TEMP",
];
