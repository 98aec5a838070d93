//! For tests that start themselves again.

use std::path::PathBuf;

/// Names the folder in which a test that has been started again is to work; absent in its parent.
pub(crate) const CHILD: &str = "EVERLIT_DISK_TEST_CHILD";

pub(crate) fn child_folder() -> Option<PathBuf> {
    std::env::var_os(CHILD).map(PathBuf::from)
}
