//! The env files in a folder, and the tokens in them.

use std::collections::HashSet;
use std::path::Path;
use std::{io, iter};

use everlit_disk::Disk;
use everlit_envfile::EnvFile;
use everlit_meta_api::{Token, TokenKind};
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
    env_file_content(path, disk).unwrap_or_default()
}

/// The content of an env file; empty if there is none.
///
/// # Errors
/// The file is there and cannot be read.
pub fn env_file_content(path: &Path, disk: &dyn Disk) -> io::Result<Vec<u8>> {
    const LARGEST: usize = 16 << 20;
    match disk.read(path, LARGEST) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read,
    }
}

/// A token in an env file.
#[derive(Clone, Debug)]
pub struct TokenInFile {
    /// The env file, as seen from the folder.
    pub file: String,
    /// The key that holds the token.
    pub key: String,
    /// The token.
    pub token: Token,
}

/// The tokens in these env files of a folder: those under the usual keys, then those under any other key whose value
/// begins as Meta's tokens do.
pub fn find_tokens(folder: &Path, disk: &dyn Disk, files: impl IntoIterator<Item = String>) -> Vec<TokenInFile> {
    let mut found = Vec::new();
    for file in files {
        let bytes = read_env_file(&folder.join(&file), disk);
        let env = EnvFile::parse(&bytes);
        let usual = iter::once(DEFAULT_KEY).chain(WELL_KNOWN_KEYS);
        let mut seen = HashSet::new();
        for key in usual.chain(env.keys()).filter(|key| seen.insert(*key)) {
            let Ok(Some(value)) = env.value(key) else { continue };
            let Ok(token) = Token::parse(&String::from_utf8_lossy(&value)) else { continue };
            if token.kind() != TokenKind::Unknown || key == DEFAULT_KEY || WELL_KNOWN_KEYS.contains(&key) {
                found.push(TokenInFile { file: file.clone(), key: key.to_owned(), token });
            }
        }
    }
    found
}

/// The prefix of a key that bundlers compile into public pages: Next.js, Vite, `SvelteKit` and Astro, Create React App,
/// Vue CLI, Gatsby, Nuxt, Expo.
pub fn public_prefix(key: &str) -> Option<&'static str> {
    const PUBLIC: [&str; 8] =
        ["NEXT_PUBLIC_", "VITE_", "PUBLIC_", "REACT_APP_", "VUE_APP_", "GATSBY_", "NUXT_PUBLIC_", "EXPO_PUBLIC_"];
    PUBLIC.into_iter().find(|prefix| key.starts_with(prefix))
}
