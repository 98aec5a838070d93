//! Reads `vercel.json`, and AWS templates, which are YAML or JSON (docs of Vercel, "Cron Jobs"; AWS SAM, "Schedule").

use super::{AWS, VERCEL};
use crate::calendar::{cron, dialect};
use crate::detected::{DetectedSchedule, Unreadable};
use crate::yaml::Leaf;

/// Each job of `crons`.
pub(crate) fn vercel(leaves: &[Leaf]) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let crons = leaves.iter().filter(|leaf| leaf.path == "crons/[]/schedule");
    crons
        .map(|leaf| {
            let when = cron::parse(&leaf.value).map_err(|misread| Unreadable::of(misread, leaf.line, leaf.before))?;
            Ok(VERCEL.schedule(leaf.line, &leaf.value, when))
        })
        .collect()
}

/// Each `rate(...)` and `cron(...)`, wherever it stands.
pub(crate) fn aws(leaves: &[Leaf]) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let schedules = leaves.iter().filter(|leaf| dialect::is_aws(&leaf.value));
    schedules
        .map(|leaf| {
            let (_, when) =
                dialect::parse(&leaf.value).map_err(|misread| Unreadable::of(misread, leaf.line, leaf.before))?;
            Ok(AWS.schedule(leaf.line, &leaf.value, when))
        })
        .collect()
}
