//! `.gitignore`: tokens and their metadata must stay out of the repository.

use crate::output::{Exit, quoted, rerun};
use everlit_keeper::Step;
use std::path::{Path, PathBuf};

use everlit_disk::{ReplaceOptions, replace};

use super::row::{Row, State};
use crate::context::Context;
use crate::output::invocation;
use everlit_host::{Repository, ignores_in};

const FILE: &str = ".gitignore";
const LARGEST: usize = 1 << 20;

/// Covers the env files, everlit's private files beside them, and the metadata.
pub(crate) fn cover(context: &Context<'_>, env_files: &[PathBuf], dry_run: bool) -> Vec<Row> {
    let folder = &context.settings.folder;
    let disk = &*context.disk;
    let repository = Repository::around(folder, context.environment, disk);
    let rules = match disk.read(&folder.join(FILE), LARGEST) {
        Ok(rules) => Some(rules),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            let message = format!("it cannot be read: {error}");
            return vec![Row::problem(FILE, Exit::Config, message, rerun("once it can be read"))];
        }
    };
    if repository.is_none() && rules.is_none() {
        return vec![Row::new(FILE, State::Skipped, "this folder is not in a git repository")];
    }
    let is_covered = |path: &Path| match &repository {
        Some(repository) => repository.ignores(path).unwrap_or(true),
        None => ignores_in(folder, &folder.join(path), disk).unwrap_or(false),
    };
    let private = private_files(context, env_files);
    let tracking = private.iter().filter_map(|path| of_tracking(context, repository.as_ref()?.tracks(path), path));
    let mut steps: Vec<Row> = tracking.collect();
    let bare: Vec<&PathBuf> = private.iter().filter(|path| !is_covered(path)).collect();
    let mut lines: Vec<String> = bare.iter().map(|path| rule_for(path)).collect();
    lines.sort();
    lines.dedup();
    if lines.is_empty() {
        let message = if steps.is_empty() {
            "git ignores the token and its metadata"
        } else {
            "its rules cover the token and its metadata"
        };
        steps.push(Row::new(FILE, State::Ready, message));
        return steps;
    }
    let by_hand = Step::note(format!("add by hand: {}", lines.join(", ")));
    let old = rules.unwrap_or_default();
    if old.contains(&0) {
        let message = "left alone: it holds a NUL byte, so it is not UTF-8 text";
        steps.push(Row::problem(FILE, Exit::Config, message, by_hand));
        return steps;
    }
    let options = ReplaceOptions { mode_when_new: 0o644, ..ReplaceOptions::default() };
    if !dry_run && let Err(error) = replace(disk, &folder.join(FILE), &with_lines(&old, &lines), &options) {
        steps.push(Row::problem(FILE, Exit::NotSaved, error.to_string(), by_hand));
        return steps;
    }
    steps.push(Row::new(FILE, State::written(dry_run), lines.join(" and ")));
    let still_bare = bare.into_iter().filter(|path| !dry_run && !is_covered(path));
    steps.extend(still_bare.map(|path| {
        let message = format!("{} is still not ignored: another .gitignore negates the rule", path.display());
        let step = Step::shell(format!("git check-ignore -v --no-index {}", quoted(&path.display().to_string())));
        Row::look(FILE, message, step.with_note("names that rule"))
    }));
    steps
}

/// Relative to the project folder; files outside it are not its repository's concern.
fn private_files(context: &Context<'_>, env_files: &[PathBuf]) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = env_files.to_vec();
    for account in &context.settings.accounts {
        // While it is replaced, a file with the new content lies beside an env file, and after a crash until the next run.
        let name = account.env_file.value.file_name().unwrap_or_default().to_string_lossy();
        let temporary = name.starts_with(".env").then(|| account.env_file.value.with_file_name(".env.everlit.local"));
        files.extend(temporary.into_iter().chain([account.metadata.value.clone()]));
    }
    let folder = &context.settings.folder;
    let relative = |path: PathBuf| path.strip_prefix(folder).map_or_else(|_| path.clone(), Path::to_owned);
    let is_inside = |path: &PathBuf| {
        path.components().all(|part| matches!(part, std::path::Component::Normal(_) | std::path::Component::CurDir))
    };
    let mut files: Vec<PathBuf> = files.into_iter().map(relative).filter(is_inside).collect();
    files.sort();
    files.dedup();
    files
}

/// `.env*.local` where that covers it, else the very file.
fn rule_for(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.starts_with(".env") && name.ends_with(".local") {
        return ".env*.local".to_owned();
    }
    let parts: Vec<_> = path
        .components()
        .filter(|part| *part != std::path::Component::CurDir)
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    format!("/{}", parts.join("/"))
}

/// The lines at the end, in the file's own line ending.
fn with_lines(old: &[u8], lines: &[String]) -> Vec<u8> {
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

/// What is wrong with a file that git tracks or may track.
fn of_tracking(context: &Context<'_>, is_tracked: Option<bool>, path: &Path) -> Option<Row> {
    let name = path.display().to_string();
    if is_tracked != Some(true) {
        let message = "git cannot be asked: if it tracks this file, an ignore rule has no effect";
        let step = Step::note("install git, and check its `git status`");
        return is_tracked.is_none().then(|| Row::look(name, message, step));
    }
    let git = invocation::git(context.global);
    let message = "git tracks this file, so an ignore rule has no effect";
    let file = quoted(&name);
    let fix = Step::shell(format!("{git} rm --cached {file}"))
        .with_note("then commit; if it was ever pushed, create a new token too");
    Some(Row::problem(name, Exit::Config, message, fix))
}
