//! The program that a job starts must still be there tomorrow.

use std::path::Path;

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
