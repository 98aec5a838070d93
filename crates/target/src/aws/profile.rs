//! Profiles: the sections of `~/.aws/credentials` and `~/.aws/config`.
//!
//! <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use everlit_disk::uninterrupted;

use crate::error::Error;
use crate::setup::Setup;

/// One profile, with the settings of both files.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(crate) name: String,
    settings: BTreeMap<String, String>,
}

impl Profile {
    /// The profile that the option `profile` or `AWS_PROFILE` names, or else the one called `default`, which need not exist.
    pub(crate) fn read(setup: &Setup<'_>) -> Result<Self, Error> {
        let named = setup.options.text("profile").or_else(|| setup.environment.variable("AWS_PROFILE"));
        let name = named.unwrap_or("default");
        let config_file = file(setup, "AWS_CONFIG_FILE", "config");
        let credentials_file = file(setup, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
        let config = section(&text(setup, &config_file)?, |title| {
            name == "default" && title == name || title.strip_prefix("profile ").map(unquoted) == Some(name)
        });
        let credentials = section(&text(setup, &credentials_file)?, |title| unquoted(title) == name);
        if named.is_some() && config.is_none() && credentials.is_none() {
            let (config, credentials) = (config_file.display(), credentials_file.display());
            let message = format!(
                "the AWS profile {name} is neither in {credentials} nor in {config}, as far as they can be read"
            );
            return Err(Error::Credentials(message));
        }
        // Where both files have a setting, that of the credentials counts.
        let mut settings = config.unwrap_or_default();
        settings.extend(credentials.unwrap_or_default());
        Ok(Self { name: name.to_owned(), settings })
    }

    /// A setting; an empty one counts as not set.
    pub(crate) fn setting(&self, key: &str) -> Option<&str> {
        self.settings.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// The file that a variable names, or else one in `.aws` in the home folder.
fn file(setup: &Setup<'_>, variable: &str, usual: &str) -> PathBuf {
    let home = setup.environment.variable("HOME").or_else(|| setup.environment.variable("USERPROFILE"));
    let home = Path::new(home.unwrap_or("/"));
    let named = setup.environment.variable(variable).map(|path| match path.strip_prefix("~/") {
        Some(rest) => home.join(rest),
        None => setup.environment.folder.join(path),
    });
    named.unwrap_or_else(|| home.join(".aws").join(usual))
}

/// A file that does not exist, or belongs to somebody else, is empty: keys may come from elsewhere.
fn text(setup: &Setup<'_>, path: &Path) -> Result<String, Error> {
    use io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
    const LARGEST: usize = 1 << 20;
    let unusable = |why: &str| Err(Error::Credentials(format!("{} cannot be read: {why}", path.display())));
    match uninterrupted(|| setup.disk.read(path, LARGEST)) {
        Ok(content) => String::from_utf8(content).or_else(|_| unusable("it is not UTF-8")),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory | PermissionDenied) => Ok(String::new()),
        Err(error) => unusable(&error.to_string()),
    }
}

/// The settings of the sections with a title that is meant; `None` if there is none.
fn section(text: &str, is_meant: impl Fn(&str) -> bool) -> Option<BTreeMap<String, String>> {
    let (mut found, mut is_inside) = (None, false);
    for line in text.trim_start_matches('\u{feff}').lines() {
        if let Some(title) = line.trim().strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            is_inside = is_meant(title.trim());
            if is_inside {
                found.get_or_insert_with(BTreeMap::new);
            }
        // Indented lines belong to a nested setting, such as those of S3.
        } else if is_inside
            && !line.starts_with([' ', '\t', '#', ';'])
            && let Some((key, value)) = line.split_once('=')
        {
            found.get_or_insert_default().insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    found
}

fn unquoted(title: &str) -> &str {
    title.trim().trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_read_as_awss_tools_read_them() {
        let text = "# mine\n[default]\nregion=eu-west-1\n[profile \"site\"]\nAWS_Access_Key_Id = AKIAFAKE\n; no\ns3 =\n  region = x\n\
                    aws_secret_access_key = a=b # c\r\n[profile other]\nregion = us-east-1\n";
        let of = |wanted: &str| section(text, |title| title.strip_prefix("profile ").map(unquoted) == Some(wanted));
        let site = of("site").unwrap();
        let expected = [("aws_access_key_id", "AKIAFAKE"), ("aws_secret_access_key", "a=b # c"), ("s3", "")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()));
        assert_eq!(site, BTreeMap::from(expected));
        assert_eq!(of("other").unwrap()["region"], "us-east-1");
        assert!(of("third").is_none());
    }
}
