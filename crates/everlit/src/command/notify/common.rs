//! What the subcommands of `everlit notify` share.

use everlit_engine::is_notifier_name;
use everlit_keeper::Step;
use everlit_notify::KINDS;

use crate::output::Problem;

/// Where channels and monitors stand in the settings.
pub(super) const SECTIONS: [&str; 2] = ["notify", "heartbeat"];

/// Refuses a name that the settings cannot contain, without repeating it: it may be a misplaced secret.
pub(super) fn check_name(name: &str) -> Result<(), Problem> {
    if is_notifier_name(name) {
        return Ok(());
    }
    let problem = Problem::config("a name has at most 40 letters, digits, `-` and `_`");
    Err(problem.with_next(Step::everlit("notify list")))
}

/// How to add a first channel.
pub(super) fn add_channel() -> Step {
    let channels: Vec<&str> = KINDS.iter().filter(|kind| !kind.is_monitor()).map(|kind| kind.name).collect();
    Step::everlit("notify add NAME --kind slack").with_note(format!("kinds of channels: {}", channels.join(", ")))
}

/// How to test one notifier.
pub(super) fn test(name: &str) -> Step {
    Step::everlit_args(["notify", "test", name])
}
