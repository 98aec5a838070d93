//! A project: its settings, its files, and the world around it.

use std::collections::HashMap;
use std::sync::Arc;

use everlit_disk::{Disk, RealDisk};
use everlit_host::{Environment, this_process};
use everlit_keeper::Clock;
use everlit_meta_api::Timestamp;
use everlit_store::{ProjectFiles, StateFolder};

use super::accounts::Account;
use super::file::CONFIG_FILE;
use super::overrides::Overrides;
use super::settings::Settings;
use super::tracking::Git;
use crate::{ConfigError, World};

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
}

impl<'a> Project<'a> {
    /// Reads the settings of the project on the real file system.
    pub fn open(overrides: &Overrides, environment: &'a Environment, world: World) -> Result<Self, ConfigError> {
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        let settings = Settings::read(overrides, environment, &disk)?;
        Ok(Self { environment, disk, settings, world })
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

    /// The files of all accounts, also of those that this run does not work on.
    pub fn store(&self) -> Arc<ProjectFiles> {
        let accounts = self.settings.all_accounts.iter().map(Account::files).collect();
        let holder = this_process(self.environment);
        let (disk, clock) = (Arc::clone(&self.disk), self.shared_clock());
        let folder = self.settings.folder.clone();
        let problems = self.settings.problems.iter().rev();
        // The first problem of an account is the one that counts.
        let reasons = problems.filter_map(|problem| Some((problem.account.clone()?, problem.error.message.clone())));
        let reasons: HashMap<_, _> = reasons.collect();
        let git = Git { folder: folder.clone(), environment: self.environment.clone(), disk: Arc::clone(&disk) };
        let files = ProjectFiles::new(disk, clock, folder, accounts, holder);
        Arc::new(files.with_copies(Arc::new(git)).with_refused(CONFIG_FILE, reasons))
    }
}
