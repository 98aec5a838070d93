//! What a service asks of a vault, for either database.

use std::sync::Arc;

use everlit_disk::RealDisk;
use everlit_keeper::{AccountName, Alarm, AlertState, AlertStore as _, Delivery, Health, Store as _};
use everlit_meta_api::{DAY, Secret, Timestamp, Token};
use everlit_testkit::contract::{NOW, candidate_for, fake, now, record_of};
use everlit_vault::{
    AlertStates, NewAccount, Notices, SharedSettings, Spill, Vault, VaultErrorClass, WholeAccount, Workload,
};

/// A vault, and SQL behind its back.
pub(crate) trait Served {
    fn vault(&self) -> &Vault;

    fn sql(&self, statement: &str);
}

fn shop() -> AccountName {
    AccountName::new("shop")
}

fn add(site: &impl Served, name: &str, days_left: Option<i64>) {
    let token = fake('B');
    let record = days_left.map(|days| {
        let mut record = record_of(&token);
        record.expiry = everlit_keeper::Expiry::At(Timestamp::from_unix(NOW.as_unix() + days * DAY));
        record.next_check_at = Some(Timestamp::from_unix(NOW.as_unix() - 60));
        record
    });
    let name = AccountName::new(name);
    now(site.vault().add(NewAccount { name, token: Some(token), record, tags: Vec::new(), app: None }, NOW)).unwrap();
}

pub(crate) fn workers_are_seen_until_they_end(site: &impl Served) {
    let vault = site.vault();
    let (one, other) = (vault.worker_id(), vault.worker_id());
    let workload = Workload { in_flight: 3, done: 20, failed: 1, per_minute: 7 };
    now(vault.put_worker(one, NOW, Workload::default())).unwrap();
    now(vault.put_worker(other, NOW, Workload::default())).unwrap();
    now(vault.put_worker(one, NOW, workload)).unwrap();
    let workers = now(vault.workers()).unwrap();
    assert_eq!((workers.len(), workers.iter().all(everlit_vault::Worker::is_alive)), (2, true));
    assert!(workers.iter().any(|worker| worker.workload == workload), "{workers:?}");
    site.sql("UPDATE workers SET seen_at = seen_at - 100");
    assert!(!now(vault.workers()).unwrap().iter().any(everlit_vault::Worker::is_alive), "they have missed three times");
    now(vault.remove_worker(one)).unwrap();
    assert_eq!(now(vault.workers()).unwrap().len(), 1);
    site.sql("UPDATE workers SET seen_at = seen_at - 90000");
    assert_eq!(now(vault.workers()).unwrap(), [], "a day later nobody wants to know");
}

pub(crate) fn an_expired_token_is_counted_without_a_look(site: &impl Served) {
    let vault = site.vault();
    add(site, "dies", Some(5));
    add(site, "paused", Some(5));
    now(vault.pause(&AccountName::new("paused"), true, NOW)).unwrap();
    let states = |days: i64| now(vault.states(Timestamp::from_unix(NOW.as_unix() + days * DAY))).unwrap();
    let number =
        |days, state: &str| states(days).iter().filter(|(it, _)| it == state).map(|(_, count)| *count).sum::<u64>();
    assert_eq!([0, 6].map(|days| number(days, "expired")), [0, 1]);
    assert_eq!([0, 6].map(|days| number(days, "paused")), [1, 1]);
    assert_eq!([0, 6].map(|days| states(days).iter().map(|(_, count)| count).sum::<u64>()), [3, 3]);
}

pub(crate) fn the_queue_counts_what_is_free(site: &impl Served) {
    let vault = site.vault();
    add(site, "critical", Some(5));
    add(site, "normal", Some(40));
    let queue = now(vault.queue(NOW, 100)).unwrap();
    assert_eq!((queue.overdue, queue.critical), (3, 1));
    assert_eq!(queue.oldest, Some(NOW.as_unix() - 60), "a new account has waited for nothing");
    assert_eq!(now(vault.queue(NOW, 2)).unwrap().overdue, 2, "counting stops");
    let (claimed, _) = now(vault.claim(NOW, 1)).unwrap();
    assert_eq!(claimed[0].account.as_str(), "critical");
    let queue = now(vault.queue(NOW, 100)).unwrap();
    assert_eq!((queue.overdue, queue.critical), (2, 0));
}

pub(crate) fn what_people_change_is_found_afterwards(site: &impl Served) {
    let (vault, shop, store) = (site.vault(), shop(), AccountName::new("store"));
    now(vault.tag(&shop, vec!["food".to_owned()], NOW)).unwrap();
    now(vault.set_app(&shop, Some("agency"), NOW)).unwrap();
    now(vault.pause(&shop, true, NOW)).unwrap();
    now(vault.rename(&shop, &store, NOW)).unwrap();
    let account = now(vault.account(&store)).unwrap();
    assert_eq!((&*account.tags[0], account.app.as_deref(), account.is_paused), ("food", Some("agency"), true));
    now(vault.pause(&store, false, NOW)).unwrap();
    let token = fake('C');
    let record = Some(record_of(&token));
    let (tags, app, is_paused) = (Vec::new(), None, false);
    let whole = WholeAccount { name: store.clone(), token: Some(token.clone()), record, tags, app, is_paused };
    now(vault.replace(whole, "clients.csv", NOW)).unwrap();
    assert_eq!(now(vault.load(&store, NOW)).unwrap().current, token);
    assert_eq!(now(vault.names()).unwrap().len(), 1);
    now(vault.remove(&store, NOW)).unwrap();
    assert!(now(vault.names()).unwrap().is_empty() && now(vault.account(&shop)).is_err());
}

pub(crate) fn a_renamed_account_with_targets_is_due(site: &impl Served) {
    let (vault, shop, store) = (site.vault(), shop(), AccountName::new("store"));
    let mut lease = now(vault.lease(&shop, NOW)).unwrap();
    let mut record = now(lease.load(NOW)).unwrap().record;
    record.deliveries = vec![Delivery { delivered: Some(record.fingerprint), ..Delivery::never("web".to_owned()) }];
    record.next_check_at = Some(Timestamp::from_unix(NOW.as_unix() + 30 * DAY));
    now(lease.save_record(&record)).unwrap();
    drop(lease);
    assert_eq!(now(vault.due(NOW, 9)).unwrap(), []);
    now(vault.rename(&shop, &store, NOW)).unwrap();
    assert_eq!(now(vault.due(NOW, 9)).unwrap().first(), Some(&store));
    assert!(now(vault.load(&shop, NOW)).is_err(), "the old name is gone");
    assert_eq!(now(vault.load(&store, NOW)).unwrap().record.deliveries[0].delivered, None, "under its new name");
}

pub(crate) fn a_lease_of_a_wrong_clock_has_ended(site: &impl Served) {
    let (vault, shop) = (site.vault(), shop());
    let lease = now(vault.lease(&shop, NOW)).unwrap();
    assert!(now(vault.lease(&shop, NOW)).is_err(), "somebody has it");
    site.sql("UPDATE due SET lease_until = lease_until + 7200");
    assert_eq!(now(vault.queue(NOW, 9)).unwrap().overdue, 1);
    drop(now(vault.lease(&shop, NOW)).unwrap());
    drop(lease);
}

pub(crate) fn a_claim_that_achieves_nothing_is_kept(site: &impl Served) {
    let vault = site.vault();
    drop(now(vault.claim(NOW, 9)).unwrap());
    assert_eq!(now(vault.claim(NOW, 9)).unwrap().0.len(), 0, "it would be claimed again at once, for ever");
    site.sql("UPDATE due SET lease_until = 0");
    let (mut claimed, _) = now(vault.claim(NOW, 9)).unwrap();
    let mut claimed = claimed.pop().unwrap();
    let record = now(claimed.lease.load(NOW)).unwrap().record;
    now(claimed.lease.save_record(&record)).unwrap();
    drop(claimed);
    assert_eq!(now(vault.claim(NOW, 9)).unwrap().0.len(), 1, "something was saved");
}

pub(crate) fn what_a_wrong_clock_has_put_off_is_due(site: &impl Served) {
    let vault = site.vault();
    site.sql(&format!("UPDATE due SET run_at = {}", NOW.as_unix() + 400 * DAY));
    assert_eq!(now(vault.claim(NOW, 9)).unwrap().0.len(), 0);
    assert_eq!(now(vault.mend_queue(NOW)).unwrap(), 1);
    assert_eq!(now(vault.mend_queue(NOW)).unwrap(), 0);
    assert_eq!(now(vault.claim(NOW, 9)).unwrap().0.len(), 1);
}

pub(crate) fn troubled_and_alerted_accounts_are_found(site: &impl Served) {
    let vault = site.vault();
    add(site, "well", Some(40));
    add(site, "expired", Some(-1));
    let (troubled, more) = now(vault.troubled(0, 10)).unwrap();
    assert_eq!((troubled, more), (vec![AccountName::new("expired")], None));
    let names = [shop(), AccountName::new("well"), AccountName::new("nobody")];
    assert!(now(vault.alerted(&names)).unwrap().is_empty());
    now(vault.save_alert_state(&shop(), &told())).unwrap();
    assert_eq!(now(vault.alerted(&names)).unwrap(), [shop()].into());
}

fn told() -> AlertState {
    let alarm =
        Alarm { health: Health::NeedsPerson, cause: "incident".to_owned(), since: NOW, at: NOW, reminded: None };
    AlertState { alarm: Some(alarm), ..AlertState::default() }
}

pub(crate) fn what_was_told_of_no_account_is_remembered(site: &impl Served) {
    let (notices, incident) = (site.vault().notices(), AccountName::new("code 190"));
    let states = |state: AlertState| AlertStates::from([(incident.clone(), state)]);
    let known = |notices: &Notices| now(notices.alert_states(std::slice::from_ref(&incident))).unwrap();
    assert_eq!(known(&notices), AlertStates::new());
    now(notices.put_alert_states(&states(told()))).unwrap();
    let others = site.vault().notices();
    assert_eq!((known(&others), now(others.subjects()).unwrap()), (states(told()), vec![incident.clone()]));
    now(others.put_alert_states(&states(AlertState::default()))).unwrap();
    assert_eq!(now(notices.subjects()).unwrap(), []);
}

pub(crate) fn what_was_told_of_many_accounts_is_remembered_at_once(site: &impl Served) {
    let vault = site.vault();
    let names = ["a", "b", "c"].map(AccountName::new);
    for name in &names {
        add(site, name.as_str(), Some(40));
    }
    let nobody = AccountName::new("nobody");
    let all: Vec<AccountName> = names.iter().cloned().chain([nobody.clone()]).collect();
    let states = |state: &AlertState| AlertStates::from(names.clone().map(|name| (name, state.clone())));
    assert_eq!(now(vault.alert_states(&all)).unwrap(), states(&AlertState::default()));
    let mut told_all = states(&told());
    told_all.insert(nobody, told());
    now(vault.put_alert_states(&told_all)).unwrap();
    assert_eq!(now(vault.alert_states(&all)).unwrap(), states(&told()));
    let mut well = states(&told());
    well.insert(names[1].clone(), AlertState::default());
    now(vault.put_alert_states(&well)).unwrap();
    assert_eq!(now(vault.alert_states(&all)).unwrap(), well);
    assert_eq!(now(vault.alerted(&all)).unwrap().len(), 2);
}

/// P2: Meta has answered, and the database is gone by then.
pub(crate) fn p2_a_token_outlives_a_database_that_is_away(site: &impl Served, old: &Token) {
    let folder = tempfile::tempdir().unwrap();
    let spill = Spill::new(Arc::new(RealDisk), folder.path().join("spill"), 1);
    let vault = site.vault().clone().with_spill(spill);
    let (away, back) = ("ALTER TABLE kept_tokens RENAME TO away", "ALTER TABLE away RENAME TO kept_tokens");
    let (new, shop) = (candidate_for(old, 'N'), shop());

    let mut lease = now(vault.lease(&shop, NOW)).unwrap();
    now(lease.reserve()).unwrap();
    site.sql(away);
    now(lease.save_candidate(&new)).unwrap();
    drop(lease);
    assert!(now(vault.recover_spilled()).is_err(), "it is still away");
    site.sql(back);
    assert_eq!(now(vault.recover_spilled()).unwrap(), 1);
    let stored = now(vault.load(&shop, NOW)).unwrap();
    assert_eq!(stored.candidate.map(|candidate| candidate.token), Some(new.token));
    assert_eq!(now(vault.queue(NOW, 9)).unwrap().overdue, 1, "the next worker puts it in use");
    assert_eq!(now(vault.recover_spilled()).unwrap(), 0);

    let newer = candidate_for(old, 'O');
    let mut lease = now(vault.lease(&shop, NOW)).unwrap();
    now(lease.reserve()).unwrap();
    site.sql(away);
    now(lease.save_candidate(&newer)).unwrap();
    site.sql(back);
    now(lease.promote(&newer, &record_of(&newer.token))).unwrap();
    drop(lease);
    assert_eq!(now(vault.load(&shop, NOW)).unwrap().current, newer.token);
    assert_eq!(now(vault.recover_spilled()).unwrap(), 0, "it is in use");
}

/// P2: the database lost the account while its new token waited. Only where a person has removed it, nobody needs the token.
pub(crate) fn p2_a_token_without_its_account_stays_on_the_disk(site: &impl Served, old: &Token, is_removed: bool) {
    let folder = tempfile::tempdir().unwrap();
    let spill = Spill::new(Arc::new(RealDisk), folder.path().join("spill"), 1);
    let vault = site.vault().clone().with_spill(spill);
    let shop = shop();
    let mut lease = now(vault.lease(&shop, NOW)).unwrap();
    now(lease.reserve()).unwrap();
    site.sql("ALTER TABLE kept_tokens RENAME TO away");
    now(lease.save_candidate(&candidate_for(old, 'N'))).unwrap();
    drop(lease);
    site.sql("ALTER TABLE away RENAME TO kept_tokens");
    if is_removed {
        now(vault.remove(&shop, NOW)).unwrap();
    } else {
        site.sql("DELETE FROM accounts");
    }
    assert!(vault.has_spilled());
    assert_eq!(now(vault.recover_spilled()).unwrap(), 0);
    let left = usize::from(!is_removed);
    assert_eq!(vault.spill().map(Spill::waiting), Some(left));
    assert_eq!(now(vault.notices().unreadable(NOW)).unwrap().len(), left, "people are told");
    assert!(!vault.has_spilled(), "the vault is not asked again and again");
}

pub(crate) fn shared_settings_are_changed_by_one_at_a_time(site: &impl Served) {
    let vault = site.vault();
    let change = |shared: SharedSettings, line: &str| {
        let settings = format!("{}{line}\n", shared.settings);
        let secrets = format!("EVERLIT_TARGET_SITE_URL=https://fake.invalid/{line}");
        let secrets = Secret::new(secrets);
        let changed = SharedSettings { settings, secrets, revision: shared.revision };
        now(vault.put_shared_settings(changed, "target site", NOW)).unwrap()
    };
    let before = now(vault.shared_settings()).unwrap();
    assert!(before.settings.is_empty() && before.secrets.expose().is_empty());
    assert!(change(before.clone(), "first") && !change(before.clone(), "too late"));
    let read = now(vault.shared_settings()).unwrap();
    assert_eq!(
        (&*read.settings, read.secrets.expose()),
        ("first\n", "EVERLIT_TARGET_SITE_URL=https://fake.invalid/first")
    );
    assert!(read.revision > before.revision);
    assert!(change(read.clone(), "second") && !change(read, "too late"));
    let event = now(vault.audit(1)).unwrap().remove(0);
    assert_eq!((event.0, &*event.2.detail), (0, "target site"), "the audit says who changed what");
    now(vault.rotate_key(NOW)).unwrap();
    assert_eq!(now(vault.shared_settings()).unwrap().settings, "first\nsecond\n", "a new key changes nothing else");
    let shown = format!("{:?}", now(vault.shared_settings()).unwrap());
    assert!(!shown.contains("fake.invalid"), "{shown}");
    site.sql(
        "UPDATE settings SET value = (SELECT value FROM settings WHERE name = 'vault') WHERE name = 'shared_settings'",
    );
    let error = now(vault.shared_settings()).unwrap_err();
    assert_eq!(error.class, VaultErrorClass::Damaged);
}

pub(crate) fn the_keeper_learns_which_app_an_account_has(site: &impl Served) {
    let vault = site.vault();
    let shop = shop();
    let app_of = || now(vault.load(&shop, NOW)).unwrap().record.app;
    assert_eq!(app_of(), None);
    now(vault.set_app(&shop, Some("agency"), NOW)).unwrap();
    assert_eq!(app_of().as_deref(), Some("agency"));
    let mut lease = now(vault.lease(&shop, NOW)).unwrap();
    let stored = now(lease.load(NOW)).unwrap();
    let candidate = candidate_for(&stored.current, 'Z');
    now(lease.save_candidate(&candidate)).unwrap();
    now(lease.promote(&candidate, &record_of(&candidate.token))).unwrap();
    drop(lease);
    assert_eq!(app_of().as_deref(), Some("agency"), "also of the next token");
    now(vault.set_app(&shop, None, NOW)).unwrap();
    assert_eq!(app_of(), None);
}
