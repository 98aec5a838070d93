//! Connections and servers that end.

use std::process::{Command, Stdio};
use std::sync::LazyLock;

use everlit_keeper::{Store, StoreErrorClass};
use everlit_testkit::contract::{NOW, candidate_for, fake, now, record_of};
use everlit_testkit::postgres::client;
use everlit_testkit::server::Server;
use everlit_vault::VaultErrorClass;

use crate::site::{SHOP, Site, server};

const KILL: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                    WHERE datname = current_database() AND usename = 'worker'";

#[test]
fn killed_connections_are_made_anew() {
    for site in [Site::direct(&fake('A')), Site::pooled(&fake('A'))] {
        for _ in 0..3 {
            site.psql(KILL);
            let mut lease = site.lease();
            site.psql(KILL);
            now(lease.save_record(&record_of(&fake('A')))).unwrap();
            site.psql(KILL);
        }
        assert_eq!(now(site.vault.states(NOW)).unwrap().len(), 1);
    }
}

/// Nobody knows whether a call was done whose connection was killed: it is done once, not twice.
#[test]
fn a_call_that_is_killed_is_done_once() {
    let site = Site::direct(&fake('A'));
    let mut lease = site.lease();
    let candidate = candidate_for(&fake('A'), 'B');
    let before: i64 = site.psql("SELECT generation FROM accounts").parse().unwrap();
    while_locked(&site, || {
        now(lease.save_candidate(&candidate)).unwrap();
    });
    assert_eq!(site.psql("SELECT count(*) FROM kept_tokens"), "1");
    while_locked(&site, || {
        now(lease.promote(&candidate, &record_of(&candidate.token))).unwrap();
    });
    assert_eq!(site.psql("SELECT generation FROM accounts"), (before + 1).to_string());
    drop(lease);
    let stored = now(site.vault.load(&SHOP, NOW)).unwrap();
    assert_eq!((stored.current, stored.candidate), (candidate.token, None));
}

/// Work that has to wait for a lock, is killed while it waits, and gets the lock when it has come back.
fn while_locked(site: &Site, work: impl FnOnce()) {
    let waiting = "SELECT min(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND usename = 'worker' AND wait_event_type = 'Lock'";
    let script = format!(
        "BEGIN; LOCK TABLE due; DO $$ DECLARE first int; BEGIN \
         LOOP PERFORM pg_stat_clear_snapshot(); first := ({waiting}); EXIT WHEN first IS NOT NULL; END LOOP; \
         PERFORM pg_terminate_backend(first, 10000); \
         LOOP PERFORM pg_stat_clear_snapshot(); EXIT WHEN ({waiting}) IS NOT NULL; END LOOP; END $$; COMMIT"
    );
    std::thread::scope(|scope| {
        let locked = scope.spawn(|| site.psql(&script));
        site.wait_for("EXISTS (SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 'due'::regclass)");
        work();
        locked.join().unwrap();
    });
}

#[test]
fn a_server_that_starts_again_is_used_again() {
    static OWN: LazyLock<Server> = LazyLock::new(server);
    let site = Site::on(&OWN, OWN.port, &fake('A'));
    let worker = "FROM pg_stat_activity WHERE datname = current_database() AND usename = 'worker'";
    let victim = site.psql(&format!("SELECT min(pid) {worker}"));
    let mut sleeper = client(&OWN, "psql").args(["-c", "SELECT pg_sleep(1000)"]).stderr(Stdio::null()).spawn().unwrap();
    site.wait_for("EXISTS (SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(1000)')");
    // PostgreSQL ends all connections and recovers if one of its processes has crashed.
    assert!(Command::new("kill").args(["-9", &victim]).status().unwrap().success());
    sleeper.wait().unwrap();
    loop {
        match now(site.vault.load(&SHOP, NOW)) {
            Ok(stored) => break assert_eq!(stored.current, fake('A')),
            Err(error) => assert_eq!(error.class, StoreErrorClass::Unreachable, "{error}"),
        }
    }
    drop(site.lease());
}

#[test]
fn a_server_that_is_not_there_is_tried_again() {
    let master = everlit_vault::MasterKey::generate().unwrap();
    // Port 1 (tcpmux) has been unused for decades.
    let error = crate::site::create("postgres://worker:fa%40ke@localhost:1/vault", &master).unwrap_err();
    assert_eq!(error.class, VaultErrorClass::Unreachable);
    assert!(error.message.contains("`vault` at localhost cannot be reached"), "{error}");
}
