//! `.gitignore`: which lines keep tokens, and what is known about them, out of a repository.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::settings::Settings;
use super::vault::VaultSettings;

/// The files that hold tokens, or tell about them, relative to the project folder; those outside it are not its repository's
/// concern.
pub fn private_files(settings: &Settings, env_files: &[PathBuf]) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = env_files.to_vec();
    files.extend(settings.vault.iter().flat_map(VaultSettings::files));
    for account in settings.accounts.iter().filter(|_| settings.vault.is_none()) {
        // While it is replaced, a file with the new content lies beside an env file, and after a crash until the next run.
        let name = account.env_file.value.file_name().unwrap_or_default().to_string_lossy();
        let temporary = name.starts_with(".env").then(|| account.env_file.value.with_file_name(".env.everlit.local"));
        files.extend(temporary.into_iter().chain([account.metadata.value.clone()]));
    }
    let folder = &settings.folder;
    let relative = |path: PathBuf| path.strip_prefix(folder).map_or_else(|_| path.clone(), Path::to_owned);
    let is_inside =
        |path: &PathBuf| path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let mut files: Vec<PathBuf> = files.into_iter().map(relative).filter(is_inside).collect();
    files.sort();
    files.dedup();
    files
}

/// The lines that make git ignore these files, each once.
pub fn ignore_rules(files: &[&PathBuf]) -> Vec<String> {
    let rules: BTreeSet<String> = files.iter().map(|path| rule_for(path)).collect();
    rules.into_iter().collect()
}

/// `.env*.local` where that covers it, else the very file.
fn rule_for(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.starts_with(".env") && name.ends_with(".local") {
        return ".env*.local".to_owned();
    }
    let parts: Vec<_> = path
        .components()
        .filter(|part| *part != Component::CurDir)
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    format!("/{}", parts.join("/"))
}

/// A `.gitignore` with these lines at its end, in its own line ending.
pub fn with_lines(old: &[u8], lines: &[String]) -> Vec<u8> {
    let is_crlf = old.iter().position(|&byte| byte == b'\n').is_some_and(|at| at > 0 && old[at - 1] == b'\r');
    let end: &[u8] = if is_crlf { b"\r\n" } else { b"\n" };
    let mut new = old.to_vec();
    if !new.is_empty() && !new.ends_with(b"\n") {
        new.extend_from_slice(end);
    }
    for line in lines {
        new.extend_from_slice(line.as_bytes());
        new.extend_from_slice(end);
    }
    new
}
