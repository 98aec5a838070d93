//! A machine whose disk is empty at every run: a job of CI, a container, a function. The token is read from the process
//! environment or from a target, and whatever Meta hands out goes back to targets before anything else happens to it.
//!
//! In between, the account lives in files of a temporary folder, so that everything else works as on any other machine.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use everlit_disk::create_private_folder;
use everlit_host::{on_threads, runtime};
use everlit_keeper::{AccountName, Store, StoreError, StoreErrorClass};
use everlit_meta_api::Token;
use everlit_store::{DEFAULT_KEY, ProjectFiles};
use tempfile::TempDir;

use crate::account_store::AccountStore;
use crate::config::{Account, Project, TargetSettings};
use crate::home::{Home, Hosted, Source};
use crate::hosted_store::HostedStore;
use crate::pass::{Built, places};

/// Names the folder that keeps what is not secret between runs, where the token comes from the process environment.
const CACHE: &str = "EVERLIT_CACHE";

/// Accounts that are fetched at the same time.
const AT_ONCE: usize = 8;

/// Places by the name of their target and the account.
type Places<'p> = HashMap<(&'p str, AccountName), Built>;

/// The sources that did not answer in time, by name: they are not waited for again, for each account.
type Silent = Mutex<HashMap<String, StoreError>>;

/// Where the token of an account without an env file comes from.
#[derive(Clone, Debug)]
pub(crate) enum Origin<'a> {
    /// This variable of the process environment, and why it holds no token if it holds none.
    Variable(String, Result<Token, String>),
    /// A target.
    Target(&'a TargetSettings),
}

impl Project<'_> {
    /// All accounts, also those that this run does not work on. Those of accounts without files of their own
    /// are fetched when they are first asked for.
    pub fn store(&self) -> Arc<AccountStore> {
        Arc::new(match (self.vault(), self.hosted()) {
            (Some(vault), _) => AccountStore::Vault(vault.clone().with_targets(self.deliveries()), OnceLock::new()),
            (None, Some(hosted)) => AccountStore::Files(self.files_with(hosted)),
            (None, None) => {
                let accounts = self.settings.all_accounts.iter().map(Account::files).collect();
                AccountStore::Files(Arc::new(self.project_files(accounts)))
            }
        })
    }

    /// The accounts that have no files of their own.
    pub(crate) fn hosted(&self) -> Option<&Hosted> {
        self.hosted.get_or_init(|| self.fetch_hosted()).as_ref()
    }

    /// Where the token of an account comes from; `None` if it is in an env file, as usual.
    pub(crate) fn hosted_origin(&self, account: &Account) -> Option<Origin<'_>> {
        let settings = &self.settings;
        if let Some(target) = settings.targets.iter().find(|target| target.is_source && target.takes(&account.name)) {
            return Some(Origin::Target(target));
        }
        let key = account.key.value.as_deref().unwrap_or(DEFAULT_KEY);
        let is_set = self.environment.names().any(|name| name == key);
        let value = is_set.then(|| self.environment.variable(key).unwrap_or_default())?;
        // Without a place that keeps tokens, an env file has to be created.
        settings.targets.iter().find(|target| target.kind.keeps_tokens() && target.takes(&account.name))?;
        let file = settings.folder.join(&account.env_file.value);
        let is_absent = self.disk.lstat(&file).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        let token = Token::parse(value).map_err(|error| error.to_string());
        is_absent.then(|| Origin::Variable(key.to_owned(), token))
    }

    /// Brings the accounts without files of their own into a temporary folder; `None` if there are none.
    pub(crate) fn fetch_hosted(&self) -> Option<Hosted> {
        if self.settings.targets.is_empty() || self.settings.vault.is_some() {
            return None;
        }
        let accounts = self.settings.all_accounts.iter();
        let found: Vec<_> = accounts.filter_map(|account| Some((account, self.hosted_origin(account)?))).collect();
        if found.is_empty() {
            return None;
        }
        let created = private_folder();
        let problem = created.as_ref().err().map(|error| format!("cannot create a temporary folder: {error}"));
        let mut hosted = Hosted { folder: created.ok(), homes: HashMap::new(), unavailable: HashMap::new() };
        let files = self.files_with(&hosted);
        let places = self.places_of_tokens(&AccountStore::Files(Arc::clone(&files)));
        let silent = Mutex::default();
        let homes = on_threads(&found, AT_ONCE, |(account, origin)| {
            let problem = problem.clone().map(unusable);
            problem.map_or_else(|| self.fetch_one(&hosted, &files, account, origin, &places, &silent), Err)
        });
        for ((account, _), home) in found.into_iter().zip(homes) {
            match home {
                Ok(home) => drop(hosted.homes.insert(account.name.clone(), Arc::new(home))),
                Err(why) => drop(hosted.unavailable.insert(account.name.clone(), why)),
            }
        }
        Some(hosted)
    }

    /// The places that keep tokens, by target and account.
    fn places_of_tokens(&self, store: &AccountStore) -> Places<'_> {
        let targets = self.settings.targets.iter().filter(|target| target.kind.keeps_tokens());
        let of = |target| places(self, store, target).into_iter().map(move |(account, built)| (target, account, built));
        targets.flat_map(of).map(|(target, account, built)| ((&*target.name, account), built)).collect()
    }

    fn fetch_one(
        &self,
        hosted: &Hosted,
        files: &ProjectFiles,
        account: &Account,
        origin: &Origin<'_>,
        places: &Places<'_>,
        silent: &Silent,
    ) -> Result<Home, StoreError> {
        let home = self.home(places, account, origin).map_err(unusable)?;
        let folder = hosted.folder_of(&account.name);
        create_private_folder(&*self.disk, &folder)
            .map_err(|error| unusable(format!("cannot create {}: {error}", folder.display())))?;
        let Origin::Target(source) = origin else { return fetch(&home, files, &account.name).map(|()| home) };
        let silent = || silent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = silent().get(&source.name) {
            return Err(error.clone());
        }
        fetch(&home, files, &account.name).inspect_err(|error| {
            if error.io == Some(io::ErrorKind::TimedOut) {
                silent().insert(source.name.clone(), error.clone());
            }
        })?;
        Ok(home)
    }

    fn home(&self, places: &Places<'_>, account: &Account, origin: &Origin<'_>) -> Result<Home, String> {
        let place_in = |target: &TargetSettings| -> Result<_, String> {
            let built = places.get(&(&*target.name, account.name.clone()));
            let place = built.ok_or_else(|| format!("{} has no place for this account", target.name))?;
            place.as_ref().map(Arc::clone).map_err(|error| format!("{}: {}", target.name, error.message))
        };
        let keeps = |target: &&TargetSettings| target.kind.keeps_tokens() && target.takes(&account.name);
        let targets = self.settings.targets.iter().filter(keeps);
        match origin {
            Origin::Target(target) => {
                let kind = target.kind.name;
                let unreadable = || format!("{}: a token cannot be read from a place of kind {kind}", target.name);
                if !target.kind.keeps_tokens() {
                    return Err(unreadable());
                }
                let place = place_in(target)?;
                if place.source().is_none() {
                    return Err(unreadable() + if kind == "postgres" { " without a `state_column`" } else { "" });
                }
                let home = Home::new(vec![Arc::clone(&place)], Source::Place(place));
                Ok(home.rotated(self.rotated(target).is_some()))
            }
            Origin::Variable(name, Err(why)) => Err(format!(
                "{name} is set in the environment and holds no token ({why}): check the secret that it comes from"
            )),
            Origin::Variable(name, Ok(token)) => {
                let built: Vec<_> = targets.map(place_in).collect();
                let places: Vec<_> = built.iter().flatten().map(Arc::clone).collect();
                if let (true, Some(Err(why))) = (places.is_empty(), built.into_iter().next()) {
                    return Err(why);
                }
                let cache = self.environment.variable(CACHE).map(|folder| self.settings.folder.join(folder));
                let source =
                    Source::Variable { name: name.clone(), token: token.clone(), cache, disk: Arc::clone(&self.disk) };
                Ok(Home::new(places, source))
            }
        }
    }

    /// The project's files, those of these accounts in the temporary folder.
    pub(crate) fn files_with(&self, hosted: &Hosted) -> Arc<ProjectFiles> {
        let files = |account: &Account| match self.hosted_origin(account) {
            Some(_) => hosted.files_of(&account.name, account.key.value.as_deref()),
            None => account.files(),
        };
        let accounts = self.settings.all_accounts.iter().map(files).collect();
        Arc::new(self.project_files(accounts).with_unavailable(hosted.unavailable.clone()))
    }

    /// What keeps the token of an account without files of its own, as a sentence; `None` if an env file does.
    pub fn kept_elsewhere(&self, account: &AccountName) -> Option<String> {
        let home = self.hosted()?.homes.get(account)?;
        Some(home.to_string())
    }

    /// The store as the keeper works with it.
    pub(crate) fn keeping(&self, store: Arc<AccountStore>) -> Arc<dyn Store> {
        match (self.hosted(), store.files()) {
            (Some(hosted), Some(files)) => {
                Arc::new(HostedStore { files: Arc::clone(files), homes: hosted.homes.clone() })
            }
            _ => store,
        }
    }

    /// Saves what the run has learnt where the next one finds it.
    pub(crate) async fn save_hosted(&self, store: &AccountStore) {
        let Some(files) = store.files() else { return };
        for (account, home) in self.hosted().into_iter().flat_map(|hosted| &hosted.homes) {
            // What could not be saved is found out again; tokens have been saved before.
            let _ = home.save_state(files, account).await;
        }
    }
}

/// A temporary folder that nobody else can look into: a killed run leaves it.
fn private_folder() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("everlit-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir()
}

/// Reads token and state on a thread with a runtime of its own: whoever asks may be in one.
fn fetch(home: &Home, files: &ProjectFiles, account: &AccountName) -> Result<(), StoreError> {
    thread::scope(|scope| {
        let fetch = move || match runtime() {
            Ok(runtime) => runtime.block_on(home.fetch(files, account)),
            Err(error) => Err(unusable(format!("cannot start the runtime: {error}"))),
        };
        let failed = |_| Err(unusable("everlit failed while it read the token".to_owned()));
        scope.spawn(fetch).join().unwrap_or_else(failed)
    })
}

fn unusable(message: String) -> StoreError {
    StoreError::new(StoreErrorClass::Unusable, message)
}
