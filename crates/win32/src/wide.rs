//! UTF-16 text that ends with a zero.

use std::io;
use std::os::windows::ffi::OsStrExt;
use std::path::{self, Component, Path, Prefix};

pub(crate) fn of_text(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// An absolute path in the form that may be longer than 260 characters.
pub(crate) fn of_path(path: &Path) -> io::Result<Vec<u16>> {
    let path = path::absolute(path)?;
    let (start, skipped) = match path.components().next() {
        Some(Component::Prefix(prefix)) => match prefix.kind() {
            Prefix::Disk(_) => (r"\\?\", 0),
            Prefix::UNC(..) => (r"\\?\UNC\", 2),
            _ => ("", 0),
        },
        _ => ("", 0),
    };
    let wide: Vec<u16> = start.encode_utf16().chain(path.as_os_str().encode_wide().skip(skipped)).collect();
    if wide.contains(&0) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a path cannot contain a zero"));
    }
    Ok(wide.into_iter().chain([0]).collect())
}

/// # Safety
/// The text ends with a zero.
pub(crate) unsafe fn to_text(text: *const u16) -> String {
    let mut len = 0;
    // SAFETY: the caller vouches for the end.
    let units = unsafe {
        while *text.add(len) != 0 {
            len += 1;
        }
        std::slice::from_raw_parts(text, len)
    };
    String::from_utf16_lossy(units)
}
