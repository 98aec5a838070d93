//! Changes to the machine, planned before any of them is made.

use std::io;
use std::path::{Path, PathBuf};

use everlit_disk::{ReplaceOptions, create_folder, replace};

use crate::{GeneratedFile, Machine, ScheduleError};

/// One change to the machine. Making it twice does no harm.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Action {
    /// Writes a file.
    Write {
        /// The file.
        path: PathBuf,
        /// Its content.
        bytes: Vec<u8>,
    },
    /// Removes a file, if it is there.
    Remove {
        /// The file.
        path: PathBuf,
    },
    /// Runs a program.
    Run {
        /// The program and its arguments.
        argv: Vec<String>,
        /// What it reads from stdin.
        input: Option<Vec<u8>>,
        /// Whether the other actions go on if it fails.
        may_fail: bool,
    },
}

impl Action {
    pub(crate) fn run(argv: &[&str]) -> Self {
        Self::Run { argv: owned(argv), input: None, may_fail: false }
    }

    pub(crate) fn try_run(argv: &[&str]) -> Self {
        Self::Run { argv: owned(argv), input: None, may_fail: true }
    }

    pub(crate) fn run_with_input(argv: &[&str], input: Vec<u8>) -> Self {
        Self::Run { argv: owned(argv), input: Some(input), may_fail: false }
    }

    /// The action for a person: `write /etc/systemd/system/...`, `run systemctl ...`.
    pub fn message(&self) -> String {
        match self {
            Self::Write { path, .. } => format!("write {}", path.display()),
            Self::Remove { path } => format!("remove {}", path.display()),
            Self::Run { argv, .. } => format!("run {}", argv.join(" ")),
        }
    }

    fn carry_out(&self, machine: Machine<'_>) -> Result<(), ScheduleError> {
        match self {
            Self::Write { path, bytes } => write(machine, path, bytes),
            Self::Remove { path } => match machine.disk.remove(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(ScheduleError::disk(path, "remove", &error))
                }
                _ => Ok(()),
            },
            Self::Run { argv, input, may_fail } => {
                let argv: Vec<&str> = argv.iter().map(String::as_str).collect();
                match machine.programs.give(&argv, input.as_deref()) {
                    Ok(ended) if ended.well() => Ok(()),
                    _ if *may_fail => Ok(()),
                    Ok(ended) => Err(ScheduleError::failed(&argv, &ended)),
                    Err(error) => Err(ScheduleError::not_run(&argv, error)),
                }
            }
        }
    }
}

/// Carries out the actions in order, up to the first that fails.
pub(crate) fn carry_out(machine: Machine<'_>, actions: &[Action]) -> Result<(), ScheduleError> {
    actions.iter().try_for_each(|action| action.carry_out(machine))
}

fn write(machine: Machine<'_>, path: &Path, bytes: &[u8]) -> Result<(), ScheduleError> {
    let folder = path.parent().unwrap_or_else(|| Path::new("/"));
    create_folder(machine.disk, folder).map_err(|error| ScheduleError::disk(folder, "create", &error))?;
    // Service managers and their tools read it, and it holds no secret.
    let options = ReplaceOptions { mode_when_new: 0o644, ..ReplaceOptions::default() };
    Ok(replace(machine.disk, path, bytes, &options)?)
}

/// Writes the files of a scheduler to a folder: all, or none if one would replace a file that may be somebody's own.
pub fn write_files(machine: Machine<'_>, folder: &Path, files: &[GeneratedFile]) -> Result<(), ScheduleError> {
    let files: Vec<_> = files.iter().map(|file| (folder.join(&file.name), file)).collect();
    for (path, file) in &files {
        if !file.is_named_after_everlit() && !is_free(machine, path, &file.bytes()) {
            return Err(ScheduleError::Occupied { path: path.clone() });
        }
    }
    files.iter().try_for_each(|(path, file)| write(machine, path, &file.bytes()))
}

/// Whether a file is not there, or has this content already.
fn is_free(machine: Machine<'_>, path: &Path, bytes: &[u8]) -> bool {
    match machine.disk.read(path, bytes.len()) {
        Ok(found) => found == bytes,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

fn owned(argv: &[&str]) -> Vec<String> {
    argv.iter().map(|word| (*word).to_owned()).collect()
}
