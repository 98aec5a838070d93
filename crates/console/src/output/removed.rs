//! What is left after settings were removed.

use everlit_engine::{Project, SettingsHome};
use everlit_keeper::Step;

use super::{Mark, Screen};

/// Whether what was removed from the file of a machine stands in the vault as well.
pub fn is_still_in_vault(project: &Project<'_>, found: Option<SettingsHome>, sections: &[&str], name: &str) -> bool {
    found == Some(SettingsHome::Files) && project.is_also_in_vault(sections, name)
}

/// What to do after `everlit KIND remove NAME`. Says if that of the vault counts now.
pub fn next_after_removal(is_still_in_vault: bool, kind: &str, name: &str, screen: &mut Screen) -> Step {
    if !is_still_in_vault {
        return Step::everlit_args([kind, "list"]);
    }
    let mark = Mark::Warning.painted();
    screen.note(format!("{mark} {name} is in the vault too: that one counts now, on this machine as on the others"));
    Step::everlit_args([kind, "remove", name]).with_note("removes that one too, on every machine")
}
