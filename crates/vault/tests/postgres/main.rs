//! A vault in a real PostgreSQL, directly and behind pgbouncer.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "tests look at the real database behind the vault's back")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod failures;
mod plans;
mod refusals;
mod secrecy;
mod service;
#[path = "../both/serving.rs"]
mod serving;
mod site;
mod together;
mod workers;

/// What every store owes the keeper.
mod contract {
    mod direct {
        everlit_testkit::store_contract!(crate::site::Site::direct);
    }

    mod pooled {
        everlit_testkit::store_contract!(crate::site::Site::pooled);
    }
}
