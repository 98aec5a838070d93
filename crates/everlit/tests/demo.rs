//! `everlit demo` as a spectator sees it, and what it leaves behind.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests look at the files that the program leaves, and fail by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use everlit_testkit::started;

/// Runs the demo with that folder as the system's place for temporary files.
fn demo(temp: &Path, flags: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_everlit"));
    for name in ["TMPDIR", "TEMP", "TMP"] {
        command.env(name, temp);
    }
    command.arg("demo").args(flags);
    started(|| command.output()).unwrap()
}

/// What it printed; it must have ended well and must have said nothing on the side.
fn played(temp: &Path, flags: &[&str]) -> String {
    let output = demo(temp, flags);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!((output.status.code(), err.as_str()), (Some(0), ""), "{out}");
    out
}

fn folders(temp: &Path) -> Vec<PathBuf> {
    fs::read_dir(temp).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn the_demo_is_reproducible_and_leaves_nothing_behind() {
    let temp = tempfile::tempdir().unwrap();
    let first = played(temp.path(), &["--fast"]);
    let second = played(temp.path(), &["--fast"]);
    assert_eq!(first, second);
    assert_eq!(folders(temp.path()), Vec::<PathBuf>::new());
}

#[test]
fn every_scene_of_the_demo_matches_its_heading() {
    let temp = tempfile::tempdir().unwrap();
    let shown = played(temp.path(), &["--fast"]);
    let scenes: Vec<&str> = shown.split("\nDay ").collect();
    let promised: [(&str, &[&str]); 7] = [
        ("1 ", &["? → 60 days left", "Meta's log: me 200, refresh 200, me 200", "Every other byte of .env.local"]),
        ("2 ", &["healthy", "59 days left"]),
        ("31 ", &["30 → 60 days left", "\n- IG_ACCESS_TOKEN='IGAA", "\n+ IG_ACCESS_TOKEN='IGAA"]),
        ("61 ", &["30 → 60 days left", "refresh 500", "later refresh 200"]),
        ("92 ", &["needs a person", "Refresh failed 400", "changed their password", "exit code 3"]),
        ("93 ", &["is taken as new", "? → 60 days left"]),
        ("94 ", &["everlit history", "adopted", "failed", "everlit status", "last run 24 hours ago"]),
    ];
    assert_eq!(scenes.len(), promised.len() + 1, "{shown}");
    for (scene, (day, message)) in scenes[1..].iter().zip(promised) {
        assert!(scene.starts_with(day), "{scene}");
        for word in message {
            assert!(scene.contains(word), "{word} in day {scene}");
        }
    }
    assert!(!scenes[2].contains("Meta's log"), "nothing due, and Meta was asked: {}", scenes[2]);
}

#[test]
fn the_demo_fits_80_columns_and_shows_no_whole_token() {
    let temp = tempfile::tempdir().unwrap();
    let shown = played(temp.path(), &["--fast"]);
    for line in shown.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let longest = shown.split(|c: char| !c.is_ascii_alphanumeric()).map(str::len).max();
    assert!(longest < Some(40), "{longest:?}");
}

#[test]
fn colours_change_no_text() {
    let temp = tempfile::tempdir().unwrap();
    let coloured = played(temp.path(), &["--fast", "--color", "always"]);
    assert!(coloured.contains("\u{1b}["), "{coloured}");
    let plain: String = coloured
        .split('\u{1b}')
        .enumerate()
        .map(|(i, part)| if i == 0 { part } else { part.split_once('m').unwrap().1 })
        .collect();
    assert_eq!(plain, played(temp.path(), &["--fast"]));
}

#[test]
fn keep_prints_the_folder_with_the_files_of_the_demo() {
    let temp = tempfile::tempdir().unwrap();
    let shown = played(temp.path(), &["--fast", "--keep"]);
    let [folder] = &folders(temp.path())[..] else { panic!("one folder is kept") };
    assert!(shown.contains(&format!("Kept: {}", folder.display())), "{shown}");
    let env = fs::read_to_string(folder.join(".env.local")).unwrap();
    let token = env.split_once("IG_ACCESS_TOKEN='").unwrap().1.split('\'').next().unwrap();
    assert!(token.starts_with("IGAAfake") && !shown.contains(token));
    assert!(shown.contains(&format!("...{}'", &token[token.len() - 6..])));
    assert!(env.starts_with("# The shop's settings.") && env.ends_with("sslmode=disable\"\n"), "{env}");
    assert!(folder.join("scripts/instagram-token.json").exists());
}

#[test]
fn a_missing_temporary_folder_is_reported() {
    let temp = tempfile::tempdir().unwrap();
    let output = demo(&temp.path().join("nowhere"), &["--fast"]);
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("cannot create a folder for the demo") && err.contains("TMPDIR"), "{err}");
}

#[cfg(unix)]
#[test]
fn the_demo_of_serve_says_where_to_look_below_its_log() {
    use std::io::{BufRead as _, BufReader};

    let temp = tempfile::tempdir().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_everlit"));
    // It may name a real vault, or one that is yet to be made.
    let real = temp.path().join("real.db");
    command.env("EVERLIT_VAULT", format!("sqlite:{}", real.display()));
    command.args(["serve", "--demo", "--listen", "127.0.0.1:0"]).env("TMPDIR", temp.path());
    command.stdout(writer.try_clone().unwrap()).stderr(writer);
    let mut process = started(|| command.spawn()).unwrap();
    drop(command);
    let mut lines = BufReader::new(reader).lines().map(Result::unwrap);
    let mut accounts = 0;
    let mut is_last = |line: &str| {
        accounts += usize::from(line.contains("\"message\":\"account\""));
        line.contains("Ctrl-C") && accounts >= 20
    };
    assert!(lines.any(|line| is_last(&line)), "{accounts} accounts");
    let process_id = rustix::process::Pid::from_child(&process);
    rustix::process::kill_process(process_id, rustix::process::Signal::TERM).unwrap();
    assert!(process.wait().unwrap().success());
    assert!(!real.exists());
    assert_eq!(folders(temp.path()), Vec::<PathBuf>::new());
}
