//! What git tracks, for the store: it never writes a token into such a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use everlit_disk::Disk;
use everlit_host::{Environment, Repository};
use everlit_store::Tracking;

/// The git repository around a project.
#[derive(Debug)]
pub(crate) struct Git {
    pub(crate) folder: PathBuf,
    pub(crate) environment: Environment,
    pub(crate) disk: Arc<dyn Disk>,
}

impl Tracking for Git {
    fn tracks(&self, path: &Path) -> Option<bool> {
        let repository = Repository::around(&self.folder, &self.environment, &*self.disk);
        repository.map_or(Some(false), |git| git.tracks(path))
    }
}
