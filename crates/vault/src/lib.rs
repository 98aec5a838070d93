//! Many accounts in an encrypted database: SQLite in one file, or PostgreSQL.
//!
//! [`Vault`] is the keeper's store of accounts and of alert states. `seal.rs` says how its content is encrypted, `database.rs`
//! what it asks of a database, `sqlite.rs` and `postgres.rs` how each answers.

mod account;
mod alerts;
mod catch_up;
mod contents;
mod database;
mod error;
mod export;
mod key;
mod lease;
mod notices;
mod postgres;
mod recover;
mod reseal;
mod runs;
mod seal;
mod shared;
mod spill;
mod spilled;
mod sqlite;
mod store;
mod stored;
mod vault;
mod worker;

pub use account::{Account, Exported, NewAccount, WholeAccount, check_name};
pub use alerts::AlertStates;
pub use catch_up::Page;
pub use database::Queue;
pub use error::{VaultError, VaultErrorClass};
pub use export::{ExportHeader, export_header, open_export, seal_export};
pub use key::{MasterKey, NoRandomness, NotAKey};
pub use notices::Notices;
pub use postgres::PostgresAddress;
pub use reseal::Resealing;
pub use shared::{SettingsHistory, SharedSettings};
pub use spill::Spill;
pub use spilled::Waiting;
pub use store::Claimed;
pub use vault::{KeyStatus, Vault, VaultAddress};
pub use worker::{Worker, Workload};
