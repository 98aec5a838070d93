//! The machine that everlit runs on: environment, clock, terminal, child processes, signals, PID 1, git.
//!
//! The bare calls that `clippy.toml` bans stand here (and in `everlit-disk` for files); everything else gets them as arguments.

mod browser;
pub mod child_env;
mod clock;
mod environment;
mod git;
mod parallel;
#[cfg(unix)]
pub mod pid1;
mod process;
#[cfg(unix)]
mod processes;
mod program_file;
pub mod shell;
mod signals;
mod stdin;
mod terminal;
mod this_process;
mod tree;

pub use browser::open_in_browser;
pub use clock::SystemClock;
pub use environment::Environment;
pub use git::{Repository, ignores_in};
pub use parallel::{in_parallel, on_threads};
pub use process::{Ended, NotRun, Programs, printed_by};
pub use program_file::{can_start, program_file};
pub use signals::{Signal, Signals};
pub use stdin::{CAN_CANCEL_STDIN, piped_secret, stdin_line};
pub use terminal::unseen_line;
pub use this_process::{
    Runtime, forbid_core_dumps, host_name, outlive_file_size_limit, redact_panics, runtime, seed, stdout_is_a_terminal,
    this_process, unguessable, user_id,
};
pub use tree::{Tree, exit_code};
