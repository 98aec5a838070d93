//! Calls about many accounts that share a statement: no account is at the expense of another.

use everlit_keeper::StoreErrorClass;
use everlit_testkit::contract::{NOW, candidate_for, fake, now, record_of};
use everlit_vault::Claimed;

use crate::site::Site;

const ACCOUNTS: usize = 30;

/// Many accounts, all of them claimed.
fn claimed(site: &Site) -> Vec<Claimed> {
    for number in 1..ACCOUNTS {
        site.add(&format!("shop{number}"), &fake('A'));
    }
    let (claimed, unreadable) = now(site.vault.claim(NOW, ACCOUNTS)).unwrap();
    assert_eq!((claimed.len(), unreadable.len()), (ACCOUNTS, 0));
    claimed
}

/// Does all that a refresh writes, for all of them at once.
fn refresh_all(claimed: Vec<Claimed>) -> Vec<(i64, Result<(), StoreErrorClass>)> {
    let refresh = |mut claimed: Claimed| {
        let candidate = candidate_for(&fake('A'), 'B');
        let written = now(async {
            claimed.lease.load(NOW).await?;
            claimed.lease.reserve().await?;
            claimed.lease.save_candidate(&candidate).await?;
            claimed.lease.promote(&candidate, &record_of(&candidate.token)).await
        });
        (claimed.id, written.map_err(|error| error.class))
    };
    std::thread::scope(|scope| {
        let each: Vec<_> = claimed.into_iter().map(|claimed| scope.spawn(|| refresh(claimed))).collect();
        each.into_iter().map(|done| done.join().unwrap()).collect()
    })
}

const REFRESHED: &str = "SELECT count(*) FROM accounts a JOIN due d ON d.account = a.id AND d.generation = a.generation \
                         WHERE a.generation = 2 AND (SELECT count(*) FROM events e WHERE e.account = a.id) > 0 \
                         AND NOT EXISTS (SELECT FROM kept_tokens k WHERE k.account = a.id)";

#[test]
fn many_accounts_are_refreshed_at_once() {
    for site in [Site::direct(&fake('A')), Site::pooled(&fake('A'))] {
        let done = refresh_all(claimed(&site));
        assert!(done.iter().all(|(_, written)| written.is_ok()), "{done:?}");
        assert_eq!(site.psql(REFRESHED), ACCOUNTS.to_string());
    }
}

#[test]
fn a_lease_that_was_lost_fails_alone() {
    let site = Site::direct(&fake('A'));
    let claimed = claimed(&site);
    let lost = claimed[ACCOUNTS / 2].id;
    site.psql(&format!("UPDATE due SET lease = 1 WHERE account = {lost}"));
    for (id, written) in refresh_all(claimed) {
        assert_eq!(written.is_err(), id == lost, "{written:?}");
    }
    assert_eq!(site.psql(&format!("SELECT generation FROM accounts WHERE id = {lost}")), "1");
    assert_eq!(site.psql(REFRESHED), (ACCOUNTS - 1).to_string());
}

#[test]
fn a_locked_account_holds_up_no_other() {
    for table in ["due WHERE account", "accounts WHERE id"] {
        let site = Site::direct(&fake('A'));
        let claimed = claimed(&site);
        let locked = claimed[0].id;
        // It is unlocked once all others are refreshed.
        let script = format!(
            "BEGIN; SELECT FROM {table} = {locked} FOR UPDATE; \
             DO $$ BEGIN LOOP EXIT WHEN ({REFRESHED}) = {}; END LOOP; END $$; COMMIT",
            ACCOUNTS - 1
        );
        std::thread::scope(|scope| {
            let holder = scope.spawn(|| site.psql(&script));
            site.wait_for(
                "EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database() \
                 WHERE l.mode = 'RowShareLock' AND l.granted)",
            );
            let done = refresh_all(claimed);
            assert!(done.iter().all(|(_, written)| written.is_ok()), "{done:?}");
            holder.join().unwrap();
        });
        assert_eq!(site.psql(REFRESHED), ACCOUNTS.to_string());
    }
}
