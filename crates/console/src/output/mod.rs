//! What leaves the program: text, JSON, next steps and exit codes.

pub mod account;
pub mod check;
pub mod delivered;
pub mod hints;
pub mod history;
pub mod import;
pub mod invocation;
pub mod notifiers;
pub mod problem;
pub mod removed;
pub mod screen;
pub mod serving;
pub mod standing;
pub mod step;
pub mod view;

pub use self::account::{account_json, account_state};
pub use self::check::check_line;
pub use self::delivered::Delivered;
pub use self::hints::Hints;
pub use self::history::{HistoryEntry, show_history};
pub use self::import::{import_again, planned_json, planned_line};
pub use self::invocation::{Invocation, of_this_run, path};
pub use self::problem::{Problem, settings_json};
pub use self::removed::{is_still_in_vault, next_after_removal};
pub use self::screen::{Mark, Screen, TerminalProgress, dim, strong, wrapped};
pub use self::serving::Serving;
pub use self::standing::{
    add_waiting, dead_and_paused, has_stopped, has_unknown_runs, overlooked, paused_view, view_of,
};
pub use self::step::rerun;
pub use self::view::{View, deliver_again, exit_of_settings, next_step, show_each, show_most, worst};
pub use everlit_advice::{
    Exit, apart, clock, connect, counted, date, date_and_time, days, few, left, life, nothing_to_do, relative, remedy,
    span,
};
pub use everlit_host::shell::quoted;
