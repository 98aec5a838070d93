//! Access control lists: files that only their owner and the system can use, and who else can use a file.

use std::fs::{File, OpenOptions};
use std::io;
use std::mem::size_of;
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::{AsRawHandle, FromRawHandle};
use std::path::Path;
use std::ptr;

use windows_sys::Win32::Foundation::{ERROR_SUCCESS, GENERIC_READ, GENERIC_WRITE, INVALID_HANDLE_VALUE};
use windows_sys::Win32::Security::Authorization::{SE_FILE_OBJECT, SetSecurityInfo};
use windows_sys::Win32::Security::{
    ACL, ACL_REVISION, DACL_SECURITY_INFORMATION, InitializeAcl, SECURITY_ATTRIBUTES,
    UNPROTECTED_DACL_SECURITY_INFORMATION,
};
use windows_sys::Win32::Storage::FileSystem::{
    CREATE_NEW, CreateDirectoryW, CreateFileW, FILE_ATTRIBUTE_NORMAL, FILE_FLAG_BACKUP_SEMANTICS, READ_CONTROL,
    WRITE_DAC,
};

use crate::descriptor::Descriptor;
use crate::sid::{ADMINISTRATORS, OWNER_RIGHTS, SYSTEM, name_of, this_user};
use crate::system::succeeded;
use crate::wide;

/// An account to which an access control list gives a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Account {
    /// Its name with its domain, such as `BUILTIN\Users`; its identifier if it has no name here.
    pub name: String,
    /// Its security identifier, such as `S-1-5-32-545`.
    pub sid: String,
}

/// Who can use a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccessList {
    /// The security identifier of its owner.
    pub owner: String,
    /// The security identifier of the user that this process runs as.
    pub user: String,
    /// The accounts beside these two, administrators and the system that may do anything but look at its attributes.
    pub others: Vec<Account>,
}

/// Creates a file that must not exist yet, open for reading and writing with this share mode.
///
/// From its first moment only its owner, this user, and the system have access. What the system itself creates is also for
/// the owner of the folder, whom it must not lock out.
pub fn create_private_file(path: &Path, share_mode: u32) -> io::Result<File> {
    let descriptor = private(path, "")?;
    let attributes = attributes(&descriptor)?;
    let path = wide::of_path(path)?;
    // SAFETY: the path ends with a zero, and the attributes and what they point to outlive the call.
    let handle = unsafe {
        CreateFileW(
            path.as_ptr(),
            GENERIC_READ | GENERIC_WRITE | WRITE_DAC,
            share_mode,
            &raw const attributes,
            CREATE_NEW,
            FILE_ATTRIBUTE_NORMAL,
            ptr::null_mut(),
        )
    };
    if handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle is open, and nobody else closes it.
    Ok(unsafe { File::from_raw_handle(handle) })
}

/// Creates a folder that must not exist yet, as private as [`create_private_file`] makes a file. What is created in it
/// inherits that.
pub fn create_private_folder(path: &Path) -> io::Result<()> {
    let descriptor = private(path, "OICI")?;
    let attributes = attributes(&descriptor)?;
    let path = wide::of_path(path)?;
    // SAFETY: the path ends with a zero, and the attributes and what they point to outlive the call.
    succeeded(unsafe { CreateDirectoryW(path.as_ptr(), &raw const attributes) })
}

/// Gives a file that [`create_private_file`] has created the access control list of another file.
///
/// # Errors
/// `PermissionDenied` if the two have different owners, since an owner may always change the list.
pub fn copy_access(to: &File, from: &Path) -> io::Result<()> {
    let mut descriptor = Descriptor::of(&open(from)?)?;
    if Descriptor::of(to)?.owner()? != descriptor.owner()? {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it belongs to another account"));
    }
    descriptor.keep_inheritance()?;
    descriptor.apply_list(to)
}

/// Gives a file that [`create_private_file`] has created the access control list that its folder hands down.
pub fn inherit_access(file: &File) -> io::Result<()> {
    let mut empty = ACL::default();
    let size = u32::try_from(size_of::<ACL>()).map_err(io::Error::other)?;
    // SAFETY: the list has this size.
    succeeded(unsafe { InitializeAcl(&raw mut empty, size, ACL_REVISION) })?;
    let what = DACL_SECURITY_INFORMATION | UNPROTECTED_DACL_SECURITY_INFORMATION;
    let none = ptr::null_mut();
    // SAFETY: the handle is open, and the list outlives the call; the other parts are not set.
    let result = unsafe {
        SetSecurityInfo(file.as_raw_handle(), SE_FILE_OBJECT, what, none, none, &raw const empty, ptr::null())
    };
    if result == ERROR_SUCCESS { Ok(()) } else { Err(io::Error::from_raw_os_error(result.cast_signed())) }
}

/// Reads who can use the file or folder at `path`.
///
/// Entries that deny are not counted, so an account may be named that is denied elsewhere in the list.
pub fn access_list(path: &Path) -> io::Result<AccessList> {
    let descriptor = Descriptor::of(&open(path)?)?;
    let (owner, user) = (descriptor.owner()?, this_user()?);
    let mut sids = descriptor.allowed()?;
    sids.retain(|sid| ![&*owner, &*user, SYSTEM, ADMINISTRATORS, OWNER_RIGHTS].contains(&&**sid));
    sids.sort_unstable();
    sids.dedup();
    let account = |sid: String| Account { name: name_of(&sid).unwrap_or_else(|_| sid.clone()), sid };
    Ok(AccessList { owner, user, others: sids.into_iter().map(account).collect() })
}

fn private(path: &Path, inheritance: &str) -> io::Result<Descriptor> {
    let user = this_user()?;
    // The system itself has access anyway.
    let (set_owner, keeper) = if user == SYSTEM {
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        (String::new(), Descriptor::of(&open(folder)?)?.owner()?)
    } else {
        (format!("O:{user}"), user)
    };
    Descriptor::parse(&format!("{set_owner}D:P(A;{inheritance};FA;;;SY)(A;{inheritance};FA;;;{keeper})"))
}

/// For the calls that create something; valid as long as the descriptor.
fn attributes(descriptor: &Descriptor) -> io::Result<SECURITY_ATTRIBUTES> {
    Ok(SECURITY_ATTRIBUTES {
        nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).map_err(io::Error::other)?,
        lpSecurityDescriptor: descriptor.as_ptr(),
        bInheritHandle: 0,
    })
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().access_mode(READ_CONTROL).custom_flags(FILE_FLAG_BACKUP_SEMANTICS).open(path)
}
