//! `everlit target`: where fresh tokens go besides the env file.

mod add;
mod common;
mod deliver;
mod explain;
mod list;
mod remove;

use crate::cli::Target;
use crate::context::Context;
use crate::output::{Exit, Problem, Screen, exit_of_settings};

pub(crate) fn run(context: &Context<'_>, command: &Target, screen: &mut Screen) -> Result<Exit, Problem> {
    let uses_settings = matches!(command, Target::List | Target::Test(_) | Target::Push(_));
    if uses_settings {
        // A table that is wrong was left out.
        context.warn_of_settings(screen);
    }
    let exit = match command {
        Target::Add(flags) => add::run(context, flags, screen),
        Target::List => list::run(context, screen),
        Target::Test(flags) => deliver::run(context, flags.name.as_deref(), true, screen),
        Target::Push(flags) => deliver::run(context, flags.name.as_deref(), false, screen),
        Target::Remove(flags) => remove::run(context, &flags.name, screen),
        Target::Explain(flags) => Ok(explain::run(context, flags.kind, screen)),
    }?;
    if uses_settings { Ok(exit.max(exit_of_settings(&context.settings))) } else { Ok(exit) }
}
