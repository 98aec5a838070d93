//! Which file to start for a command's name, and whether there is one.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use everlit_disk::{Disk, Kind};

use crate::Environment;

/// The default of `PATHEXT`.
const USUAL: &str = ".COM;.EXE;.BAT;.CMD";

/// What to start for `program`, in `folder`.
///
/// Windows finds neither `npm.cmd` by the name `npm`, as a shell does, nor a relative path from another folder than its own;
/// other systems find both. A program that is not found is returned as it is.
pub fn program_file(program: &OsStr, folder: &Path, environment: &Environment, disk: &dyn Disk) -> OsString {
    let found = if cfg!(windows) { found(program, folder, environment, disk) } else { None };
    found.unwrap_or_else(|| program.to_owned())
}

fn found(program: &OsStr, folder: &Path, environment: &Environment, disk: &dyn Disk) -> Option<OsString> {
    let folders: Vec<PathBuf> = std::env::split_paths(environment.variable("PATH").unwrap_or_default()).collect();
    let endings = environment.variable("PATHEXT").unwrap_or(USUAL);
    let mut named = named(Path::new(program), folder, &folders, endings).into_iter();
    named.find(|path| disk.resolve(path).is_ok()).map(PathBuf::into_os_string)
}

/// Whether the system can start this program in `folder`: it looks for a name in `PATH`, for a path in the folder.
pub fn can_start(program: &str, folder: &Path, environment: &Environment, disk: &dyn Disk) -> bool {
    if cfg!(windows) && found(OsStr::new(program), folder, environment, disk).is_some() {
        return true;
    }
    let path = environment.variable("PATH").unwrap_or("/usr/bin:/bin");
    let has_folder = Path::new(program).components().nth(1).is_some() || program.contains('/');
    let folders = if has_folder { vec![PathBuf::new()] } else { std::env::split_paths(path).collect() };
    let endings: &[&str] = if cfg!(windows) { &["", ".exe"] } else { &[""] };
    let is_executable = |path: PathBuf| {
        let stat = disk.stat(&path);
        stat.is_ok_and(|stat| stat.kind == Kind::File && (cfg!(windows) || stat.mode & 0o111 != 0))
    };
    let named = |within: &PathBuf| folder.join(within).join(program);
    folders.iter().any(|within| {
        endings.iter().any(|ending| {
            let mut path = named(within).into_os_string();
            path.push(ending);
            is_executable(path.into())
        })
    })
}

/// Candidates in a shell's order, but not the current folder first, as cmd does: a project could shadow a program.
fn named(program: &Path, folder: &Path, folders: &[PathBuf], endings: &str) -> Vec<PathBuf> {
    let endings = || endings.split(';').map(str::trim).filter(|ending| ending.starts_with('.'));
    let extension = program.extension().and_then(OsStr::to_str).unwrap_or_default();
    let is_complete = endings().any(|ending| ending[1..].eq_ignore_ascii_case(extension));
    let with_endings = |path: PathBuf| {
        endings().map(move |ending| {
            let mut path = path.clone().into_os_string();
            path.push(ending);
            PathBuf::from(path)
        })
    };
    // A name with a folder is only looked for there.
    let is_path = program.components().nth(1).is_some();
    match (is_path, is_complete) {
        (true, true) => vec![folder.join(program)],
        (true, false) => with_endings(folder.join(program)).collect(),
        (false, true) => Vec::new(),
        (false, false) => folders.iter().flat_map(|folder| with_endings(folder.join(program))).collect(),
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test writes files with the means of std")]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_extension_is_searched_with_each_pathext() {
        let folders = ["a", "b"].map(PathBuf::from);
        let named = |name: &str| named(Path::new(name), Path::new("site"), &folders, ".EXE; .CMD;");
        let paths = |of: &[&str]| of.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(named("npm"), paths(&["a/npm.EXE", "a/npm.CMD", "b/npm.EXE", "b/npm.CMD"]));
        assert_eq!(named("next.js"), paths(&["a/next.js.EXE", "a/next.js.CMD", "b/next.js.EXE", "b/next.js.CMD"]));
        assert_eq!(named("node.exe"), paths(&[]));
        assert_eq!(named("npm.cmd"), paths(&[]));
    }

    #[test]
    fn a_relative_path_starts_in_the_folder_of_the_command() {
        let named = |name: &str| named(Path::new(name), Path::new("site"), &["a".into()], ".EXE;.CMD");
        let paths = |of: &[&str]| of.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(named("./serve"), paths(&["site/./serve.EXE", "site/./serve.CMD"]));
        assert_eq!(named("scripts/alert.cmd"), paths(&["site/scripts/alert.cmd"]));
    }

    #[cfg(unix)]
    #[test]
    fn only_an_executable_file_where_the_system_looks_can_start() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, bin) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (path, mode) in [(bin.path().join("alarm"), 0o755), (folder.path().join("notes"), 0o644)] {
            std::fs::write(&path, "#!/bin/sh").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        let environment = Environment::of(folder.path().to_owned(), &[("PATH", bin.path().to_str().unwrap())]);
        let can_start = |program: &str| can_start(program, folder.path(), &environment, &everlit_disk::RealDisk);
        let absolute = bin.path().join("alarm");
        for (program, expected) in [
            ("alarm", true),
            (absolute.to_str().unwrap(), true),
            ("./alarm", false),
            ("./notes", false),
            ("gone", false),
        ] {
            assert_eq!(can_start(program), expected, "{program}");
        }
    }

    #[test]
    fn the_first_file_that_exists_is_started() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(one.path().join("npm"), "#!/bin/sh").unwrap();
        std::fs::write(two.path().join("npm.CMD"), "@echo off").unwrap();
        let path = std::env::join_paths([one.path(), two.path()]).unwrap();
        let environment = Environment::of(PathBuf::new(), &[("PATH", path.to_str().unwrap())]);
        let file = |name: &str| found(OsStr::new(name), Path::new(""), &environment, &everlit_disk::RealDisk);
        assert_eq!(file("npm"), Some(two.path().join("npm.CMD").into_os_string()));
        assert_eq!(file("pnpm"), None);
    }
}
