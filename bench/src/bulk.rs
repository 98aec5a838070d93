//! Many accounts in a vault, quickly: copies of one that is there, with names and owners of random numbers.
//!
//! Their rows are as large as real ones, and the database finds and counts them like real ones; nobody can open them. So they
//! stand for accounts that wait while others are worked on.

use std::path::Path;

/// When the copies are due.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Due {
    /// Now, for longer or shorter.
    Now,
    /// In 1 to 30 days.
    Later,
}

impl Due {
    /// The time of copy `n`, in SQL.
    fn at(self, now: i64) -> String {
        match self {
            Self::Now => format!("{now} - (n * 7919) % 3000"),
            Self::Later => format!("{now} + 86400 + (n * 7919) % 2505600"),
        }
    }
}

/// Adds copies of the newest account to a file of SQLite.
///
/// # Errors
/// The file cannot be opened or written.
pub fn fill_sqlite(file: &Path, count: u32, due: Due, now: i64) -> rusqlite::Result<()> {
    let numbers =
        format!("WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})");
    let random = |column: &str| format!("randomblob(length({column}))");
    let [accounts, queue, events] = copies(&numbers, "numbers", random, count, due, now);
    let connection = rusqlite::Connection::open(file)?;
    connection.execute_batch(&format!(
        "PRAGMA synchronous = OFF; BEGIN; {accounts}; {queue}; {events}; COMMIT; PRAGMA wal_checkpoint(TRUNCATE); ANALYZE"
    ))
}

/// The script that adds copies of the newest account to a vault in PostgreSQL.
pub fn fill_postgres(count: u32, due: Due, now: i64) -> String {
    let random = |column: &str| format!("substring(sha256(('{column}' || n || random())::bytea) FOR length({column}))");
    let numbers = format!("generate_series(1::bigint, {count}) AS numbers (n)");
    let [accounts, queue, events] = copies("", &numbers, random, count, due, now);
    format!("{accounts}; {queue}; {events}")
}

/// The statements that add rows to `accounts`, `due` and `events`. The ids of copies are negative, and grow.
fn copies(with: &str, numbers: &str, random: impl Fn(&str) -> String, count: u32, due: Due, now: i64) -> [String; 3] {
    let newest = "(SELECT * FROM accounts ORDER BY id DESC LIMIT 1) newest";
    // Those that are due stand beside those that are not.
    let last = i64::from(count) + if due == Due::Now { 1 << 40 } else { 0 };
    let (id, ends) = (format!("n - {last} - 1"), format!("{now} + 86400 * (20 + n % 40)"));
    let (name, owner, at) = (random("name_index"), random("owner_index"), due.at(now));
    [
        format!(
            "INSERT INTO accounts (id, name_index, owner_index, platform, state, expires_at, data_access_ends_at, generation, \
             key_id, sealed) {with} SELECT {id}, {name}, {owner}, platform, state, {ends}, data_access_ends_at, 1, key_id, \
             sealed FROM {numbers}, {newest}"
        ),
        format!(
            "INSERT INTO due (account, generation, run_at, expires_at) {with} SELECT {id}, 1, {at}, {ends} FROM {numbers}"
        ),
        format!(
            "INSERT INTO events (at, account, actor, what, sealed) {with} SELECT at, {id}, actor, what, events.sealed \
             FROM {numbers}, events JOIN {newest} ON newest.id = events.account"
        ),
    ]
}
