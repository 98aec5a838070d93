//! `.gitignore`: tokens and their metadata must stay out of the repository.

use crate::output::{Exit, quoted, rerun};
use everlit_keeper::Step;
use std::path::{Path, PathBuf};

use everlit_disk::{ReplaceOptions, replace};
use everlit_engine::{ignore_rules, private_files, with_lines};

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
    let key = context.master_key_file().filter(|_| context.settings.vault.is_some());
    let private = private_files(&context.settings, &env_files.iter().cloned().chain(key).collect::<Vec<_>>());
    let tracking = private.iter().filter_map(|path| of_tracking(context, repository.as_ref()?.tracks(path), path));
    let mut steps: Vec<Row> = tracking.collect();
    let bare: Vec<&PathBuf> = private.iter().filter(|path| !is_covered(path)).collect();
    let lines = ignore_rules(&bare);
    if lines.is_empty() {
        let what = if context.settings.vault.is_some() { "the vault" } else { "the token and its metadata" };
        let message = if steps.is_empty() { format!("git ignores {what}") } else { format!("its rules cover {what}") };
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
