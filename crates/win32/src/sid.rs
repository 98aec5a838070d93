//! Security identifiers of accounts, as text.

use std::io;
use std::os::windows::io::AsRawHandle;
use std::ptr;

use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security::Authorization::{ConvertSidToStringSidW, ConvertStringSidToSidW};
use windows_sys::Win32::Security::{GetTokenInformation, LookupAccountSidW, PSID, TOKEN_QUERY, TOKEN_USER, TokenUser};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

use crate::system::{owned, succeeded};
use crate::wide;

pub(crate) const EVERYONE: &str = "S-1-1-0";
pub(crate) const OWNER_RIGHTS: &str = "S-1-3-4";
pub(crate) const SYSTEM: &str = "S-1-5-18";
pub(crate) const ADMINISTRATORS: &str = "S-1-5-32-544";

/// The user that this process runs as.
pub(crate) fn this_user() -> io::Result<String> {
    /// A `TOKEN_USER` and the longest identifier after it.
    const ROOM: usize = 16;
    let mut buffer = [0_u64; ROOM];
    let mut needed = 0;
    let mut token = ptr::null_mut();
    // SAFETY: the handle that is returned is owned here; the buffer has the given size and is aligned for the structure,
    // and the identifier in it is read while it lives.
    unsafe {
        succeeded(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token))?;
        let token = owned(token)?;
        let room = u32::try_from(size_of_val(&buffer)).map_err(io::Error::other)?;
        let to = buffer.as_mut_ptr().cast();
        succeeded(GetTokenInformation(token.as_raw_handle(), TokenUser, to, room, &raw mut needed))?;
        text_of((*buffer.as_ptr().cast::<TOKEN_USER>()).User.Sid)
    }
}

/// `S-1-5-18` and the like.
///
/// # Safety
/// The identifier is valid.
pub(crate) unsafe fn text_of(sid: PSID) -> io::Result<String> {
    let mut text = ptr::null_mut();
    // SAFETY: the caller vouches for the identifier; the text that is returned is copied and freed here.
    unsafe {
        succeeded(ConvertSidToStringSidW(sid, &raw mut text))?;
        let copy = wide::to_text(text);
        LocalFree(text.cast());
        Ok(copy)
    }
}

/// The name of an account with its domain.
pub(crate) fn name_of(sid: &str) -> io::Result<String> {
    const ROOM: u32 = 512;
    let text = wide::of_text(sid);
    let (mut name, mut domain) = ([0_u16; ROOM as usize], [0_u16; ROOM as usize]);
    let (mut name_len, mut domain_len, mut kind) = (ROOM, ROOM, 0);
    let mut sid = ptr::null_mut();
    // SAFETY: the text ends with a zero; the identifier that is returned is freed here; both buffers have the given size.
    let found = unsafe {
        succeeded(ConvertStringSidToSidW(text.as_ptr(), &raw mut sid))?;
        let found = succeeded(LookupAccountSidW(
            ptr::null(),
            sid,
            name.as_mut_ptr(),
            &raw mut name_len,
            domain.as_mut_ptr(),
            &raw mut domain_len,
            &raw mut kind,
        ));
        LocalFree(sid);
        found
    };
    found?;
    // SAFETY: the call has ended both with a zero.
    let (name, domain) = unsafe { (wide::to_text(name.as_ptr()), wide::to_text(domain.as_ptr())) };
    Ok(if domain.is_empty() { name } else { format!(r"{domain}\{name}") })
}
