//! Describes the settings of a kind of notifier or target as data: whoever reads settings, asks for them or documents them
//! needs no code for any single kind.

use std::collections::BTreeMap;

/// A setting that is not secret.
#[derive(Debug)]
pub struct OptionSpec {
    /// Its name in `everlit.toml`.
    pub key: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// Whether it must be set.
    pub is_required: bool,
}

/// What the value of an option looks like.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shape {
    /// A string.
    Text,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// A list of strings; a single one may stand for itself.
    List,
    /// A program and its arguments, always a list.
    Command,
}

/// The options of one notifier or target, by key.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Options(BTreeMap<&'static str, Vec<String>>);

impl Options {
    /// Sets an option. No values unset it.
    pub fn set(&mut self, key: &'static str, values: Vec<String>) {
        self.0.insert(key, values);
        self.0.retain(|_, values| !values.is_empty());
    }

    /// The value of an option, or the first of several.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.list(key).first().map(String::as_str)
    }

    /// All values of an option.
    pub fn list(&self, key: &str) -> &[String] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }
}

/// A name as variables contain it: `on-call` becomes `ON_CALL`.
pub fn variable_part(name: &str) -> String {
    name.to_ascii_uppercase().replace('-', "_")
}
