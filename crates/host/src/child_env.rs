//! The environment variables that child processes get. All others are withheld: they may be secrets.

use crate::Environment;

/// What any program may need.
const ANY: [&str; 14] = [
    // Where programs are; on Windows also which files are programs, and where its own libraries are.
    "PATH",
    "PATHEXT",
    "SystemRoot",
    "windir",
    // Who runs it, and where that one's files and settings are.
    "USER",
    "LOGNAME",
    "HOME",
    "USERPROFILE",
    "XDG_CONFIG_HOME",
    // Whom it trusts.
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    // Where its temporary files go.
    "TMPDIR",
    "TEMP",
    // The language of its output.
    "LANG",
];

/// Where the user's systemd instance and the session bus are found.
const SESSION: [&str; 2] = ["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"];

/// What a browser needs in addition.
const SCREEN: [&str; 13] = [
    // The preferred browser.
    "BROWSER",
    // The display, and the right to draw on it.
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    // By these `xdg-open` knows the desktop and its default programs.
    "DESKTOP_SESSION",
    "XDG_CURRENT_DESKTOP",
    "XDG_SESSION_TYPE",
    "XDG_CONFIG_DIRS",
    "XDG_DATA_DIRS",
    "XDG_DATA_HOME",
    // Where browsers of Windows keep the person's profile.
    "APPDATA",
    "LOCALAPPDATA",
    "ProgramData",
];

/// For git, and for notification commands.
pub fn to_any(environment: &Environment) -> impl Iterator<Item = (&str, &str)> {
    environment.some(ANY)
}

/// For a scheduler's program, which may have to reach the user's own instance of it.
pub fn to_scheduler(environment: &Environment) -> impl Iterator<Item = (&str, &str)> {
    environment.some(ANY.into_iter().chain(SESSION))
}

/// For the program that opens the browser.
pub fn to_browser(environment: &Environment) -> impl Iterator<Item = (&str, &str)> {
    environment.some(ANY.into_iter().chain(SESSION).chain(SCREEN))
}
