//! Reads jobs of Azure Container Apps.

use std::time::Duration;

use crate::detected::{DetectedSchedule, Unreadable};
use crate::kubernetes::read::apply_container;
use crate::yaml::{Leaf, of_crons};
use crate::{Scheduler, command};

/// The schedule of a job; none if the file is something else.
pub(crate) fn job(leaves: &[Leaf]) -> Result<Option<DetectedSchedule>, Unreadable> {
    let value = |path: &str| leaves.iter().find(|leaf| leaf.path == path);
    let expression = value("properties/configuration/scheduleTriggerConfig/cronExpression");
    let Some(expression) = expression else { return Ok(None) };
    let mut found = of_crons(Scheduler::Azure, &[expression])?;
    if let Some(timeout) = value("properties/configuration/replicaTimeout") {
        let limit = Duration::from_secs(timeout.value.parse().unwrap_or_default());
        command::apply_time_limit("replicaTimeout", limit, timeout.line, &mut found);
    }
    apply_container(leaves, "properties/template/containers/[]", &mut found);
    Ok(Some(found))
}
