//! This machine's schedulers, and their errors as problems.

use everlit_schedule::{ErrorClass, JobError, Machine, ScheduleError, Survey};

use crate::context::Context;
use crate::output::{Exit, Problem};

/// What refreshes the project on this machine.
pub(crate) fn survey(context: &Context<'_>) -> Result<Survey, ScheduleError> {
    let machine = Machine::new(context.environment, &*context.disk);
    Survey::of_folder(machine, &context.settings.folder, context.machine_time())
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
