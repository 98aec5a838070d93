//! A vault in PostgreSQL (<https://www.postgresql.org/docs/>), for several workers at once.
//!
//! Works behind a pooler that shares connections, such as pgbouncer in transaction mode: every statement stands alone, has no
//! name, and leaves nothing in its session. Where a connection ends, nobody knows whether the last statement was done: so each
//! is written in such a way that a repetition does no harm.

mod accounts;
mod address;
mod connections;
mod error;
mod leases;
mod migrations;
mod pool;
mod queries;
mod releases;
mod save;
mod save_many;
mod statement;
mod together;

use everlit_disk::Disk;
use everlit_postgres::Server;

use crate::VaultError;

pub use address::PostgresAddress;

use connections::Connections;
use error::Place;
use pool::Pool;

/// A database on a server.
#[derive(Debug)]
pub(crate) struct Postgres {
    connections: Connections,
}

impl Postgres {
    /// Makes ready to connect, which the first call does.
    pub(crate) fn open(address: &PostgresAddress, disk: &dyn Disk) -> Result<Self, VaultError> {
        let server = Server::new(&address.url, address.roots(disk)?);
        let pool = Pool::new(server, Place::of(address));
        Ok(Self { connections: Connections::start(pool)? })
    }
}
