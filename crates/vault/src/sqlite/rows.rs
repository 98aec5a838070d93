//! How rows are read.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::database::{AccountRow, EVENTS_READ, EventRow, Holder, Kept, KeptRow};

/// What [`account`] reads.
pub(super) const ACCOUNT: &str = "SELECT id, name_index, a.generation, d.generation, sealed, a.expires_at \
                       FROM accounts a LEFT JOIN due d ON d.account = a.id";

pub(super) fn account_named(connection: &Connection, name_index: &[u8]) -> rusqlite::Result<Option<AccountRow>> {
    let mut query = connection.prepare_cached("SELECT id FROM accounts WHERE name_index = ?")?;
    match query.query_row([name_index], |row| row.get(0)).optional()? {
        Some(id) => account_by_id(connection, id),
        None => Ok(None),
    }
}

pub(super) fn account_by_id(connection: &Connection, id: i64) -> rusqlite::Result<Option<AccountRow>> {
    let mut query = connection.prepare_cached(&format!("{ACCOUNT} WHERE id = ?"))?;
    let Some(mut row) = query.query_row([id], account).optional()? else { return Ok(None) };
    let mut kept =
        connection.prepare_cached("SELECT id, kind, sealed FROM kept_tokens WHERE account = ? ORDER BY id")?;
    let each = |row: &Row<'_>| Ok(KeptRow { id: row.get(0)?, kind: row.get(1)?, sealed: row.get(2)? });
    row.kept = kept.query_map([id], each)?.collect::<rusqlite::Result<_>>()?;
    row.events = events(connection, Some(id), EVENTS_READ)?;
    row.events.reverse();
    Ok(Some(row))
}

impl FromSql for Kept {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::of(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

pub(super) fn account(row: &Row<'_>) -> rusqlite::Result<AccountRow> {
    Ok(AccountRow {
        id: row.get(0)?,
        name_index: row.get(1)?,
        generation: row.get(2)?,
        queued_generation: row.get(3)?,
        sealed: row.get(4)?,
        expires_at: row.get(5)?,
        kept: Vec::new(),
        events: Vec::new(),
    })
}

pub(super) fn events(connection: &Connection, account: Option<i64>, limit: usize) -> rusqlite::Result<Vec<EventRow>> {
    let of_one = if account.is_some() { "WHERE account = ?1" } else { "WHERE ?1 IS NULL" };
    let sql = format!("SELECT at, account, actor, what, sealed FROM events {of_one} ORDER BY id DESC LIMIT ?2");
    let mut query = connection.prepare_cached(&sql)?;
    let event = |row: &Row<'_>| {
        Ok(EventRow {
            at: row.get(0)?,
            account: row.get(1)?,
            actor: row.get(2)?,
            what: row.get(3)?,
            sealed: row.get(4)?,
        })
    };
    query.query_map(params![account, signed(limit)], event)?.collect()
}

pub(super) fn holder(row: &Row<'_>) -> rusqlite::Result<Holder> {
    let text = |index| row.get::<_, Option<String>>(index).map(Option::unwrap_or_default);
    Ok(Holder { who: text(0)?, since: text(1)?, until: row.get(2)? })
}

pub(super) fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
