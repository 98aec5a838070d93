//! `everlit listen`: a run for each signed call.

use everlit_host::Environment;

use crate::cli::{Global, Listen};
use crate::output::{Exit, Invocation, Problem, Screen};

pub(crate) fn run(
    global: &Global,
    environment: &Environment,
    flags: &Listen,
    screen: &mut Screen,
) -> Result<Exit, Problem> {
    let ready = |address| screen.note(format!("listening on http://{address}"));
    let of_runs = Invocation::typed(global).into_args();
    everlit_trigger::listen(&global.overrides(), environment, of_runs, flags.address, ready)?;
    Ok(Exit::Success)
}
