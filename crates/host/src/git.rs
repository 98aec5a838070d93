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

    /// The exit code of git. Root works in repositories of others, which git refuses (`safe.directory`) because their settings
    /// may name programs. These two queries need none, and may start none: not to watch files, not to fetch what is missing.
    fn ask(&self, command: &[&str], path: &Path) -> Option<i32> {
        let mut git = Command::new("git");
        git.env_clear().envs(child_env::to_any(self.environment));
        git.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        git.envs([("GIT_ALLOW_PROTOCOL", "none"), ("GIT_NO_LAZY_FETCH", "1")]);
        git.arg("-C").arg(self.folder).args(["-c", "core.fsmonitor=false", "-c", "safe.directory=*"]).args(command);
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
#[allow(clippy::disallowed_methods, reason = "a test writes files with the means of std")]
mod tests {
    use super::*;

    /// Whether git tracks `.env` in a repository where it does, if this script is what `git` starts.
    #[cfg(unix)]
    fn tracked_according_to(script: &str) -> Option<bool> {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (bin, site) = (folder.path().join("bin"), folder.path().join("site"));
        std::fs::create_dir(&bin).unwrap();
        std::fs::create_dir(&site).unwrap();
        std::fs::write(site.join(".env"), "A=1\n").unwrap();
        for arguments in [["init", "-q", "."], ["add", "-f", ".env"]] {
            assert!(Command::new("git").arg("-C").arg(&site).args(arguments).status().unwrap().success());
        }
        std::fs::write(bin.join("git"), format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(bin.join("git"), std::fs::Permissions::from_mode(0o755)).unwrap();
        let environment = Environment::of(site.clone(), &[("PATH", bin.to_str().unwrap())]);
        Repository::around(&site, &environment, &everlit_disk::RealDisk).unwrap().tracks(Path::new(".env"))
    }

    #[cfg(unix)]
    #[test]
    fn the_index_of_another_users_repository_is_read() {
        let path = std::env::var("PATH").unwrap();
        let others = format!("PATH='{path}' GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec git \"$@\"");
        assert_eq!(tracked_according_to(&others), Some(true));
        assert_eq!(tracked_according_to("exit 128"), None);
    }

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
