//! The env files in a folder, and the tokens in them.

use std::collections::HashSet;
use std::iter;
use std::path::Path;

use everlit_disk::Disk;
use everlit_envfile::EnvFile;
use everlit_meta_api::Token;
use everlit_store::{DEFAULT_KEY, WELL_KNOWN_KEYS};

use super::accounts::Account;

/// The names of the env files in a folder, the most likely first, without templates and everlit's own files.
pub fn env_file_names(folder: &Path, disk: &dyn Disk) -> Vec<String> {
    const TEMPLATES: [&str; 6] = [".example", ".sample", ".template", ".dist", ".defaults", ".vault"];
    let is_env = |name: &str| {
        let is_named_so = name == ".env" || name.starts_with(".env.");
        is_named_so && !name.contains(".everlit") && !TEMPLATES.iter().any(|template| name.ends_with(template))
    };
    let names = disk.list(folder).unwrap_or_default().into_iter().filter_map(|name| name.into_string().ok());
    let mut names: Vec<String> = names.filter(|name| is_env(name)).collect();
    names.sort_by_key(|name| match name.as_str() {
        ".env.local" => 0,
        ".env" => 1,
        name if name.rsplit('.').next() == Some("local") => 2,
        _ => 3,
    });
    names
}

/// The same, and the env files of these accounts.
pub fn env_files_with<'a>(
    folder: &Path,
    disk: &dyn Disk,
    accounts: impl IntoIterator<Item = &'a Account>,
) -> Vec<String> {
    let own = accounts.into_iter().map(|account| account.env_file.value.to_string_lossy().into_owned());
    let mut files = env_file_names(folder, disk);
    files.extend(own);
    let mut seen = HashSet::new();
    files.retain(|file| seen.insert(file.clone()));
    files
}

/// The content of an env file; empty if it cannot be read.
pub fn read_env_file(path: &Path, disk: &dyn Disk) -> Vec<u8> {
    const LARGEST: usize = 16 << 20;
    disk.read(path, LARGEST).unwrap_or_default()
}

/// The first of the usual keys that holds a token, and the token.
pub fn find_token(bytes: &[u8]) -> Option<(&'static str, Token)> {
    let file = EnvFile::parse(bytes);
    iter::once(DEFAULT_KEY).chain(WELL_KNOWN_KEYS).find_map(|key| {
        let value = file.value(key).ok()??;
        Some((key, Token::parse(&String::from_utf8_lossy(&value)).ok()?))
    })
}
