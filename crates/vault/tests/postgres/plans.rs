//! What PostgreSQL reads when there is much to do.

use everlit_keeper::Store;
use everlit_testkit::contract::{NOW, fake, now};

use crate::site::Site;

const CLAIMED: u32 = 20;

/// A backlog of 200,000 accounts, one in twenty critical: a claim reads as far as it needs, by index, and sorts nothing more.
#[test]
fn a_claim_from_a_long_backlog_reads_a_few_rows() {
    let site = Site::direct(&fake('A'));
    let at = NOW.as_unix();
    site.psql(&format!(
        "INSERT INTO accounts SELECT n, int8send(n), NULL, 'instagram', 'healthy', NULL, NULL, 1, 1, '' \
         FROM generate_series(1, 200000) n; \
         INSERT INTO due SELECT n, 1, {at} - 1000000 + (n * 7919) % 1000000, \
         {at} + 86400 * CASE WHEN n % 20 = 0 THEN 1 + n % 13 ELSE 20 + n % 40 END FROM generate_series(1, 200000) n"
    ));
    site.psql("VACUUM ANALYZE accounts, due");
    let read = "SELECT seq_scan || ' ' || idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'due'";
    // A connection that has ended has reported all that it did.
    let end = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
               WHERE datname = current_database() AND usename = 'worker'";
    for work in [claim as fn(&Site), list] {
        site.psql(end);
        site.psql("SELECT pg_stat_reset()");
        work(&site);
        site.psql(end);
        let read = site.psql(read);
        let (scans, rows) = read.split_once(' ').unwrap();
        assert_eq!(scans, "0", "the whole table was read");
        let rows: u32 = rows.parse().unwrap();
        assert!((CLAIMED..CLAIMED * 20).contains(&rows), "{rows} rows were read for {CLAIMED}");
    }
}

fn claim(site: &Site) {
    // None of these can be opened: they were not written by a vault.
    let (claimed, unreadable) = now(site.vault.claim(NOW, CLAIMED as usize)).unwrap();
    assert_eq!((claimed.len(), unreadable.len()), (0, CLAIMED as usize));
}

fn list(site: &Site) {
    now(site.vault.due(NOW, CLAIMED as usize)).unwrap();
}
