//! A vault: where it is, how it is opened, and its keys.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use everlit_disk::Disk;
use everlit_keeper::{AccountName, Delivery, StoreError};
use everlit_meta_api::Timestamp;
use everlit_store::rfc3339;

use crate::database::{AccountRow, Database, Holder, KeyRow, NewLease};
use crate::key::random;
use crate::postgres::{Postgres, PostgresAddress};
use crate::seal::{Cipher, KEY_LEN, Keyring, key_of};
use crate::spill::Spill;
use crate::spilled::Waiting;
use crate::sqlite::Sqlite;
use crate::{MasterKey, VaultError, VaultErrorClass};

/// Where a vault is: `sqlite:everlit.db`, `sqlite:/var/lib/everlit/everlit.db`, `postgres://USER:PASSWORD@HOST/DATABASE`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum VaultAddress {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A database of PostgreSQL.
    Postgres(PostgresAddress),
}

impl VaultAddress {
    /// The file, if it is one.
    pub fn file(&self) -> Option<&PathBuf> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// The same, with a relative path taken from this folder.
    #[must_use]
    pub fn within(self, folder: &Path) -> Self {
        match self {
            Self::Sqlite(path) => Self::Sqlite(folder.join(path)),
            Self::Postgres(address) => Self::Postgres(address.within(folder)),
        }
    }

    /// `create` says that a file that is not there is made.
    fn database(&self, disk: &dyn Disk, create: bool) -> Result<Box<dyn Database>, VaultError> {
        Ok(match self {
            Self::Sqlite(path) => Box::new(Sqlite::open(path, disk, create)?),
            Self::Postgres(address) => Box::new(Postgres::open(address, disk)?),
        })
    }
}

impl FromStr for VaultAddress {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        let unknown = || {
            let message = "a vault's address looks like sqlite:everlit.db or postgres://USER@HOST/DATABASE";
            VaultError::new(VaultErrorClass::Address, message)
        };
        match text.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => {
                let path = path.strip_prefix("//").unwrap_or(path);
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            Some(("postgres" | "postgresql", _)) => PostgresAddress::parse(text).map(Self::Postgres),
            _ => Err(unknown()),
        }
    }
}

/// Without user and password.
impl fmt::Display for VaultAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(address) => address.fmt(f),
        }
    }
}

/// Many accounts in an encrypted database. Clones share the connection.
#[derive(Clone, Debug)]
pub struct Vault {
    pub(crate) inner: Arc<Inner>,
    /// The targets of each account that stand in the settings; `None` if nobody has said.
    targets: Option<Arc<HashMap<AccountName, Vec<Delivery>>>>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) database: Box<dyn Database>,
    keyring: RwLock<Arc<Keyring>>,
    master: MasterKey,
    /// Who works with the vault, for leases and the audit.
    pub(crate) actor: String,
    random: Mutex<fastrand::Rng>,
    /// The last id that was given to an account.
    last_id: Mutex<i64>,
    /// The accounts whose token this process delivers at the moment.
    delivering: Mutex<HashSet<AccountName>>,
    /// Where tokens wait that the database could not take.
    pub(crate) spill: OnceLock<Arc<Spill>>,
    /// Those that it could not take even when it was asked again.
    pub(crate) left_waiting: Mutex<Vec<Waiting>>,
}

/// How the keys of a vault stand.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyStatus {
    /// The id of the master key.
    pub master: String,
    /// Each data key: its number, since when it seals, and how many accounts it has sealed. The last one seals now.
    pub keys: Vec<(u32, Timestamp, u64)>,
}

impl Vault {
    /// Creates a vault, and its tables and keys, where there is none yet; opens the one that is there.
    pub async fn create(
        address: &VaultAddress,
        disk: &dyn Disk,
        master: MasterKey,
        actor: String,
        now: Timestamp,
        seed: u64,
    ) -> Result<Self, VaultError> {
        let database = address.database(disk, true)?;
        database.migrate().await?;
        found(&*database, &master, now).await?;
        Self::with(database, master, actor, seed).await
    }

    /// Whether there is a vault, whatever its master key.
    pub async fn exists(address: &VaultAddress, disk: &dyn Disk) -> Result<bool, VaultError> {
        let database = match address.database(disk, false) {
            Err(error) if error.class == VaultErrorClass::Missing => return Ok(false),
            database => database?,
        };
        Ok(database.version().await? > 0 && database.setting("vault").await?.is_some())
    }

    /// Opens a vault that is there. Older tables are brought up to date.
    pub async fn open(
        address: &VaultAddress,
        disk: &dyn Disk,
        master: MasterKey,
        actor: String,
        seed: u64,
    ) -> Result<Self, VaultError> {
        let database = address.database(disk, false)?;
        if database.version().await? == 0 {
            return Err(VaultError::new(VaultErrorClass::Missing, format!("there is no vault in `{address}`")));
        }
        database.migrate().await?;
        Self::with(database, master, actor, seed).await
    }

    async fn with(
        database: Box<dyn Database>,
        master: MasterKey,
        actor: String,
        seed: u64,
    ) -> Result<Self, VaultError> {
        let keyring = RwLock::new(Arc::new(unlock(&*database, &master).await?));
        let random = Mutex::new(fastrand::Rng::with_seed(seed));
        let (last_id, delivering, spill) = (Mutex::default(), Mutex::default(), OnceLock::new());
        let left_waiting = Mutex::default();
        let inner = Inner { database, keyring, master, actor, random, last_id, delivering, spill, left_waiting };
        Ok(Self { inner: Arc::new(inner), targets: None })
    }

    /// Makes the database ready for the next two months. To be called once a day or so; what happens without it is slower and
    /// not wrong.
    pub async fn maintain(&self, now: Timestamp) -> Result<(), VaultError> {
        self.inner.database.maintain(now.as_unix()).await
    }

    /// The same vault with one entry in each record for each of these targets of the account, and for no others.
    #[must_use]
    pub fn with_targets(self, targets: HashMap<AccountName, Vec<Delivery>>) -> Self {
        Self { targets: Some(Arc::new(targets)), ..self }
    }

    /// With a place where tokens wait that the database cannot take. The first one counts.
    #[must_use]
    pub fn with_spill(self, spill: Spill) -> Self {
        let _ = self.inner.spill.set(Arc::new(spill));
        self
    }

    /// Where tokens wait that the database cannot take.
    pub fn spill(&self) -> Option<&Spill> {
        self.inner.spill.get().map(|spill| &**spill)
    }

    /// Why no token could be kept that the database cannot take.
    pub fn cannot_spill(&self) -> Option<VaultError> {
        let spill = self.inner.spill.get()?;
        spill.reserve().err().map(|error| no_room(spill, &error))
    }

    /// How many accounts can be worked on at once, of this many, so that each has room for a token that the database cannot take.
    /// An error if none can.
    pub fn room(&self, wanted: usize) -> Result<usize, VaultError> {
        let Some(spill) = self.spill() else { return Ok(wanted) };
        spill.prepare(wanted).map_err(|error| no_room(spill, &error))
    }

    pub(crate) fn targets(&self) -> Option<&HashMap<AccountName, Vec<Delivery>>> {
        self.targets.as_deref()
    }

    pub(crate) fn targets_of(&self, account: &AccountName) -> Option<&[Delivery]> {
        let targets = self.targets.as_ref()?;
        Some(targets.get(account).map_or(&[], Vec::as_slice))
    }

    /// Copies the vault into a new file, while others go on working with it. The copy needs the same master key. PostgreSQL has
    /// programs of its own for that, which the error names.
    pub async fn back_up(&self, to: PathBuf) -> Result<(), VaultError> {
        self.inner.database.back_up(to).await
    }

    /// Makes a new data key, which seals everything that is saved from now on. Returns its number.
    pub async fn rotate_key(&self, now: Timestamp) -> Result<u32, VaultError> {
        let inner = &self.inner;
        let (_lease, keys) = inner.keys_to_change(now).await?;
        let newest = keys.last().map_or(0, |key| key.id);
        let vault = vault_id(&*inner.database).await?;
        let key = wrapped(&inner.master, &vault, newest + 1, &new_key()?, now)?;
        inner.database.put_keys(vec![key]).await?;
        inner.reload_keys().await?;
        self.reseal_shared_settings(now).await?;
        Ok(newest + 1)
    }

    /// Learns the data keys that others have made since.
    ///
    /// # Errors
    /// Of class [`VaultErrorClass::Key`] if another master key locks one of them: what is sealed with it cannot be read here.
    pub async fn follow_keys(&self) -> Result<(), VaultError> {
        let newest = self.inner.database.keys().await?.iter().map(|key| key.id).max().unwrap_or(0);
        if newest > self.inner.keyring().newest() { self.inner.reload_keys().await } else { Ok(()) }
    }

    /// Wraps the data keys with another master key. Whoever opens the vault from now on needs the new one.
    pub async fn change_master(&self, master: &MasterKey, now: Timestamp) -> Result<(), VaultError> {
        let database = &*self.inner.database;
        let (_lease, rows) = self.inner.keys_to_change(now).await?;
        let vault = vault_id(database).await?;
        let mut keys = Vec::new();
        for row in rows {
            let key = unwrapped(&self.inner.master, &vault, &row)?;
            keys.push(wrapped(master, &vault, row.id, &key, Timestamp::from_unix(row.created_at))?);
        }
        database.put_keys(keys).await
    }

    /// How the keys stand.
    pub async fn key_status(&self) -> Result<KeyStatus, VaultError> {
        let counts: BTreeMap<u32, u64> = self.inner.database.accounts_by_key().await?.into_iter().collect();
        let keys = self.inner.database.keys().await?;
        let sealing = keys.iter().filter(|key| key.id > 0);
        let status =
            |key: &KeyRow| (key.id, Timestamp::from_unix(key.created_at), counts.get(&key.id).copied().unwrap_or(0));
        Ok(KeyStatus { master: self.inner.master.id(), keys: sealing.map(status).collect() })
    }
}

fn no_room(spill: &Spill, error: &std::io::Error) -> VaultError {
    let message = format!("cannot reserve room for tokens in `{}`: {error}", spill.folder().display());
    VaultError::new(VaultErrorClass::ReadOnly, message)
}

impl Inner {
    /// The data keys.
    pub(crate) fn keyring(&self) -> Arc<Keyring> {
        Arc::clone(&self.keyring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Learns the keys that others have made since, if the row was sealed with one.
    pub(crate) async fn known_keys(&self, row: &AccountRow) -> Result<(), VaultError> {
        let newest = self.keyring().newest();
        let is_newer = |sealed: &[u8]| key_of(sealed).is_some_and(|key| key > newest);
        if is_newer(&row.sealed) || row.kept.iter().any(|kept| is_newer(&kept.sealed)) {
            self.reload_keys().await?;
        }
        Ok(())
    }

    pub(crate) async fn reload_keys(&self) -> Result<(), VaultError> {
        let keyring = Arc::new(unlock(&*self.database, &self.master).await?);
        *self.keyring.write().unwrap_or_else(PoisonError::into_inner) = keyring;
        Ok(())
    }

    /// By what the database finds the account.
    pub(crate) fn name_index(&self, account: &AccountName) -> Vec<u8> {
        self.keyring().index("name", account.as_str())
    }

    pub(crate) fn new_lease(&self, now: Timestamp) -> NewLease {
        NewLease { lease: self.random(), holder: Holder { who: self.actor.clone(), since: rfc3339(now), until: None } }
    }

    /// An id for a new account: larger than all before, so that the newest rows are near each other.
    pub(crate) fn new_id(&self, now: Timestamp) -> i64 {
        const RANDOM_BITS: u32 = 30;
        let seconds = now.as_unix().clamp(0, i64::MAX >> RANDOM_BITS);
        let id = (seconds << RANDOM_BITS) | (self.random() >> (64 - RANDOM_BITS));
        // Of many in one second, each follows the one before: random numbers alone would soon meet.
        let mut last = self.last_id.lock().unwrap_or_else(PoisonError::into_inner);
        *last = if *last >> RANDOM_BITS == seconds { *last + 1 } else { id };
        *last
    }

    /// Takes a lease that belongs to no account, or says who has it.
    pub(crate) async fn lease_named(
        self: &Arc<Self>,
        name: &'static str,
        now: Timestamp,
    ) -> Result<Result<NamedLease, Holder>, VaultError> {
        let new = self.new_lease(now);
        let lease = new.lease;
        Ok(match self.database.lease_named(name, new).await? {
            None => Ok(NamedLease { vault: Arc::clone(self), name, lease }),
            Some(holder) => Err(holder),
        })
    }

    /// The right to change the keys, and the keys as they are now: they must be locked with this process's master key.
    async fn keys_to_change(self: &Arc<Self>, now: Timestamp) -> Result<(NamedLease, Vec<KeyRow>), VaultError> {
        let taken = |holder: Holder| {
            VaultError::new(
                VaultErrorClass::Taken,
                format!("the keys are being changed by {holder}; nothing was changed"),
            )
        };
        let lease = self.lease_named(KEYS, now).await?.map_err(taken)?;
        let keys = self.database.keys().await?;
        match keys.iter().find(|key| key.master != self.master.id()) {
            Some(key) => Err(wrong_master(&self.master, key)),
            None => Ok((lease, keys)),
        }
    }

    /// A random positive number.
    pub(crate) fn random(&self) -> i64 {
        self.random.lock().unwrap_or_else(PoisonError::into_inner).i64(1..)
    }

    /// Keeps the threads of this process from delivering the same token twice.
    pub(crate) fn lock_deliveries(self: &Arc<Self>, account: &AccountName) -> Result<Box<Delivering>, StoreError> {
        let mut delivering = self.delivering.lock().unwrap_or_else(PoisonError::into_inner);
        if !delivering.insert(account.clone()) {
            return Err(StoreError::locked(&self.actor));
        }
        Ok(Box::new(Delivering { vault: Arc::clone(self), account: account.clone() }))
    }
}

/// The lease of those who change keys.
const KEYS: &str = "keys";

/// A lease that belongs to no account.
#[derive(Debug)]
pub(crate) struct NamedLease {
    vault: Arc<Inner>,
    name: &'static str,
    lease: i64,
}

impl Drop for NamedLease {
    fn drop(&mut self) {
        self.vault.database.release_named(self.name, self.lease);
    }
}

/// The right to deliver an account's token.
#[derive(Debug)]
pub(crate) struct Delivering {
    vault: Arc<Inner>,
    account: AccountName,
}

impl Drop for Delivering {
    fn drop(&mut self) {
        self.vault.delivering.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.account);
    }
}

/// The number of the key that makes names searchable; it never changes.
const INDEX_KEY: u32 = 0;

/// Gives a new vault an id and its first keys. Of several who do so at once, one wins.
async fn found(database: &dyn Database, master: &MasterKey, now: Timestamp) -> Result<(), VaultError> {
    if database.setting("vault").await?.is_some() {
        return Ok(());
    }
    let mut id = [0; 16];
    id.copy_from_slice(&new_key()?[..16]);
    let key = |number| wrapped(master, &id, number, &new_key()?, now);
    database.found(id.to_vec(), vec![key(INDEX_KEY)?, key(1)?]).await.map(drop)
}

async fn vault_id(database: &dyn Database) -> Result<[u8; 16], VaultError> {
    let id = database.setting("vault").await?;
    let damaged = || VaultError::new(VaultErrorClass::Damaged, "the vault has no id: it is damaged; restore a backup");
    id.and_then(|id| id.try_into().ok()).ok_or_else(damaged)
}

/// The data keys of the vault, by its master key.
async fn unlock(database: &dyn Database, master: &MasterKey) -> Result<Keyring, VaultError> {
    let vault = vault_id(database).await?;
    let mut index = None;
    let mut ciphers = BTreeMap::new();
    for row in database.keys().await? {
        let key = unwrapped(master, &vault, &row)?;
        if row.id == INDEX_KEY {
            index = Some(key);
        } else {
            ciphers.insert(row.id, Cipher::new(&key));
        }
    }
    match index.filter(|_| !ciphers.is_empty()) {
        Some(index) => Ok(Keyring::new(vault, &index, ciphers)),
        None => {
            Err(VaultError::new(VaultErrorClass::Damaged, "the vault has no keys: it is damaged; restore a backup"))
        }
    }
}

type Key = zeroize::Zeroizing<[u8; KEY_LEN]>;

fn new_key() -> Result<Key, VaultError> {
    random().map_err(|error| VaultError::new(VaultErrorClass::Internal, error.to_string()))
}

fn wrapped(master: &MasterKey, vault: &[u8; 16], id: u32, key: &Key, now: Timestamp) -> Result<KeyRow, VaultError> {
    let no_randomness = || VaultError::new(VaultErrorClass::Internal, crate::NoRandomness.to_string());
    let sealed = master.cipher().seal(&**key, &of_key(vault, id)).ok_or_else(no_randomness)?;
    Ok(KeyRow { id, master: master.id(), wrapped: sealed, created_at: now.as_unix() })
}

fn unwrapped(master: &MasterKey, vault: &[u8; 16], row: &KeyRow) -> Result<Key, VaultError> {
    if row.master != master.id() {
        return Err(wrong_master(master, row));
    }
    let damaged = || {
        VaultError::new(VaultErrorClass::Damaged, format!("key {} of the vault is damaged; restore a backup", row.id))
    };
    let key = master.cipher().open(&row.wrapped, &of_key(vault, row.id)).ok_or_else(damaged)?;
    key.as_slice().try_into().map(Key::new).map_err(|_| damaged())
}

fn wrong_master(master: &MasterKey, row: &KeyRow) -> VaultError {
    let message = format!(
        "the master key is not the one of this vault: it was locked with {}, and the key given is {}",
        row.master,
        master.id()
    );
    VaultError::new(VaultErrorClass::Key, message)
}

/// What a wrapped key is bound to.
fn of_key(vault: &[u8; 16], id: u32) -> Vec<u8> {
    [b"everlit key\0", &vault[..], &id.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use everlit_testkit::contract::{NOW, now};

    use super::*;

    #[test]
    fn accounts_added_within_a_second_have_ids_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let address = VaultAddress::Sqlite(folder.path().join("everlit.db"));
        let master = MasterKey::generate().unwrap();
        let disk = everlit_disk::RealDisk;
        let vault = now(Vault::create(&address, &disk, master, String::new(), NOW, 1)).unwrap();
        let ids: HashSet<i64> = (0..200_000).map(|_| vault.inner.new_id(NOW)).collect();
        assert!(ids.len() == 200_000 && ids.iter().all(|id| *id > 0));
        assert!(vault.inner.new_id(NOW + std::time::Duration::from_secs(1)) > ids.into_iter().max().unwrap());
    }

    #[test]
    fn addresses_are_read_and_shown() {
        let cases = [
            ("sqlite:everlit.db", Some("sqlite:everlit.db")),
            ("sqlite:///var/lib/everlit.db", Some("sqlite:/var/lib/everlit.db")),
            ("postgres://ada:fakefake@db/shop", Some("postgres://db:5432/shop")),
            ("postgresql://db/shop", Some("postgres://db:5432/shop")),
            ("postgres://", None),
            ("sqlite:", None),
            ("everlit.db", None),
            ("", None),
        ];
        for (text, shown) in cases {
            let address = text.parse::<VaultAddress>().ok().map(|address| address.to_string());
            assert_eq!(address.as_deref(), shown, "{text}");
        }
    }
}
