//! The Meta app of an account: its id and its secret.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use everlit_disk::Disk;
use everlit_host::Environment;
use everlit_keeper::{AccountName, Apps, Step};
use everlit_meta_api::{App, Platform, Secret};

use super::accounts::Account;
use super::project::Project;
use super::secret_places::SecretPlaces;
use super::setting::{Origin, SECRETS_FILE, Setting};
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
    /// The app with which this account's tokens of a platform are exchanged, if its id and secret are set: in the account's
    /// env file, else in the environment, else in [`SECRETS_FILE`]. Both come from the same place.
    pub fn app(&self, account: &Account, platform: Platform) -> Result<Option<Setting<App>>, ConfigError> {
        find_app(self.secret_places(), &account.env_file.value, platform)
    }

    /// The apps with which the accounts' Facebook tokens are extended, each looked up when its account needs it.
    pub(crate) fn apps(&self) -> Arc<dyn Apps> {
        let accounts = self.settings.accounts.iter();
        Arc::new(FacebookApps {
            environment: self.environment.clone(),
            disk: Arc::clone(&self.disk),
            folder: self.settings.folder.clone(),
            env_files: accounts.map(|account| (account.name.clone(), account.env_file.value.clone())).collect(),
        })
    }
}

#[derive(Debug)]
struct FacebookApps {
    environment: Environment,
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    env_files: HashMap<AccountName, PathBuf>,
}

impl Apps for FacebookApps {
    fn app(&self, account: &AccountName) -> Result<Option<App>, String> {
        let Some(env_file) = self.env_files.get(account) else { return Ok(None) };
        let places = SecretPlaces { environment: &self.environment, disk: &*self.disk, folder: &self.folder };
        let app = find_app(places, env_file, Platform::Facebook).map_err(|error| error.message)?;
        Ok(app.map(|app| app.value))
    }
}

/// The pair of the first place that has both. Where none has, half a pair is an error: halves of two places may be of two
/// apps.
fn find_app(
    places: SecretPlaces<'_>,
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
                check(&app, platform, &place)?;
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

/// An id is a number and a secret 32 hexadecimal digits; people mix them up, and leave a template's values in place.
fn check(app: &App, platform: Platform, place: &str) -> Result<(), ConfigError> {
    let (id_name, secret_name) = app_variables(platform);
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_secret = |text: &str| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let secret = app.secret.expose();
    let template = |name| format!("{name} in {place} is a template's placeholder, not a value of your app");
    let message = if is_placeholder(&app.id) {
        template(id_name)
    } else if is_placeholder(secret) {
        template(secret_name)
    } else if is_secret(&app.id) {
        format!("{id_name} holds an app secret (32 hexadecimal digits); the id is the number above it in the dashboard")
    } else if !is_number(&app.id) {
        format!("{id_name} is not a number; an app id consists of digits only")
    } else if is_number(secret) && !is_secret(secret) {
        format!(
            "{secret_name} holds a number; the app secret is 32 hexadecimal digits, hidden behind Show in the dashboard"
        )
    } else {
        return Ok(());
    };
    let next = format!("set {id_name} and {secret_name} in {place} to what the App Dashboard shows");
    Err(ConfigError::new(message, Step::note(next)))
}

/// Whether this is a value that templates such as `.env.example` contain. No app id (digits) or secret (hexadecimal digits)
/// contains one of these.
fn is_placeholder(value: &str) -> bool {
    const SIGNS: [&str; 10] = ["your", "change", "replace", "example", "placeholder", "todo", "xxx", "...", "<", "***"];
    let value = value.to_ascii_lowercase();
    SIGNS.iter().any(|sign| value.contains(sign))
}
