//! The file as a whole: its schema, its copy, and whether it is damaged.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::Progress;

use crate::database::{is_missing, made_by};

/// The schema, one script for each version.
const MIGRATIONS: &[&str] = &[include_str!("../../migrations/sqlite/1.sql")];

pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings the schema up to date; `true` if a later everlit has written it.
pub(super) fn migrate(connection: &Connection) -> rusqlite::Result<bool> {
    let done = version(connection)?;
    for (number, script) in (1..).zip(MIGRATIONS).filter(|(number, _)| *number > done) {
        connection.execute_batch(script)?;
        connection.pragma_update(None, "user_version", number)?;
    }
    Ok(usize::try_from(done).unwrap_or(usize::MAX) > MIGRATIONS.len())
}

/// What is wrong with the file, at most a few lines: rows that can all be read may have a broken index, which shows only when
/// something is saved. <https://www.sqlite.org/pragma.html#pragma_integrity_check>
pub(super) fn damage(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    const LINES: u32 = 3;
    let mut found = Vec::new();
    connection.pragma(None, "integrity_check", LINES, |row| {
        let line: String = row.get(0)?;
        if line != "ok" {
            found.push(format!("the vault's file is damaged; restore a backup: {line}"));
        }
        Ok(())
    })?;
    let mut made = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?1")?;
    for name in MIGRATIONS.iter().copied().flat_map(made_by) {
        if !made.exists([name])? {
            found.push(is_missing(name));
        }
    }
    Ok(found)
}

/// <https://www.sqlite.org/backup.html>
pub(super) fn back_up(connection: &mut Connection, to: &Path) -> rusqlite::Result<()> {
    connection.backup("main", to, None::<fn(Progress)>)
}
