//! Room for content that is still to come and must survive a crash from the moment it is written.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::folder_of;
use crate::private::give_to_owner;
use crate::{Disk, DiskFile, Kind, ReplaceError, check_private_file, read_private, uninterrupted};

/// A private file that is durable under its final name, filled with padding, before its content is known.
///
/// [`Slot::fill`] is one write. A crash before it leaves padding, a crash after it leaves the content, so the content
/// must be self-checking: a reader tells it from padding, and from a torn write, by a length and a checksum. Dropping a
/// slot that was not filled removes the file.
#[derive(Debug)]
#[must_use = "the file is removed when this is dropped"]
pub struct Slot<'d> {
    disk: &'d dyn Disk,
    path: PathBuf,
    file: Box<dyn DiskFile>,
    is_used: bool,
}

impl<'d> Slot<'d> {
    /// Creates the file anew, with `room` bytes of padding. **Removes a file that is there**: the caller has made
    /// sure that nothing in it is needed.
    pub fn reserve(disk: &'d dyn Disk, path: &Path, room: usize) -> Result<Self, ReplaceError> {
        remove_old(disk, path)?;
        let file = uninterrupted(|| disk.create_private(path)).map_err(ReplaceError::failed(path, "create"))?;
        let mut slot = Self { disk, path: path.to_owned(), file, is_used: false };
        give_to_owner(disk, &mut *slot.file, path);
        slot.take_room(room)?;
        uninterrupted(|| disk.sync_folder(folder_of(path))).map_err(ReplaceError::failed(path, "make durable"))?;
        Ok(slot)
    }

    fn take_room(&mut self, room: usize) -> Result<(), ReplaceError> {
        uninterrupted(|| self.file.write_at(0, &vec![PADDING; room]))
            .and_then(|()| uninterrupted(|| self.file.sync()))
            .map_err(ReplaceError::failed(&self.path, "reserve space for"))
    }

    /// Writes `content` at the start of the file, in one call, and makes it durable. Padding follows it.
    ///
    /// After an error the file may hold the content, a part of it, or padding; it is not removed.
    pub fn fill(mut self, content: &[u8]) -> Result<(), ReplaceError> {
        self.is_used = true;
        uninterrupted(|| self.file.write_at(0, content)).map_err(ReplaceError::failed(&self.path, "write"))?;
        uninterrupted(|| self.file.sync()).map_err(ReplaceError::failed(&self.path, "make durable"))?;
        // Somebody may have removed the file meanwhile (`git clean`): then the content went into a file without a name.
        let found =
            read_private(self.disk, &self.path, usize::MAX).map_err(ReplaceError::failed(&self.path, "read"))?;
        if found.starts_with(content) {
            return Ok(());
        }
        let other = io::Error::new(io::ErrorKind::InvalidData, "another file has taken its place");
        Err(ReplaceError::failed(&self.path, "write")(other))
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        if !self.is_used {
            // A file of padding that cannot be removed now holds nothing, and the next slot removes it.
            let _ = uninterrupted(|| self.disk.remove(&self.path));
        }
    }
}

fn remove_old(disk: &dyn Disk, path: &Path) -> Result<(), ReplaceError> {
    let stat = match uninterrupted(|| disk.lstat(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        stat => stat.map_err(ReplaceError::failed(path, "examine"))?,
    };
    if stat.kind != Kind::File {
        return Err(ReplaceError::NotAFile { path: path.to_owned(), found: stat.kind });
    }
    check_private_file(disk, path, &stat).map_err(ReplaceError::failed(path, "use"))?;
    uninterrupted(|| disk.remove(path)).map_err(ReplaceError::failed(path, "remove"))
}

/// Not zeros: file systems that compress store those in no space at all.
const PADDING: u8 = b'#';
