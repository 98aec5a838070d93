//! What the calls of the system answer.

use std::io;
use std::os::windows::io::{FromRawHandle, OwnedHandle};

/// Takes a handle that a call returned; null is its failure.
///
/// # Safety
/// Nobody else closes the handle.
pub(crate) unsafe fn owned(handle: *mut std::ffi::c_void) -> io::Result<OwnedHandle> {
    if handle.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the caller vouches for it.
    Ok(unsafe { OwnedHandle::from_raw_handle(handle) })
}

/// Zero is failure.
pub(crate) fn succeeded(result: i32) -> io::Result<()> {
    if result == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
