//! `everlit schedule`: run once a day.

mod changed;
mod check;
mod checksum;
mod cron;
mod crontab;
mod install;
mod job;
mod launchd;
pub(crate) mod machine;
mod print;
mod remove;
pub(crate) mod show;
mod systemd;
mod unmanaged;
mod windows;

use crate::cli::Schedule;
use crate::output::exit::Exit;
use crate::output::problem::Problem;
use crate::output::screen::Screen;
use crate::wire::Context;

pub(crate) fn run(context: &Context<'_>, command: &Schedule, screen: &mut Screen) -> Result<Exit, Problem> {
    match command {
        Schedule::Install(flags) => install::run(context, flags, screen),
        Schedule::Show => show::run(context, screen),
        Schedule::Remove(flags) => remove::run(context, flags, screen),
        Schedule::Print(flags) => print::run(context, flags, screen),
        Schedule::Check(flags) => check::run(context, flags, screen),
    }
}
