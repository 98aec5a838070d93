//! Security descriptors: an owner and an access control list.

use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::mem::offset_of;
use std::os::windows::io::AsRawHandle;
use std::ptr;

use windows_sys::Win32::Foundation::{ERROR_INSUFFICIENT_BUFFER, LocalFree};
use windows_sys::Win32::Security::Authorization::{
    ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{
    ACCESS_ALLOWED_ACE, ACE_HEADER, ACL, DACL_SECURITY_INFORMATION, GetAce, GetKernelObjectSecurity,
    GetSecurityDescriptorControl, GetSecurityDescriptorDacl, GetSecurityDescriptorLength, GetSecurityDescriptorOwner,
    INHERIT_ONLY_ACE, OWNER_SECURITY_INFORMATION, SE_DACL_AUTO_INHERIT_REQ, SE_DACL_AUTO_INHERITED,
    SetKernelObjectSecurity, SetSecurityDescriptorControl,
};
use windows_sys::Win32::Storage::FileSystem::{FILE_READ_ATTRIBUTES, FILE_READ_EA, READ_CONTROL, SYNCHRONIZE};
use windows_sys::Win32::System::SystemServices::{
    ACCESS_ALLOWED_ACE_TYPE, ACCESS_ALLOWED_CALLBACK_ACE_TYPE, ACCESS_ALLOWED_CALLBACK_OBJECT_ACE_TYPE,
    ACCESS_ALLOWED_OBJECT_ACE_TYPE,
};

use crate::sid::{EVERYONE, text_of};
use crate::system::succeeded;
use crate::wide;

/// A self-relative security descriptor, aligned as the system wants it.
pub(crate) struct Descriptor(Vec<u64>);

impl Descriptor {
    /// Owner and access control list of a file opened with `READ_CONTROL`.
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        const WHAT: u32 = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
        let mut descriptor = Self::with_room(0);
        let mut needed = 0;
        loop {
            let room = descriptor.room();
            // SAFETY: the handle is open, and the buffer has that many bytes.
            let result = succeeded(unsafe {
                GetKernelObjectSecurity(file.as_raw_handle(), WHAT, descriptor.as_ptr(), room, &raw mut needed)
            });
            match result {
                Err(error)
                    if error.raw_os_error() == Some(ERROR_INSUFFICIENT_BUFFER.cast_signed()) && needed > room =>
                {
                    descriptor = Self::with_room(needed);
                }
                read => return read.map(|()| descriptor),
            }
        }
    }

    /// From the text form (SDDL).
    pub(crate) fn parse(text: &str) -> io::Result<Self> {
        let text = wide::of_text(text);
        let mut parsed = ptr::null_mut();
        // SAFETY: the text ends with a zero; the descriptor that is returned is copied and freed here.
        unsafe {
            succeeded(ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text.as_ptr(),
                SDDL_REVISION_1,
                &raw mut parsed,
                ptr::null_mut(),
            ))?;
            let len = GetSecurityDescriptorLength(parsed);
            let copy = Self::with_room(len);
            ptr::copy_nonoverlapping(parsed.cast::<u8>(), copy.as_ptr().cast(), len as usize);
            LocalFree(parsed);
            Ok(copy)
        }
    }

    pub(crate) fn as_ptr(&self) -> *mut c_void {
        self.0.as_ptr().cast_mut().cast()
    }

    /// The owner's security identifier.
    pub(crate) fn owner(&self) -> io::Result<String> {
        let (mut owner, mut is_default) = (ptr::null_mut(), 0);
        // SAFETY: the descriptor is valid, and the identifier is read while it lives.
        unsafe {
            succeeded(GetSecurityDescriptorOwner(self.as_ptr(), &raw mut owner, &raw mut is_default))?;
            text_of(owner)
        }
    }

    /// The accounts to which an entry of the list allows anything but a look at attributes.
    pub(crate) fn allowed(&self) -> io::Result<Vec<String>> {
        let (mut is_present, mut list, mut is_default) = (0, ptr::null_mut::<ACL>(), 0);
        // SAFETY: the descriptor is valid.
        succeeded(unsafe {
            GetSecurityDescriptorDacl(self.as_ptr(), &raw mut is_present, &raw mut list, &raw mut is_default)
        })?;
        if is_present == 0 || list.is_null() {
            // Without a list, everybody may do everything.
            return Ok(vec![EVERYONE.to_owned()]);
        }
        // SAFETY: the list is a valid part of the descriptor.
        let count = unsafe { (*list).AceCount };
        let mut accounts = Vec::new();
        for index in 0..u32::from(count) {
            let mut entry = ptr::null_mut();
            // SAFETY: the list is valid, and the entry a part of it.
            unsafe {
                succeeded(GetAce(list, index, &raw mut entry))?;
                accounts.extend(allowed_by(entry)?);
            }
        }
        Ok(accounts)
    }

    /// Makes [`Descriptor::apply_list`] keep what is inherited marked as such.
    pub(crate) fn keep_inheritance(&mut self) -> io::Result<()> {
        let (mut control, mut revision) = (0, 0);
        // SAFETY: the descriptor is valid.
        unsafe {
            succeeded(GetSecurityDescriptorControl(self.as_ptr(), &raw mut control, &raw mut revision))?;
            if control & SE_DACL_AUTO_INHERITED != 0 {
                let request = SE_DACL_AUTO_INHERIT_REQ;
                succeeded(SetSecurityDescriptorControl(self.as_ptr(), request, request))?;
            }
        }
        Ok(())
    }

    /// Gives this access control list to a file opened with `WRITE_DAC`.
    pub(crate) fn apply_list(&self, file: &File) -> io::Result<()> {
        // SAFETY: the handle is open and the descriptor valid.
        succeeded(unsafe { SetKernelObjectSecurity(file.as_raw_handle(), DACL_SECURITY_INFORMATION, self.as_ptr()) })
    }

    fn with_room(bytes: u32) -> Self {
        Self(vec![0; (bytes as usize).div_ceil(size_of::<u64>())])
    }

    fn room(&self) -> u32 {
        u32::try_from(self.0.len() * size_of::<u64>()).unwrap_or(u32::MAX)
    }
}

/// The account to which an entry allows something; `None` if it denies, or serves only to be inherited.
///
/// # Safety
/// The entry is valid.
unsafe fn allowed_by(entry: *const c_void) -> io::Result<Option<String>> {
    const HARMLESS: u32 = READ_CONTROL | SYNCHRONIZE | FILE_READ_ATTRIBUTES | FILE_READ_EA;
    // SAFETY: every entry begins with this header.
    let header = unsafe { *entry.cast::<ACE_HEADER>() };
    if u32::from(header.AceFlags) & INHERIT_ONLY_ACE != 0 {
        return Ok(None);
    }
    match u32::from(header.AceType) {
        ACCESS_ALLOWED_ACE_TYPE | ACCESS_ALLOWED_CALLBACK_ACE_TYPE => {}
        ACCESS_ALLOWED_OBJECT_ACE_TYPE | ACCESS_ALLOWED_CALLBACK_OBJECT_ACE_TYPE => {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "its access control list has entries for objects"));
        }
        _ => return Ok(None),
    }
    // SAFETY: both kinds of entry have this shape.
    unsafe {
        let mask = (*entry.cast::<ACCESS_ALLOWED_ACE>()).Mask;
        let sid = entry.byte_add(offset_of!(ACCESS_ALLOWED_ACE, SidStart)).cast_mut().cast();
        if mask & !HARMLESS == 0 { Ok(None) } else { text_of(sid).map(Some) }
    }
}
