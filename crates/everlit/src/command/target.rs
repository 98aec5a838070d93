//! `everlit target`: where fresh tokens go besides the env file.

mod add;
mod deliver;
mod explain;
mod list;
mod remove;

use everlit_engine::{TargetSettings, is_notifier_name};
use everlit_keeper::Step;

use crate::cli::Target;
use crate::context::Context;
use crate::output::{Exit, Problem, Screen};

pub(crate) fn run(context: &Context<'_>, command: &Target, screen: &mut Screen) -> Result<Exit, Problem> {
    match command {
        Target::Add(flags) => add::run(context, flags, screen),
        Target::List => list::run(context, screen),
        Target::Test(flags) => deliver::run(context, flags.name.as_deref(), true, screen),
        Target::Push(flags) => deliver::run(context, flags.name.as_deref(), false, screen),
        Target::Remove(flags) => remove::run(context, &flags.name, screen),
        Target::Explain(flags) => Ok(explain::run(context, flags.kind, screen)),
    }
}

/// The targets of this name; all without one.
fn named<'c>(context: &'c Context<'_>, name: Option<&str>) -> Result<Vec<&'c TargetSettings>, Problem> {
    if let Some(name) = name {
        check_name(name)?;
    }
    let targets = context.settings.targets.iter();
    let found: Vec<_> = targets.filter(|target| name.is_none_or(|name| target.name == name)).collect();
    match (found.is_empty(), name) {
        (false, _) => Ok(found),
        (true, Some(name)) => {
            Err(Problem::config(format!("no target is called {name}")).with_next(Step::everlit("target list")))
        }
        (true, None) => Err(Problem::config("no target is configured").with_next(add_target())),
    }
}

/// Refuses a name that the settings cannot contain, without repeating it: it may be a misplaced secret.
fn check_name(name: &str) -> Result<(), Problem> {
    if is_notifier_name(name) {
        return Ok(());
    }
    let problem = Problem::config("a name has at most 40 letters, digits, `-` and `_`");
    Err(problem.with_next(Step::everlit("target list")))
}

/// How to add a first target.
fn add_target() -> Step {
    Step::everlit("target explain").with_note("lists the kinds; `everlit target add NAME --kind KIND` adds one")
}
