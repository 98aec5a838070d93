//! What a service asks, of PostgreSQL.

use everlit_testkit::contract::fake;
use everlit_vault::Vault;

use crate::serving;
use crate::site::Site;

impl serving::Served for Site {
    fn vault(&self) -> &Vault {
        &self.vault
    }

    fn sql(&self, statement: &str) {
        self.psql(statement);
    }
}

#[test]
fn workers_are_seen_until_they_end() {
    serving::workers_are_seen_until_they_end(&Site::direct(&fake('A')));
}

#[test]
fn what_people_change_is_found_afterwards() {
    serving::what_people_change_is_found_afterwards(&Site::direct(&fake('A')));
}

#[test]
fn a_renamed_account_with_targets_is_due() {
    serving::a_renamed_account_with_targets_is_due(&Site::direct(&fake('A')));
}

#[test]
fn a_lease_of_a_wrong_clock_has_ended() {
    serving::a_lease_of_a_wrong_clock_has_ended(&Site::direct(&fake('A')));
}

#[test]
fn an_expired_token_is_counted_without_a_look() {
    serving::an_expired_token_is_counted_without_a_look(&Site::direct(&fake('A')));
}

#[test]
fn the_queue_counts_what_is_free() {
    serving::the_queue_counts_what_is_free(&Site::direct(&fake('A')));
}

#[test]
fn a_claim_that_achieves_nothing_is_kept() {
    serving::a_claim_that_achieves_nothing_is_kept(&Site::direct(&fake('A')));
}

#[test]
fn what_a_wrong_clock_has_put_off_is_due() {
    serving::what_a_wrong_clock_has_put_off_is_due(&Site::direct(&fake('A')));
}

#[test]
fn troubled_and_alerted_accounts_are_found() {
    serving::troubled_and_alerted_accounts_are_found(&Site::direct(&fake('A')));
}

#[test]
fn what_was_told_of_many_accounts_is_remembered_at_once() {
    serving::what_was_told_of_many_accounts_is_remembered_at_once(&Site::direct(&fake('A')));
}

#[test]
fn what_was_told_of_no_account_is_remembered() {
    serving::what_was_told_of_no_account_is_remembered(&Site::direct(&fake('A')));
}

#[test]
fn p2_a_token_outlives_a_table_that_is_away() {
    let old = fake('A');
    serving::p2_a_token_outlives_a_database_that_is_away(&Site::pooled(&old), &old);
}

#[test]
fn p2_a_token_without_its_account_stays_on_the_disk() {
    let old = fake('A');
    for is_removed in [false, true] {
        serving::p2_a_token_without_its_account_stays_on_the_disk(&Site::pooled(&old), &old, is_removed);
    }
}

#[test]
fn shared_settings_are_changed_by_one_at_a_time() {
    serving::shared_settings_are_changed_by_one_at_a_time(&Site::direct(&fake('A')));
}

#[test]
fn the_keeper_learns_which_app_an_account_has() {
    serving::the_keeper_learns_which_app_an_account_has(&Site::direct(&fake('A')));
}
