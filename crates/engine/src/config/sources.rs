//! The sources of settings, and what they say about one account's files.

use std::path::{Component, Path, PathBuf};

use everlit_disk::{Disk, Kind};
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

    /// Which file a path leads to, and its name with links followed.
    pub(crate) fn place(&self, path: &Path) -> (Place, PathBuf) {
        let mut path = self.folder.join(path);
        let mut found = self.disk.lstat(&path);
        if found.as_ref().is_ok_and(|stat| stat.kind == Kind::Symlink) {
            path = self.disk.resolve(&path).unwrap_or(path);
            found = self.disk.stat(&path);
        }
        let place = match found {
            Ok(stat) if stat.id != (0, 0) => Place::File(stat.id),
            Ok(_) => Place::Named(self.disk.resolve(&path).unwrap_or_else(|_| plain(&path))),
            Err(_) => Place::Named(plain(&path)),
        };
        (place, path)
    }
}

/// One file: `.env`, `./.env` and a link to it are the same.
#[derive(Debug, Eq, Hash, PartialEq)]
pub(crate) enum Place {
    /// Device and inode.
    File((u64, u64)),
    /// A file that does not exist yet, or on a system that does not number them.
    Named(PathBuf),
}

/// Without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut place, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(place.pop()),
            part => place.push(part),
        }
        place
    })
}
