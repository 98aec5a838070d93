//! `everlit run`.

use std::ffi::OsString;

use clap::{Args, ValueEnum};
use everlit_host::Signal;

#[allow(clippy::doc_markdown, reason = "these comments are the help text")]
#[derive(Args, Debug)]
pub struct Run {
    /// Restart the command when there is a new token
    #[arg(long)]
    pub restart_on_refresh: bool,
    /// Send this signal to the command when there is a new token
    #[arg(long, value_name = "SIGNAL", conflicts_with = "restart_on_refresh")]
    pub signal: Option<NewTokenSignal>,
    /// Seconds to wait before killing the command
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub grace: u64,
    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

/// The signal that tells a command about a new token.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum NewTokenSignal {
    /// Hang up: daemons reload their configuration
    Hup,
    /// User-defined 1
    Usr1,
    /// User-defined 2: nodemon restarts
    Usr2,
}

impl From<NewTokenSignal> for Signal {
    fn from(signal: NewTokenSignal) -> Self {
        match signal {
            NewTokenSignal::Hup => Self::HangUp,
            NewTokenSignal::Usr1 => Self::User1,
            NewTokenSignal::Usr2 => Self::User2,
        }
    }
}
