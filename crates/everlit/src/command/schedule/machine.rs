//! This machine's schedulers.

use everlit_schedule::{Machine, ScheduleError, Survey};

use crate::context::Context;

/// What refreshes the project on this machine.
pub(crate) fn survey(context: &Context<'_>) -> Result<Survey, ScheduleError> {
    let machine = Machine::new(context.environment, &*context.disk);
    Survey::of_folder(machine, &context.settings.folder, context.machine_time())
}
