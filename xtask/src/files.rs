//! The list of generated files: writes them, or checks that those in the repository are current.
#![allow(clippy::disallowed_methods, reason = "reads and writes the repository's own files")]

use std::collections::BTreeSet;
use std::fs;
use std::io;

use crate::error::Error;
use crate::program::{Program, root};
use crate::{commands, exit_codes, meta_errors, picture, survival};

/// A generated file.
#[derive(Debug)]
pub(crate) struct Generated {
    /// Relative to the root of the repository, with `/`.
    path: String,
    text: String,
}

/// Folders that hold generated files only. A file there that is not on the list belongs to a command that was removed.
const FOLDERS: [&str; 2] = ["completions", "man"];

/// Renders every generated file.
pub(crate) fn all(everlit: &Program) -> Result<Vec<Generated>, Error> {
    let commands = everlit.commands()?;
    let mut files = vec![
        file("docs/demo.svg", picture::of_demo(&everlit.stdout_of(&["demo", "--fast", "--color", "always"])?)?),
        file("docs/schedule.svg", survival::picture()?),
        file("docs/reference/commands.md", commands::page(everlit, &commands)?),
        file("docs/reference/errors.md", meta_errors::page()),
        file("docs/reference/exit-codes.md", exit_codes::page(&everlit.stdout_of(&["explain", "exit", "--json"])?)?),
        file("man/everlit.1", everlit.stdout_of(&["man"])?),
    ];
    for command in &commands {
        let arguments: Vec<&str> = std::iter::once("man").chain(command.split(' ')).collect();
        files.push(file(format!("man/everlit-{}.1", command.replace(' ', "-")), everlit.stdout_of(&arguments)?));
    }
    for (shell, name) in [
        ("bash", "everlit.bash"),
        ("elvish", "everlit.elv"),
        ("fish", "everlit.fish"),
        ("powershell", "_everlit.ps1"),
        ("zsh", "_everlit"),
    ] {
        files.push(file(format!("completions/{name}"), everlit.stdout_of(&["completions", shell])?));
    }
    Ok(files)
}

/// Writes the files that are not current and removes leftovers.
pub(crate) fn write(files: &[Generated]) -> Result<String, Error> {
    let mut changed = Vec::new();
    for file in files.iter().filter(|file| !is_current(file)) {
        let path = root().join(&file.path);
        let folder = path.parent().unwrap_or_else(|| root());
        fs::create_dir_all(folder).and_then(|()| fs::write(&path, &file.text)).map_err(Error::io(&file.path))?;
        changed.push(format!("written: {}", file.path));
    }
    for path in leftovers(files)? {
        fs::remove_file(root().join(&path)).map_err(Error::io(&path))?;
        changed.push(format!("removed: {path}"));
    }
    Ok(if changed.is_empty() { all_current(files) } else { changed.join("\n") })
}

/// Fails with the list of files that differ, are missing, or are leftovers.
pub(crate) fn check(files: &[Generated]) -> Result<String, Error> {
    let differs = files.iter().filter(|file| !is_current(file)).map(|file| file.path.clone());
    let mut wrong: Vec<String> = differs.collect();
    wrong.extend(leftovers(files)?.into_iter().map(|path| format!("{path} (no longer generated)")));
    if wrong.is_empty() { Ok(all_current(files)) } else { Err(Error::NotCurrent(wrong)) }
}

fn all_current(files: &[Generated]) -> String {
    format!("all {} generated files are current", files.len())
}

fn is_current(file: &Generated) -> bool {
    fs::read(root().join(&file.path)).is_ok_and(|current| current == file.text.as_bytes())
}

/// Files in the generated folders that are not on the list.
fn leftovers(files: &[Generated]) -> Result<BTreeSet<String>, Error> {
    let mut paths = BTreeSet::new();
    for folder in FOLDERS {
        let entries = match fs::read_dir(root().join(folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(Error::io(folder))?,
        };
        for entry in entries {
            let path = format!("{folder}/{}", entry.map_err(Error::io(folder))?.file_name().to_string_lossy());
            if !files.iter().any(|file| file.path == path) {
                paths.insert(path);
            }
        }
    }
    Ok(paths)
}

/// Trims the ends of lines, and ends the file with one newline.
fn file(path: impl Into<String>, text: impl AsRef<str>) -> Generated {
    let lines: Vec<&str> = text.as_ref().trim_end().lines().map(str::trim_end).collect();
    Generated { path: path.into(), text: lines.join("\n") + "\n" }
}
