//! The real file system. The only module that touches it.
#![allow(clippy::disallowed_methods, reason = "every other crate reaches files through this module")]

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::{Access, Disk, DiskFile, Kind, Stat};

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use self::unix as system;
#[cfg(windows)]
use self::windows as system;

/// The file system of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn user(&self) -> Option<u32> {
        system::user()
    }

    fn lstat(&self, path: &Path) -> io::Result<Stat> {
        system::stat(path, false)
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        system::stat(path, true)
    }

    fn read(&self, path: &Path, max_len: usize) -> io::Result<Vec<u8>> {
        let (file, metadata) = open_regular(path, OpenOptions::new().read(true))?;
        read_all(&file, &metadata, max_len)
    }

    fn read_unlinked(&self, path: &Path, max_len: usize) -> io::Result<(Stat, Vec<u8>)> {
        let (file, metadata) = open_unlinked(path, OpenOptions::new().read(true))?;
        Ok((system::stat_open(&file)?, read_all(&file, &metadata, max_len)?))
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        // std returns `\\?\C:\site` on Windows, which people do not know and many programs do not take.
        dunce::canonicalize(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        let mut names = fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.file_name()))
            .collect::<io::Result<Vec<OsString>>>()?;
        names.sort();
        Ok(names)
    }

    fn create_private(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(RealFile::new(system::create_private(path)?)))
    }

    fn create_claim(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(RealFile { file: system::create_private(path)?, claim: Some(path.to_owned()) }))
    }

    fn open_for_update(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let (file, _) = open_regular(path, OpenOptions::new().read(true).write(true))?;
        Ok(Box::new(RealFile::new(file)))
    }

    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn DiskFile>>> {
        refuse_irregular(&fs::symlink_metadata(path)?)?;
        let Some(file) = system::try_lock(path)? else { return Ok(None) };
        refuse_irregular(&file.metadata()?)?;
        Ok(Some(Box::new(RealFile::new(file))))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        system::rename(from, to)
    }

    fn exchange(&self, from: &Path, to: &Path) -> io::Result<()> {
        system::exchange(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        system::sync_folder(folder)
    }

    fn make_folder(&self, folder: &Path, mode: u32) -> io::Result<()> {
        system::make_folder(folder, mode)
    }

    fn set_folder_owner(&self, folder: &Path, uid: u32, gid: u32) -> io::Result<()> {
        system::set_folder_owner(folder, uid, gid)
    }

    fn check_access(&self, path: &Path, write: bool) -> io::Result<()> {
        system::check_access(path, write)
    }

    fn access(&self, path: &Path) -> io::Result<Option<Access>> {
        system::access(path)
    }

    fn touch(&self, path: &Path) -> io::Result<()> {
        open_regular(path, OpenOptions::new().write(true))?.0.set_modified(SystemTime::now())
    }
}

/// Opens a regular file and refuses anything else.
///
/// Checks before opening, since opening a device can already have an effect, and again afterwards, since the path may
/// lead to another file by then. Opening never waits for the other end of a FIFO.
fn open_regular(path: &Path, options: &mut OpenOptions) -> io::Result<(File, Metadata)> {
    refuse_irregular(&fs::metadata(path)?)?;
    let file = system::without_waiting(options).open(path)?;
    let metadata = file.metadata()?;
    refuse_irregular(&metadata)?;
    Ok((file, metadata))
}

/// Opens a regular file as [`open_regular`] does, and refuses a symbolic link as well.
fn open_unlinked(path: &Path, options: &mut OpenOptions) -> io::Result<(File, Metadata)> {
    refuse_irregular(&fs::symlink_metadata(path)?)?;
    let file = system::without_following(options).open(path)?;
    let metadata = file.metadata()?;
    refuse_irregular(&metadata)?;
    Ok((file, metadata))
}

fn read_all(file: &File, metadata: &Metadata, max_len: usize) -> io::Result<Vec<u8>> {
    let mut content = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0).min(max_len));
    // One byte more than allowed reveals a file that is too long, even one that is still growing.
    file.take((max_len as u64).saturating_add(1)).read_to_end(&mut content)?;
    if content.len() > max_len {
        let text = format!("it is larger than {max_len} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, text));
    }
    Ok(content)
}

fn refuse_irregular(metadata: &Metadata) -> io::Result<()> {
    match system::kind(metadata) {
        Kind::File => Ok(()),
        Kind::Folder => Err(io::ErrorKind::IsADirectory.into()),
        kind => Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it is {kind}, not a file"))),
    }
}

/// What everlit writes is small, so this is not about the file system.
fn explained(error: io::Error) -> io::Error {
    if error.kind() != io::ErrorKind::FileTooLarge {
        return error;
    }
    io::Error::new(error.kind(), "files of that size are not allowed to this process (ulimit -f)")
}

#[derive(Debug)]
struct RealFile {
    file: File,
    /// Removed with the file.
    claim: Option<PathBuf>,
}

impl RealFile {
    fn new(file: File) -> Self {
        Self { file, claim: None }
    }
}

impl Drop for RealFile {
    fn drop(&mut self) {
        if let Some(path) = &self.claim {
            // One that stays counts no more after some hours.
            let _ = fs::remove_file(path);
        }
    }
}

impl DiskFile for RealFile {
    fn stat(&self) -> io::Result<Stat> {
        system::stat_open(&self.file)
    }

    fn write_at(&mut self, mut offset: u64, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match system::write_at(&self.file, offset, bytes).map_err(explained)? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                written => {
                    offset += written as u64;
                    bytes = bytes.get(written..).unwrap_or_default();
                }
            }
        }
        Ok(())
    }

    fn set_len(&mut self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_all()
    }

    fn set_owner(&mut self, uid: u32, gid: u32) -> io::Result<()> {
        system::set_owner(&self.file, uid, gid)
    }

    fn set_mode(&mut self, mode: u32) -> io::Result<()> {
        system::set_mode(&self.file, mode)
    }

    fn copy_extended_attributes(&mut self, from: &Path) -> io::Result<()> {
        system::copy_extended_attributes(&self.file, from)
    }
}
