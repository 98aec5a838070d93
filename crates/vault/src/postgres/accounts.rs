//! Rows of accounts.

use tokio_postgres::{Error, Row};

use super::statement::Statement;
use crate::database::{AccountRow, EVENTS_READ, EventRow, Kept, KeptRow};

/// Accounts without what is kept beside them.
pub(super) const ACCOUNT: &str = "SELECT a.id, a.name_index, a.generation, d.generation, a.sealed, a.expires_at \
                                  FROM accounts a LEFT JOIN due d ON d.account = a.id";

/// One account with everything.
pub(super) fn by_name(name_index: Vec<u8>) -> Statement {
    Statement::new(format!("{} WHERE a.name_index = $1", whole_from(""))).with(name_index)
}

/// Accounts with everything, in this order.
pub(super) fn by_ids(ids: Vec<i64>) -> Statement {
    let wanted = "JOIN unnest($1) WITH ORDINALITY AS wanted (id, place) ON wanted.id = a.id";
    Statement::new(format!("{} ORDER BY wanted.place", whole_from(wanted))).with(ids)
}

/// All in one statement, so that it is all of one moment.
fn whole_from(join: &str) -> String {
    format!(
        "SELECT a.id, a.name_index, a.generation, d.generation, a.sealed, a.expires_at, \
         kept.ids, kept.kinds, kept.sealed, recent.at, recent.actors, recent.whats, recent.sealed \
         FROM accounts a LEFT JOIN due d ON d.account = a.id {join} \
         CROSS JOIN LATERAL (\
           SELECT array_agg(id ORDER BY id) AS ids, array_agg(kind ORDER BY id) AS kinds, \
           array_agg(sealed ORDER BY id) AS sealed FROM kept_tokens WHERE account = a.id\
         ) kept CROSS JOIN LATERAL (\
           SELECT array_agg(at ORDER BY id) AS at, array_agg(actor ORDER BY id) AS actors, \
           array_agg(what ORDER BY id) AS whats, array_agg(sealed ORDER BY id) AS sealed \
           FROM (SELECT * FROM events WHERE account = a.id ORDER BY id DESC LIMIT {EVENTS_READ}) latest\
         ) recent"
    )
}

/// A row of [`ACCOUNT`].
pub(super) fn account(row: &Row) -> Result<AccountRow, Error> {
    Ok(AccountRow {
        id: row.try_get(0)?,
        name_index: row.try_get(1)?,
        generation: row.try_get(2)?,
        queued_generation: row.try_get(3)?,
        sealed: row.try_get(4)?,
        expires_at: row.try_get(5)?,
        kept: Vec::new(),
        events: Vec::new(),
    })
}

/// A row of [`by_name`] or [`by_ids`].
pub(super) fn whole(row: &Row) -> Result<AccountRow, Error> {
    let mut account = account(row)?;
    let (ids, kinds, sealed) = (column::<i64>(row, 6)?, column::<String>(row, 7)?, column(row, 8)?);
    let each = ids.into_iter().zip(kinds).zip(sealed);
    account.kept =
        each.filter_map(|((id, kind), sealed)| Some(KeptRow { id, kind: Kept::of(&kind)?, sealed })).collect();
    let (times, actors, whats, sealed) = (column(row, 9)?, column(row, 10)?, column(row, 11)?, column(row, 12)?);
    let each = times.into_iter().zip(actors).zip(whats).zip(sealed);
    let event = |(((at, actor), what), sealed)| EventRow { at, account: account.id, actor, what, sealed };
    account.events = each.map(event).collect();
    Ok(account)
}

/// An array, which is NULL instead of empty.
fn column<'r, T: tokio_postgres::types::FromSql<'r>>(row: &'r Row, index: usize) -> Result<Vec<T>, Error> {
    Ok(row.try_get::<_, Option<Vec<T>>>(index)?.unwrap_or_default())
}

/// A row `at, account, actor, what, sealed`.
pub(super) fn event(row: &Row) -> Result<EventRow, Error> {
    Ok(EventRow {
        at: row.try_get(0)?,
        account: row.try_get(1)?,
        actor: row.try_get(2)?,
        what: row.try_get(3)?,
        sealed: row.try_get(4)?,
    })
}
