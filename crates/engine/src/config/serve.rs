//! The settings of the service: the table `[serve]`.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use everlit_keeper::Step;
use toml_edit::{Item, TableLike};

use super::file::{check_names, invalid};
use super::problem::ConfigProblem;
use super::setting::{Origin, Setting};
use super::sources::Sources;
use crate::ConfigError;

/// Settings of the service that come by flag.
#[derive(Clone, Debug, Default)]
pub struct ServeOverrides {
    /// Where it listens.
    pub listen: Option<SocketAddr>,
    /// How many accounts it works on at once.
    pub concurrency: Option<u32>,
    /// How it logs.
    pub log_format: Option<LogFormat>,
}

/// The settings of the service.
#[derive(Clone, Debug)]
pub struct ServeSettings {
    /// Where it answers about its health and metrics.
    pub listen: Setting<SocketAddr>,
    /// How many accounts it works on at once.
    pub concurrency: Setting<u32>,
    /// How it logs; `None` to decide by where the log goes.
    pub log_format: Option<Setting<LogFormat>>,
}

/// How a log is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// A JSON object on each line.
    Json,
}

/// The table in [`CONFIG_FILE`](super::file::CONFIG_FILE).
const TABLE: &str = "serve";

/// The port of the service, beside the sandbox's 4010.
const PORT: u16 = 4011;

/// Enough that slow replies overlap: at half a second each, 128 accounts a second.
const CONCURRENCY: u32 = 64;

/// Each account in flight may need a connection.
const MOST_CONCURRENT: u32 = 1024;

impl ServeSettings {
    pub(crate) fn read(sources: &Sources<'_>, flags: &ServeOverrides) -> Result<Self, ConfigError> {
        let table = table(sources)?;
        if let Some(table) = table {
            check_names(table, &["listen", "concurrency", "log_format", "spill"], "serve.")?;
        }
        let text = |flag: Option<(&'static str, String)>, variable, key| find(sources, table, flag, variable, key);
        let listen = flags.listen.map(|address| ("--listen", address.to_string()));
        let listen = match text(listen, "EVERLIT_LISTEN", "listen")? {
            Some(setting) => {
                parsed("listen", &setting, |value| value.parse().ok(), "an address and a port, such as 127.0.0.1:4011")?
            }
            None => Setting::default((Ipv4Addr::LOCALHOST, PORT).into()),
        };
        let concurrency = flags.concurrency.map(|number| ("--concurrency", number.to_string()));
        let concurrency = match text(concurrency, "EVERLIT_CONCURRENCY", "concurrency")? {
            Some(setting) => {
                let number = |value: &str| value.parse().ok().filter(|number| (1..=MOST_CONCURRENT).contains(number));
                parsed("concurrency", &setting, number, &format!("a number from 1 to {MOST_CONCURRENT}"))?
            }
            None => Setting::default(CONCURRENCY),
        };
        let log_format = flags.log_format.map(|format| ("--log-format", format.name().to_owned()));
        let log_format = text(log_format, "EVERLIT_LOG_FORMAT", "log_format")?;
        let formatted = |setting| parsed("log_format", &setting, LogFormat::of, "text or json");
        let log_format = log_format.map(formatted).transpose()?;
        Ok(Self { listen, concurrency, log_format })
    }

    /// What is wrong with them, and with the folder of the spill.
    pub(crate) fn problem(sources: &Sources<'_>) -> Option<ConfigProblem> {
        let read = Self::read(sources, &ServeOverrides::default()).and_then(|_| spill_folder(sources));
        read.err().map(ConfigProblem::of_run)
    }
}

/// Where tokens wait that a vault's database cannot take; `None` if nobody has said.
pub(crate) fn spill_folder(sources: &Sources<'_>) -> Result<Option<PathBuf>, ConfigError> {
    let setting = find(sources, table(sources)?, None, "EVERLIT_SPILL", "spill")?;
    Ok(setting.map(|setting| sources.folder.join(setting.value)))
}

fn table<'s>(sources: &'s Sources<'_>) -> Result<Option<&'s dyn TableLike>, ConfigError> {
    let Some(item) = sources.file.get(TABLE).filter(|item| !item.is_none()) else { return Ok(None) };
    let table = item.as_table_like().ok_or_else(|| invalid(&format!("`{TABLE}` must be a table")))?;
    Ok(Some(table))
}

/// A value as text: flag over environment over file.
fn find(
    sources: &Sources<'_>,
    table: Option<&dyn TableLike>,
    flag: Option<(&'static str, String)>,
    variable: &'static str,
    key: &str,
) -> Result<Option<Setting<String>>, ConfigError> {
    if let Some((name, value)) = flag {
        return Ok(Some(Setting::flag(name, value)));
    }
    if let Some(setting) = sources.variable(variable) {
        return Ok(Some(setting));
    }
    let Some(item) = table.and_then(|table| table.get(key)) else { return Ok(None) };
    let value = item.as_str().map(str::to_owned).or_else(|| item.as_integer().map(|number| number.to_string()));
    let value = value.filter(|value| !value.trim().is_empty());
    let value = value.ok_or_else(|| invalid(&format!("`{TABLE}.{key}` must be {}", if_set(item))))?;
    Ok(Some(Setting { value, origin: Origin::File }))
}

fn if_set(item: &Item) -> &'static str {
    if item.is_str() { "a string that is not empty" } else { "a string or a number" }
}

fn parsed<T>(
    key: &str,
    setting: &Setting<String>,
    parse: impl FnOnce(&str) -> Option<T>,
    expected: &str,
) -> Result<Setting<T>, ConfigError> {
    let value = parse(setting.value.trim()).ok_or_else(|| {
        let name = match &setting.origin {
            Origin::File => format!("`{TABLE}.{key}`"),
            origin => origin.to_string(),
        };
        let message = format!("{name} must be {expected}, not `{}`", everlit_meta_api::redact(&setting.value));
        ConfigError::new(message, Step::everlit("doctor").with_note("once that is corrected"))
    })?;
    Ok(Setting { value, origin: setting.origin.clone() })
}

impl LogFormat {
    /// Its name in settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }

    fn of(name: &str) -> Option<Self> {
        [Self::Text, Self::Json].into_iter().find(|format| format.name() == name)
    }
}
