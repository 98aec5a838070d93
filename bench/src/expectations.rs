//! The limits on everlit's speed and size, each with its reason. Times are compared with `true`, the usual script and the
//! disk in the same run, because milliseconds alone say more about the machine than about the program.

use crate::{
    figures::rounded,
    many::{TEN, TEN_THOUSAND, THOUSAND},
    report::{Bound, Disk, Expectation, Section, count, mebibytes, megabytes},
    sections::{ALL_ANSWER, DEAD_FOR_MS, EVERLIT, ONE_SLOW_ONE_DEAD, SCRIPT, TEN_TARGETS, TRUE},
};

/// A run with nothing due should cost little more than starting a process.
const NOTHING_DUE_OVER_TRUE: Bound = Bound::AtMost(1.6);

/// An empty static program has 55. The rest is the command line parser, two files to read, and the output.
const NOTHING_DUE_PAGE_FAULTS: Bound = Bound::AtMost(110.0);

/// In MiB. A run that asks Meta nothing needs no runtime and no TLS.
const NOTHING_DUE_PEAK_MEMORY: Bound = Bound::AtMost(4.0);

/// Node has to start before the first line of the script runs.
const SCRIPT_OVER_NOTHING_DUE: Bound = Bound::AtLeast(40.0);

/// Targets that have their token cost a line of settings each.
const TEN_TARGETS_OVER_NONE: Bound = Bound::AtMost(1.2);

/// The dead target's deadline and the refresh itself, not one after the other with the slow one.
const DELIVERIES_OVER_DEADLINE: Bound = Bound::AtMost(1.2);
const DELIVERIES_MEMORY: Bound = Bound::AtMost(1.2);

/// A refresh waits for the disk and for a few requests over loopback.
const REFRESH_OVER_FSYNCS: f64 = 1.3;
const REFRESH_PLUS_MS: f64 = 5.0;

/// Although the script neither syncs its files nor verifies the new token.
const SCRIPT_OVER_REFRESH: Bound = Bound::AtLeast(1.0);

/// In MiB.
const REFRESH_PEAK_MEMORY: Bound = Bound::AtMost(8.0);

/// In MB. One executable holds everything: TLS, the clients of databases and clouds.
const BINARY_MB: Bound = Bound::AtMost(13.0);

/// A hundred times the accounts, less what every run costs; a thousand times, with a little for colder caches. Refreshes
/// wait for the disk, which takes its own time: a quarter more is no growth with the number of accounts.
const STATUS_OF_THOUSAND: Bound = Bound::AtMost(100.0);
const STATUS_OF_TEN_THOUSAND: Bound = Bound::AtMost(1_000.0);
const REFRESH_OF_THOUSAND: Bound = Bound::AtMost(125.0);

/// In MiB. The run keeps a record of each account for its report, and the work on 16 at once.
const REFRESH_OF_THOUSAND_MEMORY: Bound = Bound::AtMost(32.0);

/// Compares the measurements with the limits. Leaves out what was not measured (no Node, no strace).
pub(crate) fn check(
    nothing_due: &Section,
    refresh: &Section,
    deliveries: &Section,
    [many_read, many_refreshed]: [&Section; 2],
    disk: Option<&Disk>,
    binary_bytes: u64,
) -> Vec<Expectation> {
    let wall = |section: &Section, name| Some(section.row(name)?.figures.wall_ms_median);
    let memory = |section: &Section| Some(mebibytes(section.row(EVERLIT)?.figures.peak_memory_median));
    let memory_of_thousand = many_refreshed.row(THOUSAND).map(|row| mebibytes(row.figures.peak_memory_median));
    let page_faults = |section: &Section| Some(count(section.row(EVERLIT)?.figures.page_faults_median));
    let refresh_limit =
        disk.map(|disk| Bound::AtMost(rounded(REFRESH_OVER_FSYNCS * disk.total_ms() + REFRESH_PLUS_MS)));
    let peak = |name| Some(mebibytes(deliveries.row(name)?.figures.peak_memory_median));
    let memory_of_deliveries = || Some(peak(ONE_SLOW_ONE_DEAD)? / peak(ALL_ANSWER)?);
    let deliveries_over_deadline = wall(deliveries, ONE_SLOW_ONE_DEAD).map(|wall| wall / DEAD_FOR_MS);
    let ratio = |section, over, under| Some(wall(section, over)? / wall(section, under)?);

    [
        ("nothing due: everlit / true", ratio(nothing_due, EVERLIT, TRUE), Some(NOTHING_DUE_OVER_TRUE)),
        ("nothing due: usual script / everlit", ratio(nothing_due, SCRIPT, EVERLIT), Some(SCRIPT_OVER_NOTHING_DUE)),
        ("nothing due: page faults", page_faults(nothing_due), Some(NOTHING_DUE_PAGE_FAULTS)),
        ("nothing due: peak memory, MiB", memory(nothing_due), Some(NOTHING_DUE_PEAK_MEMORY)),
        ("nothing due: ten targets / none", ratio(nothing_due, TEN_TARGETS, EVERLIT), Some(TEN_TARGETS_OVER_NONE)),
        ("targets, one dead: time / its deadline", deliveries_over_deadline, Some(DELIVERIES_OVER_DEADLINE)),
        ("targets, one dead: memory / all answer", memory_of_deliveries(), Some(DELIVERIES_MEMORY)),
        ("refresh, ms (1.3 x its fsyncs + 5)", wall(refresh, EVERLIT), refresh_limit),
        ("refresh: usual script / everlit", ratio(refresh, SCRIPT, EVERLIT), Some(SCRIPT_OVER_REFRESH)),
        ("refresh: peak memory, MiB", memory(refresh), Some(REFRESH_PEAK_MEMORY)),
        ("status: 1,000 accounts / 10", ratio(many_read, THOUSAND, TEN), Some(STATUS_OF_THOUSAND)),
        ("status: 10,000 accounts / 10", ratio(many_read, TEN_THOUSAND, TEN), Some(STATUS_OF_TEN_THOUSAND)),
        ("refresh: 1,000 accounts / 10", ratio(many_refreshed, THOUSAND, TEN), Some(REFRESH_OF_THOUSAND)),
        ("refresh of 1,000 accounts: peak memory, MiB", memory_of_thousand, Some(REFRESH_OF_THOUSAND_MEMORY)),
        ("size of the stripped executable, MB", Some(megabytes(binary_bytes)), Some(BINARY_MB)),
    ]
    .into_iter()
    .filter_map(|(what, measured, bound)| Some(Expectation::new(what, measured?, bound?)))
    .collect()
}
