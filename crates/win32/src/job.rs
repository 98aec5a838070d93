//! Job objects: a process and everything that it starts.

use std::io;
use std::mem::size_of;
use std::os::windows::io::{AsRawHandle, OwnedHandle};
use std::ptr;

use windows_sys::Win32::Foundation::WAIT_OBJECT_0;
use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, JOB_OBJECT_LIMIT, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION, JobObjectExtendedLimitInformation, SetInformationJobObject,
    TerminateJobObject,
};
use windows_sys::Win32::System::Threading::{
    OpenProcess, PROCESS_SET_QUOTA, PROCESS_SYNCHRONIZE, PROCESS_TERMINATE, WaitForSingleObject,
};

use crate::system::{owned, succeeded};

/// A process and everything that it starts from now on. All of them end when this is dropped, also if everlit is killed.
#[derive(Debug)]
pub struct Job(OwnedHandle);

impl Job {
    /// A job that holds this process, or nothing if that has ended meanwhile. The caller keeps a handle to the process, so that its id stays valid.
    pub fn around(process_id: u32) -> io::Result<Self> {
        // SAFETY: no attributes and no name; the handle that is returned is owned here.
        let job = Self(unsafe { owned(CreateJobObjectW(ptr::null(), ptr::null())) }?);
        job.limit(JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE)?;
        // SAFETY: takes no pointer; the handle that is returned is owned here.
        let process =
            unsafe { owned(OpenProcess(PROCESS_SET_QUOTA | PROCESS_TERMINATE | PROCESS_SYNCHRONIZE, 0, process_id)) }?;
        // SAFETY: both handles are open.
        let held = succeeded(unsafe { AssignProcessToJobObject(job.0.as_raw_handle(), process.as_raw_handle()) });
        // SAFETY: the handle is open.
        let has_ended = unsafe { WaitForSingleObject(process.as_raw_handle(), 0) } == WAIT_OBJECT_0;
        if has_ended { Ok(job) } else { held.map(|()| job) }
    }

    /// Lets go of its processes, which then outlive it.
    pub fn release(self) -> io::Result<()> {
        self.limit(0)
    }

    fn limit(&self, flags: JOB_OBJECT_LIMIT) -> io::Result<()> {
        let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
        limits.BasicLimitInformation.LimitFlags = flags;
        let size = u32::try_from(size_of::<JOBOBJECT_EXTENDED_LIMIT_INFORMATION>()).map_err(io::Error::other)?;
        // SAFETY: the structure is the one that this class of information takes, with its size.
        succeeded(unsafe {
            SetInformationJobObject(
                self.0.as_raw_handle(),
                JobObjectExtendedLimitInformation,
                ptr::from_ref(&limits).cast(),
                size,
            )
        })
    }

    /// Ends every process in it, with exit code 1.
    pub fn end(&self) -> io::Result<()> {
        // SAFETY: the handle is open.
        succeeded(unsafe { TerminateJobObject(self.0.as_raw_handle(), 1) })
    }
}
