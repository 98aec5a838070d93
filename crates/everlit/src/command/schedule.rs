//! `everlit schedule`: run once a day.

mod check;
mod job;
mod print;

use crate::cli::Schedule;
use crate::exit::Exit;
use crate::screen::{Problem, Screen};
use crate::wire::Context;

pub(crate) fn run(context: &Context<'_>, command: &Schedule, screen: &mut Screen) -> Result<Exit, Problem> {
    match command {
        Schedule::Show => Err(Problem::internal("this command is not part of this build")),
        Schedule::Print(flags) => print::run(context, flags, screen),
        Schedule::Check(flags) => check::run(context, flags, screen),
    }
}
