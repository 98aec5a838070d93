//! Which file it is, whatever its name, and how many names it has.

use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle;

use windows_sys::Win32::Storage::FileSystem::{BY_HANDLE_FILE_INFORMATION, GetFileInformationByHandle};

use crate::system::succeeded;

/// Which file an open file is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Identity {
    /// The serial number of its volume.
    pub volume: u32,
    /// Its number on the volume.
    pub index: u64,
    /// The number of its hard links (names).
    pub links: u32,
}

/// Asks the system which file this is.
pub fn identity(file: &File) -> io::Result<Identity> {
    let mut found = BY_HANDLE_FILE_INFORMATION::default();
    // SAFETY: the handle is open, and the structure is the one that the call fills.
    succeeded(unsafe { GetFileInformationByHandle(file.as_raw_handle(), &raw mut found) })?;
    Ok(Identity {
        volume: found.dwVolumeSerialNumber,
        index: u64::from(found.nFileIndexHigh) << 32 | u64::from(found.nFileIndexLow),
        links: found.nNumberOfLinks,
    })
}
