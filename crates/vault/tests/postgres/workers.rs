//! Several workers on one database.

use std::collections::BTreeSet;
use std::sync::Barrier;

use everlit_keeper::{Store, StoreErrorClass};
use everlit_meta_api::Timestamp;
use everlit_testkit::contract::{NOW, candidate_for, fake, now, record_of};
use everlit_vault::{Claimed, MasterKey, Vault, VaultErrorClass};

use crate::site::{POSTGRES, SHOP, Site, create, empty_database, url};

#[test]
fn workers_never_claim_the_same_account() {
    const ACCOUNTS: usize = 40;
    let site = Site::direct(&fake('A'));
    (1..ACCOUNTS).for_each(|number| site.add(&format!("shop {number}"), &fake('A')));
    let workers = [site.another(), site.another(), site.another()];
    let start = Barrier::new(workers.len());
    let leases: Vec<Claimed> = std::thread::scope(|scope| {
        let work = |vault: &Vault| {
            start.wait();
            let mut leases = Vec::new();
            loop {
                let (claimed, unreadable) = now(vault.claim(NOW, 3)).unwrap();
                assert_eq!(unreadable, []);
                if claimed.is_empty() {
                    return leases;
                }
                leases.extend(claimed);
            }
        };
        let threads: Vec<_> = workers.iter().map(|vault| scope.spawn(move || work(vault))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let accounts: BTreeSet<_> = leases.iter().map(|claimed| claimed.account.as_str()).collect();
    assert_eq!((leases.len(), accounts.len()), (ACCOUNTS, ACCOUNTS));
}

#[test]
fn a_dropped_lease_is_free_at_once() {
    let site = Site::direct(&fake('A'));
    for _ in 0..5 {
        drop(site.lease());
    }
}

#[test]
fn leases_are_given_back_before_a_worker_ends() {
    let site = Site::direct(&fake('A'));
    let other = site.another();
    drop(now(other.lease(&SHOP, NOW)).unwrap());
    drop(other);
    assert_eq!(site.psql("SELECT count(*) FROM due WHERE lease IS NOT NULL"), "0");
    site.wait_for(
        "(SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND usename = 'worker')",
    );
}

const DAY: i64 = 86_400;

#[test]
fn the_most_urgent_accounts_are_claimed_first() {
    let site = Site::direct(&fake('A'));
    for name in ["soon", "sooner", "dead", "late"] {
        site.add(name, &fake('A'));
    }
    // Names are sealed: a row is found by the lease on it.
    let set = |name: &str, run_at: i64, expires_at: i64| {
        let name = everlit_keeper::AccountName::new(name);
        let claimed = now(site.vault.lease(&name, NOW)).unwrap();
        let at = NOW.as_unix();
        let (run_at, expires_at) = (at + run_at, at + expires_at);
        site.psql(&format!("UPDATE due SET run_at = {run_at}, expires_at = {expires_at} WHERE lease IS NOT NULL"));
        drop(claimed);
        site.wait_for("(SELECT count(*) = 0 FROM due WHERE lease IS NOT NULL)");
    };
    set("soon", -1, 13 * DAY);
    set("sooner", -2, DAY);
    set("dead", -5, -DAY);
    set("late", -9, 20 * DAY);
    set("shop", 1, DAY);
    let claimed = now(site.vault.claim(NOW, 9)).unwrap().0;
    let order: Vec<_> = claimed.iter().map(|claimed| claimed.account.as_str()).collect();
    assert_eq!(order, ["sooner", "soon", "late", "dead"], "and not `shop`, which is not due");
    drop(claimed);
    let due = now(site.vault.due(NOW, 3)).unwrap();
    assert_eq!(due.iter().map(everlit_keeper::AccountName::as_str).collect::<Vec<_>>(), ["sooner", "soon", "late"]);
}

/// P1: a worker that was away for longer than its lease writes nothing over what came after it.
#[test]
fn a_late_worker_cannot_write_over_a_newer_token() {
    let site = Site::direct(&fake('A'));
    let other = site.another();
    let mut late = site.lease();
    let (lost, kept) = (candidate_for(&fake('A'), 'B'), candidate_for(&fake('A'), 'C'));
    now(late.save_candidate(&lost)).unwrap();
    site.psql("UPDATE due SET lease_until = 0");
    let mut next = now(other.lease(&SHOP, NOW)).unwrap();
    now(next.promote(&kept, &record_of(&kept.token))).unwrap();
    for refused in [
        now(late.promote(&lost, &record_of(&lost.token))),
        now(late.save_record(&record_of(&fake('A')))),
        now(late.discard_candidate()),
    ] {
        assert_eq!(refused.unwrap_err().class, StoreErrorClass::NotSaved);
    }
    assert_eq!(now(late.reserve()).unwrap_err().class, StoreErrorClass::Locked);
    drop(late);
    assert_eq!(now(site.vault.load(&SHOP, NOW)).unwrap().current, kept.token);
    now(next.save_record(&record_of(&kept.token))).unwrap();
}

/// The same, if both wait for the same row at the same moment.
#[test]
fn of_two_changes_at_once_one_is_refused() {
    let site = Site::direct(&fake('A'));
    let mut late = site.lease();
    let waits =
        "(SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')";
    std::thread::scope(|scope| {
        // Somebody takes the lease, and has not committed yet.
        let script = format!(
            "BEGIN; UPDATE due SET lease = 1, lease_until = 1e10; \
             DO $$ BEGIN WHILE NOT {waits} LOOP PERFORM pg_stat_clear_snapshot(); END LOOP; END $$; COMMIT"
        );
        let site = &site;
        let taken = scope.spawn(move || site.psql(&script));
        site.wait_for("(SELECT count(*) > 0 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE relname = 'due' AND mode = 'RowExclusiveLock')");
        let refused = now(late.save_record(&record_of(&fake('A')))).unwrap_err();
        assert_eq!(refused.class, StoreErrorClass::NotSaved);
        assert!(refused.message.contains("somebody else"), "{refused}");
        taken.join().unwrap();
    });
}

#[test]
fn workers_that_start_at_once_make_one_vault() {
    let database = empty_database(&POSTGRES);
    let (master, url) = (MasterKey::generate().unwrap(), url("worker", POSTGRES.port, &database, ""));
    let start = Barrier::new(4);
    let ids: BTreeSet<_> = std::thread::scope(|scope| {
        let create = || {
            start.wait();
            let vault = create(&url, &master).unwrap();
            now(vault.key_status()).unwrap().keys.len()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(create)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(ids, BTreeSet::from([1]));
}

#[test]
fn an_address_without_a_vault_is_missing() {
    let database = empty_database(&POSTGRES);
    let (master, url) = (MasterKey::generate().unwrap(), url("worker", POSTGRES.port, &database, ""));
    assert_eq!(crate::site::open(&url, &master).unwrap_err().class, VaultErrorClass::Missing);
    create(&url, &master).unwrap();
    crate::site::open(&url, &master).unwrap();
}

#[test]
fn events_have_partitions_for_the_months_to_come() {
    let site = Site::direct(&fake('A'));
    // September 2031: what happened there before it had a partition moves.
    let later = Timestamp::from_unix(1_946_000_000);
    now(site.vault.pause(&SHOP, true, later)).unwrap();
    assert_eq!(site.psql("SELECT count(*) FROM events_default WHERE at = 1946000000"), "1");
    for _ in 0..2 {
        now(site.vault.maintain(later)).unwrap();
    }
    assert_eq!(site.psql("SELECT count(*) FROM events_203109 WHERE at = 1946000000"), "1");
    let made = site.psql("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relname LIKE 'events_2031%' AND relkind = 'r'");
    assert_eq!(made, "events_203109 events_203110 events_203111");
    assert_eq!(now(site.vault.audit(1)).unwrap()[0].2.at, later);
}

#[test]
fn the_last_runs_are_noted() {
    let site = Site::direct(&fake('A'));
    for at in [NOW, Timestamp::from_unix(NOW.as_unix() + 60)] {
        now(site.vault.note_run(at, (at == NOW).then_some("no room"))).unwrap();
    }
    let last = Timestamp::from_unix(NOW.as_unix() + 60);
    assert_eq!(now(site.vault.last_runs()).unwrap(), [last, NOW]);
    let failures = [last, NOW].map(|at| now(site.vault.failure_of_run(at)).unwrap());
    assert_eq!(failures, [None, Some("no room".to_owned())]);
}
