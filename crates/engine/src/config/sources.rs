//! The sources of settings, and what they say about one account's files.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

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
    pub(crate) disk: &'a Arc<dyn Disk>,
    pub(crate) folder: &'a Path,
}

impl Sources<'_> {
    /// An environment variable.
    pub(crate) fn variable(&self, name: &'static str) -> Option<Setting<String>> {
        let value = self.environment.variable(name)?.to_owned();
        Some(Setting { value, origin: Origin::Environment(name.into()) })
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

impl Place {
    /// Which file a path leads to, and its name with links followed.
    pub(crate) fn of(disk: &dyn Disk, mut path: PathBuf) -> (Self, PathBuf) {
        let mut found = disk.lstat(&path);
        if found.as_ref().is_ok_and(|stat| stat.kind == Kind::Symlink) {
            path = disk.resolve(&path).unwrap_or(path);
            found = disk.stat(&path);
        }
        let place = match found {
            Ok(stat) if stat.id != (0, 0) => Self::File(stat.id),
            Ok(_) => Self::Named(disk.resolve(&path).unwrap_or_else(|_| plain(&path))),
            Err(_) => Self::Named(plain(&path)),
        };
        (place, path)
    }

    /// The same without a look at the disk.
    pub(crate) fn by_name(path: PathBuf) -> (Self, PathBuf) {
        (Self::Named(plain(&path)), path)
    }
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
