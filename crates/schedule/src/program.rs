//! The programs that a job starts: they must still be there tomorrow, and where a scheduler looks.

use std::path::{Path, PathBuf};

use everlit_disk::Disk;
use everlit_host::Environment;
use everlit_keeper::Step;

/// Why a program will not stay where it is, and what to do about it; `None` if it will.
pub fn temporary_location(program: &str, environment: &Environment) -> Option<(String, Step)> {
    const PLACES: [(&str, &str, Option<&str>); 7] = [
        ("/target/debug/", "a build folder", None),
        ("/target/release/", "a build folder", None),
        ("/_npx/", "the npx cache, which npm clears", Some("npm install --save-dev everlit")),
        ("/dlx-", "the pnpm dlx cache, which pnpm clears", Some("pnpm add --save-dev everlit")),
        ("/tmp/", "/tmp, which is cleared at reboot", None),
        ("/var/tmp/", "/var/tmp, which is cleared from time to time", None),
        ("/temp/", "a folder for temporary files", None),
    ];
    let path = program.replace('\\', "/").to_ascii_lowercase();
    let is_in = |(part, ..): &&(&str, &str, Option<&str>)| match *part {
        "/tmp/" | "/var/tmp/" => path.starts_with(part),
        part => path.contains(part),
    };
    let in_tmpdir = || {
        let folder = environment.variable("TMPDIR")?;
        Path::new(program).starts_with(folder).then_some(("a folder for temporary files", None))
    };
    let (place, command) =
        PLACES.iter().find(is_in).map(|(_, place, command)| (*place, *command)).or_else(in_tmpdir)?;
    let step = match command {
        Some(command) => Step::shell(command).with_note("then install the schedule again"),
        None => Step::everlit("schedule install").with_note("first install everlit somewhere permanent"),
    };
    Some((format!("{program} is in {place}"), step))
}

/// The path at which `PATH` finds this very program, if it does: package managers move the file behind it with each
/// version.
pub fn stable_path(program: PathBuf, environment: &Environment, disk: &dyn Disk) -> PathBuf {
    let Some(name) = program.file_name() else { return program };
    let same = disk.resolve(&program).unwrap_or_else(|_| program.clone());
    let folders = environment.variable("PATH").unwrap_or_default();
    let named = std::env::split_paths(folders).filter(|folder| folder.is_absolute()).map(|folder| folder.join(name));
    named.into_iter().find(|path| disk.resolve(path).is_ok_and(|real| real == same)).unwrap_or(program)
}

/// Whether schedulers do not find a program although a shell might: they look in the system's folders only. On Windows
/// they look where the user does.
pub fn is_unknown_to_schedulers(program: &str, disk: &dyn Disk) -> bool {
    const FOLDERS: [&str; 3] = ["/usr/local/bin", "/usr/bin", "/bin"];
    let is_in = |folder: &str| disk.stat(&Path::new(folder).join(program)).is_ok();
    cfg!(unix) && !program.contains('/') && !FOLDERS.into_iter().any(is_in)
}
