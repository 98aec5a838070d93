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
//! A replacement keeps every other name of the file (symbolic and hard links), its mode, owner, group and extended
//! attributes, and its access control lists on Windows and where they are extended attributes (Linux).
//!
//! How a file is written:
//! - **By rename**, whenever that keeps all of this: a private file in the same folder is filled, made durable and
//!   renamed over the target. Readers see the old content or the new, nothing between.
//! - **In place** otherwise: the file has several hard links, its folder is not writable, its owner cannot be given to
//!   another file, or the rename is refused (a single file mounted into a container). The old content is made durable
//!   in a recovery copy first; [`recover`] finishes the work after a crash.
//! - **By one call**, for content that must survive from the moment it arrives: a [`Slot`] is a private file that exists
//!   under its final name, durable and with room, before the content is known.
//!
//! What root creates belongs to the owner of the folder it is in. Private files are read without following symbolic
//! links, and not at all where another user may have planted them.
//!
//! Everything goes through [`Disk`], one system call or so per method, so that a test can fail or end a run between any
//! two of them (feature `faults`). [`RealDisk`] is the only code that touches the file system.

mod disk;
mod error;
#[cfg(feature = "faults")]
pub mod faults;
mod in_place;
mod lock;
mod private;
mod real;
mod replace;
mod slot;
mod temp;
mod turn;

pub use disk::{Access, Disk, DiskFile, Kind, Stat, uninterrupted};
pub use error::ReplaceError;
pub use in_place::{Recovered, recover, undo};
pub use lock::{Lock, Locking, try_lock};
pub use private::{
    check_links, check_private_file, check_private_folder, create_folder, create_private_folder, read_private,
};
pub use real::RealDisk;
pub use replace::{ReplaceOptions, Replacement, replace};
pub use slot::Slot;
pub use temp::sweep;
pub use turn::{Turn, take_turn};
