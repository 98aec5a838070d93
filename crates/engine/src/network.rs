//! From settings to a client for Meta: certificates, proxy, deadline, app.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use everlit_keeper::{Deadlines, Keeper, Step};
use everlit_meta_api::{Client, HttpTransport, Options, Platform, Roots, Transport};

use crate::ConfigError;
use crate::account_store::AccountStore;
use crate::config::{Account, Project, Setting};

impl Project<'_> {
    /// A client for Meta without an app.
    pub fn client(&self) -> Result<Client, ConfigError> {
        let transport = match &self.world.transport {
            Some(transport) => Arc::clone(transport),
            None => self.network()?,
        };
        Ok(Client::new(transport))
    }

    /// The client with the app of an account, if its id and secret are set.
    pub fn with_app(&self, client: Client, account: &Account, platform: Platform) -> Result<Client, ConfigError> {
        Ok(match self.app(account, platform)? {
            Some(app) => client.with_app(app.value),
            None => client,
        })
    }

    /// A keeper for these accounts. Each Facebook token is extended with the app of its account.
    pub fn keeper(&self, store: &Arc<AccountStore>, force: bool) -> Result<Keeper, ConfigError> {
        let keeper = self.keeper_without_targets(Arc::clone(store), force)?;
        Ok(self.with_targets(keeper, store, &self.settings.targets))
    }

    /// The same, for work in which targets get nothing, or not all of them.
    pub fn keeper_without_targets(&self, store: Arc<AccountStore>, force: bool) -> Result<Keeper, ConfigError> {
        let keeper = Keeper::new(self.client()?, self.keeping(store), self.shared_clock(), self.world.seed);
        let timeout = Duration::from_secs(self.settings.timeout_seconds.value.into());
        let keeper = keeper.with_deadlines(Deadlines::with_call_timeout(timeout)).with_apps(self.apps());
        Ok(keeper.with_policy(self.settings.policy(force)).with_threads(self.world.threads.clone()))
    }

    /// The certificates to trust. Reads the files that the settings name.
    pub fn roots(&self) -> Result<Roots, ConfigError> {
        match (&self.settings.ca_file, self.roots_file()) {
            (Some(file), _) => Ok(Roots::BundledAnd(self.pem(file)?)),
            (None, Some(file)) => Ok(Roots::Only(self.pem(&file)?)),
            (None, None) => Ok(Roots::Bundled),
        }
    }

    fn network(&self) -> Result<Arc<dyn Transport>, ConfigError> {
        let options = Options {
            deadline: Duration::from_secs(self.settings.timeout_seconds.value.into()),
            roots: self.roots()?,
            proxy: self.proxy(),
            base_url: self.settings.meta_url.as_ref().map(|url| url.value.clone()),
        };
        let transport = HttpTransport::new(options).map_err(|error| connection_error(&error.to_string()))?;
        Ok(Arc::new(transport))
    }

    fn pem(&self, file: &Setting<PathBuf>) -> Result<Vec<u8>, ConfigError> {
        const LARGEST: usize = 16 << 20;
        let Setting { value, origin } = file;
        self.disk.read(&self.settings.folder.join(value), LARGEST).map_err(|error| {
            let message = format!("cannot read the certificates in {} ({origin}): {error}", value.display());
            ConfigError::new(message, Step::note(format!("set {origin} to a file that can be read")))
        })
    }
}

/// A connection that cannot be set up with these settings.
pub(crate) fn connection_error(message: &str) -> ConfigError {
    ConfigError::new(message, Step::everlit("doctor").with_note("shows where each setting comes from"))
}
