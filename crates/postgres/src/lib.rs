//! Connections to PostgreSQL, for targets and for the vault: TLS is verified by the same code and roots as for HTTPS, and what
//! failed is sorted before anybody words it. Knows no tables.

mod failure;
mod server;
mod socket;
mod tls;

pub use failure::Failure;
pub use server::{Connection, SCHEMES, Server, USUAL_PORT};
