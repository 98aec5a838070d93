//! The env files of a folder, and the tokens in them, as far as a first look can tell.

use std::path::Path;

use everlit_disk::Disk;
use everlit_envfile::EnvFile;
use everlit_meta_api::{Token, TokenKind};
use everlit_store::WELL_KNOWN_KEYS;

/// The key that is looked for first.
pub(crate) const DEFAULT_KEY: &str = "IG_ACCESS_TOKEN";

/// The names of the env files in a folder, the most likely first. Templates, and everlit's own files, are none.
pub(crate) fn names(folder: &Path, disk: &dyn Disk) -> Vec<String> {
    const TEMPLATES: [&str; 6] = [".example", ".sample", ".template", ".dist", ".defaults", ".vault"];
    let is_env = |name: &str| {
        let named_so = name == ".env" || name.starts_with(".env.");
        named_so && !name.contains(".everlit") && !TEMPLATES.iter().any(|template| name.ends_with(template))
    };
    let names = disk.list(folder).unwrap_or_default().into_iter().filter_map(|name| name.into_string().ok());
    let mut names: Vec<String> = names.filter(|name| is_env(name)).collect();
    let is_local = |name: &str| name.rsplit('.').next() == Some("local");
    let rank = |name: &str| match name {
        ".env.local" => 0,
        ".env" => 1,
        _ if is_local(name) => 2,
        _ => 3,
    };
    names.sort_by_key(|name| rank(name));
    names
}

/// An env file's bytes; nothing where there is none that can be read.
pub(crate) fn read(path: &Path, disk: &dyn Disk) -> Vec<u8> {
    const LARGEST: usize = 16 << 20;
    disk.read(path, LARGEST).unwrap_or_default()
}

/// The first of the names under which tokens are kept that holds one.
pub(crate) fn key_of_a_token(bytes: &[u8]) -> Option<(&'static str, Token)> {
    let file = EnvFile::parse(bytes);
    std::iter::once(DEFAULT_KEY).chain(WELL_KNOWN_KEYS).find_map(|key| {
        let value = file.value(key).ok()??;
        Some((key, Token::parse(&String::from_utf8_lossy(&value)).ok()?))
    })
}

/// `an Instagram token`
pub(crate) fn kind_in_words(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Instagram => "an Instagram token",
        TokenKind::InstagramBasicDisplay => "a token of Instagram Basic Display",
        TokenKind::Threads => "a Threads token",
        TokenKind::Facebook => "a Facebook token",
        TokenKind::Unknown => "a token of unknown kind",
    }
}
