//! Statements that write many accounts at once; each account has its own lease, and fails alone. Rows that others have locked
//! are left out: whoever locks one must not hold up the others.

use super::statement::{NOW, Statement};
use super::together::Shared;
use crate::database::{Columns, Kept, LEASE_SECONDS, NewEvent, Save};

/// A lease that is to be extended.
#[derive(Debug)]
pub(super) struct Renewal {
    pub(super) account: i64,
    pub(super) lease: i64,
}

/// A token that is to be kept beside the one in use.
#[derive(Debug)]
pub(super) struct Keep {
    pub(super) account: i64,
    pub(super) kind: Kept,
    pub(super) sealed: Vec<u8>,
}

impl Shared for Renewal {
    fn account(&self) -> i64 {
        self.account
    }

    fn statement(renewals: &[Self]) -> Statement {
        let statement = Statement::new(format!(
            "WITH held AS MATERIALIZED (\
               SELECT account FROM due JOIN unnest($1, $2) AS given (account, lease) USING (account, lease) \
               WHERE account = ANY ($1) FOR NO KEY UPDATE OF due SKIP LOCKED\
             ) UPDATE due SET lease_until = {NOW} + $3 FROM held WHERE due.account = held.account \
             RETURNING due.account, due.account"
        ));
        let (accounts, leases): (Vec<i64>, Vec<i64>) =
            renewals.iter().map(|Self { account, lease }| (*account, *lease)).unzip();
        statement.with(accounts).with(leases).with(LEASE_SECONDS)
    }
}

impl Shared for Keep {
    fn account(&self) -> i64 {
        self.account
    }

    fn statement(keeps: &[Self]) -> Statement {
        let statement = Statement::new(
            "WITH held AS MATERIALIZED (\
               SELECT due.account FROM due JOIN accounts ON accounts.id = due.account WHERE due.account = ANY ($1) \
               FOR NO KEY UPDATE OF due SKIP LOCKED FOR KEY SHARE OF accounts SKIP LOCKED\
             ), given AS MATERIALIZED (\
               SELECT given.* FROM unnest($1, $2, $3) AS given (account, kind, sealed) JOIN held USING (account)\
             ), queued AS (\
               UPDATE due SET run_at = 0 FROM given WHERE due.account = given.account AND given.kind = 'waiting'\
             ), added AS (\
               INSERT INTO kept_tokens (account, kind, sealed) SELECT account, kind, sealed FROM given \
               WHERE NOT EXISTS (\
                 SELECT FROM kept_tokens known WHERE known.account = given.account AND known.sealed = given.sealed\
               ) RETURNING account, id\
             ) SELECT account, id FROM added",
        );
        let (mut accounts, mut kinds, mut sealed) = (vec![], vec![], vec![]);
        for keep in keeps {
            accounts.push(keep.account);
            kinds.push(keep.kind.word());
            sealed.push(keep.sealed.clone());
        }
        statement.with(accounts).with(kinds).with(sealed)
    }
}

impl Shared for Save {
    fn account(&self) -> i64 {
        self.id
    }

    /// The lease and the generation are compared once the rows are locked, as for a single one.
    fn statement(saves: &[Self]) -> Statement {
        let statement = Statement::new(
            "WITH held AS MATERIALIZED (\
               SELECT given.* FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS given (\
                 id, lease, generation, sealed, key_id, platform, state, owner_index, expires_at, data_access_ends_at, run_at\
               ) JOIN due ON due.account = given.id AND due.lease = given.lease \
               JOIN accounts ON accounts.id = given.id AND accounts.generation = given.generation \
               WHERE due.account = ANY ($1) AND accounts.id = ANY ($1) FOR NO KEY UPDATE OF due, accounts SKIP LOCKED\
             ), saved AS (\
               UPDATE accounts SET generation = held.generation + 1, sealed = held.sealed, key_id = held.key_id, \
               platform = held.platform, state = held.state, owner_index = held.owner_index, \
               expires_at = held.expires_at, data_access_ends_at = held.data_access_ends_at \
               FROM held WHERE accounts.id = held.id AND accounts.id = ANY ($1) RETURNING accounts.id\
             ), queued AS (\
               UPDATE due SET generation = held.generation + 1, run_at = held.run_at, expires_at = held.expires_at \
               FROM held JOIN saved USING (id) WHERE due.account = held.id AND due.account = ANY ($1)\
             ), forgotten AS (\
               DELETE FROM kept_tokens USING saved, unnest($12, $13) AS gone (account, id) WHERE gone.account = saved.id \
               AND kept_tokens.account = gone.account AND kept_tokens.id = gone.id AND kept_tokens.id = ANY ($13)\
             ), logged AS (\
               INSERT INTO events (at, account, actor, what, sealed) \
               SELECT new.at, saved.id, new.actor, new.what, new.sealed FROM saved JOIN \
               unnest($14, $15, $16, $17, $18) WITH ORDINALITY AS new (account, at, actor, what, sealed, place) \
               ON new.account = saved.id ORDER BY new.place\
             ), delivered AS (\
               DELETE FROM deliveries USING saved \
               WHERE account = saved.id AND account = ANY ($19) AND (account, target) NOT IN (SELECT * FROM unnest($20, $21))\
             ), undelivered AS (\
               INSERT INTO deliveries (account, target, since) SELECT saved.id, new.target, new.since \
               FROM saved JOIN unnest($20, $21, $22) AS new (account, target, since) ON new.account = saved.id \
               ON CONFLICT (account, target) DO UPDATE SET since = excluded.since\
             ) SELECT id, id FROM saved",
        );
        with_deliveries(with_events(with_columns(statement, saves), saves), saves)
    }
}

fn with_columns(statement: Statement, saves: &[Save]) -> Statement {
    let each = |of: fn(&Save) -> i64| saves.iter().map(of).collect::<Vec<_>>();
    let time = |of: fn(&Columns) -> Option<i64>| saves.iter().map(|save| of(&save.columns)).collect::<Vec<_>>();
    let word = |of: fn(&Columns) -> &'static str| saves.iter().map(|save| of(&save.columns)).collect::<Vec<_>>();
    let sealed: Vec<Vec<u8>> = saves.iter().map(|save| save.columns.sealed.clone()).collect();
    let owners: Vec<Option<Vec<u8>>> = saves.iter().map(|save| save.columns.owner_index.clone()).collect();
    // A call without a lease is never made together with others; no lease is 0.
    let statement = statement.with(each(|save| save.id)).with(each(Save::lease));
    let statement = statement.with(each(|save| save.generation)).with(sealed);
    let statement = statement.with(each(|save| i64::from(save.columns.key)));
    let statement = statement.with(word(|columns| columns.platform)).with(word(|columns| columns.state)).with(owners);
    let statement =
        statement.with(time(|columns| columns.expires_at)).with(time(|columns| columns.data_access_ends_at));
    statement.with(time(|columns| columns.run_at))
}

fn with_events(statement: Statement, saves: &[Save]) -> Statement {
    let forgotten = saves.iter().flat_map(|save| save.forgotten.iter().map(|id| (save.id, *id)));
    let (owners, ids): (Vec<i64>, Vec<i64>) = forgotten.unzip();
    let (mut accounts, mut times, mut actors, mut whats, mut details) = (vec![], vec![], vec![], vec![], vec![]);
    for (save, NewEvent { at, actor, what, sealed }) in
        saves.iter().flat_map(|save| save.events.iter().map(move |event| (save, event)))
    {
        accounts.push(save.id);
        times.push(*at);
        actors.push(actor.clone());
        whats.push(*what);
        details.push(sealed.clone());
    }
    let statement = statement.with(owners).with(ids);
    statement.with(accounts).with(times).with(actors).with(whats).with(details)
}

fn with_deliveries(statement: Statement, saves: &[Save]) -> Statement {
    let (mut changed, mut accounts, mut targets, mut since) = (vec![], vec![], vec![], vec![]);
    for (save, undelivered) in saves.iter().filter_map(|save| Some((save, save.undelivered.as_ref()?))) {
        changed.push(save.id);
        for (target, at) in undelivered {
            accounts.push(save.id);
            targets.push(target.clone());
            since.push(*at);
        }
    }
    statement.with(changed).with(accounts).with(targets).with(since)
}
