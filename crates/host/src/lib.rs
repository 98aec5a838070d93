//! The machine that everlit runs on: environment, clock, child processes, signals, PID 1, git.
//!
//! The bare calls that `clippy.toml` bans stand here (and in `everlit-disk` for files); everything else gets them as arguments.

pub mod child_env;
mod clock;
mod environment;
mod git;
#[cfg(unix)]
pub mod pid1;
mod process;
mod signals;
mod this_process;

pub use clock::SystemClock;
pub use environment::Environment;
pub use git::{Repository, ignores_in};
pub use process::{Ended, NotRun, Programs};
#[cfg(unix)]
pub use signals::send;
pub use signals::{Signal, Signals};
#[cfg(unix)]
pub use this_process::is_in_foreground;
pub use this_process::{
    forbid_core_dumps, host_name, redact_panics, runtime, seed, stdout_is_a_terminal, this_process, unguessable,
    user_id,
};
