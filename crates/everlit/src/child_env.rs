//! Which of our variables the programs that everlit starts get to see. The others stay here: there may be secrets among them.

use crate::system::Environment;

/// What any program may need.
const ANY: [&str; 12] = [
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
    // Where its temporary files go.
    "TMPDIR",
    "TEMP",
    // The language of its words.
    "LANG",
];

/// Where the user's own instance of systemd is found, and the bus of the desktop.
const SESSION: [&str; 2] = ["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"];

/// What a browser needs besides.
const SCREEN: [&str; 13] = [
    // Which one the person prefers.
    "BROWSER",
    // The screen, and the right to draw on it.
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

/// To git, and to a command that somebody is told with.
pub(crate) fn to_any(environment: &Environment) -> impl Iterator<Item = (&str, &str)> {
    environment.some(ANY)
}

/// To the program of a scheduler, which may have to reach the user's own instance of it.
pub(crate) fn to_scheduler(environment: &Environment) -> impl Iterator<Item = (&str, &str)> {
    environment.some(ANY.into_iter().chain(SESSION))
}

/// To whatever opens the person's browser.
pub(crate) fn to_browser(environment: &Environment) -> impl Iterator<Item = (&str, &str)> {
    environment.some(ANY.into_iter().chain(SESSION).chain(SCREEN))
}
