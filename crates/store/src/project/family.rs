//! The env files that belong to one project beside the one that everlit refreshes: the names that frameworks read, what
//! Compose files name, and the same in the packages of a workspace.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use everlit_disk::{Disk, uninterrupted};
use everlit_envfile::{EnvFile, Reader};
use everlit_meta_api::{Token, TokenKind};

use super::files::with_slashes;

/// What Next.js, Vite and dotenv read; no folder is searched for others.
const ENV_FILE_FAMILY: [&str; 8] = [
    ".env",
    ".env.local",
    ".env.production",
    ".env.production.local",
    ".env.development",
    ".env.development.local",
    ".env.test",
    ".env.test.local",
];

/// An env file is smaller; so are the files that name others.
const LARGEST: usize = 1 << 20;

/// Says which files git tracks. A token in one of them is named, and never written there.
pub trait Tracking: Send + Sync + std::fmt::Debug {
    /// Whether git tracks the file at this path; `None` if that is not known.
    fn tracks(&self, path: &Path) -> Option<bool>;
}

/// Whether a delivery of this name goes to another env file of the project.
pub(crate) fn is_copy(name: &str) -> bool {
    place_of(name).is_some()
}

/// The file and key of such a name, `./.env.production:IG_ACCESS_TOKEN`; `None` for the name of any other target.
pub(crate) fn place_of(name: &str) -> Option<(&Path, &str)> {
    let (file, key) = name.strip_prefix("./")?.rsplit_once(':')?;
    Some((Path::new(file), key))
}

/// One file of the family.
#[derive(Debug)]
pub(crate) struct Relative {
    /// As seen from the project folder.
    pub(crate) file: PathBuf,
    /// The tokens of Meta's in it with their keys, as npm's dotenv reads them; or why that is not known.
    pub(crate) tokens: Result<Vec<(String, Token)>, String>,
}

/// A file that names env files, or a folder of packages, that cannot be read.
type Unread = (PathBuf, io::Error);

/// Reads the family, or these files, on a thread of its own: a disk that hangs must not stop a run. A file that was not
/// read in time ends the list, with an error.
pub(crate) fn read_family(disk: &Arc<dyn Disk>, folder: &Path, files: Option<Vec<PathBuf>>) -> Vec<Relative> {
    /// For one file.
    const TIMEOUT: Duration = Duration::from_secs(2);
    let (send, read) = mpsc::channel();
    let (disk, folder) = (Arc::clone(disk), folder.to_owned());
    let look = move || {
        let (files, unread) = files.map_or_else(|| family(&*disk, &folder), |files| (files, Vec::new()));
        for (file, error) in unread {
            let why = format!("cannot be read ({error}): whether env files that it leads to hold copies is not known");
            let _ = send.send(Read::Begun(file));
            let _ = send.send(Read::Done(Err(why)));
        }
        let mut files: Vec<PathBuf> = files.iter().map(|file| with_slashes(file)).collect();
        files.sort();
        files.dedup();
        for file in files {
            let path = folder.join(&file);
            // The name goes first, so that it is known where the disk hangs. Once the time is up, nobody listens.
            let _ = send.send(Read::Begun(file));
            let _ = send.send(Read::Done(tokens_in(&*disk, &path).map_err(|error| unknown(&error.to_string()))));
        }
    };
    // Where no thread can be started, nothing is known of the other files.
    let _ = thread::Builder::new().name("env files".to_owned()).spawn(look);
    let mut found: Vec<Relative> = Vec::new();
    while let Ok(read) = read.recv_timeout(TIMEOUT) {
        match (read, found.last_mut()) {
            (Read::Begun(file), _) => {
                found.push(Relative { file, tokens: Err(unknown("the disk does not answer")) });
            }
            (Read::Done(tokens), Some(last)) => last.tokens = tokens,
            (Read::Done(_), None) => {}
        }
    }
    found
}

enum Read {
    Begun(PathBuf),
    Done(Result<Vec<(String, Token)>, String>),
}

fn unknown(why: &str) -> String {
    format!("cannot be read ({why}): whether it holds a copy of the token is not known")
}

/// The files of the family that may exist, without a look at most of them.
fn family(disk: &dyn Disk, folder: &Path) -> (Vec<PathBuf>, Vec<Unread>) {
    let mut unread = Vec::new();
    let folders = [PathBuf::new()].into_iter().chain(packages(disk, folder, &mut unread));
    let usual: Vec<PathBuf> = folders.flat_map(|within| ENV_FILE_FAMILY.map(|name| within.join(name))).collect();
    let named = named_by_compose(disk, folder, &mut unread);
    (usual.into_iter().chain(named).collect(), unread)
}

/// What is there; nothing, and a note, where that cannot be read.
fn if_there<T>(read: io::Result<T>, file: &str, unread: &mut Vec<Unread>) -> Option<T> {
    match read {
        Ok(found) => Some(found),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => None,
        Err(error) => {
            unread.push((file.into(), error));
            None
        }
    }
}

/// The folders of a workspace's packages, where the project is one of npm, yarn or pnpm.
fn packages(disk: &dyn Disk, folder: &Path, unread: &mut Vec<Unread>) -> Vec<PathBuf> {
    let package = uninterrupted(|| disk.read(&folder.join("package.json"), LARGEST));
    let package = if_there(package, "package.json", unread).unwrap_or_default();
    let package: serde_json::Value = serde_json::from_slice(&package).unwrap_or_default();
    let pnpm = uninterrupted(|| disk.lstat(&folder.join("pnpm-workspace.yaml")));
    let pnpm = if_there(pnpm, "pnpm-workspace.yaml", unread);
    if package.get("workspaces").is_none() && pnpm.is_none() {
        return Vec::new();
    }
    let mut folders = Vec::new();
    for parent in ["apps", "packages"] {
        let names = if_there(uninterrupted(|| disk.list(&folder.join(parent))), parent, unread);
        folders.extend(names.into_iter().flatten().map(|name| Path::new(parent).join(name)));
    }
    folders
}

/// The files that Compose files name as `env_file`, within the project.
fn named_by_compose(disk: &dyn Disk, folder: &Path, unread: &mut Vec<Unread>) -> Vec<PathBuf> {
    const COMPOSE: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
    let read = |name: &str| uninterrupted(|| disk.read(&folder.join(name), LARGEST));
    let texts = COMPOSE.into_iter().filter_map(|name| if_there(read(name), name, unread));
    let files = texts.flat_map(|text| env_files_in(&String::from_utf8_lossy(&text)));
    let is_within = |path: &PathBuf| path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    files.map(|file| PathBuf::from(file.trim_start_matches("./"))).filter(is_within).collect()
}

/// `env_file` as text, as a list in one line, and as a list of texts or of `path: FILE`.
fn env_files_in(compose: &str) -> Vec<String> {
    let mut files = Vec::new();
    let mut is_in_list = false;
    for line in compose.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(inline) = line.strip_prefix("env_file:") {
            is_in_list = inline.trim().is_empty();
            files.extend(inline.trim().trim_matches(['[', ']']).split(',').map(unquoted));
        } else if let Some(item) = line.strip_prefix("- ").filter(|_| is_in_list) {
            files.push(unquoted(item.trim().strip_prefix("path:").unwrap_or(item)));
        } else {
            is_in_list &= line.starts_with("required:") || line.starts_with("format:");
        }
    }
    files.retain(|file| !file.is_empty());
    files
}

fn unquoted(word: &str) -> String {
    let word = word.split(" #").next().unwrap_or_default();
    word.trim().trim_matches(['"', '\'']).to_owned()
}

/// The tokens in an env file, with their keys; none if the file does not exist.
fn tokens_in(disk: &dyn Disk, file: &Path) -> io::Result<Vec<(String, Token)>> {
    const PREFIXES: [&[u8]; 4] = [b"IGAA", b"IGQV", b"THAA", b"EAA"];
    let bytes = match uninterrupted(|| disk.read(file, LARGEST)) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Vec::new(),
        read => read?,
    };
    let is_worth_it = PREFIXES.iter().any(|prefix| bytes.windows(prefix.len()).any(|window| window == *prefix));
    if !is_worth_it {
        return Ok(Vec::new());
    }
    let token = |value: &[u8]| Token::parse(&String::from_utf8_lossy(value)).ok();
    let read = EnvFile::parse(&bytes).read_as(Reader::Dotenv);
    let tokens = read.filter_map(|(key, value)| {
        let token = token(&value?).filter(|token| token.kind() != TokenKind::Unknown)?;
        Some((String::from_utf8_lossy(key).into_owned(), token))
    });
    Ok(tokens.collect())
}

/// Who reads the key from `other` and not from `own`, in a deployed site; `None` where nobody does or where it is not known.
pub(crate) fn who_prefers(other: &Path, own: &Path) -> Option<&'static str> {
    /// Next.js, from the file that wins on.
    const PRODUCTION: [&str; 4] = [".env.production.local", ".env.local", ".env.production", ".env"];
    let rank = |file: &Path| PRODUCTION.iter().position(|name| file.file_name().is_some_and(|found| found == *name));
    match (rank(other)?, rank(own)?) {
        _ if other.parent() != own.parent() => None,
        (other, own) if other < own => Some("Next.js in production"),
        _ => (other.file_name()? == ".env").then_some("dotenv"),
    }
}

/// The token under a key.
pub(crate) fn token_at(env: &EnvFile<'_>, key: &str) -> Option<Token> {
    Token::parse(&String::from_utf8_lossy(&env.value(key).ok()??)).ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{env_files_in, who_prefers};

    #[test]
    fn the_file_that_wins_is_the_one_that_frameworks_read() {
        let who = |other: &str, own: &str| who_prefers(Path::new(other), Path::new(own));
        assert_eq!(who(".env.production.local", ".env.local"), Some("Next.js in production"));
        assert_eq!(who(".env.local", ".env"), Some("Next.js in production"));
        assert_eq!(who(".env", ".env.local"), Some("dotenv"));
        assert_eq!(who(".env.production", ".env.local"), None);
        assert_eq!(who(".env.development.local", ".env.local"), None);
        assert_eq!(who("apps/web/.env", ".env.local"), None);
    }

    #[test]
    fn env_files_of_compose_are_found_in_every_form() {
        let compose = "services:\n  a:\n    env_file: .env.a # ours\n  b:\n    env_file: ['.env.b', \".env.c\"]\n  c:\n    \
                       env_file:\n      - ./.env.d\n      - path: .env.e\n        required: false\n      - .env.f\n    \
                       ports:\n      - 80:80\n  #   env_file: .env.no\n";
        assert_eq!(env_files_in(compose), [".env.a", ".env.b", ".env.c", "./.env.d", ".env.e", ".env.f"]);
    }
}
