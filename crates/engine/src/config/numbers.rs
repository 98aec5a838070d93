//! Numeric settings: the refresh threshold and the timeout.

use std::ops::RangeInclusive;

use everlit_keeper::Step;

use super::file::{CONFIG_FILE, invalid};
use super::setting::{Origin, Setting};
use super::sources::Sources;
use crate::ConfigError;

/// A numeric setting.
pub(crate) struct Number {
    /// Its name, for people.
    name: &'static str,
    unit: &'static str,
    range: RangeInclusive<u32>,
    flag: &'static str,
    variable: &'static str,
    /// Its key in [`CONFIG_FILE`], if it may stand there.
    key: Option<&'static str>,
}

/// Meta does not refresh a token under a day old, so with 59 days or more every run would ask in vain.
pub(crate) const THRESHOLD: Number = Number {
    name: "threshold",
    unit: "days",
    range: 1..=58,
    flag: "--threshold-days",
    variable: "EVERLIT_THRESHOLD_DAYS",
    key: Some("threshold_days"),
};

/// How long one call to Meta may take.
pub(crate) const TIMEOUT: Number = Number {
    name: "timeout",
    unit: "seconds",
    range: 1..=300,
    flag: "--timeout",
    variable: "EVERLIT_TIMEOUT_SECONDS",
    key: None,
};

/// The default of both.
const DEFAULT: u32 = 30;

impl Number {
    /// The value that counts.
    pub(crate) fn read(&self, sources: &Sources<'_>, flag: Option<u32>) -> Result<Setting<u32>, ConfigError> {
        let setting = self.find(sources, flag)?;
        if self.range.contains(&setting.value) {
            return Ok(setting);
        }
        let (Self { name, unit, range, .. }, Setting { value, origin }) = (self, &setting);
        let message = format!("the {name} must be {} to {} {unit}, not {value} ({origin})", range.start(), range.end());
        Err(ConfigError::new(message, correct(origin, name)))
    }

    fn find(&self, sources: &Sources<'_>, flag: Option<u32>) -> Result<Setting<u32>, ConfigError> {
        if let Some(value) = flag {
            return Ok(Setting::flag(self.flag, value));
        }
        if let Some(Setting { value, origin }) = sources.variable(self.variable) {
            let value = value.trim().parse().map_err(|_| {
                let message = format!("{} is not a number of {}", self.variable, self.unit);
                ConfigError::new(message, correct(&origin, self.name))
            })?;
            return Ok(Setting { value, origin });
        }
        let Some((key, item)) = self.key.and_then(|key| Some((key, sources.file.get(key)?))) else {
            return Ok(Setting::default(DEFAULT));
        };
        let value = item.as_integer().and_then(|number| u32::try_from(number).ok());
        let value = value.ok_or_else(|| invalid(&format!("{key} must be a number of {}", self.unit)))?;
        Ok(Setting { value, origin: Origin::File })
    }
}

/// How to correct a number where it came from.
fn correct(origin: &Origin, name: &str) -> Step {
    match origin {
        Origin::Flag(flag) => Step::note(format!("run it again with {flag} {DEFAULT}, or without it")),
        Origin::Environment(variable) => Step::note(format!("set {variable} to {DEFAULT}, or unset it")),
        _ => Step::everlit("doctor").with_note(format!("once the {name} in {CONFIG_FILE} is, say, {DEFAULT}")),
    }
}
