//! Environment variables and the working folder, handed on as an argument so that tests bring their own.
#![allow(clippy::disallowed_methods, reason = "this is where the real environment is read")]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Environment variables and the working folder.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    /// The folder that relative paths start from.
    pub folder: PathBuf,
}

impl Environment {
    /// The real ones. Variables that are not UTF-8 are left out.
    pub fn of_this_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((one_case(name.to_str()?).into_owned(), value.into_string().ok()?))
        };
        Self {
            variables: std::env::vars_os().filter_map(text).collect(),
            folder: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
        }
    }

    /// A folder and no variables.
    pub fn empty(folder: PathBuf) -> Self {
        Self { variables: BTreeMap::new(), folder }
    }

    /// These variables and no others, for tests and for children with an environment of their own.
    pub fn of(folder: PathBuf, variables: &[(&str, &str)]) -> Self {
        let own = |(name, value): &(&str, &str)| (one_case(name).into_owned(), (*value).to_owned());
        let variables = variables.iter().map(own).collect();
        Self { variables, folder }
    }

    /// The names of all variables.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }

    /// A variable's value; an empty one counts as not set.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(&*one_case(name)).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The variables among `names` that are set, with their values.
    pub fn some(&self, names: impl IntoIterator<Item = &'static str>) -> impl Iterator<Item = (&str, &str)> {
        names.into_iter().filter_map(|name| Some((name, self.variable(name)?)))
    }
}

/// Windows treats `Path` and `PATH` as one name.
fn one_case(name: &str) -> Cow<'_, str> {
    if cfg!(windows) { name.to_ascii_uppercase().into() } else { name.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_found_as_the_system_would_find_it() {
        let environment = Environment::of(PathBuf::new(), &[("Path", "here"), ("Empty", "")]);
        assert_eq!(environment.variable("Path"), Some("here"));
        assert_eq!(environment.variable("PATH"), cfg!(windows).then_some("here"));
        assert_eq!(environment.variable("Empty"), None);
    }
}
