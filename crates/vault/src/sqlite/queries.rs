//! The statements of SQLite.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension as _, Row, named_params, params};

use super::rows::{ACCOUNT, account, account_by_id, account_named, events, holder, signed, unsigned};
use super::{Sqlite, file};
use crate::database::{
    AccountRow, AlertRow, Answer, CRITICAL, Columns, Database, EventRow, Holder, Kept, KeyRow, LEASE_SECONDS, Leased,
    NewAccount, NewEvent, NewLease, Queue, Right, Save, TROUBLED, WORKER_FORGOTTEN, WorkerRow, state_at,
};
use crate::{VaultError, VaultErrorClass};

/// A lease has ended, or a clock was wrong when it was taken: none lasts for an hour.
const OVER: &str = "lease_until NOT BETWEEN unixepoch() + 1 AND unixepoch() + 3600";

impl Database for Sqlite {
    fn version(&self) -> Answer<'_, u32> {
        Box::pin(self.worker.read(file::version))
    }

    fn migrate(&self) -> Answer<'_, ()> {
        Box::pin(async move { if self.worker.write(file::migrate).await? { Err(VaultError::newer()) } else { Ok(()) } })
    }

    /// A file has nothing to make ready.
    fn maintain(&self, _: i64) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn setting(&self, name: &'static str) -> Answer<'_, Option<Vec<u8>>> {
        Box::pin(self.worker.read(move |connection| {
            let mut query = connection.prepare_cached("SELECT value FROM settings WHERE name = ?")?;
            query.query_row([name], |row| row.get(0)).optional()
        }))
    }

    fn put_setting(&self, name: &'static str, value: Vec<u8>) -> Answer<'_, ()> {
        Box::pin(self.worker.write(move |connection| {
            let mut put = connection.prepare_cached("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)")?;
            put.execute(params![name, value]).map(drop)
        }))
    }

    fn replace_setting(
        &self,
        name: &'static str,
        old: Option<Vec<u8>>,
        new: Vec<u8>,
        event: NewEvent,
    ) -> Answer<'_, bool> {
        Box::pin(self.worker.write(move |connection| {
            let replaced = match old {
                Some(old) => connection.execute(
                    "UPDATE settings SET value = ? WHERE name = ? AND substr(value, 1, 8) = ?",
                    params![new, name, old],
                )?,
                None => connection.execute(
                    "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    params![name, new],
                )?,
            };
            if replaced == 1 {
                add_event(connection, 0, &event)?;
            }
            Ok(replaced == 1)
        }))
    }

    fn found(&self, id: Vec<u8>, keys: Vec<KeyRow>) -> Answer<'_, bool> {
        Box::pin(self.worker.write(move |connection| {
            let is_new = connection
                .execute("INSERT INTO settings (name, value) VALUES ('vault', ?) ON CONFLICT DO NOTHING", [id])?;
            if is_new == 1 {
                put_keys(connection, &keys)?;
            }
            Ok(is_new == 1)
        }))
    }

    fn keys(&self) -> Answer<'_, Vec<KeyRow>> {
        Box::pin(self.worker.read(|connection| {
            let mut query = connection.prepare("SELECT id, master, wrapped, created_at FROM keys ORDER BY id")?;
            let key = |row: &Row<'_>| {
                Ok(KeyRow { id: row.get(0)?, master: row.get(1)?, wrapped: row.get(2)?, created_at: row.get(3)? })
            };
            query.query_map([], key)?.collect()
        }))
    }

    fn put_keys(&self, keys: Vec<KeyRow>) -> Answer<'_, ()> {
        Box::pin(self.worker.write(move |connection| put_keys(connection, &keys)))
    }

    fn accounts_by_key(&self) -> Answer<'_, Vec<(u32, u64)>> {
        Box::pin(self.worker.read(|connection| {
            let mut query =
                connection.prepare("SELECT key_id, count(*) FROM accounts GROUP BY key_id ORDER BY key_id")?;
            query.query_map([], |row| Ok((row.get(0)?, unsigned(row.get(1)?))))?.collect()
        }))
    }

    fn insert(&self, account: NewAccount) -> Answer<'_, bool> {
        Box::pin(self.worker.write(move |connection| {
            let NewAccount { id, name_index, columns, event } = account;
            let mut insert = connection.prepare_cached(
                "INSERT INTO accounts (id, name_index, owner_index, platform, state, expires_at, data_access_ends_at, \
                 generation, key_id, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT (name_index) DO NOTHING",
            )?;
            let Columns { sealed, key, platform, state, owner_index, expires_at, data_access_ends_at, run_at } =
                columns;
            let inserted = insert.execute(params![
                id,
                name_index,
                owner_index,
                platform,
                state,
                expires_at,
                data_access_ends_at,
                key,
                sealed
            ])?;
            if inserted == 0 {
                return Ok(false);
            }
            connection
                .prepare_cached("INSERT INTO due (account, generation, run_at, expires_at) VALUES (?, 1, ?, ?)")?
                .execute(params![id, run_at, expires_at])?;
            add_event(connection, id, &event)?;
            Ok(true)
        }))
    }

    fn remove(&self, id: i64, event: NewEvent) -> Answer<'_, bool> {
        Box::pin(self.worker.write(move |connection| {
            let removed = connection.execute("DELETE FROM accounts WHERE id = ?", [id])?;
            if removed == 1 {
                add_event(connection, id, &event)?;
            }
            Ok(removed == 1)
        }))
    }

    fn account(&self, name_index: Vec<u8>) -> Answer<'_, Option<AccountRow>> {
        Box::pin(self.worker.read(move |connection| account_named(connection, &name_index)))
    }

    fn page(&self, after: i64, limit: usize) -> Answer<'_, Vec<AccountRow>> {
        Box::pin(self.worker.read(move |connection| {
            let mut query = connection.prepare_cached(&format!("{ACCOUNT} WHERE id > ? ORDER BY id LIMIT ?"))?;
            query.query_map(params![after, signed(limit)], account)?.collect()
        }))
    }

    fn page_of_older_keys(&self, key: u32, after: i64, limit: usize) -> Answer<'_, Vec<AccountRow>> {
        Box::pin(self.worker.read(move |connection| {
            let mut query =
                connection.prepare_cached(&format!("{ACCOUNT} WHERE key_id < ? AND id > ? ORDER BY id LIMIT ?"))?;
            query.query_map(params![key, after, signed(limit)], account)?.collect()
        }))
    }

    fn page_with_kept(&self, after: i64, limit: usize) -> Answer<'_, Vec<AccountRow>> {
        Box::pin(self.worker.read(move |connection| {
            let mut query = connection.prepare(&format!(
                "{ACCOUNT} WHERE id > ? AND id IN (SELECT account FROM kept_tokens) ORDER BY id LIMIT ?"
            ))?;
            query.query_map(params![after, signed(limit)], account)?.collect()
        }))
    }

    fn mark_unreadable(&self, id: i64) -> Answer<'_, ()> {
        Box::pin(self.worker.write(move |connection| {
            connection
                .execute("UPDATE accounts SET state = 'unreadable' WHERE id = ? AND state <> 'unreadable'", [id])
                .map(drop)
        }))
    }

    fn unreadable(&self, limit: usize) -> Answer<'_, Vec<i64>> {
        Box::pin(self.worker.read(move |connection| {
            let mut query = connection.prepare(&format!(
                "SELECT id FROM accounts WHERE {TROUBLED} AND state = 'unreadable' ORDER BY id LIMIT ?"
            ))?;
            query.query_map([signed(limit)], |row| row.get(0))?.collect()
        }))
    }

    fn page_of_troubled(&self, after: i64, limit: usize) -> Answer<'_, Vec<AccountRow>> {
        Box::pin(self.worker.read(move |connection| {
            let mut query =
                connection.prepare_cached(&format!("{ACCOUNT} WHERE {TROUBLED} AND id > ? ORDER BY id LIMIT ?"))?;
            query.query_map(params![after, signed(limit)], account)?.collect()
        }))
    }

    fn same_owner(&self, owner_index: Vec<u8>) -> Answer<'_, Vec<AccountRow>> {
        Box::pin(self.worker.read(move |connection| {
            let mut query = connection.prepare_cached(&format!("{ACCOUNT} WHERE owner_index = ? ORDER BY id"))?;
            query.query_map([owner_index], account)?.collect()
        }))
    }

    fn due(&self, now: i64, limit: usize) -> Answer<'_, Vec<AccountRow>> {
        Box::pin(self.worker.read(move |connection| {
            let ids = most_urgent(connection, now, limit, false)?;
            let mut query = connection.prepare_cached(&format!("{ACCOUNT} WHERE id = ?"))?;
            ids.into_iter().map(|id| query.query_row([id], account)).collect()
        }))
    }

    fn lease(&self, name_index: Vec<u8>, lease: NewLease) -> Answer<'_, Leased> {
        Box::pin(self.worker.write(move |connection| {
            let Some(row) = account_named(connection, &name_index)? else { return Ok(Leased::NoAccount) };
            if take_lease(connection, row.id, &lease)? {
                return Ok(Leased::Yes(Box::new(row)));
            }
            let mut query =
                connection.prepare_cached("SELECT holder, lease_since, lease_until FROM due WHERE account = ?")?;
            query.query_row([row.id], holder).map(Leased::HeldBy)
        }))
    }

    fn claim(&self, now: i64, limit: usize, lease: NewLease) -> Answer<'_, Vec<AccountRow>> {
        Box::pin(self.worker.write(move |connection| {
            let mut claimed = Vec::new();
            for id in most_urgent(connection, now, limit, true)? {
                if take_lease(connection, id, &lease)? {
                    claimed.extend(account_by_id(connection, id)?);
                }
            }
            Ok(claimed)
        }))
    }

    fn renew(&self, account: i64, lease: i64) -> Answer<'_, bool> {
        Box::pin(self.worker.write(move |connection| {
            let mut renew = connection
                .prepare_cached("UPDATE due SET lease_until = unixepoch() + ? WHERE account = ? AND lease = ?")?;
            Ok(renew.execute(params![LEASE_SECONDS, account, lease])? == 1)
        }))
    }

    fn release(&self, account: i64, lease: i64) {
        self.worker.write_unwatched(move |connection| {
            let mut release = connection
                .prepare_cached("UPDATE due SET lease = NULL, lease_until = NULL WHERE account = ? AND lease = ?")?;
            release.execute([account, lease]).map(drop)
        });
    }

    fn save(&self, save: Save) -> Answer<'_, bool> {
        Box::pin(self.worker.write(move |connection| write(connection, &save)))
    }

    fn keep(&self, account: i64, kind: Kept, sealed: Vec<u8>) -> Answer<'_, Option<i64>> {
        Box::pin(self.worker.write(move |connection| {
            let mut add = connection.prepare_cached(
                "INSERT INTO kept_tokens (account, kind, sealed) SELECT id, ?, ? FROM accounts WHERE id = ?",
            )?;
            if add.execute(params![kind.word(), sealed, account])? == 0 {
                return Ok(None);
            }
            let id = connection.last_insert_rowid();
            if kind == Kept::Waiting {
                // There is work.
                connection.prepare_cached("UPDATE due SET run_at = 0 WHERE account = ?")?.execute([account])?;
            }
            Ok(Some(id))
        }))
    }

    fn change_kept(&self, account: i64, lease: i64, refused: Vec<i64>, forgotten: Vec<i64>) -> Answer<'_, bool> {
        Box::pin(self.worker.write(move |connection| {
            if !has_lease(connection, account, lease)? {
                return Ok(false);
            }
            let mut refuse = connection.prepare_cached("UPDATE kept_tokens SET kind = 'refused' WHERE id = ?")?;
            for id in refused {
                refuse.execute([id])?;
            }
            forget(connection, &forgotten)?;
            Ok(true)
        }))
    }

    fn alerts(&self, name_indexes: Vec<Vec<u8>>) -> Answer<'_, Vec<AlertRow>> {
        Box::pin(self.worker.read(move |connection| {
            let mut query = connection.prepare_cached(
                "SELECT a.id, s.sealed FROM accounts a LEFT JOIN alerts s ON s.account = a.id WHERE name_index = ?",
            )?;
            let mut found = Vec::new();
            for name_index in name_indexes {
                let row = query.query_row([&name_index], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
                found.extend(row.map(|(account, sealed)| AlertRow { name_index, account, sealed }));
            }
            Ok(found)
        }))
    }

    fn alerted(&self, name_indexes: Vec<Vec<u8>>) -> Answer<'_, Vec<Vec<u8>>> {
        Box::pin(self.worker.read(move |connection| {
            let mut query = connection
                .prepare_cached("SELECT 1 FROM accounts a JOIN alerts s ON s.account = a.id WHERE name_index = ?")?;
            let mut found = Vec::new();
            for index in name_indexes {
                if query.exists([&index])? {
                    found.push(index);
                }
            }
            Ok(found)
        }))
    }

    fn put_alerts(&self, alerts: Vec<(i64, Option<Vec<u8>>)>) -> Answer<'_, ()> {
        Box::pin(self.worker.write(move |connection| {
            let mut put = connection.prepare_cached(
                "INSERT INTO alerts (account, sealed) SELECT id, ?2 FROM accounts WHERE id = ?1 \
                 ON CONFLICT (account) DO UPDATE SET sealed = excluded.sealed",
            )?;
            let mut forget = connection.prepare_cached("DELETE FROM alerts WHERE account = ?")?;
            for (account, sealed) in alerts {
                match sealed {
                    Some(sealed) => put.execute(params![account, sealed])?,
                    None => forget.execute([account])?,
                };
            }
            Ok(())
        }))
    }

    fn lease_named(&self, name: &'static str, lease: NewLease) -> Answer<'_, Option<Holder>> {
        Box::pin(self.worker.write(move |connection| {
            let mut take = connection.prepare_cached(&format!(
                "INSERT INTO leases (name, lease, lease_until, holder, lease_since) \
                 VALUES (:name, :lease, unixepoch() + :seconds, :holder, :since) \
                 ON CONFLICT (name) DO UPDATE SET lease = :lease, lease_until = unixepoch() + :seconds, holder = :holder, \
                 lease_since = :since WHERE {OVER}",
            ))?;
            let NewLease { lease, holder: Holder { who, since, .. } } = lease;
            let taken = take.execute(named_params! {
                ":name": name, ":lease": lease, ":seconds": LEASE_SECONDS, ":holder": who, ":since": since
            })?;
            if taken == 1 {
                return Ok(None);
            }
            let mut query = connection.prepare_cached("SELECT holder, lease_since, lease_until FROM leases WHERE name = ?")?;
            query.query_row([name], holder).map(Some)
        }))
    }

    fn release_named(&self, name: &'static str, lease: i64) {
        self.worker.write_unwatched(move |connection| {
            let mut release = connection.prepare_cached("DELETE FROM leases WHERE name = ? AND lease = ?")?;
            release.execute(params![name, lease]).map(drop)
        });
    }

    fn events(&self, account: Option<i64>, limit: usize) -> Answer<'_, Vec<EventRow>> {
        Box::pin(self.worker.read(move |connection| events(connection, account, limit)))
    }

    fn states(&self, now: i64) -> Answer<'_, Vec<(String, u64)>> {
        Box::pin(self.worker.read(move |connection| {
            // Counted here: `GROUP BY` would sort all of them, in memory.
            let mut counts = BTreeMap::<String, u64>::new();
            let mut query = connection.prepare(&format!("SELECT {} FROM accounts", state_at("?1")))?;
            let mut rows = query.query([now])?;
            while let Some(row) = rows.next()? {
                let state = row.get_ref(0)?.as_str()?;
                match counts.get_mut(state) {
                    Some(count) => *count += 1,
                    None => drop(counts.insert(state.to_owned(), 1)),
                }
            }
            Ok(counts.into_iter().collect())
        }))
    }

    fn queue(&self, now: i64, most: usize) -> Answer<'_, Queue> {
        Box::pin(self.worker.read(move |connection| {
            let free = format!("AND (lease IS NULL OR {OVER})");
            let number = |sql: &str| -> rusqlite::Result<Option<i64>> {
                let mut query = connection.prepare_cached(sql)?;
                query.query_row(params![now, signed(most), CRITICAL], |row| row.get(0))
            };
            let overdue = number(&format!(
                "SELECT count(*) FROM (SELECT 1 FROM due INDEXED BY due_run WHERE run_at <= ?1 AND ?3 {free} LIMIT ?2)"
            ))?;
            let critical = number(&format!(
                "SELECT count(*) FROM (SELECT 1 FROM due INDEXED BY due_end \
                 WHERE expires_at > ?1 AND expires_at <= ?1 + ?3 AND run_at <= ?1 {free} LIMIT ?2)"
            ))?;
            let oldest = format!(
                "SELECT run_at FROM due INDEXED BY due_run WHERE run_at BETWEEN 1 AND ?1 AND ?3 {free} ORDER BY run_at \
                 LIMIT min(?2, 1)"
            );
            let oldest = connection
                .prepare_cached(&oldest)?
                .query_row(params![now, signed(most), CRITICAL], |row| row.get(0))
                .optional()?;
            let next = number("SELECT min(run_at) FROM due WHERE run_at > ?1 AND ?2 AND ?3")?;
            let count = |number: Option<i64>| unsigned(number.unwrap_or(0));
            Ok(Queue { overdue: count(overdue), critical: count(critical), oldest, next })
        }))
    }

    fn make_due(&self, after: i64, now: i64) -> Answer<'_, u64> {
        Box::pin(self.worker.write(move |connection| {
            let mut make = connection.prepare_cached("UPDATE due SET run_at = ? WHERE run_at > ?")?;
            Ok(make.execute([now, after])? as u64)
        }))
    }

    fn undelivered(&self, most: usize) -> Answer<'_, u64> {
        Box::pin(self.worker.read(move |connection| {
            let mut query = connection.prepare_cached("SELECT count(*) FROM (SELECT 1 FROM deliveries LIMIT ?)")?;
            query.query_row([signed(most)], |row| row.get(0)).map(unsigned)
        }))
    }

    fn put_worker(&self, worker: WorkerRow) -> Answer<'_, ()> {
        Box::pin(self.worker.write(move |connection| {
            let mut put = connection.prepare_cached(
                "INSERT OR REPLACE INTO workers (id, who, version, started_at, seen_at, in_flight, done, failed, per_minute) \
                 VALUES (?, ?, ?, ?, unixepoch(), ?, ?, ?, ?)",
            )?;
            let WorkerRow { id, who, version, started_at, in_flight, done, failed, per_minute, .. } = worker;
            put.execute(params![id, who, version, started_at, in_flight, done, failed, per_minute]).map(drop)
        }))
    }

    fn workers(&self) -> Answer<'_, Vec<WorkerRow>> {
        Box::pin(self.worker.read(|connection| {
            let mut query = connection.prepare(
                "SELECT id, who, version, started_at, seen_at, unixepoch() - seen_at, in_flight, done, failed, per_minute FROM workers \
                 WHERE seen_at > unixepoch() - ? ORDER BY seen_at DESC, id",
            )?;
            let worker = |row: &Row<'_>| {
                Ok(WorkerRow {
                    id: row.get(0)?,
                    who: row.get(1)?,
                    version: row.get(2)?,
                    started_at: row.get(3)?,
                    seen_at: row.get(4)?,
                    seen_ago: row.get(5)?,
                    in_flight: row.get(6)?,
                    done: row.get(7)?,
                    failed: row.get(8)?,
                    per_minute: row.get(9)?,
                })
            };
            query.query_map([WORKER_FORGOTTEN], worker)?.collect()
        }))
    }

    fn remove_worker(&self, id: i64) -> Answer<'_, ()> {
        Box::pin(self.worker.write(move |connection| {
            connection
                .execute("DELETE FROM workers WHERE id = ? OR seen_at < unixepoch() - ?", [id, WORKER_FORGOTTEN])
                .map(drop)
        }))
    }

    fn damage(&self) -> Answer<'_, Vec<String>> {
        Box::pin(self.worker.read(file::damage))
    }

    fn back_up(&self, to: PathBuf) -> Answer<'_, ()> {
        Box::pin(async move {
            if let Some(damage) = self.damage().await?.into_iter().next() {
                return Err(VaultError::new(VaultErrorClass::Damaged, damage));
            }
            self.worker.alone(move |connection| file::back_up(connection, &to)).await
        })
    }
}

fn put_keys(connection: &Connection, keys: &[KeyRow]) -> rusqlite::Result<()> {
    let mut put = connection
        .prepare_cached("INSERT OR REPLACE INTO keys (id, master, wrapped, created_at) VALUES (?, ?, ?, ?)")?;
    for KeyRow { id, master, wrapped, created_at } in keys {
        put.execute(params![id, master, wrapped, created_at])?;
    }
    Ok(())
}

/// The ids of accounts that are due: those that die soon, by their end; then the others, by their time.
fn most_urgent(connection: &Connection, now: i64, limit: usize, only_free: bool) -> rusqlite::Result<Vec<i64>> {
    let free = if only_free { format!("AND (lease IS NULL OR {OVER})") } else { String::new() };
    let ids = |sql: String, parameters: &[&dyn rusqlite::ToSql]| -> rusqlite::Result<Vec<i64>> {
        connection.prepare_cached(&sql)?.query_map(parameters, |row| row.get(0))?.collect()
    };
    let critical = format!(
        "SELECT account FROM due INDEXED BY due_end WHERE expires_at > ? AND expires_at <= ? AND run_at <= ? {free} \
         ORDER BY expires_at LIMIT ?"
    );
    let mut found = ids(critical, params![now, now + CRITICAL, now, signed(limit)])?;
    let others = format!("SELECT account FROM due INDEXED BY due_run WHERE run_at <= ? {free} ORDER BY run_at LIMIT ?");
    for id in ids(others, params![now, signed(limit)])? {
        if found.len() < limit && !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

fn take_lease(connection: &Connection, account: i64, lease: &NewLease) -> rusqlite::Result<bool> {
    let mut take = connection.prepare_cached(&format!(
        "UPDATE due SET lease = ?, lease_until = unixepoch() + ?, holder = ?, lease_since = ? \
         WHERE account = ? AND (lease IS NULL OR {OVER})"
    ))?;
    let NewLease { lease, holder: Holder { who, since, .. } } = lease;
    Ok(take.execute(params![lease, LEASE_SECONDS, who, since, account])? == 1)
}

fn has_lease(connection: &Connection, account: i64, lease: i64) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM due WHERE account = ? AND lease = ?")?.exists([account, lease])
}

fn is_leased(connection: &Connection, account: i64) -> rusqlite::Result<bool> {
    let query = format!("SELECT 1 FROM due WHERE account = ? AND lease IS NOT NULL AND NOT ({OVER})");
    connection.prepare_cached(&query)?.exists([account])
}

fn write(connection: &Connection, save: &Save) -> rusqlite::Result<bool> {
    let may_write = match save.right {
        Right::Lease(lease) => has_lease(connection, save.id, lease)?,
        Right::Person => true,
        Right::Unleased => !is_leased(connection, save.id)?,
    };
    if !may_write {
        return Ok(false);
    }
    let Columns { sealed, key, platform, state, owner_index, expires_at, data_access_ends_at, run_at } = &save.columns;
    let mut update = connection.prepare_cached(
        "UPDATE accounts SET generation = generation + 1, sealed = ?, key_id = ?, platform = ?, state = ?, owner_index = ?, \
         expires_at = ?, data_access_ends_at = ?, name_index = coalesce(?, name_index) WHERE id = ? AND generation = ?",
    )?;
    let saved = update.execute(params![
        sealed,
        key,
        platform,
        state,
        owner_index,
        expires_at,
        data_access_ends_at,
        save.name_index,
        save.id,
        save.generation
    ])?;
    if saved == 0 {
        return Ok(false);
    }
    connection
        .prepare_cached("UPDATE due SET generation = ?, run_at = ?, expires_at = ? WHERE account = ?")?
        .execute(params![save.generation + 1, run_at, expires_at, save.id])?;
    forget(connection, &save.forgotten)?;
    for event in &save.events {
        add_event(connection, save.id, event)?;
    }
    if let Some(undelivered) = &save.undelivered {
        connection.prepare_cached("DELETE FROM deliveries WHERE account = ?")?.execute([save.id])?;
        let mut add = connection.prepare_cached("INSERT INTO deliveries (account, target, since) VALUES (?, ?, ?)")?;
        for (target, since) in undelivered {
            add.execute(params![save.id, target, since])?;
        }
    }
    Ok(true)
}

fn forget(connection: &Connection, kept: &[i64]) -> rusqlite::Result<()> {
    let mut forget = connection.prepare_cached("DELETE FROM kept_tokens WHERE id = ?")?;
    kept.iter().try_for_each(|id| forget.execute([id]).map(drop))
}

fn add_event(connection: &Connection, account: i64, event: &NewEvent) -> rusqlite::Result<()> {
    let NewEvent { at, actor, what, sealed } = event;
    let mut add =
        connection.prepare_cached("INSERT INTO events (at, account, actor, what, sealed) VALUES (?, ?, ?, ?, ?)")?;
    add.execute(params![at, account, actor, what, sealed]).map(drop)
}
