//! For tests that start themselves again.

use std::path::{Path, PathBuf};

use everlit_disk::ReplaceOptions;

/// Names the folder in which a test that has been started again is to work; absent in its parent.
pub(crate) const CHILD: &str = "EVERLIT_DISK_TEST_CHILD";

pub(crate) fn child_folder() -> Option<PathBuf> {
    std::env::var_os(CHILD).map(PathBuf::from)
}

/// Options that allow a write in place, with the recovery copy in this folder.
pub(crate) fn with_recovery(folder: &Path) -> ReplaceOptions {
    ReplaceOptions { recovery: Some(folder.join(".env.recovery.local")), ..ReplaceOptions::default() }
}
