//! What the loops work with: the settings as they were last read, and what was built from them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use everlit_engine::{AccountStore, ConfigError, Overrides, Project, World, dispatcher};
use everlit_host::Environment;
use everlit_keeper::{AccountName, Dispatcher, Keeper, RemediationHints};
use everlit_vault::Vault;
use tokio::sync::Notify;

/// Next steps for the notices of a project.
pub type Hints<'a> = dyn Fn(&Project<'_>) -> Arc<dyn RemediationHints> + 'a;

/// The settings, and what follows from them. Replaced as a whole when they are read again.
pub(crate) struct Site<'a> {
    pub(crate) project: Project<'a>,
    pub(crate) vault: Vault,
    pub(crate) keeper: Arc<Keeper>,
    pub(crate) dispatcher: Dispatcher,
}

impl<'a> Site<'a> {
    /// Reads the settings and opens the vault.
    pub(crate) fn open(
        overrides: &Overrides,
        environment: &'a Environment,
        world: World,
        hints: &Hints<'_>,
    ) -> Result<Self, ConfigError> {
        Self::of(Project::open_for_service(overrides, environment, world, None)?, hints)
    }

    pub(crate) fn of(project: Project<'a>, hints: &Hints<'_>) -> Result<Self, ConfigError> {
        let store = project.store();
        let vault = match &*store {
            AccountStore::Vault(vault, _) => vault.clone(),
            AccountStore::Files(_) => return Err(everlit_engine::no_vault()),
        };
        let keeper = Arc::new(project.keeper(&store, false)?.with_fresh_memory());
        let dispatcher = dispatcher(&project, store, || hints(&project));
        Ok(Self { project, vault, keeper, dispatcher })
    }

    /// Whether the settings say nothing about single accounts that this one is not among.
    pub(crate) fn knows(&self, account: &AccountName) -> bool {
        let settings = &self.project.settings;
        settings.targets.is_empty() || settings.all_accounts.iter().any(|known| known.name == *account)
    }
}

/// The current site, and how to read the settings again.
pub(crate) struct Current<'a> {
    site: Mutex<Arc<Site<'a>>>,
    overrides: &'a Overrides,
    environment: &'a Environment,
    world: World,
    hints: &'a Hints<'a>,
    /// How many times the settings were read again.
    version: AtomicU64,
    /// Told when there is another site.
    pub(crate) changed: Notify,
    /// Told when there are accounts that cannot be read.
    pub(crate) unreadable: Notify,
}

impl<'a> Current<'a> {
    pub(crate) fn new(
        site: Site<'a>,
        overrides: &'a Overrides,
        environment: &'a Environment,
        world: World,
        hints: &'a Hints<'a>,
    ) -> Self {
        let (site, version) = (Mutex::new(Arc::new(site)), AtomicU64::default());
        let (changed, unreadable) = (Notify::new(), Notify::new());
        Self { site, overrides, environment, world, hints, version, changed, unreadable }
    }

    pub(crate) fn get(&self) -> Arc<Site<'a>> {
        Arc::clone(&self.site.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Another number each time that the settings were read again.
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Relaxed)
    }

    /// Tells people why the vault cannot be used, or that it can again.
    pub(crate) async fn notify_of_vault(&self, error: Option<ConfigError>) {
        let project = Project::open_without_vault(self.overrides, self.environment, self.world.clone());
        let Ok(project) = project else { return };
        // Channels may stand in the vault that is away.
        let project = project.with_shared_of(&self.get().project);
        let hints = (self.hints)(&project);
        for failure in project.notify_of_vault(error, hints).await.undelivered {
            tracing::error!(channel = failure.channel, error = failure.message, "a message could not be sent");
        }
    }

    /// Reads the settings again. If they cannot be used, those of before stay. The vault stays: another address, or another
    /// master key, needs another process.
    pub(crate) fn reload(&self) -> Result<(), ConfigError> {
        let before = self.get();
        let vault = before.project.vault().cloned();
        let project = Project::open_for_service(self.overrides, self.environment, self.world.clone(), vault)?;
        let address = |project: &Project<'_>| project.settings.vault.as_ref().map(|vault| vault.address.value.clone());
        if address(&project) != address(&before.project) {
            let message = "the settings name another vault: restart the service to use it";
            return Err(ConfigError::new(message, everlit_keeper::Step::note("restart the service")));
        }
        let site = Site::of(project, self.hints)?;
        let keeper = Arc::new((*site.keeper).clone().with_memory_of(&before.keeper));
        *self.site.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(Site { keeper, ..site });
        self.version.fetch_add(1, Ordering::Relaxed);
        self.changed.notify_waiters();
        Ok(())
    }
}
