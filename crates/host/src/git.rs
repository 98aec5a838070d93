//! Whether git ignores or tracks a file: asks git, or reads `.gitignore` where git is not installed.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use everlit_disk::Disk;

use crate::Environment;
use crate::child_env;

/// The repository that contains a folder.
#[derive(Debug)]
pub struct Repository<'a> {
    folder: &'a Path,
    /// The folder that holds `.git`.
    root: PathBuf,
    environment: &'a Environment,
    disk: &'a dyn Disk,
}

impl<'a> Repository<'a> {
    /// `None` if the folder is not in a work tree.
    pub fn around(folder: &'a Path, environment: &'a Environment, disk: &'a dyn Disk) -> Option<Self> {
        let root = folder.ancestors().find(|above| disk.lstat(&above.join(".git")).is_ok())?.to_owned();
        Some(Self { folder, root, environment, disk })
    }

    /// Whether a rule covers the file; `None` for one outside the repository. The file need not exist.
    pub fn ignores(&self, path: &Path) -> Option<bool> {
        // Without --no-index, a file that is tracked already counts as not ignored whatever the rules say.
        match self.ask(&["check-ignore", "--quiet", "--no-index"], path) {
            Some(0) => Some(true),
            Some(1) => Some(false),
            _ => self.ignores_by_rules(path),
        }
    }

    /// Whether git tracks the file; `None` if git cannot be run.
    pub fn tracks(&self, path: &Path) -> Option<bool> {
        match self.ask(&["ls-files", "--error-unmatch"], path) {
            Some(0) => Some(true),
            Some(1) => Some(false),
            _ => None,
        }
    }

    /// The exit code of git.
    fn ask(&self, command: &[&str], path: &Path) -> Option<i32> {
        let mut git = Command::new("git");
        git.env_clear().envs(child_env::to_any(self.environment));
        git.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // A repository may name a program of its own to watch files with; a query must not start it.
        git.arg("-C").arg(self.folder).args(["-c", "core.fsmonitor=false"]).args(command);
        git.args([OsStr::new("--"), path.as_os_str()]).status().ok()?.code()
    }

    fn ignores_by_rules(&self, path: &Path) -> Option<bool> {
        let path = self.folder.join(path);
        path.strip_prefix(&self.root).ok()?;
        let mut folders = path.ancestors().skip(1).take_while(|above| above.starts_with(&self.root));
        // The nearest folder's rules win.
        let verdict = folders.find_map(|above| ignores_in(above, &path, self.disk));
        Some(verdict.unwrap_or(false))
    }
}

/// Whether one folder's `.gitignore` ignores a file below it; `None` if no rule matches.
pub fn ignores_in(folder: &Path, path: &Path, disk: &dyn Disk) -> Option<bool> {
    const LARGEST: usize = 1 << 20;
    let below = path.strip_prefix(folder).ok()?;
    let parts: Vec<String> = below.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let rules = disk.read(&folder.join(".gitignore"), LARGEST).ok()?;
    verdict(&String::from_utf8_lossy(&rules), &parts.join("/"))
}

/// The last matching rule decides; `None` if none matches. `path` is relative to the rules' folder.
fn verdict(rules: &str, path: &str) -> Option<bool> {
    rules.lines().rev().find_map(|line| {
        let line = line.trim_start_matches('\u{feff}').trim_end();
        let (pattern, ignored) = line.strip_prefix('!').map_or((line, true), |pattern| (pattern, false));
        (!line.is_empty() && !line.starts_with('#') && matches(pattern, path)).then_some(ignored)
    })
}

/// Whether a rule matches the path or one of its parent folders.
fn matches(pattern: &str, path: &str) -> bool {
    let pattern = pattern.strip_suffix("/**").map_or_else(|| pattern.to_owned(), |folder| format!("{folder}/"));
    let folders_only = pattern.ends_with('/');
    let pattern = pattern.trim_end_matches('/');
    let anywhere = pattern.strip_prefix("**/").filter(|rest| !rest.contains('/'));
    let anchored = anywhere.is_none() && pattern.contains('/');
    let pattern = anywhere.unwrap_or(pattern).trim_start_matches('/');
    let ends = path.match_indices('/').map(|(at, _)| at).chain((!folders_only).then_some(path.len()));
    ends.map(|end| &path[..end]).any(|above| {
        let name = if anchored { above } else { above.rsplit('/').next().unwrap_or(above) };
        glob(pattern.as_bytes(), name.as_bytes())
    })
}

/// Matches `*` and `?`, neither of which matches a slash. Sets such as `[ab]` never match, so at worst `init` adds a
/// redundant rule.
fn glob(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => {
            let reach = name.iter().position(|&byte| byte == b'/').unwrap_or(name.len());
            (0..=reach).any(|taken| glob(rest, &name[taken..]))
        }
        ([b'?', pattern @ ..], [byte, name @ ..]) => *byte != b'/' && glob(pattern, name),
        ([b'\\', escaped, pattern @ ..], [byte, name @ ..]) => escaped == byte && glob(pattern, name),
        ([wanted, pattern @ ..], [byte, name @ ..]) => wanted == byte && glob(pattern, name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::verdict;

    #[test]
    fn rules_match_as_in_git() {
        let cases = [
            (".env*.local", ".env.local", Some(true)),
            (".env*.local", ".env.everlit.local", Some(true)),
            (".env*.local", "sites/a/.env.local", Some(true)),
            (".env*.local", ".env", None),
            (".env*", ".env", Some(true)),
            (".env*.local\r\n!.env.local\r\n", ".env.local", Some(false)),
            ("!.env.local\n.env*.local", ".env.local", Some(true)),
            ("# .env.local", ".env.local", None),
            ("/scripts/instagram-token.json", "scripts/instagram-token.json", Some(true)),
            ("scripts/instagram-token.json", "a/scripts/instagram-token.json", None),
            ("scripts", "scripts/instagram-token.json", Some(true)),
            ("scripts/", "scripts/instagram-token.json", Some(true)),
            ("scripts/**", "scripts/instagram-token.json", Some(true)),
            ("**/instagram-token.json", "scripts/instagram-token.json", Some(true)),
            ("*.json", "scripts/instagram-token.json", Some(true)),
            ("/*.json", "scripts/instagram-token.json", None),
            ("instagram-token.json/", "scripts/instagram-token.json", None),
            ("?env.local", ".env.local", Some(true)),
            ("\\.env.local", ".env.local", Some(true)),
            ("", ".env.local", None),
        ];
        for (rules, path, expected) in cases {
            assert_eq!(verdict(rules, path), expected, "{rules:?} {path}");
        }
    }
}
