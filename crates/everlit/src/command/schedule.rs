//! `everlit schedule`: run once a day.

mod check;
mod install;
mod job;
mod print;
mod remove;
mod rows;
mod show;

use everlit_schedule::{ErrorClass, JobError, Machine, ScheduleError, Survey};

use crate::cli::Schedule;
use crate::context::Context;
use crate::output::exit::Exit;
use crate::output::problem::Problem;
use crate::output::screen::Screen;

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

/// What refreshes the project on this machine.
pub(crate) fn survey(context: &Context<'_>) -> Result<Survey, ScheduleError> {
    let machine = Machine::new(context.environment, &*context.disk);
    Survey::of_folder(machine, &context.settings.folder, context.now())
}

impl From<ScheduleError> for Problem {
    fn from(error: ScheduleError) -> Self {
        let exit = match error.class() {
            ErrorClass::Temporary => Exit::Temporary,
            ErrorClass::Config => Exit::Config,
            ErrorClass::Person => Exit::Person,
            ErrorClass::NotSaved => Exit::NotSaved,
        };
        Self::of(exit, error.to_string()).with_next(error.next_step())
    }
}

impl From<JobError> for Problem {
    fn from(error: JobError) -> Self {
        ScheduleError::from(error).into()
    }
}
