//! A vault in a file of SQLite.
#![allow(clippy::disallowed_methods, reason = "tests look at the real file behind the vault's back")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "both/serving.rs"]
mod serving;

use std::path::PathBuf;
use std::sync::Arc;

use everlit_disk::RealDisk;
use everlit_keeper::{AccountName, AlertStore, Store};
use everlit_meta_api::Token;
use everlit_testkit::contract::{NOW, Place, candidate_for, fake, now};
use everlit_testkit::{spellings, store_contract};
use everlit_vault::{MasterKey, NewAccount, Vault, VaultAddress, VaultErrorClass};
use rusqlite::Connection;

/// A vault with one account in a folder of its own.
struct Site {
    folder: tempfile::TempDir,
    vault: Vault,
}

impl Site {
    fn new(token: &Token) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = VaultAddress::Sqlite(folder.path().join("everlit.db"));
        let master = MasterKey::generate().unwrap();
        let vault = now(Vault::create(&address, &RealDisk, master, "pid 4711 on web1".to_owned(), NOW, 7)).unwrap();
        let account =
            NewAccount { name: shop(), token: Some(token.clone()), record: None, tags: Vec::new(), app: None };
        now(vault.add(account, NOW)).unwrap();
        Self { folder, vault }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("everlit.db")
    }
}

fn shop() -> AccountName {
    AccountName::new("shop")
}

impl Place for Site {
    fn store(&self) -> Arc<dyn Store> {
        Arc::new(self.vault.clone())
    }

    fn alerts(&self) -> Arc<dyn AlertStore> {
        Arc::new(self.vault.clone())
    }

    fn account(&self) -> AccountName {
        shop()
    }

    fn put(&self, token: &Token) {
        now(self.vault.put_token(&shop(), token, NOW)).unwrap();
    }

    fn leftovers(&self) -> Vec<String> {
        let connection = Connection::open(self.file()).unwrap();
        let mut query = connection
            .prepare("SELECT kind FROM kept_tokens WHERE kind <> 'refused' UNION ALL SELECT 'alert' FROM alerts")
            .unwrap();
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    fn keeps_all_events(&self) -> bool {
        true
    }
}

store_contract!(Site::new);

/// P3: who has the file and no key has nothing.
#[test]
fn the_file_shows_no_token_and_no_name() {
    let token = Token::parse(&format!("IGAAfakeFAKE{}", "0123456789".repeat(12))).unwrap();
    let site = Site::new(&token);
    let name = AccountName::new("ada.lovelace.official");
    let account =
        NewAccount { name: name.clone(), token: Some(token.clone()), record: None, tags: Vec::new(), app: None };
    now(site.vault.add(account, NOW)).unwrap();
    let mut lease = now(site.vault.lease(&name, NOW)).unwrap();
    let mut record = now(lease.load(NOW)).unwrap().record;
    record.username = Some("countess_ada".to_owned());
    now(lease.save_candidate(&candidate_for(&token, 'B'))).unwrap();
    now(lease.save_record(&record)).unwrap();
    let files = std::fs::read_dir(site.folder.path()).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
    let bytes = files.collect::<Vec<_>>().concat();
    assert!(bytes.windows(9).any(|found| found == b"instagram"), "the bytes are those of the rows, the journal's too");
    for secret in ["lovelace", "countess_ada", &token.expose()[12..40], &"B".repeat(16)] {
        for shown in spellings(secret) {
            let found = bytes.windows(shown.len()).any(|found| found == shown.as_bytes());
            assert!(!found, "{secret} is in the file as {shown}");
        }
    }
}

impl serving::Served for Site {
    fn vault(&self) -> &Vault {
        &self.vault
    }

    fn sql(&self, statement: &str) {
        Connection::open(self.file()).unwrap().execute_batch(statement).unwrap();
    }
}

#[test]
fn workers_are_seen_until_they_end() {
    serving::workers_are_seen_until_they_end(&Site::new(&fake('A')));
}

#[test]
fn what_people_change_is_found_afterwards() {
    serving::what_people_change_is_found_afterwards(&Site::new(&fake('A')));
}

#[test]
fn a_renamed_account_with_targets_is_due() {
    serving::a_renamed_account_with_targets_is_due(&Site::new(&fake('A')));
}

#[test]
fn a_lease_of_a_wrong_clock_has_ended() {
    serving::a_lease_of_a_wrong_clock_has_ended(&Site::new(&fake('A')));
}

#[test]
fn an_expired_token_is_counted_without_a_look() {
    serving::an_expired_token_is_counted_without_a_look(&Site::new(&fake('A')));
}

#[test]
fn the_queue_counts_what_is_free() {
    serving::the_queue_counts_what_is_free(&Site::new(&fake('A')));
}

#[test]
fn a_claim_that_achieves_nothing_is_kept() {
    serving::a_claim_that_achieves_nothing_is_kept(&Site::new(&fake('A')));
}

#[test]
fn what_a_wrong_clock_has_put_off_is_due() {
    serving::what_a_wrong_clock_has_put_off_is_due(&Site::new(&fake('A')));
}

#[test]
fn troubled_and_alerted_accounts_are_found() {
    serving::troubled_and_alerted_accounts_are_found(&Site::new(&fake('A')));
}

#[test]
fn what_was_told_of_many_accounts_is_remembered_at_once() {
    serving::what_was_told_of_many_accounts_is_remembered_at_once(&Site::new(&fake('A')));
}

#[test]
fn what_was_told_of_no_account_is_remembered() {
    serving::what_was_told_of_no_account_is_remembered(&Site::new(&fake('A')));
}

#[test]
fn p2_a_token_outlives_a_table_that_is_away() {
    let old = fake('A');
    serving::p2_a_token_outlives_a_database_that_is_away(&Site::new(&old), &old);
}

#[test]
fn p2_a_token_without_its_account_stays_on_the_disk() {
    let old = fake('A');
    for is_removed in [false, true] {
        serving::p2_a_token_without_its_account_stays_on_the_disk(&Site::new(&old), &old, is_removed);
    }
}

#[test]
fn shared_settings_are_changed_by_one_at_a_time() {
    serving::shared_settings_are_changed_by_one_at_a_time(&Site::new(&fake('A')));
}

#[test]
fn the_keeper_learns_which_app_an_account_has() {
    serving::the_keeper_learns_which_app_an_account_has(&Site::new(&fake('A')));
}

#[test]
fn a_key_that_another_master_key_locks_is_noticed() {
    let site = Site::new(&fake('A'));
    now(site.vault.follow_keys()).unwrap();
    now(site.vault.rotate_key(NOW)).unwrap();
    let new = MasterKey::generate().unwrap();
    now(site.vault.change_master(&new, NOW)).unwrap();
    now(site.vault.follow_keys()).unwrap();
    let address = VaultAddress::Sqlite(site.file());
    let other = now(Vault::open(&address, &RealDisk, new, "other".to_owned(), 8)).unwrap();
    now(other.rotate_key(NOW)).unwrap();
    assert_eq!(now(site.vault.follow_keys()).unwrap_err().class, VaultErrorClass::Key);
    now(other.follow_keys()).unwrap();
}
