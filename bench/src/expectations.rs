//! What everlit promises about its own weight, each number with its reason. Times are held against `true`, the usual script and
//! the disk in the same run, since milliseconds alone say more about the machine and its other work than about the program.

use crate::{
    figures::rounded,
    report::{Bound, Disk, Expectation, Section, mebibytes, megabytes},
    sections::{EVERLIT, SCRIPT, TRUE},
};

/// A run with nothing due costs about what starting a process costs: twice `true`, and a millisecond.
const NOTHING_DUE_OVER_TRUE: f64 = 2.0;
const NOTHING_DUE_PLUS_MS: f64 = 1.0;

/// An interpreter has to start before the first line of a script runs.
const SCRIPT_OVER_NOTHING_DUE: Bound = Bound::AtLeast(40.0);

/// A refresh waits for the disk, and for some requests over the loopback.
const REFRESH_OVER_FSYNCS: f64 = 1.3;
const REFRESH_PLUS_MS: f64 = 5.0;

/// Although the script syncs nothing and asks nothing after the refresh.
const SCRIPT_OVER_REFRESH: Bound = Bound::AtLeast(1.0);

/// In MiB.
const PEAK_MEMORY: Bound = Bound::AtMost(8.0);

/// One download for every way of running it, TLS and all; in MB.
const BINARY_MB: Bound = Bound::AtMost(6.0);

/// Holds the promises against what was measured; those whose measure is missing (no Node, no strace) are left out.
pub(crate) fn judge(
    nothing_due: &Section,
    refresh: &Section,
    disk: Option<&Disk>,
    binary_bytes: u64,
) -> Vec<Expectation> {
    let wall = |section: &Section, name| Some(section.row(name)?.figures.wall_ms_median);
    let memory = |section: &Section| Some(mebibytes(section.row(EVERLIT)?.figures.peak_memory_median));
    let nothing_due_limit =
        wall(nothing_due, TRUE).map(|ms| Bound::AtMost(rounded(NOTHING_DUE_OVER_TRUE * ms + NOTHING_DUE_PLUS_MS)));
    let refresh_limit =
        disk.map(|disk| Bound::AtMost(rounded(REFRESH_OVER_FSYNCS * disk.total_ms() + REFRESH_PLUS_MS)));
    let ratio = |section, over, under| Some(wall(section, over)? / wall(section, under)?);

    [
        ("nothing due, ms (2 x true + 1)", wall(nothing_due, EVERLIT), nothing_due_limit),
        ("nothing due: usual script / everlit", ratio(nothing_due, SCRIPT, EVERLIT), Some(SCRIPT_OVER_NOTHING_DUE)),
        ("nothing due: peak memory, MiB", memory(nothing_due), Some(PEAK_MEMORY)),
        ("refresh, ms (1.3 x its fsyncs + 5)", wall(refresh, EVERLIT), refresh_limit),
        ("refresh: usual script / everlit", ratio(refresh, SCRIPT, EVERLIT), Some(SCRIPT_OVER_REFRESH)),
        ("refresh: peak memory, MiB", memory(refresh), Some(PEAK_MEMORY)),
        ("size of the stripped program, MB", Some(megabytes(binary_bytes)), Some(BINARY_MB)),
    ]
    .into_iter()
    .filter_map(|(what, measured, bound)| Some(Expectation::new(what, measured?, bound?)))
    .collect()
}
