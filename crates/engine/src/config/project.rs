//! A project: its settings, its files, and the world around it.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use everlit_disk::{Disk, RealDisk};
use everlit_host::{Environment, this_process};
use everlit_http::{Options, Origin};
use everlit_keeper::Clock;
use everlit_meta_api::Timestamp;
use everlit_store::{ProjectAccount, ProjectFiles, StateFolder};
use everlit_vault::{SharedSettings, Vault};
use toml_edit::{DocumentMut, Item};

use super::file::{CONFIG_FILE, parse_config, read_config};
use super::overrides::Overrides;
use super::problem::ConfigProblem;
use super::serve::{ServeOverrides, ServeSettings};
use super::settings::Settings;
use super::sources::Sources;
use super::tracking::Git;
use crate::home::Hosted;
use crate::stand_in::StandInClock;
use crate::{ConfigError, StandInTime, World};

/// A project folder with its settings; the start of all work.
#[derive(Debug)]
pub struct Project<'a> {
    /// Environment variables and the working folder.
    pub environment: &'a Environment,
    /// The file system.
    pub disk: Arc<dyn Disk>,
    /// The settings.
    pub settings: Settings,
    pub(crate) world: World,
    /// The clock of this world if it is that of a stand-in for Meta.
    stand_in: Option<Arc<StandInClock>>,
    /// The vault of the settings, if the accounts are in one.
    vault: Option<Vault>,
    /// The settings that stand in the vault, as this process last read or wrote them.
    shared: RwLock<Arc<SharedSettings>>,
    /// The accounts that have no files of their own, once they were asked for.
    pub(crate) hosted: OnceLock<Option<Hosted>>,
}

/// Why a project cannot be opened.
#[derive(Debug)]
pub struct OpenFailure<'a> {
    /// What is wrong.
    pub error: ConfigError,
    /// The project without its vault, if that is what cannot be opened.
    pub(crate) project: Option<Box<Project<'a>>>,
}

impl From<ConfigError> for OpenFailure<'_> {
    fn from(error: ConfigError) -> Self {
        Self { error, project: None }
    }
}

impl<'a> Project<'a> {
    /// Reads the settings of the project on the real file system, and opens its vault if it has one.
    pub fn open(overrides: &Overrides, environment: &'a Environment, world: World) -> Result<Self, ConfigError> {
        Self::open_for_pass(overrides, environment, world).map_err(|failure| failure.error)
    }

    /// The same for a pass: people and monitors are to hear of a vault that cannot be opened.
    pub fn open_for_pass(
        overrides: &Overrides,
        environment: &'a Environment,
        world: World,
    ) -> Result<Self, OpenFailure<'a>> {
        let mut project = Self::open_without_vault(overrides, environment, world)?;
        if project.settings.vault.is_some() {
            let opened = project.open_vault().and_then(|vault| Ok((project.vault_accounts(&vault)?, vault)));
            let (accounts, vault) = match opened {
                Ok(opened) => opened,
                Err(error) => return Err(OpenFailure { error, project: Some(Box::new(project)) }),
            };
            project = project.with_shared_settings(&vault)?;
            let shared = project.shared();
            project.settings = project.settings.with_accounts(accounts, &shared.settings, overrides, &*project.disk)?;
            project.vault = Some(vault);
        }
        Ok(project)
    }

    /// The same for a service, whose vault may hold any number of accounts: their names are read only if targets need them.
    /// Without a vault, opens that of the settings.
    pub fn open_for_service(
        overrides: &Overrides,
        environment: &'a Environment,
        world: World,
        vault: Option<Vault>,
    ) -> Result<Self, ConfigError> {
        let mut project = Self::open_without_vault(overrides, environment, world)?;
        let vault = vault.map_or_else(|| project.open_vault(), Ok)?;
        project = project.with_shared_settings(&vault)?;
        let file = parse_config(&read_config(&project.settings.folder, &*project.disk)?)?;
        let shared = project.shared();
        let names_targets = |document: &DocumentMut| {
            document.get("target").and_then(Item::as_table_like).is_some_and(|targets| !targets.is_empty())
        };
        if names_targets(&file) || parse_config(&shared.settings).is_ok_and(|shared| names_targets(&shared)) {
            let accounts = project.vault_accounts(&vault)?;
            project.settings = project.settings.with_accounts(accounts, &shared.settings, overrides, &*project.disk)?;
        }
        project.vault = Some(vault);
        Ok(project)
    }

    /// The settings of the service.
    pub fn serve_settings(&self, flags: &ServeOverrides) -> Result<ServeSettings, ConfigError> {
        let file = parse_config(&read_config(&self.settings.folder, &*self.disk)?)?;
        let (overrides, folder) = (&Overrides::default(), &*self.settings.folder);
        ServeSettings::read(
            &Sources { overrides, environment: self.environment, file, disk: &self.disk, folder },
            flags,
        )
    }

    /// Reads the settings alone: a project with a vault has no accounts then.
    pub fn open_without_vault(
        overrides: &Overrides,
        environment: &'a Environment,
        world: World,
    ) -> Result<Self, ConfigError> {
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        let settings = Settings::read(overrides, environment, &disk)?;
        let (stand_in, vault, shared, hosted) = (None, None, RwLock::default(), OnceLock::new());
        Ok(Self { environment, disk, settings, world, stand_in, vault, shared, hosted }.on_time_of_stand_in())
    }

    /// The same with the settings that stand in the vault. Where they cannot be read, tokens are refreshed all the same.
    fn with_shared_settings(mut self, vault: &Vault) -> Result<Self, ConfigError> {
        match self.wait_for_vault(vault.shared_settings()) {
            Ok(shared) => {
                self.settings = self.settings.with_shared(&shared.settings, &*self.disk)?;
                self.keep_shared(shared);
            }
            Err(error) => self.settings.problems.push(ConfigProblem::of_run(error)),
        }
        Ok(self)
    }

    /// The same with the channels of another opening of this project, whose vault was there.
    #[must_use]
    pub fn with_shared_of(mut self, other: &Self) -> Self {
        self.settings.notify = other.settings.notify.clone();
        Self { shared: RwLock::new(other.shared()), ..self }
    }

    /// The settings that stand in the vault, as this process last read or wrote them.
    pub fn shared(&self) -> Arc<SharedSettings> {
        Arc::clone(&self.shared.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn keep_shared(&self, shared: SharedSettings) {
        *self.shared.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shared);
    }

    /// The open vault, if the accounts are in one.
    pub fn vault(&self) -> Option<&Vault> {
        self.vault.as_ref()
    }

    /// Counts with the time of the stand-in that the settings put in Meta's place, if they do.
    fn on_time_of_stand_in(mut self) -> Self {
        let url = self.settings.meta_url.as_ref().filter(|_| self.world.transport.is_none());
        let Some(origin) = url.and_then(|url| Origin::parse(&url.value).ok()) else { return self };
        // A file of certificates that cannot be read is an error where Meta is called.
        let roots = self.roots().unwrap_or_default();
        let options = Options { roots, proxy: self.proxy(), ..Options::default() };
        let clock = Arc::new(StandInClock::new(Arc::clone(&self.world.clock), origin, options));
        self.stand_in = Some(Arc::clone(&clock));
        self.world.clock = clock;
        self
    }

    /// The same with other settings.
    #[must_use]
    pub fn with_settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    /// This machine's time, which differs from [`now`](Self::now) with some stand-ins.
    pub fn machine_time(&self) -> Timestamp {
        self.stand_in.as_ref().map_or_else(|| self.now(), |clock| clock.machine_time())
    }

    /// How the clock of the stand-in for Meta differs from this machine's; `None` without a stand-in.
    pub fn stand_in_time(&self) -> Option<StandInTime> {
        self.stand_in.as_ref().map(|clock| clock.time())
    }

    /// The clock.
    pub fn clock(&self) -> &dyn Clock {
        &*self.world.clock
    }

    /// The clock, shared.
    pub fn shared_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.world.clock)
    }

    /// A random number that no other run has.
    pub fn run_number(&self) -> u128 {
        let mut rng = fastrand::Rng::with_seed(self.world.seed ^ self.now().as_unix().unsigned_abs().rotate_left(32));
        rng.u128(..)
    }

    /// The folder of everlit's own files.
    pub fn state(&self) -> StateFolder {
        StateFolder::within(&self.settings.folder)
    }

    /// The git repository around the project.
    pub(crate) fn git(&self) -> Git {
        let folder = self.settings.folder.clone();
        Git { folder, environment: self.environment.clone(), disk: Arc::clone(&self.disk) }
    }

    /// The files of these accounts, which are all.
    pub(crate) fn project_files(&self, accounts: Vec<ProjectAccount>) -> ProjectFiles {
        let holder = this_process(self.environment);
        let (disk, clock) = (Arc::clone(&self.disk), self.shared_clock());
        let folder = self.settings.folder.clone();
        let problems = self.settings.problems.iter().rev();
        // The first problem of an account is the one that counts.
        let reasons = problems.filter_map(|problem| Some((problem.account.clone()?, problem.error.message.clone())));
        let reasons: HashMap<_, _> = reasons.collect();
        let files = ProjectFiles::new(disk, clock, folder, accounts, holder);
        let files = files.with_copies(Arc::new(self.git())).with_targets(self.deliveries());
        files.with_refused(CONFIG_FILE, reasons)
    }
}
