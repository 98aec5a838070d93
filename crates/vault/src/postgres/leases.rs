//! Leases, by the clock of the server.

use tokio_postgres::Row;

use super::accounts::by_ids;
use super::pool::Pool;
use super::releases::Release;
use super::statement::{NOW, OVER, Statement};
use crate::database::{AccountRow, CRITICAL, Holder, LEASE_SECONDS, Leased, NewLease};
use crate::{VaultError, VaultErrorClass};

impl Pool {
    /// Gives back the leases that are to be given back. Those that could not be are tried again next time.
    pub(super) async fn give_back(&self) -> Result<(), VaultError> {
        let _turn = self.releases.turn.lock().await;
        let taken = self.releases.take();
        if taken.is_empty() {
            return Ok(());
        }
        let (mut accounts, mut of_accounts, mut names, mut of_names) = (vec![], vec![], vec![], vec![]);
        for release in &taken {
            match *release {
                Release::Account(account, lease) => {
                    accounts.push(account);
                    of_accounts.push(lease);
                }
                Release::Named(name, lease) => {
                    names.push(name);
                    of_names.push(lease);
                }
            }
        }
        let statement = Statement::new(
            "WITH freed AS (\
               UPDATE due SET lease = NULL, lease_until = NULL FROM unnest($1, $2) AS given (account, lease) \
               WHERE due.account = given.account AND due.lease = given.lease\
             ) DELETE FROM leases USING unnest($3, $4) AS given (name, lease) \
             WHERE leases.name = given.name AND leases.lease = given.lease",
        );
        let statement = statement.with(accounts).with(of_accounts).with(names).with(of_names);
        let sent = self.send(&statement).await.map(drop);
        if sent.as_ref().is_err_and(|error| error.class == VaultErrorClass::Unreachable) {
            for release in taken {
                self.releases.add(release);
            }
        }
        sent
    }

    /// Takes the lease of an account.
    pub(super) async fn lease(&self, name_index: Vec<u8>, lease: NewLease) -> Result<Leased, VaultError> {
        self.give_back().await?;
        let statement = Statement::new(format!(
            "WITH found AS (SELECT id FROM accounts WHERE name_index = $1), taken AS (\
               UPDATE due SET lease = $2, lease_until = {NOW} + $3, holder = $4, lease_since = $5 FROM found \
               WHERE due.account = found.id AND {FREE} RETURNING due.account\
             ) SELECT found.id, EXISTS (SELECT FROM taken) FROM found",
            FREE = free("$2"),
        ));
        let number = lease.lease;
        let reply = self.send(&taking(statement.with(name_index), lease)).await?;
        let Some(row) = reply.rows.first() else { return Ok(Leased::NoAccount) };
        let (id, is_taken) = self.read(row, |row| Ok((row.try_get::<_, i64>(0)?, row.try_get(1)?)))?;
        if is_taken {
            // With a snapshot of its own: the one above may be older than what the last holder has saved.
            let account = self.claimed(vec![id], number).await?.pop();
            return Ok(account.map_or(Leased::NoAccount, |row| Leased::Yes(Box::new(row))));
        }
        let query = Statement::new("SELECT holder, lease_since, lease_until FROM due WHERE account = $1").with(id);
        let reply = self.send(&query).await?;
        reply.rows.first().map_or(Ok(Leased::NoAccount), |row| self.read(row, holder).map(Leased::HeldBy))
    }

    /// Takes the leases of the most urgent accounts that are free.
    pub(super) async fn claim(&self, now: i64, limit: i64, lease: NewLease) -> Result<Vec<AccountRow>, VaultError> {
        self.give_back().await?;
        let number = lease.lease;
        let statement = Statement::new(claim_text()).with(now).with(limit);
        let reply = self.send(&taking(statement, lease)).await?;
        let ids: Result<Vec<i64>, _> = reply.rows.iter().map(|row| self.read(row, |row| row.try_get(0))).collect();
        self.claimed(ids?, number).await
    }

    /// The accounts whose lease was just taken, in this order.
    async fn claimed(&self, ids: Vec<i64>, lease: i64) -> Result<Vec<AccountRow>, VaultError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = match self.send(&by_ids(ids.clone())).await {
            Ok(reply) => reply.rows.iter().map(|row| self.read(row, super::accounts::whole)).collect(),
            Err(error) => Err(error),
        };
        if rows.is_err() {
            for id in ids {
                self.releases.account(id, lease);
            }
        }
        rows
    }

    /// Takes a lease that belongs to no account; `None` if it was free.
    pub(super) async fn lease_named(&self, name: &'static str, lease: NewLease) -> Result<Option<Holder>, VaultError> {
        self.give_back().await?;
        let take = Statement::new(format!(
            "INSERT INTO leases (name, lease, lease_until, holder, lease_since) VALUES ($1, $2, {NOW} + $3, $4, $5) \
             ON CONFLICT (name) DO UPDATE SET lease = excluded.lease, lease_until = excluded.lease_until, \
             holder = excluded.holder, lease_since = excluded.lease_since \
             WHERE leases.{OVER} OR leases.lease = excluded.lease RETURNING lease"
        ));
        let take = taking(take.with(name), lease);
        let query = Statement::new("SELECT holder, lease_since, lease_until FROM leases WHERE name = $1").with(name);
        loop {
            if !self.send(&take).await?.rows.is_empty() {
                return Ok(None);
            }
            // It may be given back between the two.
            if let Some(row) = self.send(&query).await?.rows.first() {
                return self.read(row, holder).map(Some);
            }
        }
    }

    /// Reads a row.
    pub(super) fn read<T>(
        &self,
        row: &Row,
        read: impl FnOnce(&Row) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, VaultError> {
        read(row).map_err(|error| self.failed(&error))
    }
}

/// Adds the values of a lease: its number, how long it lasts, and who has it since when.
fn taking(statement: Statement, lease: NewLease) -> Statement {
    let NewLease { lease, holder: Holder { who, since, .. } } = lease;
    statement.with(lease).with(LEASE_SECONDS).with(who).with(since)
}

/// Nobody has the lease; or this very call, which is repeated.
fn free(lease: &str) -> String {
    format!("(lease IS NULL OR {OVER} OR lease = {lease})")
}

fn holder(row: &Row) -> Result<Holder, tokio_postgres::Error> {
    let text = |index| row.try_get::<_, Option<String>>(index).map(Option::unwrap_or_default);
    Ok(Holder { who: text(0)?, since: text(1)?, until: row.try_get(2)? })
}

/// The accounts of [`most_urgent`]. As an array, they are found by index; PostgreSQL expects far too many of them to do so in a
/// join.
pub(super) const URGENT: &str = "ARRAY(SELECT account FROM urgent)";

/// The start of a statement that has a table `urgent (account, rank, place)`: at most `$2` accounts that are due at `$1`,
/// those that end soon first. Each half is read from an index in its order, and only as far as it is needed.
pub(super) fn most_urgent(condition: &str, lock: &str) -> String {
    format!(
        "WITH critical AS MATERIALIZED (\
           SELECT account, expires_at FROM due \
           WHERE expires_at > $1 AND expires_at <= $1 + {CRITICAL} AND run_at <= $1 {condition} \
           ORDER BY expires_at LIMIT $2 {lock}\
         ), others AS MATERIALIZED (\
           SELECT account, run_at FROM due \
           WHERE run_at <= $1 {condition} AND account NOT IN (SELECT account FROM critical) \
           ORDER BY run_at LIMIT $2 - (SELECT count(*) FROM critical) {lock}\
         ), urgent AS (\
           SELECT account, 0 AS rank, expires_at AS place FROM critical UNION ALL SELECT account, 1, run_at FROM others\
         )"
    )
}

fn claim_text() -> String {
    let urgent = most_urgent(&format!("AND {}", free("$3")), "FOR UPDATE SKIP LOCKED");
    format!(
        "{urgent}, taken AS (\
           UPDATE due SET lease = $3, lease_until = {NOW} + $4, holder = $5, lease_since = $6 \
           WHERE account = ANY ({URGENT}) RETURNING account\
         ) SELECT account FROM taken JOIN urgent USING (account) ORDER BY rank, place"
    )
}
