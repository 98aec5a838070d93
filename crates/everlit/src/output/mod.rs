//! What leaves the program: text, JSON, next steps and exit codes.

pub(crate) mod hints;
pub(crate) mod invocation;
pub(crate) mod notifiers;
pub(crate) mod problem;
pub(crate) mod screen;
pub(crate) mod step;
pub(crate) mod view;

pub(crate) use self::hints::Hints;
pub(crate) use self::invocation::{Invocation, of_this_run, path};
pub(crate) use self::problem::{Problem, settings_json};
pub(crate) use self::screen::{Mark, Screen, TerminalProgress, dim, strong, wrapped};
pub(crate) use self::step::rerun;
pub(crate) use self::view::{View, deliver_again, exit_of_settings, next_step, show_each, worst};
pub(crate) use everlit_advice::{
    Exit, apart, clock, connect, counted, date, date_and_time, days, left, life, nothing_to_do, relative, remedy, span,
};
pub(crate) use everlit_host::shell::quoted;
