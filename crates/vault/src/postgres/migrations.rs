//! The tables of a vault, and the partitions of its events.

use everlit_postgres::Failure;

use super::error::is_made_already;
use super::pool::Pool;
use super::statement::{NOW, Statement};
use crate::{VaultError, VaultErrorClass};

/// The schema, one script for each version.
pub(super) const MIGRATIONS: &[&str] = &[include_str!("../../migrations/postgres/1.sql")];

/// The months that have partitions: this one, and those to come.
const MONTHS: i64 = 3;

impl Pool {
    /// The version of the schema; 0 for an empty database.
    pub(super) async fn version(&self) -> Result<u32, VaultError> {
        let query = Statement::new("SELECT coalesce(max(version), 0) FROM schema_versions");
        match self.try_to_send(&query).await {
            Ok(reply) => reply.rows.first().map_or(Ok(0), |row| {
                let version = self.read(row, |row| row.try_get::<_, i64>(0))?;
                Ok(u32::try_from(version).unwrap_or(u32::MAX))
            }),
            // The table does not exist yet.
            Err(Failure::Refused { code, .. }) if code == "42P01" => Ok(0),
            Err(failure) => Err(self.place.failed(&failure)),
        }
    }

    /// Brings the schema up to date. Of workers that start at once, one does it: the version is a primary key.
    pub(super) async fn migrate(&self) -> Result<(), VaultError> {
        let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
        let mut done = self.version().await?;
        while let Some(script) = usize::try_from(done).ok().and_then(|done| MIGRATIONS.get(done)) {
            let version = done + 1;
            let script = Statement::script(format!(
                "CREATE TABLE IF NOT EXISTS schema_versions (version bigint PRIMARY KEY);\n\
                 INSERT INTO schema_versions (version) VALUES ({version});\n{script}"
            ));
            let outcome = self.try_to_send(&script).await;
            done = self.version().await?;
            if let Err(failure) = outcome
                && done < version
            {
                return Err(self.place.failed(&failure));
            }
        }
        if done > known {
            return Err(VaultError::newer());
        }
        match self.maintain(None).await {
            // What cannot be written may still be read; and events find a place in the default partition.
            Err(error) if matches!(error.class, VaultErrorClass::ReadOnly | VaultErrorClass::Denied) => Ok(()),
            outcome => outcome,
        }
    }

    /// Makes the partitions of this month and the next two, counted from `now`, or by the clock of the server.
    pub(super) async fn maintain(&self, now: Option<i64>) -> Result<(), VaultError> {
        let query = Statement::new(format!(
            "SELECT 'events_' || to_char(month, 'YYYYMM'), extract(epoch FROM month)::bigint, \
             extract(epoch FROM month + interval '1 month')::bigint \
             FROM (SELECT date_trunc('month', to_timestamp(coalesce($1, {NOW})) AT TIME ZONE 'UTC') \
             + interval '1 month' * n AS month FROM generate_series(0, $2 - 1) n) months \
             WHERE to_regclass('events_' || to_char(month, 'YYYYMM')) IS NULL ORDER BY month"
        ));
        for row in self.send(&query.with(now).with(MONTHS)).await?.rows {
            let (name, from, to) =
                self.read(&row, |row| Ok((row.try_get::<_, String>(0)?, row.try_get(1)?, row.try_get(2)?)))?;
            match self.try_to_send(&partition(&name, from, to)).await {
                Err(failure) if !is_made_already(&failure) => return Err(self.place.failed(&failure)),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Events that are in the default partition already move: it may hold none that belong elsewhere.
fn partition(name: &str, from: i64, to: i64) -> Statement {
    Statement::script(format!(
        "CREATE TABLE {name} (LIKE events INCLUDING DEFAULTS);\n\
         WITH moved AS (DELETE FROM events_default WHERE at >= {from} AND at < {to} RETURNING *)\n\
         INSERT INTO {name} SELECT * FROM moved;\n\
         ALTER TABLE events ATTACH PARTITION {name} FOR VALUES FROM ({from}) TO ({to})"
    ))
}
