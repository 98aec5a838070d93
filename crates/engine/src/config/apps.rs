//! The Meta app of an account: its id and its secret.
//!
//! Accounts of a project have one app, in the environment or beside their token. Those of a vault may have apps with names,
//! `[app.NAME]`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use everlit_disk::Disk;
use everlit_host::Environment;
use everlit_keeper::{AccountName, Apps, Step};
use everlit_meta_api::{App, Platform, Secret, redact};
use everlit_options::variable_part;
use toml_edit::{DocumentMut, Item, TableLike};

use super::accounts::Account;
use super::file::{check_names, invalid, text};
use super::notify::is_notifier_name;
use super::problem::{ConfigProblem, or_default};
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

/// An app with a name: `[app.NAME]`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AppSettings {
    /// Its name.
    pub name: String,
    /// The platform of its id and secret.
    pub platform: Platform,
    /// Its id, a number.
    pub id: String,
}

impl AppSettings {
    /// The apps. A table that is wrong is left out, and is a problem of the run.
    pub(crate) fn read(file: &DocumentMut, problems: &mut Vec<ConfigProblem>) -> Vec<Self> {
        let Some(item) = file.get("app") else { return Vec::new() };
        let Some(tables) = item.as_table_like() else {
            problems.push(ConfigProblem::of_run(invalid("`app` must consist of tables such as [app.agency]")));
            return Vec::new();
        };
        let one = |(name, item): (&str, &Item)| {
            let table =
                item.as_table_like().ok_or_else(|| invalid(&format!("`app.{}` must be a table", redact(name))))?;
            Self::of(name, table)
        };
        tables.iter().filter_map(|table| or_default(one(table).map(Some), problems)).collect()
    }

    /// The app of one table.
    pub fn of(name: &str, table: &dyn TableLike) -> Result<Self, ConfigError> {
        if !is_notifier_name(name) {
            return Err(invalid("a name in [app] has at most 40 letters, digits, `-` and `_`"));
        }
        let prefix = format!("app.{name}.");
        check_names(table, &["platform", "id"], &prefix)?;
        let word = text(table, &prefix, "platform")?.unwrap_or_default();
        let platform = Platform::ALL.into_iter().find(|platform| platform.as_str() == word);
        let platform = platform.ok_or_else(|| {
            let words = Platform::ALL.map(Platform::as_str);
            invalid(&format!("`{prefix}platform` must be one of {}", words.join(", ")))
        })?;
        let number = table.get("id").and_then(Item::as_integer).map(|number| number.to_string());
        let id = number.map_or_else(|| text(table, &prefix, "id"), |number| Ok(Some(number)))?;
        let id = id.filter(|id| id.bytes().all(|b| b.is_ascii_digit()));
        let id = id.ok_or_else(|| invalid(&format!("`{prefix}id` must be the app's id, which consists of digits")))?;
        Ok(Self { name: name.to_owned(), platform, id })
    }

    /// The variable that holds its secret, such as `EVERLIT_APP_AGENCY_SECRET`.
    pub fn variable(&self) -> String {
        app_secret_variable(&self.name)
    }

    /// The app with its secret; `None` if that is not set.
    fn with_secret(&self, places: SecretPlaces<'_>) -> Result<Option<Setting<App>>, ConfigError> {
        let Some(Setting { value, origin }) = places.secret(&self.variable())? else { return Ok(None) };
        let app = App { id: self.id.clone(), secret: Secret::new(value.trim()) };
        Ok(Some(Setting { value: app, origin }))
    }
}

/// The variable that holds the secret of the app with this name.
pub fn app_secret_variable(name: &str) -> String {
    format!("EVERLIT_APP_{}_SECRET", variable_part(name))
}

impl Project<'_> {
    /// The app with which this account's tokens of a platform are exchanged, if its id and secret are set: the one that the
    /// vault names for the account, else that of the account's env file, of the environment, or of [`SECRETS_FILE`]. Both come
    /// from the same place.
    pub fn app(&self, account: &Account, platform: Platform) -> Result<Option<Setting<App>>, ConfigError> {
        if let Some(vault) = self.vault()
            && let Some(name) = self.wait_for_vault(vault.account(&account.name))?.app
        {
            return named_app(&self.settings.apps, self.secret_places(), &name, platform).map(Some);
        }
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
            named: self.settings.apps.clone(),
            shared: self.shared.secrets.clone(),
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
    /// The secrets in the vault.
    shared: Secret,
}

impl Apps for FacebookApps {
    fn app(&self, account: &AccountName, name: Option<&str>) -> Result<Option<App>, String> {
        let places = SecretPlaces {
            environment: &self.environment,
            disk: &*self.disk,
            folder: &self.folder,
            shared: self.shared.expose(),
        };
        let app = match (name, self.env_files.get(account)) {
            (Some(name), _) => named_app(&self.named, places, name, Platform::Facebook).map(Some),
            (None, Some(env_file)) => find_app(places, env_file, Platform::Facebook),
            (None, None) => return Ok(None),
        };
        app.map(|app| app.map(|app| app.value)).map_err(|error| error.message)
    }
}

/// The app of this name, which an account needs.
fn named_app(
    apps: &[AppSettings],
    places: SecretPlaces<'_>,
    name: &str,
    platform: Platform,
) -> Result<Setting<App>, ConfigError> {
    let Some(app) = apps.iter().find(|app| app.name == name) else {
        let message = format!("the account's tokens come from the app {name}, and no app is called that");
        return Err(ConfigError::new(message, Step::everlit_args(["app", "add", name])));
    };
    if app.platform != platform {
        let (theirs, ours) = (app.platform.as_str(), platform.as_str());
        let message = format!("the account's tokens come from the app {name}, which is of {theirs}, not of {ours}");
        return Err(ConfigError::new(message, Step::everlit("app list")));
    }
    app.with_secret(places)?.ok_or_else(|| {
        let message = format!("the secret of the app {name} is not set: {}", app.variable());
        ConfigError::new(message, Step::everlit_args(["app", "add", name]))
    })
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
