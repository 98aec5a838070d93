//! The results: tables for people, JSON for programs.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use crate::figures::{Figures, rounded};

/// The results of a run of the bench.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) schema: &'static str,
    pub(crate) everlit: String,
    pub(crate) node: Option<String>,
    pub(crate) binary_bytes: u64,
    pub(crate) sections: Vec<Section>,
    pub(crate) disk: Option<Disk>,
    pub(crate) expectations: Vec<Expectation>,
}

/// Commands that do the same job and were run in turns.
#[derive(Debug, Serialize)]
pub(crate) struct Section {
    pub(crate) title: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// A command.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    #[serde(flatten)]
    pub(crate) figures: Figures,
    /// Its median wall time divided by that of the section's first row: everlit, or everlit with ten accounts.
    pub(crate) against_everlit: f64,
}

/// The disk's part in the time of a refresh.
#[derive(Debug, Serialize)]
pub(crate) struct Disk {
    pub(crate) fsyncs: u64,
    pub(crate) fsync_ms_median: f64,
    /// The median wall time of everlit's refresh divided by that of all its fsyncs.
    pub(crate) refresh_over_fsyncs: f64,
}

/// A limit on a measurement, and whether this run keeps it.
#[derive(Debug, Serialize)]
pub(crate) struct Expectation {
    pub(crate) what: &'static str,
    pub(crate) measured: f64,
    #[serde(flatten)]
    pub(crate) bound: Bound,
    pub(crate) holds: bool,
}

/// The kind of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Section {
    pub(crate) fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }
}

impl Disk {
    /// `refresh_ms` is the wall time of everlit's refresh.
    pub(crate) fn new(fsyncs: u64, fsync_ms_median: f64, refresh_ms: f64) -> Self {
        let mut disk = Self { fsyncs, fsync_ms_median, refresh_over_fsyncs: f64::NAN };
        disk.refresh_over_fsyncs = rounded(refresh_ms / disk.total_ms());
        disk
    }

    /// The time of all fsyncs of one refresh.
    pub(crate) fn total_ms(&self) -> f64 {
        count(self.fsyncs) * self.fsync_ms_median
    }
}

impl Expectation {
    pub(crate) fn new(what: &'static str, measured: f64, bound: Bound) -> Self {
        let holds = match bound {
            Bound::AtMost(most) => measured <= most,
            Bound::AtLeast(least) => measured >= least,
        };
        Self { what, measured: rounded(measured), bound, holds }
    }
}

impl Display for Report {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let node = self.node.as_deref().unwrap_or("not installed, so its rows are missing");
        writeln!(out, "{}, {} stripped; Node {node}", self.everlit, in_megabytes(self.binary_bytes))?;
        writeln!(
            out,
            "The commands of a section run in turns. Median and p90 of the wall time from spawn to exit; medians of the rest."
        )?;
        writeln!(
            out,
            "CPU: user and system. Faults: minor page faults. Memory: the peak, at least the 2 MB of the process that starts it."
        )?;
        for section in &self.sections {
            writeln!(out, "\n{section}")?;
        }
        if let Some(disk) = &self.disk {
            writeln!(
                out,
                "\nA refresh by everlit waits for the disk {} times: {:.2} ms, {:.2} ms each. The whole refresh takes {:.2} times as long.",
                disk.fsyncs,
                disk.total_ms(),
                disk.fsync_ms_median,
                disk.refresh_over_fsyncs,
            )?;
        }
        writeln!(out, "\nlimits")?;
        for expectation in &self.expectations {
            writeln!(out, "  {expectation}")?;
        }
        Ok(())
    }
}

impl Display for Section {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let runs = self.rows.first().map_or(0, |row| row.figures.runs);
        let title = format!("{} ({runs} runs each)", self.title);
        write!(out, "{title:<42} {:>9} {:>9} {:>9} {:>7}", "median", "p90", "CPU", "faults")?;
        write!(out, " {:>10} {:>11}", "memory", "to first")?;
        for Row { name, figures, against_everlit } in &self.rows {
            write!(
                out,
                "\n  {name:<40} {:>6.2} ms {:>6.2} ms {:>6.2} ms {:>7} {:>10} {:>11}",
                figures.wall_ms_median,
                figures.wall_ms_p90,
                figures.cpu_ms_median,
                figures.page_faults_median,
                in_megabytes(figures.peak_memory_median),
                format!("{against_everlit:.2} x"),
            )?;
        }
        Ok(())
    }
}

impl Display for Expectation {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let (side, bound) = match self.bound {
            Bound::AtMost(most) => ("at most", most),
            Bound::AtLeast(least) => ("at least", least),
        };
        let result = if self.holds { "ok" } else { "missed" };
        write!(out, "{:<62} {side:>8} {bound:>4}: {:>6.2}  {result}", self.what, self.measured)
    }
}

fn in_megabytes(bytes: u64) -> String {
    format!("{:.2} MB", megabytes(bytes))
}

/// A count as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
pub(crate) fn count(number: u64) -> f64 {
    number as f64
}

/// Bytes in MiB, units of 1,048,576 bytes.
#[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
pub(crate) fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}

/// Bytes in MB, units of 1,000,000 bytes.
#[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_limit_is_named() {
        let met = Expectation::new("start-up: everlit / true", 1.5, Bound::AtMost(3.0));
        let missed = Expectation::new("start-up: node / everlit", 4.0, Bound::AtLeast(20.0));
        assert!(met.to_string().ends_with("at most    3:   1.50  ok"), "{met}");
        assert!(missed.to_string().ends_with("at least   20:   4.00  missed"), "{missed}");
    }

    #[test]
    fn the_json_of_a_limit_names_its_bound() {
        let json = serde_json::to_value(Expectation::new("size", 4.5, Bound::AtMost(5.0))).unwrap();
        assert_eq!(json, serde_json::json!({"what": "size", "measured": 4.5, "at_most": 5.0, "holds": true}));
    }
}
