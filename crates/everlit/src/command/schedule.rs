//! `everlit schedule`: run once a day.

mod check;
mod install;
mod job;
mod machine;
mod print;
mod remove;
mod rows;
mod show;

use crate::cli::Schedule;
use crate::context::Context;
use crate::output::{Exit, Problem, Screen};

pub(crate) use self::machine::survey;
pub(crate) use self::rows::shown_time;

pub(crate) fn run(context: &Context<'_>, command: &Schedule, screen: &mut Screen) -> Result<Exit, Problem> {
    match command {
        Schedule::Install(flags) => install::run(context, flags, screen),
        Schedule::Show => show::run(context, screen),
        Schedule::Remove(flags) => remove::run(context, flags, screen),
        Schedule::Print(flags) => print::run(context, flags, screen),
        Schedule::Check(flags) => check::run(context, flags, screen),
    }
}
