//! The metrics file for `node_exporter`'s textfile collector, written after each pass.

use std::path::Path;

use everlit_disk::{ReplaceError, ReplaceOptions, replace};
use everlit_keeper::{Health, Record, Report};
use everlit_meta_api::{Platform, Timestamp};
use everlit_notify::metrics::{Account, Run, Snapshot, exposition};

use crate::config::Project;

/// The metric with the time of the last success, the one number that outlives a pass.
const LAST_SUCCESS: &str = "everlit_run_success_timestamp_seconds ";

/// Anyone may read the numbers, and the collector runs as a user of its own.
const MODE: u32 = 0o644;

/// Replaces the file, so that nobody reads half of it.
pub(crate) fn write(
    project: &Project<'_>,
    file: &Path,
    reports: &[Report],
    exit_code: u8,
    began: Timestamp,
    failing_channels: &[String],
) -> Result<(), ReplaceError> {
    const LARGEST: usize = 16 << 20;
    let path = project.settings.folder.join(file);
    let now = project.now();
    let before = project.disk.read(&path, LARGEST).unwrap_or_default();
    let last_success = if exit_code == 0 { Some(now) } else { last_success(&String::from_utf8_lossy(&before)) };
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let channels = project.settings.notify.channels.iter();
    let snapshot = Snapshot {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        accounts: reports.iter().map(account).collect(),
        #[expect(clippy::cast_precision_loss, reason = "the seconds of one pass")]
        run: Some(Run { started: began, completed: now, seconds: now.since(began) as f64 }),
        last_success,
        deliveries_failing: count(reports.iter().map(|report| report.undelivered.len()).sum()),
        not_saved: count(reports.iter().filter(|report| report.health() == Health::NotSaved).count()),
        channels: channels.map(|channel| (channel.name.clone(), failing_channels.contains(&channel.name))).collect(),
    };
    let options = ReplaceOptions { mode_when_new: MODE, ..ReplaceOptions::default() };
    replace(&*project.disk, &path, exposition(&snapshot).as_bytes(), &options)
}

fn last_success(text: &str) -> Option<Timestamp> {
    let value = text.lines().find_map(|line| line.strip_prefix(LAST_SUCCESS))?;
    value.trim().parse().ok().map(Timestamp::from_unix)
}

fn account(report: &Report) -> Account {
    let record = report.record.as_ref();
    let platform = record.and_then(|record| record.kind.platform());
    Account {
        name: report.account.as_str().to_owned(),
        platform: platform.map_or("unknown", Platform::as_str),
        state: report.health(),
        expiry: record.and_then(Record::ends_by),
        failing_since: record.and_then(|record| record.failure.as_ref()).map(|failure| failure.first_at),
        refreshed: record.and_then(|record| record.issued_at),
    }
}
