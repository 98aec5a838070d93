//! A table of a SQLite database. The database is opened for reading alone, in a way that creates no file beside it.

use std::fmt::Write as _;
use std::path::Path;

use everlit_disk::Disk;
use everlit_meta_api::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::columns::{Columns, Mapping};
use super::found::{Gathered, shown};

/// What a SQLite database begins with. <https://www.sqlite.org/fileformat.html>
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Whether these are the first bytes of a database.
pub(super) fn is_database(start: &[u8]) -> bool {
    start.starts_with(MAGIC)
}

/// Adds the accounts of the database at `path`, called `file` in messages: those of this table, or of the only one that has
/// a column for tokens.
///
/// # Errors
/// In words: it cannot be read, or it is not clear which table and columns are meant.
pub(super) fn read(
    (path, file): (&Path, &str),
    disk: &dyn Disk,
    table: Option<&str>,
    mapping: &Mapping,
    now: Timestamp,
    to: &mut Gathered,
) -> Result<(), String> {
    let unreadable = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => "it is not a SQLite database".to_owned(),
        code => {
            format!("SQLite cannot read it ({})", code.map_or_else(|| "unknown".to_owned(), |code| format!("{code:?}")))
        }
    };
    let connection = open(path, mode(path, disk)?).map_err(unreadable)?;
    let tables = tables(&connection).map_err(unreadable)?;
    if ["accounts", "due", "kept_tokens"].iter().all(|own| tables.iter().any(|table| table == own)) {
        return Err("it is a vault; `everlit account export` with that vault makes a file to import".to_owned());
    }
    let (table, columns) = choose(&connection, &tables, table, mapping)?;
    let stem = path.file_stem().map_or_else(|| table.clone(), |stem| stem.to_string_lossy().into_owned());
    rows(&connection, &table, |number, cells| {
        let origin = format!("{file}, table {}, row {number}", shown(&table));
        let fallback = if number == 1 { stem.clone() } else { format!("{stem}-{number}") };
        columns.read(&cells, origin, &fallback, now, to);
    })
    .map_err(unreadable)
}

/// How the file can be opened without creating a file beside it: SQLite would create an index for a log, which `immutable`
/// forbids. A log with content has to be read; where somebody has the database open, its index is there.
fn mode(path: &Path, disk: &dyn Disk) -> Result<&'static str, String> {
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        disk.stat(Path::new(&name)).ok().filter(|stat| stat.len > 0)
    };
    match (beside("-wal"), beside("-shm")) {
        (Some(_), None) => {
            Err("its log has not been written back: run `sqlite3 FILE \"PRAGMA wal_checkpoint\"` first".to_owned())
        }
        (Some(_), Some(_)) => Ok("mode=ro"),
        _ if beside("-journal").is_some() => Ok("mode=ro"),
        _ => Ok("mode=ro&immutable=1"),
    }
}

fn open(path: &Path, mode: &str) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(format!("file:{}?{mode}", uri_path(path)), flags)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}

/// The path in a URI.
fn uri_path(path: &Path) -> String {
    let text = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let mut uri = String::from(if text.starts_with('/') || path.is_relative() { "" } else { "/" });
    for byte in text.bytes() {
        match byte {
            b'/' | b':' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri
}

fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql =
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%' ORDER BY name";
    connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

/// The table that is meant, and its columns.
fn choose(
    connection: &Connection,
    tables: &[String],
    wanted: Option<&str>,
    mapping: &Mapping,
) -> Result<(String, Columns), String> {
    let find = |table: &str| {
        let statement = connection.prepare(&format!("SELECT * FROM {}", quoted(table)));
        let statement = statement.map_err(|_| format!("the table {} cannot be read", shown(table)))?;
        Columns::find(statement.column_names(), mapping).map_err(|why| {
            let columns: Vec<_> = statement.column_names().map(shown).collect();
            format!(
                "table {}: {why}. Its columns are {}; say which holds what with --map",
                shown(table),
                columns.join(", ")
            )
        })
    };
    let named = || tables.iter().map(|table| shown(table)).collect::<Vec<_>>().join(", ");
    if let Some(wanted) = wanted {
        let table = tables.iter().find(|table| *table == wanted);
        let table = table.ok_or_else(|| format!("it has no table {}; it has {}", shown(wanted), named()))?;
        return Ok((table.clone(), find(table)?));
    }
    let mut fitting = tables.iter().filter_map(|table| Some((table.clone(), find(table).ok()?)));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only),
        (None, _) if tables.is_empty() => Err("it has no tables".to_owned()),
        (None, _) => {
            Err(format!("no table is known to hold tokens: name it with --table and --map; there are {}", named()))
        }
        (Some((first, _)), Some((second, _))) => Err(format!(
            "several tables may hold tokens, {} and {}: choose with --table",
            shown(&first),
            shown(&second)
        )),
    }
}

/// Hands each row to `each`, with its number.
fn rows(connection: &Connection, table: &str, mut each: impl FnMut(usize, Vec<String>)) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {}", quoted(table)))?;
    let width = statement.column_count();
    let (mut rows, mut number) = (statement.query([])?, 0);
    while let Some(row) = rows.next()? {
        number += 1;
        let cells = (0..width).map(|place| row.get_ref(place).map(text)).collect::<rusqlite::Result<_>>()?;
        each(number, cells);
    }
    Ok(())
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
