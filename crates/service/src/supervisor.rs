//! What the service manager is told: systemd's protocol, <https://www.freedesktop.org/software/systemd/man/sd_notify.html>.
//! Does nothing where no service manager listens.

use crate::state::Snapshot;

/// The service works.
pub(crate) fn ready() {
    system::notify(&[system::State::Ready]);
}

/// The settings are being read again; [`ready`] follows.
pub(crate) fn reloading() {
    system::reloading();
}

/// The service is about to end.
pub(crate) fn stopping() {
    system::notify(&[system::State::Stopping]);
}

/// The worker turns, and the vault has just taken a write.
pub(crate) fn alive(snapshot: &Snapshot) {
    if snapshot.why_not_alive().is_none() {
        system::notify(&[system::State::Watchdog]);
    }
    status(snapshot);
}

/// How it goes, in a line for people.
pub(crate) fn status(snapshot: &Snapshot) {
    system::notify(&[system::State::Status(&line(snapshot))]);
}

fn line(snapshot: &Snapshot) -> String {
    let accounts: u64 = snapshot.accounts.iter().map(|(_, count)| count).sum();
    match snapshot.why_not_ready() {
        Some(why) => why,
        None => format!("{accounts} accounts, {} overdue, {} in flight", snapshot.queue.overdue, snapshot.in_flight),
    }
}

#[cfg(unix)]
mod system {
    pub(super) use sd_notify::NotifyState as State;

    pub(super) fn notify(state: &[State<'_>]) {
        // Nobody may be listening.
        let _ = sd_notify::notify(state);
    }

    pub(super) fn reloading() {
        if let Ok(now) = State::monotonic_usec_now() {
            notify(&[State::Reloading, now]);
        }
    }
}

#[cfg(not(unix))]
mod system {
    /// What could be said.
    #[allow(dead_code, reason = "nobody listens on this system")]
    pub(super) enum State<'a> {
        Ready,
        Stopping,
        Watchdog,
        Status(&'a str),
    }

    pub(super) fn notify(_: &[State<'_>]) {}

    pub(super) fn reloading() {}
}
