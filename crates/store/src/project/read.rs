//! Reading a project's files. Nothing here changes one, and nothing needs a lock.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use everlit_disk::{Disk, Kind, check_links, read_private, sweep, uninterrupted};
use everlit_envfile::EnvFile;
use everlit_keeper::{AccountName, Candidate, Clock, Delivery, Origin, StoreError, StoreErrorClass, Stored};
use everlit_meta_api::Timestamp;

use crate::project::account::{Key, ProjectAccount};
use crate::project::candidate::{self, Waiting};
use crate::project::family::{Relative, Tracking, is_copy};
use crate::project::files::{AccountFiles, AccountPaths, plain, relative, with_slashes};
use crate::project::state::{UnusableState, unusable};

/// An env file is smaller.
const LARGEST_ENV: usize = 16 << 20;

/// Fifty events and a failure take some 20 kB.
const LARGEST_METADATA: usize = 1 << 20;

/// A candidate that has been in use for this long has nothing left to finish, even if its file could not be removed (a
/// metadata file that cannot be written, say): it must not block the next refresh, which is due after as long.
const LONGEST_UNFINISHED: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Accounts that live in the files of a project folder.
#[derive(Debug)]
pub struct ProjectFiles {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) folder: PathBuf,
    pub(crate) accounts: Vec<ProjectAccount>,
    pub(crate) holder: String,
    /// The accounts that nobody may work on, and why.
    refused: Refused,
    /// The accounts whose token is elsewhere and could not be fetched.
    unavailable: HashMap<AccountName, StoreError>,
    /// Where copies of tokens are looked for; `None` if they are not.
    pub(crate) tracking: Option<Arc<dyn Tracking>>,
    /// The targets of each account that stand in the settings; `None` if nobody has said.
    targets: Option<HashMap<AccountName, Vec<Delivery>>>,
    /// The tokens in the project's env files, read once.
    pub(crate) family: OnceLock<Vec<Relative>>,
    /// `folder` without symbolic links, as it was when first asked for.
    real_folder: OnceLock<PathBuf>,
    /// The place of each account in `accounts`.
    by_name: HashMap<AccountName, usize>,
    /// Who shares an env file with an account; found once.
    sharing: OnceLock<HashMap<AccountName, Arc<Sharing>>>,
    /// The paths of each account, as they were when last looked up.
    known_paths: Mutex<HashMap<AccountName, Arc<AccountPaths>>>,
    /// The folders without temporary files of killed runs.
    swept: Mutex<HashSet<PathBuf>>,
}

/// Accounts whose settings are wrong, and the file that has to be corrected.
#[derive(Debug, Default)]
struct Refused {
    file: PathBuf,
    reasons: HashMap<AccountName, String>,
}

/// The accounts whose token is in one env file.
#[derive(Debug, Default)]
struct Sharing {
    accounts: Vec<AccountName>,
    /// Where their runs put copies of the file.
    recovery_folders: OnceLock<HashSet<PathBuf>>,
}

/// Leaves one entry for each of these targets, and those of copies: a target that has left the settings, or is another place
/// under the same name, is forgotten.
pub fn settle_targets(targets: &[Delivery], deliveries: &mut Vec<Delivery>) {
    let is_same = |a: &Delivery, b: &Delivery| a.target == b.target && a.place == b.place;
    deliveries.retain(|known| is_copy(&known.target) || targets.iter().any(|target| is_same(target, known)));
    let is_new = |target: &&Delivery| !deliveries.iter().any(|known| is_same(known, target));
    let new: Vec<_> = targets.iter().filter(is_new).cloned().collect();
    deliveries.extend(new);
}

impl ProjectFiles {
    /// The accounts of the project in `folder`. `holder` names this process in a lock, such as `pid 4711 on web1`.
    pub fn new(
        disk: Arc<dyn Disk>,
        clock: Arc<dyn Clock>,
        folder: PathBuf,
        accounts: Vec<ProjectAccount>,
        holder: String,
    ) -> Self {
        let by_name = accounts.iter().enumerate().map(|(place, account)| (account.name.clone(), place)).collect();
        let (real_folder, sharing) = (OnceLock::new(), OnceLock::new());
        let (known_paths, swept) = (Mutex::default(), Mutex::default());
        let (tracking, family) = (None, OnceLock::new());
        Self {
            disk,
            clock,
            folder,
            accounts,
            holder,
            refused: Refused::default(),
            unavailable: HashMap::new(),
            tracking,
            targets: None,
            family,
            real_folder,
            by_name,
            sharing,
            known_paths,
            swept,
        }
    }

    /// Has one entry in each record for each of these targets of the account, and for no others but copies: a target that has
    /// left the settings, or is another place under the same name, is forgotten.
    #[must_use]
    pub fn with_targets(self, targets: HashMap<AccountName, Vec<Delivery>>) -> Self {
        Self { targets: Some(targets), ..self }
    }

    fn settle_targets(&self, account: &AccountName, deliveries: &mut Vec<Delivery>) {
        let Some(targets) = &self.targets else { return };
        settle_targets(targets.get(account).map_or(&[], Vec::as_slice), deliveries);
    }

    /// Refuses to work on these accounts, for the reasons given: their settings in `file` are wrong. Where their tokens are
    /// is not known, so what is remembered about them lies beside that file, under the account's name.
    #[must_use]
    pub fn with_refused(self, file: &str, reasons: HashMap<AccountName, String>) -> Self {
        Self { refused: Refused { file: file.into(), reasons }, ..self }
    }

    /// Answers for these accounts with the error: their token is elsewhere and could not be fetched.
    #[must_use]
    pub fn with_unavailable(self, unavailable: HashMap<AccountName, StoreError>) -> Self {
        Self { unavailable, ..self }
    }

    /// The error of an account that nobody may work on.
    pub(crate) fn check_allowed(&self, account: &ProjectAccount) -> Result<(), StoreError> {
        if let Some(error) = self.unavailable.get(&account.name) {
            return Err(error.clone());
        }
        match self.refused.reasons.get(&account.name) {
            Some(why) => Err(StoreError::new(StoreErrorClass::Unusable, why.clone()).at(&self.refused.file)),
            None => Ok(()),
        }
    }

    /// The key that holds the token: as named in the settings, else as found in the env file.
    pub fn key(&self, account: &AccountName) -> Result<String, StoreError> {
        let account = self.account(account)?;
        self.check_allowed(account)?;
        if let Key::Named(key) = &account.key {
            return Ok(key.clone());
        }
        let bytes = self.read_env(account, &self.paths(account))?;
        Ok(account.find_key(&EnvFile::parse(&bytes))?.0)
    }

    /// Whether the token of an account may be under one of these keys, as far as can be told without reading the env file.
    pub fn may_have_key<'k>(&self, account: &AccountName, mut keys: impl Iterator<Item = &'k str>) -> bool {
        self.account(account).is_ok_and(|account| keys.any(|key| account.may_be_under(key)))
    }

    /// The first state file or folder of the account that a run by this user cannot use, and why; `None` where all is
    /// well or nothing is there yet. Changes nothing.
    pub fn unusable_state(&self, account: &AccountName) -> Option<UnusableState> {
        self.paths(self.account(account).ok()?).homes.iter().find_map(|home| unusable(&*self.disk, home))
    }

    /// Why no run by this user could save a token, as far as can be told without writing; `None` where one might. The env
    /// file counts if it has to be written now.
    pub fn cannot_save(&self, account: &AccountName, now: bool) -> Option<String> {
        let unusable = self.unusable_state(account).map(|unusable| unusable.to_string());
        unusable.or_else(|| self.unwritable(account).filter(|_| now))
    }

    fn unwritable(&self, account: &AccountName) -> Option<String> {
        let paths = self.paths(self.account(account).ok()?);
        let env = &paths.env;
        let may_write = |path: &Path| uninterrupted(|| self.disk.check_access(path, true));
        // A file is replaced by its folder's leave, or written in place by its own.
        may_write(env.parent()?).err()?;
        let error = may_write(env).err()?;
        let is_another_users = uninterrupted(|| self.disk.stat(env)).ok()?.uid != self.disk.user()?;
        let is_denied = error.kind() == io::ErrorKind::PermissionDenied;
        (!is_denied || !is_another_users).then(|| format!("`{}` cannot be written: {error}", env.display()))
    }

    /// Copies of the account's env file from before writes in place that were interrupted, as seen from the project's folder.
    pub fn interrupted_writes(&self, account: &AccountName) -> Result<Vec<PathBuf>, StoreError> {
        let folder = self.real_folder.get_or_init(|| self.resolved_folder());
        let copies = self.recoveries(self.account(account)?)?.into_iter();
        Ok(copies.map(|(_, copy)| with_slashes(&relative(folder, &copy))).collect())
    }

    pub(crate) fn account(&self, name: &AccountName) -> Result<&ProjectAccount, StoreError> {
        self.by_name
            .get(name)
            .and_then(|place| self.accounts.get(*place))
            .ok_or_else(|| StoreError::new(StoreErrorClass::Missing, format!("there is no account named {name}")))
    }

    /// Where the account's files lie. Links to the project folder and to the env file are followed: what lies beside the
    /// file itself is found by every project that links to it, and by the next release of a site.
    pub(crate) fn paths(&self, account: &ProjectAccount) -> Arc<AccountPaths> {
        let known = self.known_paths.lock().unwrap_or_else(PoisonError::into_inner).get(&account.name).map(Arc::clone);
        known.unwrap_or_else(|| self.look_up_paths(self.real_folder.get_or_init(|| self.resolved_folder()), account))
    }

    /// The same, now: a deploy may have pointed a link elsewhere since they were looked up.
    pub(crate) fn paths_now(&self, account: &ProjectAccount) -> Arc<AccountPaths> {
        self.look_up_paths(&self.resolved_folder(), account)
    }

    /// Refuses to let root follow another user's links to files that are not that user's.
    pub(crate) fn check_links(&self, account: &ProjectAccount) -> Result<(), StoreError> {
        [&account.env_file, &account.metadata].into_iter().try_for_each(|file| {
            match check_links(&*self.disk, &self.folder.join(file)) {
                Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                    Err(StoreError::io(StoreErrorClass::Unusable, "write as root", file, &error))
                }
                // What else is wrong is found where the file is used.
                _ => Ok(()),
            }
        })
    }

    fn resolved_folder(&self) -> PathBuf {
        uninterrupted(|| self.disk.resolve(&self.folder)).unwrap_or_else(|_| self.folder.clone())
    }

    fn look_up_paths(&self, folder: &Path, account: &ProjectAccount) -> Arc<AccountPaths> {
        let paths = if self.refused.reasons.contains_key(&account.name) {
            let file = folder.join(&self.refused.file);
            AccountPaths::new(file.clone(), file, account.name.as_str())
        } else {
            let env = self.followed(folder.join(&account.env_file));
            AccountPaths::new(env, folder.join(&account.metadata), account.identifying_key())
        };
        let paths = Arc::new(paths);
        let mut known = self.known_paths.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(account.name.clone(), Arc::clone(&paths));
        paths
    }

    /// The file that a symbolic link leads to; `file` itself if it is none.
    fn followed(&self, file: PathBuf) -> PathBuf {
        match uninterrupted(|| self.disk.lstat(&file)) {
            Ok(stat) if stat.kind == Kind::Symlink => uninterrupted(|| self.disk.resolve(&file)).unwrap_or(file),
            _ => file,
        }
    }

    /// Removes the temporary files of killed runs, which hold tokens, from the folder of `file`: once, as hundreds of
    /// accounts may share it.
    pub(crate) fn sweep_beside(&self, file: &Path) {
        let file = self.followed(file.to_owned());
        let folder = file.parent().unwrap_or_else(|| Path::new(""));
        let swept = || self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        if !swept().contains(folder) && sweep(&*self.disk, folder).is_ok() {
            swept().insert(folder.to_owned());
        }
    }

    /// Those of the account's state folders that exist. A planted one is an error: what is in it is not ours.
    pub(crate) fn existing<'p>(&self, paths: &'p AccountPaths) -> Result<Vec<&'p AccountFiles>, StoreError> {
        let mut existing = Vec::new();
        for home in &paths.homes {
            match home.state.exists(&*self.disk) {
                Ok(true) => existing.push(home),
                Ok(false) => {}
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                Err(error) => return Err(StoreError::io(StoreErrorClass::NotSaved, "use", home.state.path(), &error)),
            }
        }
        Ok(existing)
    }

    /// An account that names no key takes a well-known one, but never the one that another account names: they would be two
    /// accounts with one token, each with a lock and a candidate of its own.
    fn check_owner(&self, account: &ProjectAccount, env: &EnvFile<'_>) -> Result<(), StoreError> {
        if account.key != Key::Default {
            return Ok(());
        }
        let (key, _) = account.find_key(env)?;
        let is_owner = |other: &&ProjectAccount| matches!(&other.key, Key::Named(named) if *named == key);
        let sharing = self.sharing(account).into_iter().flat_map(|sharing| &sharing.accounts);
        match sharing.filter_map(|name| self.account(name).ok()).find(is_owner) {
            Some(owner) => {
                let why = format!("{key} belongs to the account {}; say which key holds this one's token", owner.name);
                Err(account.no_token(StoreErrorClass::Unusable, &why))
            }
            None => Ok(()),
        }
    }

    /// The accounts with their token in this account's env file, itself among them.
    fn sharing(&self, account: &ProjectAccount) -> Option<&Sharing> {
        // By their names alone: the disk of one account, which may hang, must not be asked for another.
        let sharing = self.sharing.get_or_init(|| {
            let mut by_env_file: HashMap<PathBuf, Sharing> = HashMap::new();
            for account in &self.accounts {
                let sharing = by_env_file.entry(plain(&account.env_file)).or_default();
                sharing.accounts.push(account.name.clone());
            }
            let mut by_account = HashMap::new();
            for sharing in by_env_file.into_values() {
                let sharing = Arc::new(sharing);
                by_account.extend(sharing.accounts.iter().map(|name| (name.clone(), Arc::clone(&sharing))));
            }
            by_account
        });
        sharing.get(&account.name).map(|sharing| &**sharing)
    }

    /// The copies that writes in place have left of the account's env file, each with the account whose write it was:
    /// several accounts may share the file.
    pub(crate) fn recoveries(&self, account: &ProjectAccount) -> Result<Vec<(&ProjectAccount, PathBuf)>, StoreError> {
        let mut found = Vec::new();
        let Some(Sharing { accounts, recovery_folders }) = self.sharing(account) else { return Ok(found) };
        let owners = || accounts.iter().filter_map(|name| self.account(name).ok());
        let recovery_folders = recovery_folders.get_or_init(|| {
            let homes = |owner| self.paths(owner).homes.iter().map(|home| home.state.recovery()).collect::<Vec<_>>();
            owners().flat_map(homes).collect()
        });
        // Hundreds of accounts may share a file, and there is hardly ever a copy.
        if recovery_folders.iter().all(|folder| self.is_empty(folder)) {
            return Ok(found);
        }
        for owner in owners() {
            for home in self.existing(&self.paths(owner))? {
                if self.is_file(&home.env_recovery())? {
                    found.push((owner, home.env_recovery()));
                }
            }
        }
        Ok(found)
    }

    /// Whether there is certainly nothing in a folder.
    fn is_empty(&self, folder: &Path) -> bool {
        match uninterrupted(|| self.disk.list(folder)) {
            Ok(names) => names.is_empty(),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        }
    }

    /// Everything about an account, as it is on the disk.
    pub(crate) fn read(
        &self,
        account: &ProjectAccount,
        paths: &AccountPaths,
        now: Timestamp,
    ) -> Result<Stored, StoreError> {
        self.check_allowed(account)?;
        let mut notes = Vec::new();
        // While an env file is being written in place, its old content is in the recovery copy.
        let env = match self.recoveries(account)?.first() {
            Some((_, copy)) => self.read_if_there(copy, LARGEST_ENV)?,
            None => None,
        };
        let found = env.map_or_else(|| self.read_env(account, paths), Ok);
        let found = found.and_then(|env| {
            let env = EnvFile::parse(&env);
            self.check_owner(account, &env)?;
            account.token_in(&env)
        });
        let homes = self.existing(paths)?;
        let candidate = self.read_candidate(&homes, &mut notes)?;
        let (current, note) = match (found, &candidate) {
            // A person gave the first token of this place, and the run that took it did not finish.
            (Err(error), Some(first))
                if first.origin == Origin::Person
                    && matches!(error.class, StoreErrorClass::Missing | StoreErrorClass::NotAToken) =>
            {
                (first.token.clone(), None)
            }
            (found, _) => found?,
        };
        notes.extend(note);
        let file = self.read_metadata(paths, &homes).unwrap_or_else(|error| {
            notes.push(format!("{} cannot be read: {error}", account.metadata.display()));
            None
        });
        let mut record = self.read_record(account, &homes, file.as_deref(), &current, now, &mut notes);
        if let Some(candidate) = candidate.as_ref().filter(|candidate| candidate.token == current)
            && record.deliveries.is_empty()
        {
            record.deliveries = self.former_deliveries(&homes, file.as_deref(), candidate.replaces);
        }
        self.settle_targets(&account.name, &mut record.deliveries);
        let current = current.or_kind(record.kind);
        let is_spent =
            |candidate: &Candidate| candidate.token == current && candidate.received_at + LONGEST_UNFINISHED < now;
        let candidate = candidate.filter(|candidate| !is_spent(candidate)).map(|candidate| {
            let token = candidate.token.or_kind(current.kind());
            Candidate { token, ..candidate }
        });
        let previous = self.read_previous(&homes)?;
        Ok(Stored { current, record, candidate, previous, notes })
    }

    /// The newest candidate, should there be one in both homes. One that cannot be read is an error: taken for none,
    /// another token would take its place.
    pub(crate) fn read_candidate(
        &self,
        homes: &[&AccountFiles],
        notes: &mut Vec<String>,
    ) -> Result<Option<Candidate>, StoreError> {
        let mut newest: Option<Candidate> = None;
        for home in homes {
            match self.candidate_in(home)? {
                None => {}
                Some(found) if found.is_of(home) => {
                    newest = newest.into_iter().chain([found.candidate]).max_by_key(|candidate| candidate.received_at);
                }
                Some(found) => notes.push(foreign(home, &found)),
            }
            let is_closed = |error: &io::Error| error.kind() == io::ErrorKind::PermissionDenied;
            if self.disk.lstat(&home.candidate()).is_err_and(|error| is_closed(&error)) {
                notes.push(format!(
                    "this user cannot look into {}: whether a new token waits there is not known",
                    home.state.path().display()
                ));
            }
        }
        Ok(newest)
    }

    /// The latest token that was in use before, in either home.
    fn read_previous(&self, homes: &[&AccountFiles]) -> Result<Option<Candidate>, StoreError> {
        let mut latest: Option<Candidate> = None;
        for home in homes {
            let found = self.token_in(&home.previous())?.filter(|found| found.is_of(home));
            latest = latest.into_iter().chain(found.map(|found| found.candidate)).max_by_key(|it| it.received_at);
        }
        Ok(latest)
    }

    /// What the candidate file in one home holds, whose ever it is.
    pub(crate) fn candidate_in(&self, home: &AccountFiles) -> Result<Option<Waiting>, StoreError> {
        self.token_in(&home.candidate())
    }

    /// What a file for a token that is not in use holds, whose ever it is.
    pub(crate) fn token_in(&self, path: &Path) -> Result<Option<Waiting>, StoreError> {
        let bytes = self.read_if_there(path, candidate::LARGEST)?;
        Ok(bytes.and_then(|bytes| candidate::read(&bytes)))
    }

    pub(crate) fn read_env(&self, account: &ProjectAccount, paths: &AccountPaths) -> Result<Vec<u8>, StoreError> {
        self.read_env_at(account, &paths.env)
    }

    pub(crate) fn read_env_at(&self, account: &ProjectAccount, path: &Path) -> Result<Vec<u8>, StoreError> {
        uninterrupted(|| self.disk.read(path, LARGEST_ENV)).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                let why = format!("no such file in {}", self.folder.display());
                return account.no_token(StoreErrorClass::Missing, &why);
            }
            StoreError { io: Some(error.kind()), ..account.no_token(StoreErrorClass::Unusable, &error) }
        })
    }

    /// `None` if there is no env file yet.
    pub(crate) fn read_env_if_there(
        &self,
        account: &ProjectAccount,
        paths: &AccountPaths,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        match self.read_env(account, paths) {
            Err(error) if error.class == StoreErrorClass::Missing => Ok(None),
            read => read.map(Some),
        }
    }

    /// `None` if there is none yet. While the file is being written in place, its old content is in the recovery copy.
    pub(crate) fn read_metadata(&self, paths: &AccountPaths, homes: &[&AccountFiles]) -> io::Result<Option<Vec<u8>>> {
        let is_none = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        for home in homes {
            match read_private(&*self.disk, &home.metadata_recovery(), LARGEST_METADATA) {
                Err(error) if is_none(&error) || error.kind() == io::ErrorKind::PermissionDenied => {}
                read => return read.map(Some),
            }
        }
        match uninterrupted(|| self.disk.read(&paths.metadata, LARGEST_METADATA)) {
            Err(error) if is_none(&error) => Ok(None),
            read => read.map(Some),
        }
    }

    /// Reads a private file; `None` where there is none, or where we may not look.
    pub(crate) fn read_if_there(&self, path: &Path, largest: usize) -> Result<Option<Vec<u8>>, StoreError> {
        if !self.is_file(path)? {
            return Ok(None);
        }
        match read_private(&*self.disk, path, largest) {
            // Another run has removed it in this moment.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some).map_err(|error| unreadable(path, &error)),
        }
    }

    /// `false` where no file is, or where we may not look; an error where that cannot be known.
    pub(crate) fn is_file(&self, path: &Path) -> Result<bool, StoreError> {
        use io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
        match uninterrupted(|| self.disk.lstat(path)) {
            Ok(stat) => Ok(matches!(stat.kind, Kind::File | Kind::Symlink)),
            Err(error) if matches!(error.kind(), NotADirectory | NotFound | PermissionDenied) => Ok(false),
            Err(error) => Err(unreadable(path, &error)),
        }
    }
}

/// A candidate file that holds somebody else's token is left alone, and named.
pub(crate) fn foreign(home: &AccountFiles, found: &Waiting) -> String {
    let path = home.candidate();
    format!("`{}` holds a token of another account ({}); it was left alone", path.display(), found.identity)
}

fn unreadable(path: &Path, error: &io::Error) -> StoreError {
    // Something else in the place of a state file stops the saving, whoever meets it first.
    let is_planted = error.kind() == io::ErrorKind::InvalidInput;
    let class = if is_planted { StoreErrorClass::NotSaved } else { StoreErrorClass::Unusable };
    StoreError::io(class, "read", path, error)
}
