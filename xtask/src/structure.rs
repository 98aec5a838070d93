//! `structure`: how the workspace is divided into crates and files. Prints the size of each crate and fails on import
//! circles and on crates that have grown too large.

mod circles;
mod size;
mod source;

use std::path::Path;

use self::circles::circles;
use self::size::Sizes;
use crate::error::Error;
use crate::program::targets;

/// Only tests use it, and tests do not count.
const TESTKIT: &str = "testkit";

/// Checks every crate of the workspace in the folder `root`.
pub(crate) fn check(root: &Path) -> Result<String, Error> {
    let (mut sizes, mut problems) = (Sizes::default(), Vec::new());
    for target in targets(root)? {
        let sources = source::read(&target.root_file)?;
        if target.crate_name != TESTKIT {
            sizes.add(&target.crate_name, &sources);
        }
        problems.extend(circles(&sources).into_iter().map(|circle| format!("{}: {circle}", target.crate_name)));
    }
    problems.extend(sizes.too_large());
    if problems.is_empty() {
        Ok(sizes.to_string())
    } else {
        Err(Error::Structure { table: sizes.to_string(), problems })
    }
}
