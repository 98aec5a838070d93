//! What SQLite's answers mean.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::{VaultError, VaultErrorClass};

/// What SQLite's answer means. <https://www.sqlite.org/rescode.html>
pub(super) fn failed(path: &Path, error: &rusqlite::Error) -> VaultError {
    use ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase, PermissionDenied, ReadOnly,
        SystemIoFailure,
    };
    let path = path.display();
    let (class, what) = match error.sqlite_error_code() {
        _ if is_of_its_content(error) => (VaultErrorClass::Damaged, "is damaged; restore a backup"),
        Some(CannotOpen) => (VaultErrorClass::Missing, "cannot be opened"),
        Some(DatabaseBusy | DatabaseLocked) => (VaultErrorClass::Unreachable, "is locked by another program"),
        Some(NotADatabase) => (VaultErrorClass::Damaged, "is not a vault"),
        Some(DatabaseCorrupt) => (VaultErrorClass::Damaged, "is damaged; restore a backup"),
        Some(DiskFull) => (VaultErrorClass::ReadOnly, "cannot grow: the disk is full"),
        Some(ReadOnly | PermissionDenied) => (VaultErrorClass::ReadOnly, "cannot be written"),
        Some(SystemIoFailure) => (VaultErrorClass::ReadOnly, "cannot be read or written; its disk may be full"),
        _ => (VaultErrorClass::Internal, "did not do as asked"),
    };
    VaultError::new(class, format!("the vault `{path}` {what}: {error}"))
}

/// A table is gone, or a column holds what everlit does not write there.
fn is_of_its_content(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{
        FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, SqlInputError, SqliteFailure, Utf8Error,
    };
    match error {
        SqliteFailure(_, Some(message)) | SqlInputError { msg: message, .. } => {
            ["no such table", "no such index", "no such column"].iter().any(|gone| message.starts_with(gone))
        }
        FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..) => true,
        _ => false,
    }
}
