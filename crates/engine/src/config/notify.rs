//! The notifiers of `everlit.toml`: `[notify.NAME]`, `[heartbeat.NAME]` and `metrics_file`. Their secrets stand elsewhere.

use std::collections::HashMap;
use std::path::PathBuf;

use everlit_notify::{KINDS, Kind, Options, SecretSpec, variable_part};
use toml_edit::{DocumentMut, Item, TableLike};

use super::file::{check_names, invalid, text};
use super::options::read_options;
use super::problem::{ConfigProblem, or_default};
use crate::ConfigError;

/// Who is notified, and which monitors expect a heartbeat.
#[derive(Clone, Debug, Default)]
pub struct NotifySettings {
    /// The channels through which people are notified.
    pub channels: Vec<NotifierSettings>,
    /// The monitors that expect a heartbeat after each pass.
    pub heartbeats: Vec<NotifierSettings>,
    /// Written after each pass, for Prometheus.
    pub metrics_file: Option<PathBuf>,
}

/// A channel or a monitor.
#[derive(Clone, Debug)]
pub struct NotifierSettings {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: &'static Kind,
    /// Its options.
    pub options: Options,
    /// Used only when another channel fails.
    pub is_fallback: bool,
}

impl NotifySettings {
    /// A table that is wrong is left out, and is a problem of the run; the other channels and monitors work.
    pub(crate) fn read(file: &DocumentMut, problems: &mut Vec<ConfigProblem>) -> Self {
        let mut variables = HashMap::new();
        Self {
            channels: section(file, "notify", &mut variables, problems),
            heartbeats: section(file, "heartbeat", &mut variables, problems),
            metrics_file: or_default(metrics_file(file), problems),
        }
    }

    /// Adds others.
    pub(crate) fn extend(&mut self, others: Self) {
        self.channels.extend(others.channels);
        self.heartbeats.extend(others.heartbeats);
    }

    /// The channels, then the monitors.
    pub fn all(&self) -> impl Iterator<Item = &NotifierSettings> {
        self.channels.iter().chain(&self.heartbeats)
    }

    /// The environment variables in which the secrets of these notifiers may stand.
    pub fn variables(&self) -> Vec<String> {
        let of = |notifier: &NotifierSettings| -> Vec<String> {
            notifier.kind.secrets.iter().map(|secret| notifier.variable(secret)).collect()
        };
        self.all().flat_map(of).collect()
    }
}

impl NotifierSettings {
    /// The environment variable of one of its secrets, such as `EVERLIT_NOTIFY_OPS_URL`.
    pub fn variable(&self, secret: &SecretSpec) -> String {
        self.kind.variable(&self.name, secret)
    }
}

/// Whether a channel or a monitor may have this name, which becomes part of a variable's name.
pub fn is_notifier_name(name: &str) -> bool {
    const LONGEST: usize = 40;
    (1..=LONGEST).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// Every variable that a secret of `name` can have, whatever its kind.
pub fn variables_of(name: &str) -> Vec<String> {
    let of = |kind: &'static Kind| kind.secrets.iter().map(move |secret| kind.variable(name, secret));
    let mut variables: Vec<String> = KINDS.iter().flat_map(of).collect();
    variables.sort_unstable();
    variables.dedup();
    variables
}

fn metrics_file(file: &DocumentMut) -> Result<Option<PathBuf>, ConfigError> {
    let Some(item) = file.get("metrics_file") else { return Ok(None) };
    // The whole file is overwritten, and the collector reads no other names: so no env file can be named by mistake.
    let path = item.as_str().map(PathBuf::from);
    let path = path.filter(|path| path.extension().is_some_and(|extension| extension == "prom"));
    path.map(Some).ok_or_else(|| invalid("`metrics_file` must be a path that ends in .prom"))
}

/// The notifiers of a section. `variables` holds the names of those before, by their part of a variable's name.
fn section(
    file: &DocumentMut,
    section: &'static str,
    variables: &mut HashMap<String, String>,
    problems: &mut Vec<ConfigProblem>,
) -> Vec<NotifierSettings> {
    let Some(item) = file.get(section) else { return Vec::new() };
    let Some(tables) = item.as_table_like() else {
        let error = invalid(&format!("`{section}` must consist of tables such as [{section}.ops]"));
        problems.push(ConfigProblem::of_run(error));
        return Vec::new();
    };
    let mut notifier = |(name, item): (&str, &Item)| {
        if !is_notifier_name(name) {
            return Err(invalid(&format!("a name in [{section}] has at most 40 letters, digits, `-` and `_`")));
        }
        let table = item.as_table_like().ok_or_else(|| invalid(&format!("`{section}.{name}` must be a table")))?;
        let notifier = notifier(section, name, table)?;
        // `a-b` and `a_b` are two names, but their secrets would share one variable.
        match variables.insert(variable_part(name), name.to_owned()) {
            Some(other) => Err(invalid(&format!("`{other}` and `{name}` in [notify] and [heartbeat] are too similar"))),
            None => Ok(notifier),
        }
    };
    tables.iter().filter_map(|table| or_default(notifier(table).map(Some), problems)).collect()
}

fn notifier(section: &str, name: &str, table: &dyn TableLike) -> Result<NotifierSettings, ConfigError> {
    let prefix = format!("{section}.{name}.");
    let known = || KINDS.iter().filter(|kind| kind.section() == section);
    let word = text(table, &prefix, "kind")?.unwrap_or_default();
    let kind = known().find(|kind| kind.name == word).ok_or_else(|| {
        let names: Vec<&str> = known().map(|kind| kind.name).collect();
        invalid(&format!("`{prefix}kind` must be one of {}", names.join(", ")))
    })?;
    let options = read_options(table, &prefix, kind.name, kind.options)?;
    let general: &[&str] = if kind.is_monitor() { &["kind"] } else { &["kind", "fallback"] };
    let known: Vec<&str> = general.iter().copied().chain(kind.options.iter().map(|option| option.key)).collect();
    check_names(table, &known, &prefix)?;
    let is_fallback = match table.get("fallback") {
        Some(item) => item.as_bool().ok_or_else(|| invalid(&format!("`{prefix}fallback` must be true or false")))?,
        None => false,
    };
    Ok(NotifierSettings { name: name.to_owned(), kind, options, is_fallback })
}
