//! Servers that say no.

use everlit_keeper::{Store, StoreErrorClass};
use everlit_testkit::contract::{NOW, fake, now};
use everlit_testkit::postgres::psql;
use everlit_vault::{MasterKey, VaultError, VaultErrorClass};

use crate::site::{PASSWORD, POSTGRES, SHOP, Site, create, empty_database, open, url};

/// The error of an attempt to open the vault, which shows no secret.
fn refused(url: &str, master: &MasterKey, class: VaultErrorClass, why: &str) -> VaultError {
    let error = open(url, master).unwrap_err();
    assert_eq!(error.class, class, "{error}");
    assert!(error.message.contains("localhost") && error.message.contains(why), "{error}");
    for secret in [PASSWORD, "worker", "stranger", "encrypted:", "wrong"] {
        assert!(!error.message.contains(secret), "{error}");
    }
    error
}

#[test]
fn each_refusal_says_what_to_do() {
    use VaultErrorClass::{Address, Denied, Missing};
    let site = Site::direct(&fake('A'));
    let master = &site.master;
    refused(&site.url("worker", "").replace("fa%40ke", "wrong"), master, Denied, "correct the vault's address");
    refused(&site.url("worker", "").replace(":fa%40ke", ""), master, Denied, "the address has none");
    refused(&site.url("stranger", ""), master, Denied, "make it the owner");
    let elsewhere = url("worker", POSTGRES.port, "elsewhere", "");
    refused(&elsewhere, master, Missing, "create it");
    refused(&site.url("encrypted", "?sslmode=disable"), master, Address, "remove sslmode=disable");
    let foreign = empty_database(&POSTGRES);
    psql(&POSTGRES, &foreign, "CREATE TABLE accounts (id int)");
    let error = create(&url("worker", POSTGRES.port, &foreign, ""), master).unwrap_err();
    assert!(error.class == Address && error.message.contains("of its own"), "{error}");
}

#[test]
fn poolers_refusals_are_understood_too() {
    let site = Site::pooled(&fake('A'));
    let pooled = format!("{:?}", site.vault);
    let port = pooled.split("localhost:").nth(1).unwrap().split(|c: char| !c.is_ascii_digit()).next().unwrap();
    let url = url("worker", port.parse().unwrap(), &site.database, "");
    refused(&url.replace("fa%40ke", "wrong"), &site.master, VaultErrorClass::Denied, "the user or the password");
    refused(&url.replace("worker", "nobody"), &site.master, VaultErrorClass::Denied, "the user or the password");
    refused(&format!("{url}?sslmode=require"), &site.master, VaultErrorClass::Address, "does not offer TLS");
}

#[test]
fn a_certificate_has_to_be_of_a_known_ca() {
    let site = Site::direct(&fake('A'));
    let error =
        refused(&site.url("encrypted", "?sslmode=require"), &site.master, VaultErrorClass::Address, "is not trusted");
    assert!(error.message.contains("sslrootcert=FILE"), "{error}");
    let ca = POSTGRES.folder.join("server.crt");
    let known = site.url("encrypted", &format!("?sslrootcert={}&channel_binding=require", ca.display()));
    // Without sslmode, only a server on another machine is encrypted to.
    let vault = open(&format!("{known}&sslmode=verify-full"), &site.master).unwrap();
    let query = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                 WHERE datname = current_database() AND usename = 'encrypted'";
    assert_eq!(site.psql(query), "t");
    assert_eq!(now(vault.load(&SHOP, NOW)).unwrap().current, fake('A'));
    let absent = open(&site.url("encrypted", "?sslrootcert=/absent.pem"), &site.master).unwrap_err();
    assert!(absent.class == VaultErrorClass::Address && absent.message.contains("/absent.pem"), "{absent}");
}

#[test]
fn a_missing_table_is_found_by_the_check() {
    let site = Site::pooled(&fake('A'));
    assert!(now(site.vault.check()).unwrap().1.is_empty());
    site.psql("DROP TABLE alerts; DROP INDEX accounts_troubled");
    let problems = now(site.vault.check()).unwrap().1.concat();
    assert!(problems.contains("`alerts` is missing") && problems.contains("`accounts_troubled` is"), "{problems}");
}

#[test]
fn a_unix_socket_works() {
    let site = Site::direct(&fake('A'));
    let query = format!("?host={}&port={}", POSTGRES.folder.display(), POSTGRES.port);
    let vault = open(&format!("postgres://postgres@/{}{query}", site.database), &site.master).unwrap();
    assert_eq!(now(vault.load(&SHOP, NOW)).unwrap().current, fake('A'));
}

#[test]
fn a_database_that_takes_no_writes_can_be_read() {
    let site = Site::direct(&fake('A'));
    let replica = open(&site.url("replica", ""), &site.master).unwrap();
    assert_eq!(now(replica.load(&SHOP, NOW)).unwrap().current, fake('A'));
    let error = now(replica.rename(&SHOP, &everlit_keeper::AccountName::new("store"), NOW)).unwrap_err();
    assert_eq!(error.class, VaultErrorClass::ReadOnly);
    assert!(error.message.contains("name the primary in the"), "{error}");
    let refused = now(replica.lease(&SHOP, NOW)).map(drop).unwrap_err();
    assert_eq!(refused.class, StoreErrorClass::NotSaved);
}

#[test]
fn a_vault_of_a_later_everlit_is_left_alone() {
    let site = Site::direct(&fake('A'));
    site.psql("INSERT INTO schema_versions VALUES (99)");
    assert_eq!(open(&site.url("worker", ""), &site.master).unwrap_err().class, VaultErrorClass::Newer);
}

#[test]
fn the_tables_stand_where_the_user_has_them() {
    let database = empty_database(&POSTGRES);
    psql(&POSTGRES, &database, "CREATE SCHEMA everlit AUTHORIZATION worker");
    let url = url("worker", POSTGRES.port, &database, "?options=-csearch_path%3Deverlit");
    let vault = create(&url, &MasterKey::generate().unwrap()).unwrap();
    now(vault.maintain(NOW)).unwrap();
    let schemas = "SELECT DISTINCT schemaname FROM pg_tables WHERE tableowner = 'worker'";
    assert_eq!(psql(&POSTGRES, &database, schemas), "everlit");
}

#[test]
fn a_backup_is_left_to_postgresql() {
    let site = Site::direct(&fake('A'));
    let error = now(site.vault.back_up("/backups/vault.dump".into())).unwrap_err();
    assert!(error.message.contains("pg_dump --host=localhost"), "{error}");
    assert!(error.message.contains("--file='/backups/vault.dump'"), "{error}");
}
