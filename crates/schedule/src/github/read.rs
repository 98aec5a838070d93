//! Reads `on.schedule` of a GitHub workflow.

use crate::Scheduler;
use crate::detected::{DetectedSchedule, Unreadable};
use crate::yaml::{Leaf, of_crons};

/// The schedule of a workflow: all of its cron expressions together.
pub(crate) fn workflow(leaves: &[Leaf]) -> Result<Option<DetectedSchedule>, Unreadable> {
    let crons: Vec<&Leaf> = leaves.iter().filter(|leaf| leaf.path == "on/schedule/[]/cron").collect();
    if crons.is_empty() { Ok(None) } else { of_crons(Scheduler::GitHubActions, &crons).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::documents;

    #[test]
    fn all_cron_lines_of_a_workflow_are_one_schedule() {
        let text = "name: refresh\non:\n  workflow_dispatch: {}\n  schedule:\n    - cron: '0 2 1 * *'  # monthly\n    \
                    - cron: \"0 2 15 * *\"\njobs:\n  a:\n    steps:\n      - cron: never\n";
        let found = workflow(&documents(text).unwrap()[0]).unwrap().unwrap();
        assert_eq!((found.line, found.text.as_str()), (5, "0 2 1 * *; 0 2 15 * *"));
    }

    #[test]
    fn a_wrong_expression_is_reported_with_line_and_column() {
        let error = workflow(&documents("on:\n  schedule:\n    - cron: '0 25 * * *'\n").unwrap()[0]).unwrap_err();
        assert_eq!((error.line, error.column), (Some(3), Some(16)), "{error}");
    }
}
