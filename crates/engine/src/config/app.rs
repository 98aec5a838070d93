//! A Meta app with a name, `[app.NAME]`, and what an id and a secret look like.

use std::collections::HashMap;

use everlit_keeper::Step;
use everlit_meta_api::{App, Platform, Secret, redact};
use everlit_options::variable_part;
use toml_edit::{DocumentMut, Item, TableLike};

use super::file::{check_names, invalid, text};
use super::notify::is_notifier_name;
use super::problem::{ConfigProblem, or_default};
use super::secret_places::SecretPlaces;
use super::setting::Setting;
use crate::ConfigError;

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
        let mut variables = HashMap::new();
        let mut one = |(name, item): (&str, &Item)| {
            let table =
                item.as_table_like().ok_or_else(|| invalid(&format!("`app.{}` must be a table", redact(name))))?;
            let app = Self::of(name, table)?;
            match variables.insert(variable_part(name), name.to_owned()) {
                // `a-b` and `a_b` are two names, but their secrets would share one variable.
                Some(other) => Err(invalid(&format!("`{other}` and `{name}` in [app] are too similar"))),
                None => Ok(app),
            }
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
        let id = id.filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()));
        let id = id.ok_or_else(|| {
            invalid(&format!("`{prefix}id` must be the number that the App Dashboard shows as the app's id"))
        })?;
        Ok(Self { name: name.to_owned(), platform, id })
    }

    /// The variable that holds its secret, such as `EVERLIT_APP_AGENCY_SECRET`.
    pub fn variable(&self) -> String {
        app_secret_variable(&self.name)
    }

    /// Checks that this may be its secret.
    pub fn check_secret(&self, secret: &Secret) -> Result<(), ConfigError> {
        let app = App { id: self.id.clone(), secret: secret.clone() };
        check(&app, (&format!("app.{}.id", self.name), &self.variable()), "the settings")
    }

    /// The app with its secret; `None` if that is not set.
    pub(crate) fn with_secret(&self, places: &SecretPlaces<'_>) -> Result<Option<Setting<App>>, ConfigError> {
        let Some(Setting { value, origin }) = places.secret(&self.variable())? else { return Ok(None) };
        let app = App { id: self.id.clone(), secret: Secret::new(value.trim()) };
        self.check_secret(&app.secret)?;
        Ok(Some(Setting { value: app, origin }))
    }
}

/// The variable that holds the secret of the app with this name.
pub fn app_secret_variable(name: &str) -> String {
    format!("EVERLIT_APP_{}_SECRET", variable_part(name))
}

/// An id is a number and a secret 32 hexadecimal digits; people mix them up, and leave a template's values in place.
pub(crate) fn check(app: &App, (id_name, secret_name): (&str, &str), place: &str) -> Result<(), ConfigError> {
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_secret = |text: &str| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let secret = app.secret.expose();
    let template = |name: &str| format!("{name} in {place} is a template's placeholder, not a value of your app");
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
