//! Numeric settings: the refresh threshold and the timeout.

use std::ops::RangeInclusive;

use everlit_keeper::Step;

use super::file::{CONFIG_FILE, invalid};
use super::problem::ConfigProblem;
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
    default: u32,
}

/// Meta does not refresh a token under a day old, so with 59 days or more every run would ask in vain.
pub(crate) const THRESHOLD: Number = Number {
    name: "threshold",
    unit: "days",
    range: 1..=58,
    flag: "--threshold-days",
    variable: "EVERLIT_THRESHOLD_DAYS",
    key: Some("threshold_days"),
    default: 30,
};

/// A token can be revoked at any time; one that nobody has verified for a month is not known to work.
pub(crate) const VERIFY_EVERY: Number = Number {
    name: "verification interval",
    unit: "days",
    range: 1..=30,
    flag: "",
    variable: "EVERLIT_VERIFY_EVERY_DAYS",
    key: Some("verify_every_days"),
    default: 7,
};

/// How long one call to Meta may take.
pub(crate) const TIMEOUT: Number = Number {
    name: "timeout",
    unit: "seconds",
    range: 1..=300,
    flag: "--timeout",
    variable: "EVERLIT_TIMEOUT_SECONDS",
    key: None,
    default: 30,
};

impl Number {
    /// The value that counts; the default in place of a wrong one, which is a problem of the run. A wrong flag is an error:
    /// whoever has typed it is there.
    pub(crate) fn read(
        &self,
        sources: &Sources<'_>,
        flag: Option<u32>,
        problems: &mut Vec<ConfigProblem>,
    ) -> Result<Setting<u32>, ConfigError> {
        self.check(sources, flag).or_else(|error| {
            if flag.is_some() {
                return Err(error);
            }
            let message = format!("{}; using {} {}", error.message, self.default, self.unit);
            problems.push(ConfigProblem::of_run(ConfigError { message, ..error }));
            Ok(Setting::default(self.default))
        })
    }

    fn check(&self, sources: &Sources<'_>, flag: Option<u32>) -> Result<Setting<u32>, ConfigError> {
        let setting = self.find(sources, flag)?;
        if self.range.contains(&setting.value) {
            return Ok(setting);
        }
        let (Self { name, unit, range, .. }, Setting { value, origin }) = (self, &setting);
        let message = format!("the {name} must be {} to {} {unit}, not {value} ({origin})", range.start(), range.end());
        Err(ConfigError::new(message, self.correct(origin)))
    }

    fn find(&self, sources: &Sources<'_>, flag: Option<u32>) -> Result<Setting<u32>, ConfigError> {
        if let Some(value) = flag {
            return Ok(Setting::flag(self.flag, value));
        }
        if let Some(Setting { value, origin }) = sources.variable(self.variable) {
            let value = value.trim().parse().map_err(|_| {
                let message = format!("{} is not a number of {}", self.variable, self.unit);
                ConfigError::new(message, self.correct(&origin))
            })?;
            return Ok(Setting { value, origin });
        }
        let Some((key, item)) = self.key.and_then(|key| Some((key, sources.file.get(key)?))) else {
            return Ok(Setting::default(self.default));
        };
        let value = item.as_integer().and_then(|number| u32::try_from(number).ok());
        let value = value.ok_or_else(|| invalid(&format!("{key} must be a number of {}", self.unit)))?;
        Ok(Setting { value, origin: Origin::File })
    }

    /// How to correct it where it came from.
    fn correct(&self, origin: &Origin) -> Step {
        let Self { name, default, .. } = self;
        match origin {
            Origin::Flag(flag) => Step::note(format!("run it again with {flag} {default}, or without it")),
            Origin::Environment(variable) => Step::note(format!("set {variable} to {default}, or unset it")),
            _ => Step::everlit("doctor").with_note(format!("once the {name} in {CONFIG_FILE} is, say, {default}")),
        }
    }
}
