//! A folder, and the projects in it: every folder with a token in an env file, or with an `everlit.toml` that names accounts.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use everlit_disk::{Disk, Kind, uninterrupted};
use everlit_envfile::EnvFile;
use everlit_host::{Environment, Runtime, runtime};
use everlit_keeper::{AccountName, Cause, Record, Store as _, StoreErrorClass, Stored};
use everlit_meta_api::{Timestamp, Token, redact};
use everlit_store::{DEFAULT_KEY, Key, ProjectAccount, ProjectFiles, WELL_KNOWN_KEYS};

use super::found::Gathered;
use crate::config::{
    CONFIG_FILE, DEFAULT_METADATA, Overrides, Project, Settings, env_file_names, find_tokens, read_env_file,
};

/// How deep projects are searched for.
const DEEPEST: usize = 8;

/// How many folders are searched.
const MOST: usize = 100_000;

/// Folders of tools, in which there are copies of what is elsewhere. Hidden ones are not searched either.
const NOT_SEARCHED: [&str; 3] = ["node_modules", "target", "vendor"];

/// Adds the accounts of every project in the folder at `path`, called `shown` in messages.
pub(super) fn read(project: &Project<'_>, path: &Path, shown: &str, to: &mut Gathered) -> io::Result<()> {
    let runtime = runtime()?;
    let mut found = Vec::new();
    let mut waiting = vec![(path.to_owned(), 0)];
    let mut searched = 0;
    while let Some((folder, depth)) = waiting.pop() {
        searched += 1;
        let names = match uninterrupted(|| project.disk.list(&folder)) {
            Ok(names) => names,
            Err(error) if depth == 0 => return Err(error),
            Err(error) => {
                to.notes.push(format!("{} was not searched: {error}", redact(&folder.display().to_string())));
                continue;
            }
        };
        found.extend(in_project(project, &runtime, &folder, (path, shown), to));
        let subfolders = names.into_iter().rev().filter(|name| is_searched(&name.to_string_lossy()));
        // Links are not followed: they may lead in a circle, or out of the folder.
        let subfolders = subfolders.map(|name| folder.join(name)).filter(|path| is_folder(&*project.disk, path));
        let subfolders: Vec<_> = if depth < DEEPEST { subfolders.collect() } else { Vec::new() };
        if searched + waiting.len() + subfolders.len() > MOST {
            to.notes.push(format!("{shown} has more than {MOST} folders; the others were not searched"));
        } else {
            waiting.extend(subfolders.into_iter().map(|path| (path, depth + 1)));
        }
    }
    give_names(&mut found);
    for InProject { name, origin, token, record, .. } in found {
        to.add(origin, &name, token, record, Vec::new());
    }
    Ok(())
}

fn is_searched(name: &str) -> bool {
    !name.starts_with('.') && !NOT_SEARCHED.contains(&name)
}

fn is_folder(disk: &dyn Disk, path: &Path) -> bool {
    uninterrupted(|| disk.lstat(path)).is_ok_and(|stat| stat.kind == Kind::Folder)
}

/// A token of a project.
struct InProject {
    name: String,
    /// The folder above the project's, to distinguish projects of the same name.
    parent: String,
    origin: String,
    token: Token,
    record: Record,
}

/// The tokens of one project: those of the accounts in its settings, then others in its env files.
fn in_project(
    project: &Project<'_>,
    runtime: &Runtime,
    folder: &Path,
    (root, shown): (&Path, &str),
    to: &mut Gathered,
) -> Vec<InProject> {
    let env_files = env_file_names(folder, &*project.disk);
    let has_config = uninterrupted(|| project.disk.stat(&folder.join(CONFIG_FILE))).is_ok();
    if env_files.is_empty() && !has_config {
        return Vec::new();
    }
    let place = folder.strip_prefix(root).unwrap_or(folder);
    let shown = Path::new(shown).join(place);
    let real = uninterrupted(|| project.disk.resolve(folder)).unwrap_or_else(|_| folder.to_owned());
    let part = |path: Option<&Path>| {
        let name = path.and_then(Path::file_name);
        name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let names = Names { own: part(Some(&real)), parent: part(real.parent()) };
    let origin = |file: &Path| redact(&shown.join(file).display().to_string());
    let mut accounts =
        if has_config { accounts_of(project, folder, &origin(Path::new(CONFIG_FILE)), to) } else { Vec::new() };
    let named: HashSet<AccountName> = accounts.iter().map(|account| account.name.clone()).collect();
    accounts.extend(others(project, folder, &env_files, &accounts, &origin, to));
    let files = ProjectFiles::new(
        std::sync::Arc::clone(&project.disk),
        project.shared_clock(),
        folder.to_owned(),
        accounts.clone(),
        String::new(),
    );
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    for (number, account) in accounts.iter().enumerate() {
        let origin = origin(&account.env_file);
        let Some((token, record)) = load(runtime, project.now(), &files, account, &origin, to) else { continue };
        if !seen.insert(token.fingerprint()) {
            continue;
        }
        let is_named = named.contains(&account.name) && account.name.as_str() != AccountName::NAMELESS;
        let name = match (&account.key, is_named) {
            (_, true) => account.name.as_str().to_owned(),
            (Key::Named(key), false) if number > 0 => format!("{}-{}", names.own, key.to_lowercase()),
            _ => names.own.clone(),
        };
        found.push(InProject { name, parent: names.parent.clone(), origin, token, record });
    }
    found
}

struct Names {
    own: String,
    parent: String,
}

/// The accounts of an `everlit.toml`; the environment of this process says nothing about them.
fn accounts_of(project: &Project<'_>, folder: &Path, origin: &str, to: &mut Gathered) -> Vec<ProjectAccount> {
    let environment = Environment::empty(folder.to_owned());
    match Settings::read(&Overrides::default(), &environment, &project.disk) {
        Ok(settings) if settings.vault.is_some() => {
            if settings.folder != project.settings.folder {
                to.leave_out(
                    origin,
                    "its accounts are in a vault; `everlit account export` there makes a file to import",
                );
            }
            Vec::new()
        }
        Ok(settings) => {
            let wrong =
                |name: &AccountName| settings.problems.iter().find(|problem| problem.account.as_ref() == Some(name));
            let mut accounts = Vec::new();
            for account in &settings.all_accounts {
                match wrong(&account.name) {
                    Some(problem) => to.leave_out(origin, problem.error.message.clone()),
                    None => accounts.push(account.files()),
                }
            }
            accounts
        }
        Err(error) => {
            to.leave_out(origin, error.message);
            Vec::new()
        }
    }
}

/// Tokens in env files that belong to no account of the settings. Of a key in several files, the first file counts, as for
/// the site itself.
fn others(
    project: &Project<'_>,
    folder: &Path,
    env_files: &[String],
    known: &[ProjectAccount],
    origin: &impl Fn(&Path) -> String,
    to: &mut Gathered,
) -> Vec<ProjectAccount> {
    let is_known = |file: &str, key: &str| {
        known.iter().any(|account| {
            let same_key = match &account.key {
                Key::Named(own) => own == key,
                Key::Default => key == DEFAULT_KEY || WELL_KNOWN_KEYS.contains(&key),
            };
            same_key && account.env_file == Path::new(file)
        })
    };
    // Then the project's own runs know it by no key, and what they remember stands under that.
    let is_only_usual = |file: &str, key: &str| {
        let bytes = read_env_file(&folder.join(file), &*project.disk);
        let env = EnvFile::parse(&bytes);
        let mut set = usual_keys().filter(|usual| env.assignments(usual).next().is_some());
        set.next() == Some(key) && set.next().is_none()
    };
    let mut keys = HashMap::new();
    let mut accounts = Vec::new();
    for found in find_tokens(folder, &*project.disk, env_files.iter().cloned()) {
        let first = keys.entry(found.key.clone()).or_insert_with(|| (found.file.clone(), found.token.clone()));
        if first.0 != found.file {
            if first.1 != found.token {
                let why = format!("{} is in {} as well, which counts", found.key, first.0);
                to.leave_out(&origin(Path::new(&found.file)), why);
            }
        } else if !is_known(&found.file, &found.key) {
            let key = if is_only_usual(&found.file, &found.key) { Key::Default } else { Key::Named(found.key.clone()) };
            accounts.push(ProjectAccount {
                name: AccountName::new(format!("{}#{}", found.file, found.key)),
                env_file: PathBuf::from(found.file),
                key,
                metadata: PathBuf::from(DEFAULT_METADATA),
            });
        }
    }
    for file in env_files {
        let bytes = read_env_file(&folder.join(file), &*project.disk);
        let env = EnvFile::parse(&bytes);
        for key in usual_keys() {
            let Ok(Some(value)) = env.value(key) else { continue };
            if let Err(error) = Token::parse(&String::from_utf8_lossy(&value))
                && !keys.contains_key(key)
                && !is_known(file, key)
            {
                to.leave_out(&origin(Path::new(file)), format!("{key}: {error}"));
            }
        }
    }
    accounts
}

fn usual_keys() -> impl Iterator<Item = &'static str> {
    std::iter::once(DEFAULT_KEY).chain(WELL_KNOWN_KEYS)
}

/// The token of a project's account, and what is known about it.
fn load(
    runtime: &Runtime,
    now: Timestamp,
    files: &ProjectFiles,
    account: &ProjectAccount,
    origin: &str,
    to: &mut Gathered,
) -> Option<(Token, Record)> {
    match runtime.block_on(files.load(&account.name, now)) {
        Ok(Stored { candidate: Some(_), .. }) => {
            to.leave_out(origin, "a refresh has not finished there: run `everlit refresh` in that folder first");
            None
        }
        Ok(Stored { current, record, .. }) => {
            // Refuses what nothing revives, as for every source.
            let token = to.token(origin, current.expose())?.or_kind(record.kind);
            // What happened in that project stays there; what Meta has said of the token counts everywhere.
            let failure = record.failure.filter(|failure| matches!(failure.cause, Cause::Meta(_)));
            Some((token, Record { failure, deliveries: Vec::new(), events: Vec::new(), ..record }))
        }
        Err(error) => {
            let is_unnamed = account.name.as_str() == AccountName::NAMELESS;
            if !(is_unnamed && error.class == StoreErrorClass::Missing) {
                to.leave_out(origin, error.message);
            }
            None
        }
    }
}

/// Makes the names of projects unique: by the folder above, then by a number.
fn give_names(found: &mut [InProject]) {
    let mut counts = HashMap::new();
    for project in found.iter() {
        *counts.entry(project.name.clone()).or_insert(0) += 1;
    }
    for project in found.iter_mut().filter(|project| counts.get(&project.name).is_some_and(|count| *count > 1)) {
        if !project.parent.is_empty() {
            project.name = format!("{}-{}", project.parent, project.name);
        }
    }
    let mut used = HashSet::new();
    for project in found {
        let name = project.name.clone();
        let mut number = 2;
        while !used.insert(project.name.clone()) {
            project.name = format!("{name}-{number}");
            number += 1;
        }
    }
}
