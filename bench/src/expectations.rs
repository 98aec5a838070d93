//! What everlit promises about its own weight, each number with its reason. All are ratios within one run of the bench,
//! since milliseconds say more about the machine and its other work than about the program; only the size is absolute.

use crate::{
    report::{Bound, Disk, Expectation, Section, megabytes},
    sections::{EVERLIT, NODE, SCRIPT, TRUE},
};

/// Loading and linking a few MB costs about as much again as the system's share; what is more is work of ours.
const START_UP_OVER_TRUE: Bound = Bound::AtMost(3.0);

/// Reading two or three small files and a folder comes on top.
const NOTHING_DUE_OVER_TRUE: Bound = Bound::AtMost(4.0);

/// An interpreter has some 20 ms of its own to start before the first line runs.
const NODE_OVER_EVERLIT: Bound = Bound::AtLeast(10.0);

/// What a refresh adds to a run with nothing due is the waiting for the disk, and some requests over the loopback.
const REFRESH_BESIDE_FSYNCS_OVER_NOTHING_DUE: Bound = Bound::AtMost(5.0);

/// Although the script syncs nothing and asks nothing after the refresh.
const SCRIPT_OVER_REFRESH: Bound = Bound::AtLeast(3.0);

/// A few MB against an interpreter's forty.
const SCRIPT_MEMORY_OVER_EVERLIT: Bound = Bound::AtLeast(8.0);

/// One download for every way of running it, TLS and all.
const BINARY_MB: Bound = Bound::AtMost(5.0);

/// Holds the promises against what was measured; those whose measure is missing (no Node, no strace) are left out.
pub(crate) fn judge(
    start_up: &Section,
    nothing_due: &Section,
    refresh: &Section,
    disk: Option<&Disk>,
    binary_bytes: u64,
) -> Vec<Expectation> {
    let wall = |section: &Section, name| Some(section.row(name)?.figures.wall_ms_median);
    let ratio = |section: &Section, over, under| Some(wall(section, over)? / wall(section, under)?);
    let memory = |name| Some(megabytes(refresh.row(name)?.figures.peak_memory_median));

    [
        ("start-up: everlit / true", ratio(start_up, EVERLIT, TRUE), START_UP_OVER_TRUE),
        ("start-up: node / everlit", ratio(start_up, NODE, EVERLIT), NODE_OVER_EVERLIT),
        ("nothing due: everlit / true", ratio(nothing_due, EVERLIT, TRUE), NOTHING_DUE_OVER_TRUE),
        ("nothing due: usual script / everlit", ratio(nothing_due, SCRIPT, EVERLIT), NODE_OVER_EVERLIT),
        (
            "refresh without its fsyncs / nothing due",
            disk.and_then(|disk| Some((wall(refresh, EVERLIT)? - disk.total_ms()) / wall(nothing_due, EVERLIT)?)),
            REFRESH_BESIDE_FSYNCS_OVER_NOTHING_DUE,
        ),
        ("refresh: usual script / everlit", ratio(refresh, SCRIPT, EVERLIT), SCRIPT_OVER_REFRESH),
        (
            "refresh: peak memory, usual script / everlit",
            memory(SCRIPT).and_then(|script| Some(script / memory(EVERLIT)?)),
            SCRIPT_MEMORY_OVER_EVERLIT,
        ),
        ("size of the stripped program, MB", Some(megabytes(binary_bytes)), BINARY_MB),
    ]
    .into_iter()
    .filter_map(|(what, measured, bound)| Some(Expectation::new(what, measured?, bound)))
    .collect()
}
