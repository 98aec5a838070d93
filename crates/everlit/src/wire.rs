//! Wiring: from settings to a keeper with real files, a real network and the real clock.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use everlit_disk::{Disk, RealDisk};
use everlit_envfile::EnvFile;
use everlit_keeper::{Clock, Keeper};
use everlit_meta_api::{App, Client, HttpTransport, Options, Platform, Proxy, Roots, Secret, Timestamp, Transport};
use everlit_store::{ProjectFiles, StateFolder};

use crate::cli::Global;
use crate::output::problem::Problem;
use crate::output::screen::{Screen, TerminalProgress};
use crate::settings::{Origin, SECRETS_FILE, Setting, Settings};
use everlit_host::{Environment, SystemClock, seed, this_process};

/// What every command starts from.
pub(crate) struct Context<'a> {
    pub(crate) global: &'a Global,
    pub(crate) environment: &'a Environment,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) settings: Settings,
    world: World,
}

/// What comes in from outside besides files and variables: time, chance, the line to Meta. A demonstration brings its own.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) clock: Arc<dyn Clock>,
    /// Feeds the jitter of waits.
    pub(crate) seed: u64,
    /// `None`: over the network, as the settings say.
    pub(crate) transport: Option<Arc<dyn Transport>>,
}

impl World {
    /// The wall clock, a seed of this run's own, the network.
    pub(crate) fn real() -> Self {
        Self { clock: Arc::new(SystemClock), seed: seed(), transport: None }
    }
}

/// Where the id and the secret of a platform's app stand. Each platform has a pair of its own for the same app.
pub(crate) fn app_names(platform: Platform) -> (&'static str, &'static str) {
    match platform {
        Platform::Instagram => ("INSTAGRAM_APP_ID", "INSTAGRAM_APP_SECRET"),
        Platform::Threads => ("THREADS_APP_ID", "THREADS_APP_SECRET"),
        Platform::Facebook => ("META_APP_ID", "META_APP_SECRET"),
    }
}

/// An id is a number, a secret 32 hexadecimal digits; each has been entered as the other.
fn refuse_mix_up(app: &App, platform: Platform) -> Result<(), Problem> {
    let (id_name, secret_name) = app_names(platform);
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let secret = app.secret.expose();
    let is_secret = |text: &str| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let message = if is_secret(&app.id) {
        format!(
            "{id_name} holds an app secret (32 hexadecimal digits); the id is the number that stands above it in the dashboard"
        )
    } else if !is_number(&app.id) {
        format!("{id_name} is no number; an app id consists of digits alone")
    } else if is_number(secret) && !is_secret(secret) {
        format!(
            "{secret_name} holds a number; the app secret is 32 hexadecimal digits, shown in the dashboard on demand"
        )
    } else {
        return Ok(());
    };
    let next = format!("set {id_name} and {secret_name} as the App Dashboard shows them, then everlit doctor");
    Err(Problem::config(message).with_next(next))
}

/// What to do about a setting that cannot be used, wherever it came from.
pub(crate) const EACH_SETTING: &str = "everlit doctor, which shows where each setting comes from";

const LARGEST_PEM: usize = 16 << 20;

impl<'a> Context<'a> {
    pub(crate) fn new(global: &'a Global, environment: &'a Environment, world: World) -> Result<Self, Problem> {
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        let settings = Settings::read(global, environment, &*disk)?;
        Ok(Self { global, environment, disk, settings, world })
    }

    /// The same world with other settings.
    pub(crate) fn with_settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.world.clock
    }

    pub(crate) fn shared_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.world.clock)
    }

    /// A number that no other run has.
    pub(crate) fn run_number(&self) -> u128 {
        let mut rng = fastrand::Rng::with_seed(self.world.seed ^ self.now().as_unix().unsigned_abs().rotate_left(32));
        rng.u128(..)
    }

    /// The project's folder of everlit's own files.
    pub(crate) fn state(&self) -> StateFolder {
        StateFolder::within(&self.settings.folder)
    }

    pub(crate) fn store(&self) -> Arc<ProjectFiles> {
        let accounts = self.settings.accounts.iter().map(crate::settings::Account::files).collect();
        let holder = this_process(self.environment);
        let (disk, clock) = (Arc::clone(&self.disk), self.shared_clock());
        Arc::new(ProjectFiles::new(disk, clock, self.settings.folder.clone(), accounts, holder))
    }

    /// What refreshes the tokens of these files.
    pub(crate) fn keeper(&self, store: Arc<ProjectFiles>, force: bool) -> Result<Keeper, Problem> {
        Ok(Keeper::new(self.client()?, store, Arc::clone(&self.world.clock), self.world.seed)
            .with_policy(self.settings.policy(force))
            .with_progress(Arc::new(TerminalProgress)))
    }

    pub(crate) fn client(&self) -> Result<Client, Problem> {
        self.client_of(Platform::Facebook)
    }

    /// With the app of that platform, where it is known.
    pub(crate) fn client_of(&self, platform: Platform) -> Result<Client, Problem> {
        let transport = match &self.world.transport {
            Some(transport) => Arc::clone(transport),
            None => self.network()?,
        };
        let client = Client::new(transport);
        Ok(match self.app_of(platform)? {
            Some(app) => client.with_app(app.value),
            None => client,
        })
    }

    fn network(&self) -> Result<Arc<dyn Transport>, Problem> {
        let options = Options {
            deadline: Duration::from_secs(self.settings.timeout_seconds.value.into()),
            roots: self.roots()?,
            proxy: self.proxy(),
            base_url: self.settings.meta_url.as_ref().map(|url| url.value.clone()),
        };
        let transport =
            HttpTransport::new(options).map_err(|error| Problem::config(error.to_string()).with_next(EACH_SETTING))?;
        Ok(Arc::new(transport))
    }

    pub(crate) fn proxy(&self) -> Proxy {
        let value = |name| self.proxy_setting(name).map(|setting| setting.value);
        Proxy { https: value("HTTPS_PROXY").map(Secret::new), no_proxy: value("NO_PROXY") }
    }

    /// A proxy variable: from the environment in either case (lower case wins, as in curl), else from [`SECRETS_FILE`],
    /// since schedulers do not inherit the shell's environment and the address may hold a password.
    pub(crate) fn proxy_setting(&self, name: &str) -> Option<Setting<String>> {
        for name in [name.to_ascii_lowercase(), name.to_owned()] {
            if let Some(value) = self.environment.variable(&name) {
                return Some(Setting { value: value.to_owned(), origin: Origin::Environment(name.into()) });
            }
        }
        let value = self.value_in(Path::new(SECRETS_FILE), name)?;
        Some(Setting { value, origin: Origin::Secrets })
    }

    pub(crate) fn roots(&self) -> Result<Roots, Problem> {
        if let Some(file) = &self.settings.ca_file {
            return Ok(Roots::BundledAnd(self.pem(file)?));
        }
        match &self.settings.roots_file {
            Some(file) => Ok(Roots::Only(self.pem(file)?)),
            None => Ok(Roots::Bundled),
        }
    }

    fn pem(&self, file: &Setting<std::path::PathBuf>) -> Result<Vec<u8>, Problem> {
        self.disk.read(&self.settings.folder.join(&file.value), LARGEST_PEM).map_err(|error| {
            Problem::config(format!(
                "cannot read the certificates in {} ({}): {error}",
                file.value.display(),
                file.origin
            ))
            .with_next(format!("let {} name a file that can be read", file.origin))
        })
    }

    /// The app that Facebook tokens are exchanged with.
    pub(crate) fn app(&self) -> Result<Option<Setting<App>>, Problem> {
        self.app_of(Platform::Facebook)
    }

    /// The app of a platform, from the two names of [`app_names`], each where [`Self::secret`] finds it.
    pub(crate) fn app_of(&self, platform: Platform) -> Result<Option<Setting<App>>, Problem> {
        let (id_name, secret_name) = app_names(platform);
        let id = self.secret(id_name)?;
        let secret = self.secret(secret_name)?;
        match (id, secret) {
            (Some(id), Some(secret)) => {
                let app = App { id: id.value.trim().to_owned(), secret: Secret::new(secret.value.trim()) };
                refuse_mix_up(&app, platform)?;
                Ok(Some(Setting { value: app, origin: secret.origin }))
            }
            (None, None) => Ok(None),
            (Some(_), None) => {
                Err(Problem::config(format!("{id_name} is set and {secret_name} is not; both are needed"))
                    .with_next(format!("set {secret_name} in the same place, then everlit doctor")))
            }
            (None, Some(_)) => {
                Err(Problem::config(format!("{secret_name} is set and {id_name} is not; both are needed"))
                    .with_next(format!("set {id_name} in the same place, then everlit doctor")))
            }
        }
    }

    /// A secret by its name: from the environment, from the file that `NAME_FILE` names there, from
    /// [`SECRETS_FILE`], from the env file of an account; in this order.
    pub(crate) fn secret(&self, name: &str) -> Result<Option<Setting<String>>, Problem> {
        if let Some(value) = self.environment.variable(name) {
            return Ok(Some(Setting { value: value.to_owned(), origin: Origin::Environment(name.to_owned().into()) }));
        }
        let by_file = format!("{name}_FILE");
        if let Some(file) = self.environment.variable(&by_file) {
            let read = self.disk.read(&self.settings.folder.join(file), 4096);
            let next = format!("let {by_file} name a text file that can be read");
            let value = read.map_err(|error| {
                Problem::config(format!("cannot read {file} ({by_file}): {error}")).with_next(&*next)
            })?;
            let value = String::from_utf8(value);
            let value =
                value.map_err(|_| Problem::config(format!("{file} ({by_file}) is not text")).with_next(next))?;
            let value = value.trim_end_matches(['\n', '\r']).to_owned();
            return Ok(Some(Setting { value, origin: Origin::Environment(by_file.into()) }));
        }
        if let Some(value) = self.value_in(Path::new(SECRETS_FILE), name) {
            return Ok(Some(Setting { value, origin: Origin::Secrets }));
        }
        let value = self.settings.accounts.iter().find_map(|account| self.value_in(&account.env_file.value, name));
        Ok(value.map(|value| Setting { value, origin: Origin::EnvFile }))
    }

    /// What a file in the form of an env file says; `None` also where it cannot be read.
    fn value_in(&self, file: &Path, name: &str) -> Option<String> {
        let bytes = self.disk.read(&self.settings.folder.join(file), LARGEST_PEM).ok()?;
        let value = EnvFile::parse(&bytes).value(name).ok()??.into_owned();
        String::from_utf8(value).ok().filter(|value| !value.trim().is_empty())
    }

    /// Says on stderr when Meta is not Meta.
    pub(crate) fn warn_of_stand_in(&self, screen: &mut Screen) {
        if let Some(url) = &self.settings.meta_url {
            screen.note(format!("Not the real Meta: {} ({})", url.value, url.origin));
        }
    }
}
