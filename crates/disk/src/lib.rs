//! Replace a file so that a crash leaves it wholly old or wholly new.
//!
//! ```
//! use everlit_disk::{RealDisk, ReplaceOptions, Replacement};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join(".env.local");
//! let disk = RealDisk;
//! // Proves that the file can be replaced and that there is room, before the content is known.
//! let reserved = Replacement::reserve(&disk, &path, 4096, &ReplaceOptions::default())?;
//! // ... ask for the content ...
//! reserved.commit(b"IG_ACCESS_TOKEN=IGAAfakeFAKEfake\n")?;
//! # assert_eq!(std::fs::read(&path)?, b"IG_ACCESS_TOKEN=IGAAfakeFAKEfake\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What stays as it was: every other name of the file (symbolic and hard links), mode, owner, group, extended
//! attributes and, where they are extended attributes (Linux), access control lists.
//!
//! How a file is written:
//! - **By rename**, whenever that keeps all of this: a private file in the same folder is filled, made durable and
//!   renamed over the target. Readers see the old content or the new, nothing between.
//! - **In place** otherwise: the file has several hard links, its folder is not writable, its owner cannot be given to
//!   another file, or the rename is refused (a single file mounted into a container). The old content is made durable
//!   in a recovery copy first; [`recover`] finishes the work after a crash.
//!
//! Everything goes through [`Disk`], one system call or so for each method, so that a test can fail or end a run
//! between any two of them (feature `faults`). [`RealDisk`] is the only code that touches the file system.

mod disk;
mod error;
#[cfg(feature = "faults")]
pub mod faults;
mod in_place;
mod lock;
mod real;
mod replace;
mod temp;

pub use disk::{Disk, DiskFile, Kind, Stat, uninterrupted};
pub use error::ReplaceError;
pub use in_place::{Recovered, recover, undo};
pub use lock::{Lock, Locking, try_lock};
pub use real::RealDisk;
pub use replace::{ReplaceOptions, Replacement, replace};
pub use temp::sweep;
