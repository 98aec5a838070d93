//! What a vault asks, in the statements of PostgreSQL.

use std::path::PathBuf;
use std::sync::Arc;

use tokio_postgres::{Error, Row};

use super::Postgres;
use super::accounts::{ACCOUNT, account, by_name, event, whole};
use super::leases::{URGENT, most_urgent};
use super::migrations::MIGRATIONS;
use super::save::change_kept;
use super::save_many::{Keep, Renewal};
use super::statement::{NOW, OVER, Statement};
use crate::VaultErrorClass;
use crate::database::{
    AccountRow, AlertRow, Answer, CRITICAL, Database, EventRow, Holder, Kept, KeyRow, Leased, NewAccount, NewEvent,
    NewLease, Queue, Save, TROUBLED, WORKER_FORGOTTEN, WorkerRow, is_missing, made_by, state_at,
};

/// Does the work of the pool's method of the same name.
macro_rules! work {
    ($self:ident.$method:ident($($argument:expr),*)) => {{
        let pool = Arc::clone(&$self.connections.pool);
        Box::pin($self.connections.run(async move { pool.$method($($argument),*).await }))
    }};
}

impl Postgres {
    /// Sends a statement and reads its rows.
    fn ask<T: Send + 'static>(&self, statement: Statement, read: fn(&Row) -> Result<T, Error>) -> Answer<'_, Vec<T>> {
        let pool = Arc::clone(&self.connections.pool);
        Box::pin(self.connections.run(async move {
            let reply = pool.send(&statement).await?;
            reply.rows.iter().map(|row| pool.read(row, read)).collect()
        }))
    }

    /// The same with the first row.
    fn ask_one<T: Send + 'static>(
        &self,
        statement: Statement,
        read: fn(&Row) -> Result<T, Error>,
    ) -> Answer<'_, Option<T>> {
        Box::pin(async move { Ok(self.ask(statement, read).await?.into_iter().next()) })
    }

    /// The same, and only whether there is a row.
    fn is_done(&self, statement: Statement) -> Answer<'_, bool> {
        Box::pin(async move { Ok(!self.ask(statement, |_| Ok(())).await?.is_empty()) })
    }

    /// Sends a statement without rows.
    fn tell(&self, statement: Statement) -> Answer<'_, ()> {
        Box::pin(async move { self.ask(statement, |_| Ok(())).await.map(drop) })
    }

    fn give_back(&self) {
        let pool = Arc::clone(&self.connections.pool);
        // What fails is tried again before the next lease is taken, and has an end of its own.
        drop(self.connections.spawn(async move { pool.give_back().await }));
    }
}

impl Database for Postgres {
    fn version(&self) -> Answer<'_, u32> {
        work!(self.version())
    }

    fn migrate(&self) -> Answer<'_, ()> {
        work!(self.migrate())
    }

    fn maintain(&self, now: i64) -> Answer<'_, ()> {
        work!(self.maintain(Some(now)))
    }

    fn setting(&self, name: &'static str) -> Answer<'_, Option<Vec<u8>>> {
        self.ask_one(Statement::new("SELECT value FROM settings WHERE name = $1").with(name), |row| row.try_get(0))
    }

    fn put_setting(&self, name: &'static str, value: Vec<u8>) -> Answer<'_, ()> {
        let text = "INSERT INTO settings (name, value) VALUES ($1, $2) \
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.tell(Statement::new(text).with(name).with(value))
    }

    fn replace_setting(
        &self,
        name: &'static str,
        old: Option<Vec<u8>>,
        new: Vec<u8>,
        event: NewEvent,
    ) -> Answer<'_, bool> {
        let statement = Statement::new(
            "WITH added AS (\
               INSERT INTO settings (name, value) SELECT $1, $3 WHERE $2 IS NULL ON CONFLICT DO NOTHING RETURNING name\
             ), changed AS (\
               UPDATE settings SET value = $3 WHERE name = $1 AND substring(value FROM 1 FOR 8) = $2 RETURNING name\
             ), done AS (SELECT name FROM added UNION ALL SELECT name FROM changed), logged AS (\
               INSERT INTO events (at, account, actor, what, sealed) SELECT $4, 0, $5, $6, $7 FROM done\
             ) SELECT name FROM done",
        );
        let NewEvent { at, actor, what, sealed } = event;
        self.is_done(statement.with(name).with(old).with(new).with(at).with(actor).with(what).with(sealed))
    }

    fn found(&self, id: Vec<u8>, keys: Vec<KeyRow>) -> Answer<'_, bool> {
        let statement = Statement::new(
            "WITH founded AS (\
               INSERT INTO settings (name, value) VALUES ('vault', $1) ON CONFLICT DO NOTHING RETURNING name\
             ), keyed AS (\
               INSERT INTO keys (id, master, wrapped, created_at) SELECT new.* FROM founded, unnest($2, $3, $4, $5) AS new\
             ) SELECT name FROM founded",
        );
        self.is_done(with_keys(statement.with(id), keys))
    }

    fn keys(&self) -> Answer<'_, Vec<KeyRow>> {
        let query = "SELECT id, master, wrapped, created_at FROM keys ORDER BY id";
        self.ask(Statement::new(query), |row| {
            let (id, master) = (unsigned(row, 0)?, row.try_get(1)?);
            Ok(KeyRow {
                id: u32::try_from(id).unwrap_or(u32::MAX),
                master,
                wrapped: row.try_get(2)?,
                created_at: row.try_get(3)?,
            })
        })
    }

    fn put_keys(&self, keys: Vec<KeyRow>) -> Answer<'_, ()> {
        let statement = Statement::new(
            "INSERT INTO keys (id, master, wrapped, created_at) SELECT * FROM unnest($1, $2, $3, $4) \
             ON CONFLICT (id) DO UPDATE SET master = excluded.master, wrapped = excluded.wrapped, \
             created_at = excluded.created_at",
        );
        self.tell(with_keys(statement, keys))
    }

    fn accounts_by_key(&self) -> Answer<'_, Vec<(u32, u64)>> {
        let query = "SELECT key_id, count(*) FROM accounts GROUP BY key_id ORDER BY key_id";
        self.ask(Statement::new(query), |row| {
            Ok((u32::try_from(unsigned(row, 0)?).unwrap_or(u32::MAX), unsigned(row, 1)?))
        })
    }

    fn insert(&self, account: NewAccount) -> Answer<'_, bool> {
        work!(self.insert(account))
    }

    fn remove(&self, id: i64, event: NewEvent) -> Answer<'_, bool> {
        work!(self.remove(id, event))
    }

    fn account(&self, name_index: Vec<u8>) -> Answer<'_, Option<AccountRow>> {
        self.ask_one(by_name(name_index), whole)
    }

    fn page(&self, after: i64, limit: usize) -> Answer<'_, Vec<AccountRow>> {
        let query = Statement::new(format!("{ACCOUNT} WHERE a.id > $1 ORDER BY a.id LIMIT $2"));
        self.ask(query.with(after).with(signed(limit)), account)
    }

    fn page_of_older_keys(&self, key: u32, after: i64, limit: usize) -> Answer<'_, Vec<AccountRow>> {
        let query = Statement::new(format!("{ACCOUNT} WHERE a.key_id < $1 AND a.id > $2 ORDER BY a.id LIMIT $3"));
        self.ask(query.with(i64::from(key)).with(after).with(signed(limit)), account)
    }

    fn page_with_kept(&self, after: i64, limit: usize) -> Answer<'_, Vec<AccountRow>> {
        let kept = "(SELECT account FROM kept_tokens)";
        let query = Statement::new(format!("{ACCOUNT} WHERE a.id > $1 AND a.id IN {kept} ORDER BY a.id LIMIT $2"));
        self.ask(query.with(after).with(signed(limit)), account)
    }

    fn mark_unreadable(&self, id: i64) -> Answer<'_, ()> {
        self.tell(
            Statement::new("UPDATE accounts SET state = 'unreadable' WHERE id = $1 AND state <> 'unreadable'").with(id),
        )
    }

    fn unreadable(&self, limit: usize) -> Answer<'_, Vec<i64>> {
        let query = format!("SELECT id FROM accounts WHERE {TROUBLED} AND state = 'unreadable' ORDER BY id LIMIT $1");
        self.ask(Statement::new(query).with(signed(limit)), |row| row.try_get(0))
    }

    fn page_of_troubled(&self, after: i64, limit: usize) -> Answer<'_, Vec<AccountRow>> {
        let query = Statement::new(format!("{ACCOUNT} WHERE {TROUBLED} AND a.id > $1 ORDER BY a.id LIMIT $2"));
        self.ask(query.with(after).with(signed(limit)), account)
    }

    fn same_owner(&self, owner_index: Vec<u8>) -> Answer<'_, Vec<AccountRow>> {
        let query = Statement::new(format!("{ACCOUNT} WHERE a.owner_index = $1 ORDER BY a.id"));
        self.ask(query.with(owner_index), account)
    }

    fn due(&self, now: i64, limit: usize) -> Answer<'_, Vec<AccountRow>> {
        let query = format!(
            "{} {ACCOUNT} JOIN urgent ON urgent.account = a.id WHERE a.id = ANY ({URGENT}) AND d.account = ANY ({URGENT}) \
             ORDER BY urgent.rank, urgent.place",
            most_urgent("", "")
        );
        self.ask(Statement::new(query).with(now).with(signed(limit)), account)
    }

    fn lease(&self, name_index: Vec<u8>, lease: NewLease) -> Answer<'_, Leased> {
        work!(self.lease(name_index, lease))
    }

    fn claim(&self, now: i64, limit: usize, lease: NewLease) -> Answer<'_, Vec<AccountRow>> {
        work!(self.claim(now, signed(limit), lease))
    }

    fn renew(&self, account: i64, lease: i64) -> Answer<'_, bool> {
        let renewal = Renewal { account, lease };
        work!(self.renew(renewal))
    }

    fn release(&self, account: i64, lease: i64) {
        self.connections.pool.releases.account(account, lease);
        self.give_back();
    }

    fn save(&self, save: Save) -> Answer<'_, bool> {
        work!(self.save(save))
    }

    fn keep(&self, account: i64, kind: Kept, sealed: Vec<u8>) -> Answer<'_, Option<i64>> {
        let keep = Keep { account, kind, sealed };
        work!(self.keep(keep))
    }

    fn change_kept(&self, account: i64, lease: i64, refused: Vec<i64>, forgotten: Vec<i64>) -> Answer<'_, bool> {
        self.is_done(change_kept(account, lease, refused, forgotten))
    }

    fn alerts(&self, name_indexes: Vec<Vec<u8>>) -> Answer<'_, Vec<AlertRow>> {
        let query = "SELECT a.name_index, a.id, s.sealed FROM accounts a LEFT JOIN alerts s ON s.account = a.id \
                     WHERE a.name_index = ANY ($1)";
        self.ask(Statement::new(query).with(name_indexes), |row| {
            Ok(AlertRow { name_index: row.try_get(0)?, account: row.try_get(1)?, sealed: row.try_get(2)? })
        })
    }

    fn alerted(&self, name_indexes: Vec<Vec<u8>>) -> Answer<'_, Vec<Vec<u8>>> {
        let query =
            "SELECT a.name_index FROM accounts a JOIN alerts s ON s.account = a.id WHERE a.name_index = ANY ($1)";
        self.ask(Statement::new(query).with(name_indexes), |row| row.try_get(0))
    }

    fn put_alerts(&self, alerts: Vec<(i64, Option<Vec<u8>>)>) -> Answer<'_, ()> {
        let (told, untold): (Vec<_>, Vec<_>) = alerts.into_iter().partition(|(_, sealed)| sealed.is_some());
        let untold: Vec<i64> = untold.into_iter().map(|(account, _)| account).collect();
        let (accounts, sealed): (Vec<i64>, Vec<Vec<u8>>) =
            told.into_iter().filter_map(|(account, sealed)| Some((account, sealed?))).unzip();
        let text = "WITH forgotten AS (DELETE FROM alerts WHERE account = ANY ($1)) \
                    INSERT INTO alerts (account, sealed) SELECT t.account, t.sealed FROM unnest($2, $3) t (account, sealed) \
                    JOIN accounts a ON a.id = t.account ON CONFLICT (account) DO UPDATE SET sealed = excluded.sealed";
        self.tell(Statement::new(text).with(untold).with(accounts).with(sealed))
    }

    fn lease_named(&self, name: &'static str, lease: NewLease) -> Answer<'_, Option<Holder>> {
        work!(self.lease_named(name, lease))
    }

    fn release_named(&self, name: &'static str, lease: i64) {
        self.connections.pool.releases.named(name, lease);
        self.give_back();
    }

    fn events(&self, account: Option<i64>, limit: usize) -> Answer<'_, Vec<EventRow>> {
        let of_one = if account.is_some() { "account = $1" } else { "$1 IS NULL" };
        let query =
            format!("SELECT at, account, actor, what, sealed FROM events WHERE {of_one} ORDER BY id DESC LIMIT $2");
        self.ask(Statement::new(query).with(account).with(signed(limit)), event)
    }

    fn states(&self, now: i64) -> Answer<'_, Vec<(String, u64)>> {
        let state = state_at("$1");
        let query =
            format!("SELECT {state} AS state_now, count(*) FROM accounts GROUP BY state_now ORDER BY state_now");
        self.ask(Statement::new(query).with(now), |row| Ok((row.try_get(0)?, unsigned(row, 1)?)))
    }

    fn queue(&self, now: i64, most: usize) -> Answer<'_, Queue> {
        let free = format!("AND (lease IS NULL OR {OVER})");
        let query = Statement::new(format!(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM due WHERE run_at <= $1 {free} LIMIT $2) overdue), \
             (SELECT count(*) FROM (SELECT 1 FROM due WHERE expires_at > $1 AND expires_at <= $1 + {CRITICAL} \
             AND run_at <= $1 {free} LIMIT $2) critical), \
             (SELECT run_at FROM due WHERE run_at BETWEEN 1 AND $1 {free} ORDER BY run_at LIMIT 1), \
             (SELECT min(run_at) FROM due WHERE run_at > $1)"
        ));
        let queue = self.ask_one(query.with(now).with(signed(most)), |row| {
            let (oldest, next) = (row.try_get(2)?, row.try_get(3)?);
            Ok(Queue { overdue: unsigned(row, 0)?, critical: unsigned(row, 1)?, oldest, next })
        });
        Box::pin(async move { Ok(queue.await?.unwrap_or_default()) })
    }

    fn make_due(&self, after: i64, now: i64) -> Answer<'_, u64> {
        let text =
            "WITH made AS (UPDATE due SET run_at = $2 WHERE run_at > $1 RETURNING account) SELECT count(*) FROM made";
        let made = self.ask_one(Statement::new(text).with(after).with(now), |row| unsigned(row, 0));
        Box::pin(async move { Ok(made.await?.unwrap_or(0)) })
    }

    fn undelivered(&self, most: usize) -> Answer<'_, u64> {
        let query = Statement::new("SELECT count(*) FROM (SELECT 1 FROM deliveries LIMIT $1) undelivered");
        let count = self.ask_one(query.with(signed(most)), |row| unsigned(row, 0));
        Box::pin(async move { Ok(count.await?.unwrap_or(0)) })
    }

    fn put_worker(&self, worker: WorkerRow) -> Answer<'_, ()> {
        let text = format!(
            "INSERT INTO workers (id, who, version, started_at, seen_at, in_flight, done, failed, per_minute) \
             VALUES ($1, $2, $3, $4, {NOW}, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET \
             seen_at = excluded.seen_at, in_flight = excluded.in_flight, done = excluded.done, failed = excluded.failed, \
             per_minute = excluded.per_minute"
        );
        let WorkerRow { id, who, version, started_at, in_flight, done, failed, per_minute, .. } = worker;
        let put = Statement::new(text).with(id).with(who).with(version).with(started_at);
        self.tell(put.with(in_flight).with(done).with(failed).with(per_minute))
    }

    fn workers(&self) -> Answer<'_, Vec<WorkerRow>> {
        let query = Statement::new(format!(
            "SELECT id, who, version, started_at, seen_at, {NOW} - seen_at, in_flight, done, failed, per_minute FROM workers \
             WHERE seen_at > {NOW} - $1 ORDER BY seen_at DESC, id"
        ));
        self.ask(query.with(WORKER_FORGOTTEN), |row| {
            Ok(WorkerRow {
                id: row.try_get(0)?,
                who: row.try_get(1)?,
                version: row.try_get(2)?,
                started_at: row.try_get(3)?,
                seen_at: row.try_get(4)?,
                seen_ago: row.try_get(5)?,
                in_flight: row.try_get(6)?,
                done: row.try_get(7)?,
                failed: row.try_get(8)?,
                per_minute: row.try_get(9)?,
            })
        })
    }

    fn remove_worker(&self, id: i64) -> Answer<'_, ()> {
        let text = format!("DELETE FROM workers WHERE id = $1 OR seen_at < {NOW} - $2");
        self.tell(Statement::new(text).with(id).with(WORKER_FORGOTTEN))
    }

    fn damage(&self) -> Answer<'_, Vec<String>> {
        let names: Vec<&'static str> = MIGRATIONS.iter().copied().flat_map(made_by).collect();
        let query = Statement::new("SELECT name FROM unnest($1) AS made (name) WHERE to_regclass(name) IS NULL");
        self.ask(query.with(names), |row| Ok(is_missing(row.try_get(0)?)))
    }

    fn back_up(&self, to: PathBuf) -> Answer<'_, ()> {
        let place = &self.connections.pool.place;
        let what = format!(
            "is backed up by PostgreSQL itself, or by its provider: run `pg_dump --host={} --port={} --username={} \
             --format=custom --file='{}' {}`",
            place.host,
            place.port,
            place.user,
            to.display(),
            place.database
        );
        Box::pin(async move { Err(place.error(VaultErrorClass::Address, &what)) })
    }
}

fn with_keys(statement: Statement, keys: Vec<KeyRow>) -> Statement {
    let (mut ids, mut masters, mut wrapped, mut created) = (vec![], vec![], vec![], vec![]);
    for key in keys {
        ids.push(i64::from(key.id));
        masters.push(key.master);
        wrapped.push(key.wrapped);
        created.push(key.created_at);
    }
    statement.with(ids).with(masters).with(wrapped).with(created)
}

fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(row: &Row, index: usize) -> Result<u64, Error> {
    row.try_get::<_, i64>(index).map(|number| u64::try_from(number).unwrap_or(0))
}
