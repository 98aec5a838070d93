//! A vault in one file, by SQLite (<https://www.sqlite.org/>).
//!
//! One thread has the file. Requests that have arrived meanwhile share a transaction, so that many accounts are durable
//! after one sync of the disk; each has a savepoint of its own, and none has an answer before the transaction is on the disk.

mod error;
mod file;
mod queries;
mod rows;
mod worker;

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags};

use crate::{VaultError, VaultErrorClass};

use error::failed;
use worker::Worker;

/// A SQLite file.
#[derive(Debug)]
pub(crate) struct Sqlite {
    worker: Worker,
}

impl Sqlite {
    /// Opens a file; creates it only if told to, readable for its owner alone.
    pub(crate) fn open(path: &Path, disk: &dyn everlit_disk::Disk, create: bool) -> Result<Self, VaultError> {
        if create {
            match everlit_disk::uninterrupted(|| disk.create_private(path)) {
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => {
                    let message = format!("cannot create the vault `{}`: {error}", path.display());
                    return Err(VaultError::new(VaultErrorClass::ReadOnly, message));
                }
            }
        }
        let failed = |error: &rusqlite::Error| failed(path, error);
        let flags =
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let connection = Connection::open_with_flags(path, flags).map_err(|error| match failed(&error) {
            error if error.class == VaultErrorClass::Missing && disk.lstat(path).is_ok() => {
                let message = format!("{}; it must be a file that this user can read and write", error.message);
                VaultError::new(VaultErrorClass::Denied, message)
            }
            error => error,
        })?;
        prepare(&connection).map_err(|error| failed(&error))?;
        Ok(Self { worker: Worker::start(connection, Arc::from(path))? })
    }
}

/// How long another process may hold the file.
const BUSY: std::time::Duration = std::time::Duration::from_secs(10);

/// <https://www.sqlite.org/pragma.html>
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(64);
    // A file that cannot be written keeps the journal it has.
    let is_writable = !connection.is_readonly("main")?;
    if is_writable {
        connection.pragma_update(None, "journal_mode", "WAL")?;
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // Of each change within a transaction SQLite notes how to undo it; as for a file, it would ask for 64 KiB each time.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // What was deleted is overwritten.
    connection.pragma_update(None, "secure_delete", true)
}
