//! The same commands on a vault in a real PostgreSQL.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use everlit_sandbox::{Issue, Kind};
use everlit_testkit::postgres::{psql, start};
use support::{Call, Meta, Project};

/// In its URL, `@` is `%40`.
const PASSWORD: &str = "fa@ke";

#[test]
fn accounts_in_postgresql_are_kept_alive_by_any_machine() {
    let server = start("host all all all scram-sha-256\n", &[]);
    psql(&server, "postgres", &format!("CREATE ROLE worker LOGIN PASSWORD '{PASSWORD}'"));
    psql(&server, "postgres", "CREATE DATABASE vault OWNER worker");
    let address = format!("postgres://worker:fa%40ke@127.0.0.1:{}/vault?sslmode=disable", server.port);
    let (here, there, meta) = (Project::empty(), Project::empty(), Meta::friendly());
    here.everlit(&["key", "create", "master.key"]).run().ended(0);
    let key = here.read("master.key");
    let on = |project: &Project, arguments: &[&str]| -> Call {
        let call = project.everlit(arguments).asking(&meta);
        call.env("EVERLIT_VAULT", &address).env("EVERLIT_MASTER_KEY", key.trim())
    };
    on(&here, &["vault", "create"]).run().ended(0).never_shows("fa%40ke").never_shows("worker:");
    let token = meta.sandbox.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(31)));
    on(&here, &["account", "add", "shop", "--stdin"]).fed(&token).ended(0);

    on(&there, &["refresh"]).run().ended(0).says("refreshed").never_shows(PASSWORD);
    on(&here, &["status", "--check"]).run().ended(0).says("OK: 1 token safe");
    let newest = meta.sandbox.with(|meta| meta.newest_token("shop").unwrap().text.to_string());
    on(&here, &["token", "--account", "shop"]).run().ended(0).says(&newest);
    let doctor = on(&here, &["doctor", "--verbose"]).run();
    doctor.says("1 account can be read").never_shows("fa%40ke").never_shows(PASSWORD).never_shows(&newest);
    on(&here, &["vault", "backup", "copy.db"]).run().notes("pg_dump").never_shows("fa%40ke");
    let steps = on(&here, &["account", "list"]).run().ended(0);
    steps.never_shows("fa%40ke");

    drop(server);
    on(&here, &["status"]).run().ended(4).notes("Next: everlit vault check").never_shows("fa%40ke");
}
