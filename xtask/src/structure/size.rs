//! Lines of code of each crate, without tests, comments and blank lines.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use super::source::Source;

/// `everlit` puts the other crates together: what needs no terminal belongs below it.
const MOST_IN_EVERLIT: usize = 7_000;

/// No crate holds more than one part in this many of the workspace.
const SHARE: usize = 4;

/// Files and lines of code of each crate by its name. A crate's examples count towards it.
#[derive(Debug, Default)]
pub(crate) struct Sizes(BTreeMap<String, Size>);

#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Size {
    files: usize,
    lines: usize,
}

impl Sizes {
    /// Adds files to a crate.
    pub(crate) fn add(&mut self, crate_name: &str, sources: &[Source]) {
        let size = self.0.entry(crate_name.to_owned()).or_default();
        size.files += sources.len();
        size.lines += sources.iter().map(|source| source.lines).sum::<usize>();
    }

    /// A sentence for each crate that is too large.
    pub(crate) fn too_large(&self) -> Vec<String> {
        let share = self.total().lines / SHARE;
        let most = |name: &str| if name == "everlit" { MOST_IN_EVERLIT.min(share) } else { share };
        let too_large = self.0.iter().filter(|(name, size)| size.lines > most(name));
        too_large.map(|(name, size)| format!("{name}: {} lines of code, {} allowed", size.lines, most(name))).collect()
    }

    fn total(&self) -> Size {
        let add = |sum: Size, size: &Size| Size { files: sum.files + size.files, lines: sum.lines + size.lines };
        self.0.values().fold(Size::default(), add)
    }
}

/// A table, the largest crate first.
impl Display for Sizes {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let total = self.total();
        let mut rows: Vec<_> = self.0.iter().map(|(name, size)| (name.as_str(), *size)).collect();
        rows.sort_by_key(|(_, size)| Reverse(size.lines));
        rows.push(("total", total));
        write!(out, "{:<14} {:>5} {:>7}", "crate", "files", "lines")?;
        rows.into_iter().try_for_each(|(name, Size { files, lines })| {
            let percent = (lines * 100).checked_div(total.lines).unwrap_or(0);
            write!(out, "\n{name:<14} {files:>5} {lines:>7} {percent:>4} %")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(crates: &[(&str, usize)]) -> Sizes {
        let mut sizes = Sizes::default();
        for (name, lines) in crates {
            let syntax = syn::parse_str("").unwrap();
            sizes.add(name, &[Source { path: String::new(), module: String::new(), syntax, lines: *lines }]);
        }
        sizes
    }

    #[test]
    fn a_crate_over_a_quarter_of_the_workspace_is_named() {
        let sizes = sizes(&[("a", 26), ("b", 25), ("c", 25), ("d", 24)]);
        assert_eq!(sizes.too_large(), ["a: 26 lines of code, 25 allowed"]);
    }

    #[test]
    fn everlit_has_a_lower_limit() {
        let sizes = sizes(&[("a", 10_000), ("b", 10_000), ("c", 10_000), ("d", 10_000), ("everlit", 7_001)]);
        assert_eq!(sizes.too_large(), ["everlit: 7001 lines of code, 7000 allowed"]);
    }

    #[test]
    fn targets_of_one_crate_are_added_up() {
        let table = sizes(&[("a", 3), ("b", 9), ("a", 2)]).to_string();
        let rows: Vec<Vec<_>> = table.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows, [["b", "1", "9", "64", "%"], ["a", "2", "5", "35", "%"], ["total", "3", "14", "100", "%"]]);
    }
}
