//! A database that somebody has edited, and workers that come too late: noticed, named, and nothing lost.
#![allow(clippy::disallowed_methods, reason = "tests edit the real file behind the vault's back")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use everlit_disk::RealDisk;
use everlit_keeper::{AccountName, Record, Store, StoreErrorClass};
use everlit_meta_api::Timestamp;
use everlit_testkit::contract::{NOW, candidate_for, fake, now, record_of};
use everlit_vault::{MasterKey, NewAccount, Resealing, Spill, Vault, VaultAddress, VaultError, VaultErrorClass};
use rusqlite::Connection;

struct Site {
    folder: tempfile::TempDir,
    master: MasterKey,
    vault: Vault,
}

impl Site {
    fn new(accounts: &[(&str, char)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let master = MasterKey::generate().unwrap();
        let address = VaultAddress::Sqlite(folder.path().join("everlit.db"));
        let vault = now(Vault::create(&address, &RealDisk, master.clone(), "first".to_owned(), NOW, 1)).unwrap();
        for (name, letter) in accounts {
            let account = NewAccount {
                name: AccountName::new(*name),
                token: Some(fake(*letter)),
                record: None,
                tags: Vec::new(),
                app: None,
            };
            now(vault.add(account, NOW)).unwrap();
        }
        Self { folder, master, vault }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("everlit.db")
    }

    /// The vault as another process opens it.
    fn again(&self, seed: u64) -> Vault {
        let address = VaultAddress::Sqlite(self.file());
        now(Vault::open(&address, &RealDisk, self.master.clone(), "second".to_owned(), seed)).unwrap()
    }

    fn sql(&self, statement: &str) {
        let changed = Connection::open(self.file()).unwrap().execute_batch(statement);
        changed.unwrap();
    }

    fn save(&self, name: &str) {
        let name = AccountName::new(name);
        let mut lease = now(self.vault.lease(&name, NOW)).unwrap();
        let record = now(lease.load(NOW)).unwrap().record;
        now(lease.save_record(&record)).unwrap();
    }

    /// What a read of the account says is wrong.
    fn complaint(&self, name: &str) -> String {
        now(self.vault.load(&AccountName::new(name), NOW)).unwrap_err().message
    }
}

fn shop() -> AccountName {
    AccountName::new("shop")
}

#[test]
fn an_account_sealed_with_a_newer_key_can_be_read() {
    let site = Site::new(&[("shop", 'A'), ("cafe", 'B')]);
    let other = site.again(2);
    now(other.rotate_key(NOW)).unwrap();
    let name = shop();
    let mut lease = now(other.lease(&name, NOW)).unwrap();
    let record = now(lease.load(NOW)).unwrap().record;
    now(lease.save_record(&record)).unwrap();
    let notices = site.vault.notices();
    let unreadable = || {
        now(site.vault.mark_unreadable()).unwrap();
        now(notices.unreadable(NOW)).unwrap().len()
    };
    assert_eq!(unreadable(), 0);
    site.sql("UPDATE accounts SET sealed = x'00' WHERE id = (SELECT max(id) FROM accounts)");
    assert_eq!(unreadable(), 1);
}

#[test]
fn one_worker_reads_all_accounts_once_a_day() {
    const HOUR: u64 = 60 * 60;
    let site = Site::new(&[("shop", 'A')]);
    let other = site.again(2);
    now(site.vault.mark_unreadable_daily(NOW)).unwrap();
    site.sql("UPDATE accounts SET sealed = x'00'");
    let unreadable_after = |hours: u64| {
        let at = NOW + Duration::from_secs(hours * HOUR);
        now(other.mark_unreadable_daily(at)).unwrap();
        now(other.notices().unreadable(at)).unwrap().len()
    };
    assert_eq!(unreadable_after(23), 0);
    assert_eq!(unreadable_after(24), 1);
}

#[test]
fn a_row_that_was_exchanged_with_another_is_named() {
    let site = Site::new(&[("shop", 'A'), ("cafe", 'B')]);
    site.sql("CREATE TABLE copy AS SELECT * FROM accounts");
    site.sql("UPDATE accounts SET sealed = (SELECT sealed FROM copy WHERE copy.id <> accounts.id)");
    assert!(site.complaint("shop").contains("moved, exchanged or edited by hand"), "{}", site.complaint("shop"));
    let (count, problems) = now(site.vault.check()).unwrap();
    assert_eq!((count, problems.len()), (2, 2));
}

#[test]
fn a_row_under_another_accounts_name_is_named() {
    let site = Site::new(&[("shop", 'A')]);
    site.sql("PRAGMA foreign_keys = OFF; UPDATE accounts SET id = id + 1; UPDATE due SET account = account + 1");
    assert!(site.complaint("shop").contains("moved, exchanged or edited by hand"));
}

#[test]
fn an_older_row_that_was_put_back_is_named() {
    let site = Site::new(&[("shop", 'A'), ("cafe", 'B')]);
    site.sql("CREATE TABLE copy AS SELECT * FROM accounts");
    site.save("shop");
    site.sql(
        "UPDATE accounts SET (sealed, generation) = (SELECT sealed, generation FROM copy WHERE copy.id = accounts.id)",
    );
    assert!(site.complaint("shop").contains("put back an older one"), "{}", site.complaint("shop"));
    assert!(now(site.vault.load(&AccountName::new("cafe"), NOW)).is_ok(), "the others go on");
}

#[test]
fn an_account_that_was_taken_out_of_the_queue_is_named() {
    let site = Site::new(&[("shop", 'A'), ("cafe", 'B')]);
    site.sql("DELETE FROM due");
    let (count, problems) = now(site.vault.check()).unwrap();
    assert_eq!((count, problems.len()), (2, 2), "{problems:?}");
    assert!(site.complaint("shop").contains("removed it from the vault's queue"));
}

#[test]
fn an_expiry_edited_by_hand_hides_no_refresh() {
    let (site, shop) = (Site::new(&[("shop", 'A')]), shop());
    let mut lease = now(site.vault.lease(&shop, NOW)).unwrap();
    now(lease.save_record(&record_of(&fake('A')))).unwrap();
    drop(lease);
    site.sql("UPDATE accounts SET expires_at = expires_at + 86400 * 365");
    let stored = now(site.vault.load(&shop, NOW)).unwrap();
    assert_eq!(stored.record.expiry, record_of(&fake('A')).expiry);
    assert!(stored.notes[0].contains("edited by hand"), "{:?}", stored.notes);
}

#[test]
fn p2_a_late_worker_loses_no_token_and_writes_over_none() {
    let (site, shop) = (Site::new(&[("shop", 'A')]), shop());
    let other = site.again(2);
    let mut late = now(site.vault.lease(&shop, NOW)).unwrap();
    // It sleeps for an hour, and its lease ends.
    site.sql("UPDATE due SET lease_until = unixepoch() - 1");
    let mut next = now(other.lease(&shop, NOW)).unwrap();
    let newer = candidate_for(&fake('A'), 'C');
    now(next.save_candidate(&newer)).unwrap();
    now(next.promote(&newer, &record_of(&newer.token))).unwrap();
    drop(next);
    // It wakes with a token that Meta gave it.
    let own = candidate_for(&fake('A'), 'B');
    now(late.save_candidate(&own)).unwrap();
    let refused = now(late.promote(&own, &record_of(&own.token))).unwrap_err();
    assert_eq!(refused.class, StoreErrorClass::NotSaved);
    assert!(now(late.reserve()).unwrap_err().is_locked());
    drop(late);
    let stored = now(other.load(&shop, NOW)).unwrap();
    assert_eq!((stored.current, stored.candidate), (newer.token, Some(own)), "both are there");
}

#[test]
fn two_workers_never_claim_the_same_account() {
    let names: Vec<String> = (0..40).map(|number| format!("account-{number}")).collect();
    let accounts: Vec<(&str, char)> = names.iter().map(|name| (&**name, 'A')).collect();
    let site = Site::new(&accounts);
    let other = site.again(2);
    let (first, _) = now(site.vault.claim(NOW, 25)).unwrap();
    let (second, _) = now(other.claim(NOW, 25)).unwrap();
    assert_eq!((first.len(), second.len()), (25, 15));
    let mut all: Vec<_> = first.iter().chain(&second).map(|claimed| claimed.account.clone()).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 40);
}

/// Seals all accounts with the newest key, and counts them.
fn moved(vault: &Vault) -> Result<usize, VaultError> {
    let mut sweep = Resealing::default();
    while now(vault.reseal(&mut sweep))? {}
    Ok(sweep.moved())
}

#[test]
fn keys_that_are_changed_at_once_lock_nobody_out() {
    let site = Site::new(&[("shop", 'A'), ("cafe", 'B')]);
    let vaults: Vec<Vault> = (2..6).map(|seed| site.again(seed)).collect();
    let changed = std::thread::scope(|scope| {
        let rotate = |vault: &Vault| now(vault.rotate_key(NOW)).and_then(|_| moved(vault));
        let each: Vec<_> = vaults.iter().map(|vault| scope.spawn(move || rotate(vault))).collect();
        each.into_iter().map(|done| done.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(changed.iter().any(Result::is_ok), "{changed:?}");
    for refused in changed.iter().filter_map(|changed| changed.as_ref().err()) {
        assert_eq!(refused.class, VaultErrorClass::Taken, "{refused}");
    }
    let (count, problems) = now(site.again(9).check()).unwrap();
    assert_eq!((count, problems), (2, Vec::new()));
}

#[test]
fn a_key_is_not_added_under_a_master_key_that_was_changed() {
    let site = Site::new(&[("shop", 'A')]);
    let other = site.again(2);
    let new = MasterKey::generate().unwrap();
    now(other.change_master(&new, NOW)).unwrap();
    // It has given back the right to change keys then.
    drop(other);
    assert_eq!(now(site.vault.rotate_key(NOW)).unwrap_err().class, VaultErrorClass::Key);
    let another = MasterKey::generate().unwrap();
    assert_eq!(now(site.vault.change_master(&another, NOW)).unwrap_err().class, VaultErrorClass::Key);
    let address = VaultAddress::Sqlite(site.file());
    let opened = now(Vault::open(&address, &RealDisk, new, String::new(), 3)).unwrap();
    assert_eq!(now(opened.check()).unwrap(), (1, Vec::new()));
}

#[test]
fn those_who_die_soon_are_claimed_first() {
    let site = Site::new(&[("rested", 'A'), ("urgent", 'B'), ("waiting", 'C')]);
    let day = 86_400;
    let set = |name: &str, letter: char, due_days_ago: i64, left_days: i64| {
        let name = AccountName::new(name);
        let mut lease = now(site.vault.lease(&name, NOW)).unwrap();
        let at = |days: i64| Timestamp::from_unix(NOW.as_unix() + days * day);
        let record = Record {
            expiry: everlit_keeper::Expiry::At(at(left_days)),
            next_check_at: Some(at(-due_days_ago)),
            ..record_of(&fake(letter))
        };
        now(lease.save_record(&record)).unwrap();
    };
    set("rested", 'A', 1, 30);
    set("urgent", 'B', 0, 3);
    set("waiting", 'C', 9, 30);
    let (claimed, _) = now(site.vault.claim(NOW, 3)).unwrap();
    let order: Vec<&str> = claimed.iter().map(|claimed| claimed.account.as_str()).collect();
    assert_eq!(order, ["urgent", "waiting", "rested"]);
}

#[test]
fn a_vault_of_a_later_everlit_is_left_alone() {
    let site = Site::new(&[("shop", 'A')]);
    site.sql("PRAGMA user_version = 99");
    let address = VaultAddress::Sqlite(site.file());
    let opened = now(Vault::open(&address, &RealDisk, site.master, String::new(), 3));
    assert_eq!(opened.unwrap_err().class, VaultErrorClass::Newer);
}

#[test]
fn a_damaged_file_is_an_error_in_words() {
    let site = Site::new(&[("shop", 'A')]);
    let (file, master) = (site.file(), site.master.clone());
    let Site { folder, vault, .. } = site;
    drop(vault);
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, [&bytes[..100], &vec![7; bytes.len() - 100][..]].concat()).unwrap();
    let opened = now(Vault::open(&VaultAddress::Sqlite(file), &RealDisk, master, String::new(), 3));
    let error = opened.unwrap_err();
    assert_eq!(error.class, VaultErrorClass::Damaged, "{error}");
    drop(folder);
}

/// Every row can be read: it shows only when something is saved.
fn damage_an_index(site: &Site) {
    let connection = Connection::open(site.file()).unwrap();
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap() as usize;
    let (size, page) =
        (number("PRAGMA page_size"), number("SELECT rootpage FROM sqlite_master WHERE name = 'accounts_key'"));
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let mut bytes = std::fs::read(site.file()).unwrap();
    bytes[(page - 1) * size + 8..page * size].fill(0);
    std::fs::write(site.file(), bytes).unwrap();
}

#[test]
fn a_damaged_index_is_found_and_not_backed_up() {
    let site = Site::new(&[("shop", 'A')]);
    damage_an_index(&site);
    let vault = site.again(2);
    let (accounts, problems) = now(vault.check()).unwrap();
    assert!(accounts == 1 && problems[0].contains("restore a backup"), "{problems:?}");
    let error = now(vault.back_up(site.folder.path().join("copy.db"))).unwrap_err();
    assert_eq!(error.class, VaultErrorClass::Damaged, "{error:?}");
}

#[test]
fn a_missing_table_is_found_by_the_check() {
    let site = Site::new(&[("shop", 'A')]);
    assert!(now(site.vault.check()).unwrap().1.is_empty());
    site.sql("DROP TABLE alerts; DROP INDEX due_run");
    let problems = now(site.vault.check()).unwrap().1.concat();
    assert!(problems.contains("`alerts` is missing") && problems.contains("`due_run` is missing"), "{problems}");
}

#[test]
fn p2_a_token_outlives_the_damaged_vault_it_was_saved_in() {
    let site = Site::new(&[("shop", 'A')]);
    let copy = site.folder.path().join("copy.db");
    now(site.vault.back_up(copy.clone())).unwrap();
    damage_an_index(&site);
    let with_spill = |vault: Vault, process| {
        vault.with_spill(Spill::new(Arc::new(RealDisk), site.folder.path().join("spill"), process))
    };
    let (new, shop) = (candidate_for(&fake('A'), 'N'), shop());
    let damaged = with_spill(site.again(2), 1);
    let mut lease = now(damaged.lease(&shop, NOW)).unwrap();
    now(lease.reserve()).unwrap();
    now(lease.save_candidate(&new)).unwrap();
    now(lease.promote(&new, &record_of(&new.token))).unwrap_err();
    drop(lease);
    drop(damaged);

    let address = VaultAddress::Sqlite(copy);
    let restored = now(Vault::open(&address, &RealDisk, site.master.clone(), "restored".to_owned(), 3)).unwrap();
    let restored = with_spill(restored, 2);
    assert_eq!(now(restored.recover_spilled()).unwrap(), 1);
    assert_eq!(now(restored.load(&shop, NOW)).unwrap().candidate, Some(new));
}

/// SQLite would go on writing into a file that nobody can find any more. Windows lets nobody move one that is open.
#[cfg(unix)]
#[test]
fn p2_no_token_goes_into_a_vault_that_was_removed() {
    let site = Site::new(&[("shop", 'a')]);
    let away = site.folder.path().join("away.db");
    std::fs::rename(site.file(), &away).unwrap();
    for result in [
        now(site.vault.put_token(&AccountName::new("shop"), &fake('b'), NOW)).map(drop),
        now(site.vault.claim(NOW, 1)).map(drop),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.class, VaultErrorClass::Unreachable, "{error:?}");
        assert!(error.message.contains("was removed, moved or replaced while it was open"), "{error:?}");
    }
    std::fs::rename(&away, site.file()).unwrap();
    now(site.vault.put_token(&AccountName::new("shop"), &fake('b'), NOW)).map(drop).unwrap();
}

#[test]
fn a_vault_that_another_program_holds_is_tried_again() {
    let site = Site::new(&[("shop", 'A')]);
    let other = Connection::open(site.file()).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let vault = site.vault;
    let waiting = std::thread::spawn(move || now(vault.lease(&shop(), NOW)).map(drop));
    std::thread::yield_now();
    other.execute_batch("COMMIT").unwrap();
    waiting.join().unwrap().unwrap();
}

#[test]
fn keys_made_by_another_process_are_learnt() {
    let site = Site::new(&[("shop", 'A')]);
    let other = site.again(2);
    now(other.rotate_key(NOW)).unwrap();
    assert_eq!(moved(&other).unwrap(), 1);
    assert_eq!(now(site.vault.load(&shop(), NOW)).unwrap().current, fake('A'));
    now(site.vault.put_token(&shop(), &fake('B'), NOW)).unwrap();
    let status = now(other.key_status()).unwrap();
    assert_eq!(status.keys.iter().map(|(.., accounts)| *accounts).collect::<Vec<_>>(), [0, 1]);
}
