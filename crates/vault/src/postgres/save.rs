//! Writing accounts. Each change is one statement, which locks the account's row of the queue first: so two changes of one
//! account never wait for each other in a circle.

use std::collections::HashMap;

use everlit_postgres::Failure;

use super::error::has_ended;
use super::pool::Pool;
use super::save_many::{Keep, Renewal};
use super::statement::{NOW, OVER, Statement};
use super::together::{Outcome, Settled, Shared, Together, Waiting};
use crate::database::{Columns, LEASE_SECONDS, NewAccount, NewEvent, Right, Save};
use crate::{VaultError, VaultErrorClass};

impl Pool {
    /// Saves an account, unless it is another generation by now, or its lease was taken.
    pub(super) async fn save(&self, save: Save) -> Result<bool, VaultError> {
        // Those of people are few, and may change the name, which the shared statement does not.
        if save.name_index.is_some() || !matches!(save.right, Right::Lease(_)) {
            return self.save_alone(save).await;
        }
        match self.together(&self.saves, save).await? {
            Settled::Done(_) => Ok(true),
            Settled::Alone(save) => self.save_alone(save).await,
        }
    }

    async fn save_alone(&self, save: Save) -> Result<bool, VaultError> {
        let (id, written, sealed) = (save.id, save.generation + 1, save.columns.sealed.clone());
        if !self.send_to_locked(&save_statement(save)).await?.rows.is_empty() {
            return Ok(true);
        }
        // An attempt that was cut off may have done it. No two sealed contents are the same.
        let query = "SELECT id FROM accounts WHERE id = $1 AND generation = $2 AND sealed = $3";
        let found = self.send(&Statement::new(query).with(id).with(written).with(sealed)).await?;
        Ok(!found.rows.is_empty())
    }

    /// Adds a token beside the one in use, unless it is there already, and returns its id; `None` if the account does not exist. A
    /// call that is repeated finds what the first one added, because each sealed value is unique.
    pub(super) async fn keep(&self, keep: Keep) -> Result<Option<i64>, VaultError> {
        let keep = match self.together(&self.keeps, keep).await? {
            Settled::Done(id) => return Ok(Some(id)),
            Settled::Alone(keep) => keep,
        };
        let reply = self.send_to_locked(&keep_statement(keep)).await?;
        reply.rows.first().map(|row| self.read(row, |row| row.try_get(0))).transpose()
    }

    /// Extends a lease; `false` if somebody else has taken it.
    pub(super) async fn renew(&self, renewal: Renewal) -> Result<bool, VaultError> {
        let Renewal { account, lease } = match self.together(&self.renewals, renewal).await? {
            Settled::Done(_) => return Ok(true),
            Settled::Alone(renewal) => renewal,
        };
        let text =
            format!("UPDATE due SET lease_until = {NOW} + $3 WHERE account = $1 AND lease = $2 RETURNING account");
        let renewed = self.send_to_locked(&Statement::new(text).with(account).with(lease).with(LEASE_SECONDS)).await?;
        Ok(!renewed.rows.is_empty())
    }

    /// Adds an account; `false` if the name is taken.
    pub(super) async fn insert(&self, account: NewAccount) -> Result<bool, VaultError> {
        let (id, name_index) = (account.id, account.name_index.clone());
        let reply = self.send(&insert_statement(account)).await?;
        if !reply.rows.is_empty() || !reply.was_repeated {
            return Ok(!reply.rows.is_empty());
        }
        let query = Statement::new("SELECT id FROM accounts WHERE id = $1 AND name_index = $2");
        Ok(!self.send(&query.with(id).with(name_index)).await?.rows.is_empty())
    }

    /// Removes an account; `false` if there is none.
    pub(super) async fn remove(&self, id: i64, event: NewEvent) -> Result<bool, VaultError> {
        let statement = Statement::new(
            "WITH held AS (SELECT account FROM due WHERE account = $1 FOR UPDATE), \
             removed AS (DELETE FROM accounts USING held WHERE id = held.account RETURNING id), \
             logged AS (INSERT INTO events (at, account, actor, what, sealed) SELECT $2, id, $3, $4, $5 FROM removed) \
             SELECT id FROM removed",
        );
        let NewEvent { at, actor, what, sealed } = event;
        let reply = self.send(&statement.with(id).with(at).with(actor).with(what).with(sealed)).await?;
        Ok(!reply.rows.is_empty() || reply.was_repeated)
    }
}

impl Pool {
    /// Makes a call together with others that wait.
    pub(super) async fn together<C: Shared>(&self, queue: &Together<C>, call: C) -> Outcome<C> {
        let mut outcome = queue.add(call);
        loop {
            let _turn = tokio::select! {
                biased;
                outcome = &mut outcome => return outcome.unwrap_or_else(|_| Err(failed_here())),
                turn = queue.turns.acquire() => turn,
            };
            let waiting = queue.take();
            if waiting.is_empty() {
                // It is on its way: nothing is left to be done but to wait.
                break;
            }
            self.send_together(waiting).await;
        }
        outcome.await.unwrap_or_else(|_| Err(failed_here()))
    }

    async fn send_together<C: Shared>(&self, waiting: Vec<Waiting<C>>) {
        let (calls, outcomes): (Vec<_>, Vec<_>) =
            waiting.into_iter().map(|Waiting { call, outcome }| (call, outcome)).unzip();
        let done = self.done(&C::statement(&calls)).await;
        for (call, outcome) in calls.into_iter().zip(outcomes) {
            let settled = done.as_ref().map(|done| match done.get(&call.account()) {
                Some(answer) => Settled::Done(*answer),
                None => Settled::Alone(call),
            });
            let _ = outcome.send(settled.map_err(Clone::clone));
        }
    }

    /// The accounts for which it was done, with the answers. An error if the server cannot be reached.
    async fn done(&self, statement: &Statement) -> Result<HashMap<i64, i64>, VaultError> {
        match self.try_to_send(statement).await {
            Ok(reply) => {
                reply.rows.iter().map(|row| self.read(row, |row| Ok((row.try_get(0)?, row.try_get(1)?)))).collect()
            }
            Err(failure) if matches!(failure, Failure::Unreached(_)) || has_ended(&failure) => {
                Err(self.place.failed(&failure))
            }
            Err(_) => Ok(HashMap::new()),
        }
    }
}

fn failed_here() -> VaultError {
    VaultError::new(VaultErrorClass::Internal, "everlit failed at the vault; please report it")
}

/// Under READ COMMITTED, a row that was locked is looked at again once the lock is there: `held` and `saved` see what others
/// have committed meanwhile, and find the lease or the generation gone.
/// <https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED>
fn save_statement(save: Save) -> Statement {
    let statement = Statement::new(format!(
        "WITH held AS MATERIALIZED (\
           SELECT account FROM due WHERE account = $1 AND ($2 IS NULL OR lease = $2) \
           AND ($20 = 0 OR lease IS NULL OR {OVER}) FOR UPDATE\
         ), saved AS (\
           UPDATE accounts SET generation = generation + 1, sealed = $4, key_id = $5, platform = $6, state = $7, \
           owner_index = $8, expires_at = $9, data_access_ends_at = $10, name_index = coalesce($12, name_index) \
           FROM held WHERE id = held.account AND generation = $3 RETURNING id\
         ), queued AS (\
           UPDATE due SET generation = $3 + 1, run_at = $11, expires_at = $9 FROM saved WHERE due.account = saved.id\
         ), forgotten AS (\
           DELETE FROM kept_tokens USING saved WHERE account = saved.id AND kept_tokens.id = ANY ($13)\
         ), logged AS (\
           INSERT INTO events (at, account, actor, what, sealed) \
           SELECT new.at, saved.id, new.actor, new.what, new.sealed FROM saved, \
           unnest($14, $15, $16, $17) WITH ORDINALITY AS new (at, actor, what, sealed, place) ORDER BY new.place\
         ), delivered AS (\
           DELETE FROM deliveries USING saved WHERE account = saved.id AND target <> ALL ($18)\
         ), undelivered AS (\
           INSERT INTO deliveries (account, target, since) \
           SELECT saved.id, new.target, new.since FROM saved, unnest($18, $19) AS new (target, since) \
           ON CONFLICT (account, target) DO UPDATE SET since = excluded.since\
         ) SELECT id FROM saved",
    ));
    let Save { id, right, generation, columns, name_index, forgotten, events, undelivered } = save;
    let Columns { sealed, key, platform, state, owner_index, expires_at, data_access_ends_at, run_at } = columns;
    let lease = if let Right::Lease(lease) = right { Some(lease) } else { None };
    let statement = statement.with(id).with(lease).with(generation);
    let statement = statement.with(sealed).with(i64::from(key)).with(platform).with(state);
    let statement = statement.with(owner_index).with(expires_at).with(data_access_ends_at).with(run_at);
    let statement = statement.with(name_index).with(forgotten);
    let (mut times, mut actors, mut whats, mut details) = (vec![], vec![], vec![], vec![]);
    for NewEvent { at, actor, what, sealed } in events {
        times.push(at);
        actors.push(actor);
        whats.push(what);
        details.push(sealed);
    }
    let statement = statement.with(times).with(actors).with(whats).with(details);
    let (targets, since) = undelivered.map(|targets| targets.into_iter().unzip()).unzip();
    // NULL changes nothing: what is compared with it is never true.
    let statement = statement.with::<Option<Vec<String>>>(targets).with::<Option<Vec<i64>>>(since);
    statement.with(i64::from(right == Right::Unleased))
}

fn insert_statement(account: NewAccount) -> Statement {
    let statement = Statement::new(
        "WITH added AS (\
           INSERT INTO accounts (id, name_index, owner_index, platform, state, expires_at, data_access_ends_at, generation, \
           key_id, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9) ON CONFLICT (name_index) DO NOTHING RETURNING id\
         ), queued AS (\
           INSERT INTO due (account, generation, run_at, expires_at) SELECT id, 1, $10, $6 FROM added\
         ), logged AS (\
           INSERT INTO events (at, account, actor, what, sealed) SELECT $11, id, $12, $13, $14 FROM added\
         ) SELECT id FROM added",
    );
    let NewAccount { id, name_index, columns, event } = account;
    let Columns { sealed, key, platform, state, owner_index, expires_at, data_access_ends_at, run_at } = columns;
    let statement = statement.with(id).with(name_index).with(owner_index).with(platform).with(state);
    let statement = statement.with(expires_at).with(data_access_ends_at).with(i64::from(key)).with(sealed).with(run_at);
    let NewEvent { at, actor, what, sealed } = event;
    statement.with(at).with(actor).with(what).with(sealed)
}

fn keep_statement(Keep { account, kind, sealed }: Keep) -> Statement {
    let statement = Statement::new(
        "WITH known AS (SELECT id FROM kept_tokens WHERE account = $1 AND sealed = $3), queued AS (\
           UPDATE due SET run_at = 0 WHERE account = $1 AND $2 = 'waiting'\
         ), added AS (\
           INSERT INTO kept_tokens (account, kind, sealed) SELECT id, $2, $3 FROM accounts \
           WHERE id = $1 AND NOT EXISTS (SELECT FROM known) RETURNING id\
         ) SELECT id FROM known UNION ALL SELECT id FROM added",
    );
    statement.with(account).with(kind.word()).with(sealed)
}

/// Changes what is kept, under its lease.
pub(super) fn change_kept(account: i64, lease: i64, refused: Vec<i64>, forgotten: Vec<i64>) -> Statement {
    let statement = Statement::new(
        "WITH held AS MATERIALIZED (SELECT account FROM due WHERE account = $1 AND lease = $2 FOR UPDATE), refused AS (\
           UPDATE kept_tokens SET kind = 'refused' FROM held \
           WHERE kept_tokens.account = held.account AND kept_tokens.id = ANY ($3)\
         ), forgotten AS (\
           DELETE FROM kept_tokens USING held WHERE kept_tokens.account = held.account AND kept_tokens.id = ANY ($4)\
         ) SELECT account FROM held",
    );
    statement.with(account).with(lease).with(refused).with(forgotten)
}
