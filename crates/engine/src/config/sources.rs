//! The sources of settings, and what they say about one account's files.

use std::path::{Component, Path, PathBuf};

use everlit_disk::Disk;
use everlit_host::Environment;
use toml_edit::DocumentMut;

use super::overrides::Overrides;
use super::setting::{Origin, Setting};

/// Where settings come from; earlier fields count over later ones.
pub(crate) struct Sources<'a> {
    pub(crate) overrides: &'a Overrides,
    pub(crate) environment: &'a Environment,
    pub(crate) file: DocumentMut,
    pub(crate) disk: &'a dyn Disk,
    pub(crate) folder: &'a Path,
}

impl Sources<'_> {
    /// An environment variable.
    pub(crate) fn variable(&self, name: &'static str) -> Option<Setting<String>> {
        let value = self.environment.variable(name)?.to_owned();
        Some(Setting { value, origin: Origin::Environment(name.into()) })
    }

    /// One name for one file: `.env`, `./.env` and a link to it are the same.
    pub(crate) fn resolve(&self, path: &Path) -> PathBuf {
        let path = self.folder.join(path);
        self.disk.resolve(&path).unwrap_or_else(|_| {
            path.components().fold(PathBuf::new(), |mut place, part| {
                match part {
                    Component::CurDir => {}
                    Component::ParentDir => drop(place.pop()),
                    part => place.push(part),
                }
                place
            })
        })
    }
}
