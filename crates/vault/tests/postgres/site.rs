//! A vault in a database of its own, with one account.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use everlit_disk::RealDisk;
use everlit_keeper::{AccountName, AlertStore, Lease, Store};
use everlit_meta_api::Token;
use everlit_testkit::contract::{NOW, Place, now};
use everlit_testkit::postgres::{pooler, psql, start};
use everlit_testkit::server::Server;
use everlit_vault::{MasterKey, NewAccount, Vault, VaultAddress, VaultError};

/// The account that each site has.
pub(crate) static SHOP: LazyLock<AccountName> = LazyLock::new(|| AccountName::new("shop"));

/// Of the user `worker`; in a URL, `@` is `%40`.
pub(crate) const PASSWORD: &str = "fa@ke";

/// Runs for all tests, each with a database of its own.
pub(crate) static POSTGRES: LazyLock<Server> = LazyLock::new(server);

static PGBOUNCER: LazyLock<Server> = LazyLock::new(|| pooler(&POSTGRES, 3, &[("worker", PASSWORD)]));

/// A server with the users of the tests.
pub(crate) fn server() -> Server {
    let access = "hostnossl all encrypted all reject\nhost all all all scram-sha-256\n";
    let server = start(access, &["max_connections=400"]);
    for role in ["worker", "encrypted", "replica", "stranger"] {
        psql(&server, "postgres", &format!("CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'"));
    }
    psql(&server, "postgres", "ALTER ROLE replica SET default_transaction_read_only = on");
    psql(&server, "postgres", "GRANT worker TO encrypted, replica");
    server
}

/// A vault, its master key, and where it is.
pub(crate) struct Site {
    server: &'static Server,
    pub(crate) database: String,
    pub(crate) master: MasterKey,
    pub(crate) vault: Vault,
}

impl Site {
    pub(crate) fn direct(token: &Token) -> Self {
        Self::on(&POSTGRES, POSTGRES.port, token)
    }

    pub(crate) fn pooled(token: &Token) -> Self {
        Self::on(&POSTGRES, PGBOUNCER.port, token)
    }

    pub(crate) fn on(server: &'static Server, port: u16, token: &Token) -> Self {
        let database = empty_database(server);
        let master = MasterKey::generate().unwrap();
        let vault = create(&url("worker", port, &database, ""), &master).unwrap();
        let site = Self { server, database, master, vault };
        site.add("shop", token);
        site
    }

    pub(crate) fn add(&self, name: &str, token: &Token) {
        let account = NewAccount {
            name: AccountName::new(name),
            token: Some(token.clone()),
            record: None,
            tags: Vec::new(),
            app: None,
        };
        now(self.vault.add(account, NOW)).unwrap();
    }

    /// SQL behind the vault's back.
    pub(crate) fn psql(&self, sql: &str) -> String {
        psql(self.server, &self.database, sql)
    }

    /// The address with this user and this query.
    pub(crate) fn url(&self, user: &str, query: &str) -> String {
        url(user, self.server.port, &self.database, query)
    }

    /// Another worker.
    pub(crate) fn another(&self) -> Vault {
        open(&self.url("worker", ""), &self.master).unwrap()
    }

    /// Waits until this is true in the database.
    pub(crate) fn wait_for(&self, condition: &str) {
        while self.psql(&format!("SELECT {condition}")) != "t" {
            std::thread::yield_now();
        }
    }

    pub(crate) fn lease(&self) -> Box<dyn Lease + '_> {
        now(self.vault.lease(&SHOP, NOW)).unwrap()
    }
}

/// A new database that belongs to `worker`.
pub(crate) fn empty_database(server: &Server) -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let name = format!("vault_{}", MADE.fetch_add(1, Ordering::Relaxed));
    psql(server, "postgres", &format!("CREATE DATABASE {name} OWNER worker"));
    name
}

pub(crate) fn url(user: &str, port: u16, database: &str, query: &str) -> String {
    format!("postgres://{user}:fa%40ke@localhost:{port}/{database}{query}")
}

pub(crate) fn create(url: &str, master: &MasterKey) -> Result<Vault, VaultError> {
    now(Vault::create(&address(url)?, &RealDisk, master.clone(), "pid 4711 on web1".to_owned(), NOW, 7))
}

pub(crate) fn open(url: &str, master: &MasterKey) -> Result<Vault, VaultError> {
    static SEED: AtomicU32 = AtomicU32::new(8);
    // No two workers have the same numbers for their leases.
    let seed = SEED.fetch_add(1, Ordering::Relaxed).into();
    now(Vault::open(&address(url)?, &RealDisk, master.clone(), "pid 4712 on web2".to_owned(), seed))
}

fn address(url: &str) -> Result<VaultAddress, VaultError> {
    url.parse()
}

impl Place for Site {
    fn store(&self) -> Arc<dyn Store> {
        Arc::new(self.vault.clone())
    }

    fn alerts(&self) -> Arc<dyn AlertStore> {
        Arc::new(self.vault.clone())
    }

    fn account(&self) -> AccountName {
        SHOP.clone()
    }

    fn put(&self, token: &Token) {
        now(self.vault.put_token(&SHOP, token, NOW)).unwrap();
    }

    fn leftovers(&self) -> Vec<String> {
        let found =
            self.psql("SELECT kind FROM kept_tokens WHERE kind <> 'refused' UNION ALL SELECT 'alert' FROM alerts");
        found.lines().map(str::to_owned).collect()
    }

    fn keeps_all_events(&self) -> bool {
        true
    }
}
