//! The Meta app of an account: its id and its secret.
//!
//! Accounts of a project have one app, in the environment or beside their token. Those of a vault may have apps with names,
//! `[app.NAME]`.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use everlit_disk::Disk;
use everlit_host::Environment;
use everlit_keeper::{AccountName, Apps, Step};
use everlit_meta_api::{App, Platform, Secret, redact};
use everlit_vault::{SharedSettings, VaultError};
use toml_edit::TableLike;

use super::accounts::Account;
use super::app::{AppSettings, check};
use super::project::Project;
use super::secret_places::SecretPlaces;
use super::setting::{Origin, SECRETS_FILE, Setting};
use super::vault::no_vault;
use crate::ConfigError;

/// The variables that hold the id and the secret of a platform's app. Meta gives one app a pair for each platform.
pub fn app_variables(platform: Platform) -> (&'static str, &'static str) {
    match platform {
        Platform::Instagram => ("INSTAGRAM_APP_ID", "INSTAGRAM_APP_SECRET"),
        Platform::Threads => ("THREADS_APP_ID", "THREADS_APP_SECRET"),
        Platform::Facebook => ("META_APP_ID", "META_APP_SECRET"),
    }
}

impl Project<'_> {
    /// The app with which this account's tokens of a platform are exchanged, if its id and secret are set: the one that the
    /// vault names for the account, else that of the account's env file, of the environment, or of [`SECRETS_FILE`]. Both come
    /// from the same place.
    pub fn app(&self, account: &Account, platform: Platform) -> Result<Option<Setting<App>>, ConfigError> {
        if let Some(vault) = self.vault()
            && let Some(name) = self.wait_for_vault(vault.account(&account.name))?.app
        {
            return named_app(&self.settings.apps, &self.secret_places(), &name, platform).map(Some);
        }
        find_app(&self.secret_places(), &account.env_file.value, platform)
    }

    /// An app that is to be added, or to get another id. Refuses a name that another platform's app has, and one whose secret
    /// would share another app's variable.
    pub fn app_to_add(&self, name: &str, table: &dyn TableLike) -> Result<AppSettings, ConfigError> {
        let app = AppSettings::of(name, table)?;
        let next = || Step::everlit("app list").with_note("choose another name");
        match self.settings.apps.iter().find(|known| known.variable() == app.variable()) {
            Some(known) if known.name != app.name => {
                let message = format!("{name} and the existing {} are too similar", known.name);
                Err(ConfigError::new(message, next()))
            }
            Some(known) if known.platform != app.platform => {
                let message = format!("{name} already exists, of {}; nothing was changed", known.platform.as_str());
                Err(ConfigError::new(message, next()))
            }
            _ => Ok(app),
        }
    }

    /// Refuses the name of an app that the settings do not have, or that issues no tokens of this platform.
    pub fn check_app(&self, name: Option<&str>, platform: Option<Platform>) -> Result<(), ConfigError> {
        let Some(name) = name else { return Ok(()) };
        let message = match self.settings.apps.iter().find(|app| app.name == name) {
            None => format!("no app is called {}; nothing was changed", redact(name)),
            Some(app) if platform.is_some_and(|platform| platform != app.platform) => {
                format!("{name} is an app of {}, and the token is not; nothing was changed", app.platform.as_str())
            }
            Some(_) => return Ok(()),
        };
        Err(ConfigError::new(message, Step::everlit("app list")))
    }

    /// The accounts of the vault that name an app, by its name.
    pub fn accounts_by_app(&self) -> Result<BTreeMap<String, Vec<AccountName>>, ConfigError> {
        let vault = self.vault().ok_or_else(no_vault)?;
        let mut accounts = BTreeMap::<String, Vec<AccountName>>::new();
        let each = |account: Result<everlit_vault::Account, VaultError>| {
            if let Ok(everlit_vault::Account { name, app: Some(app), .. }) = account {
                accounts.entry(app).or_default().push(name);
            }
        };
        self.wait_for_vault(vault.for_each(each))?;
        Ok(accounts)
    }

    /// The apps with which the accounts' Facebook tokens are extended, each looked up when its account needs it.
    pub(crate) fn apps(&self) -> Arc<dyn Apps> {
        let accounts = self.settings.accounts.iter();
        Arc::new(FacebookApps {
            environment: self.environment.clone(),
            disk: Arc::clone(&self.disk),
            folder: self.settings.folder.clone(),
            env_files: accounts.map(|account| (account.name.clone(), account.env_file.value.clone())).collect(),
            named: self.settings.apps.clone(),
            shared: self.shared(),
        })
    }
}

#[derive(Debug)]
struct FacebookApps {
    environment: Environment,
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    env_files: HashMap<AccountName, PathBuf>,
    named: Vec<AppSettings>,
    shared: Arc<SharedSettings>,
}

impl Apps for FacebookApps {
    fn app(&self, account: &AccountName, name: Option<&str>) -> Result<Option<App>, String> {
        let places = SecretPlaces {
            environment: &self.environment,
            disk: &*self.disk,
            folder: &self.folder,
            shared: Arc::clone(&self.shared),
        };
        let app = match (name, self.env_files.get(account)) {
            (Some(name), _) => named_app(&self.named, &places, name, Platform::Facebook).map(Some),
            (None, Some(env_file)) => find_app(&places, env_file, Platform::Facebook),
            (None, None) => return Ok(None),
        };
        app.map(|app| app.map(|app| app.value)).map_err(|error| error.message)
    }
}

/// The app of this name, which an account needs.
fn named_app(
    apps: &[AppSettings],
    places: &SecretPlaces<'_>,
    name: &str,
    platform: Platform,
) -> Result<Setting<App>, ConfigError> {
    let Some(app) = apps.iter().find(|app| app.name == name) else {
        let message = format!("the account's tokens come from the app {name}, and no app is called that");
        let add = ["app", "add", name, "--platform", platform.as_str(), "--id", "NUMBER"];
        return Err(ConfigError::new(message, Step::everlit_args(add)));
    };
    if app.platform != platform {
        let (theirs, ours) = (app.platform.as_str(), platform.as_str());
        let message = format!("the account's tokens come from the app {name}, which is of {theirs}, not of {ours}");
        return Err(ConfigError::new(message, Step::everlit("app list")));
    }
    app.with_secret(places)?.ok_or_else(|| {
        let message = format!("the secret of the app {name} is not set: {}", app.variable());
        let add = ["app", "add", name, "--platform", platform.as_str(), "--id", &app.id];
        ConfigError::new(message, Step::everlit_args(add).with_note("and give it the secret"))
    })
}

/// The pair of the first place that has both. Where none has, half a pair is an error: halves of two places may be of two
/// apps.
fn find_app(
    places: &SecretPlaces<'_>,
    env_file: &Path,
    platform: Platform,
) -> Result<Option<Setting<App>>, ConfigError> {
    let (id_name, secret_name) = app_variables(platform);
    let in_env_file = |name| {
        let value = places.in_file(env_file, name)?;
        Ok::<_, ConfigError>(value.map(|value| Setting { value, origin: Origin::EnvFile }))
    };
    let of_account = || Ok((in_env_file(id_name)?, in_env_file(secret_name)?));
    let in_environment = || Ok((places.in_environment(id_name)?, places.in_environment(secret_name)?));
    let of_project = || Ok((places.in_secrets_file(id_name)?, places.in_secrets_file(secret_name)?));
    let mut half = None;
    let lookups: [(String, &dyn Fn() -> Result<_, ConfigError>); 3] = [
        (env_file.display().to_string(), &of_account),
        ("the environment".to_owned(), &in_environment),
        (SECRETS_FILE.to_owned(), &of_project),
    ];
    for (place, look) in lookups {
        match look()? {
            (Some(id), Some(secret)) => {
                let app = App { id: id.value.trim().to_owned(), secret: Secret::new(secret.value.trim()) };
                check(&app, (id_name, secret_name), &place)?;
                return Ok(Some(Setting { value: app, origin: secret.origin }));
            }
            (Some(_), None) => half = half.or(Some((id_name, secret_name, place))),
            (None, Some(_)) => half = half.or(Some((secret_name, id_name, place))),
            (None, None) => {}
        }
    }
    let Some((set, missing, place)) = half else { return Ok(None) };
    let next = Step::note(format!("set {missing} in {place} as well, or remove {set} from it"));
    Err(ConfigError::new(format!("{set} is set in {place} but {missing} is not; both are needed"), next))
}
