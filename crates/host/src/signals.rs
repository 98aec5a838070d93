//! Signal handling, so that a long-running command can shut down in order and forward signals.

use std::io;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// A signal that this process handles.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Signal {
    /// The terminal closed.
    HangUp,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-\, or Ctrl-Break on Windows.
    Quit,
    /// `docker stop`, `systemctl stop`.
    Terminate,
    /// SIGUSR1.
    User1,
    /// SIGUSR2.
    User2,
    /// A child process ended.
    #[cfg(unix)]
    ChildEnded,
}

/// The signals that arrive from now on; they no longer end the process. A SIGHUP that was ignored at start (`nohup`)
/// stays ignored.
#[derive(Debug)]
pub struct Signals(UnboundedReceiver<Signal>);

impl Signals {
    /// Must be called inside a tokio runtime.
    pub fn listen() -> io::Result<Self> {
        Self::listen_to(system::listen)
    }

    /// The same, and [`Signal::ChildEnded`].
    #[cfg(unix)]
    pub fn listen_with_children() -> io::Result<Self> {
        Self::listen_to(|sender| {
            system::listen(sender)?;
            system::pass_on(Signal::ChildEnded, tokio::signal::unix::SignalKind::child(), sender)
        })
    }

    fn listen_to(begin: impl FnOnce(&UnboundedSender<Signal>) -> io::Result<()>) -> io::Result<Self> {
        let (sender, receiver) = unbounded_channel();
        begin(&sender)?;
        Ok(Self(receiver))
    }

    /// The next signal. Cancel safe.
    pub async fn next(&mut self) -> Signal {
        match self.0.recv().await {
            Some(signal) => signal,
            // The senders live as long as the runtime.
            None => std::future::pending().await,
        }
    }

    /// The next signal that asks the process to end.
    pub async fn end(&mut self) -> Signal {
        loop {
            let signal = self.next().await;
            if signal.asks_to_end() {
                return signal;
            }
        }
    }
}

impl Signal {
    /// The shell's exit code for a process ended by this signal: 128 plus its number.
    pub fn exit_code(self) -> u8 {
        128 + match self {
            Self::HangUp => 1,
            Self::Interrupt => 2,
            Self::Quit => 3,
            _ => 15,
        }
    }

    /// Whether it asks the process to end.
    pub fn asks_to_end(self) -> bool {
        matches!(self, Self::HangUp | Self::Interrupt | Self::Quit | Self::Terminate)
    }
}

#[cfg(unix)]
pub(crate) use system::send;

#[cfg(unix)]
mod system {
    use std::io;

    use rustix::process::{Pid, Signal as Number, kill_process};
    use tokio::signal::unix::{SignalKind, signal};
    use tokio::sync::mpsc::UnboundedSender;

    use super::Signal;

    const ALL: [(Signal, Number); 6] = [
        (Signal::HangUp, Number::HUP),
        (Signal::Interrupt, Number::INT),
        (Signal::Quit, Number::QUIT),
        (Signal::Terminate, Number::TERM),
        (Signal::User1, Number::USR1),
        (Signal::User2, Number::USR2),
    ];

    /// Leaves a SIGHUP that `nohup` ignores alone, so that children inherit that.
    pub(super) fn listen(sender: &UnboundedSender<Signal>) -> io::Result<()> {
        let stays_ignored = |signal| signal == Signal::HangUp && crate::this_process::ignores_hang_up();
        ALL.into_iter()
            .filter(|(caught, _)| !stays_ignored(*caught))
            .try_for_each(|(caught, number)| pass_on(caught, SignalKind::from_raw(number.as_raw()), sender))
    }

    pub(super) fn pass_on(caught: Signal, kind: SignalKind, sender: &UnboundedSender<Signal>) -> io::Result<()> {
        let (mut stream, sender) = (signal(kind)?, sender.clone());
        tokio::spawn(async move { while stream.recv().await.is_some() && sender.send(caught).is_ok() {} });
        Ok(())
    }

    /// Sends a signal to another process; one that has ended already is not an error.
    pub(crate) fn send(signal: Signal, process: u32) {
        let number = ALL.iter().find(|(known, _)| *known == signal).map(|(_, number)| *number);
        let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
        if let (Some(number), Some(pid)) = (number, pid) {
            let _ = kill_process(pid, number);
        }
    }
}

/// Windows has Ctrl-C, Ctrl-Break and the closing of the console.
#[cfg(windows)]
mod system {
    use std::io;

    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};
    use tokio::sync::mpsc::UnboundedSender;

    use super::Signal;

    macro_rules! pass_on {
        ($stream:expr, $signal:expr, $sender:expr) => {
            let (mut stream, sender) = ($stream?, $sender.clone());
            tokio::spawn(async move { while stream.recv().await.is_some() && sender.send($signal).is_ok() {} });
        };
    }

    pub(super) fn listen(sender: &UnboundedSender<Signal>) -> io::Result<()> {
        pass_on!(ctrl_c(), Signal::Interrupt, sender);
        pass_on!(ctrl_break(), Signal::Quit, sender);
        pass_on!(ctrl_close(), Signal::Terminate, sender);
        pass_on!(ctrl_shutdown(), Signal::Terminate, sender);
        Ok(())
    }
}
