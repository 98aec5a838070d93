//! What the subcommands of `everlit target` share.

use everlit_engine::{TargetSettings, is_notifier_name};
use everlit_keeper::Step;

use crate::context::Context;
use crate::output::Problem;

/// The targets of this name; all without one.
pub(super) fn named<'c>(context: &'c Context<'_>, name: Option<&str>) -> Result<Vec<&'c TargetSettings>, Problem> {
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
pub(super) fn check_name(name: &str) -> Result<(), Problem> {
    if is_notifier_name(name) {
        return Ok(());
    }
    let problem = Problem::config("a name has at most 40 letters, digits, `-` and `_`");
    Err(problem.with_next(Step::everlit("target list")))
}

/// How to add a first target.
pub(super) fn add_target() -> Step {
    Step::everlit("target explain").with_note("lists the kinds; `everlit target add NAME --kind KIND` adds one")
}
