//! The job of this folder on this machine: what a scheduler has to start so that it does what a run by hand would do.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use everlit_disk::Disk;
use everlit_schedule::{Job, JobError};

use crate::output::invocation::of_this_run;
use crate::output::problem::Problem;
use crate::settings::{Origin, SECRETS_FILE, Setting, is_token};
use crate::wire::Context;
use everlit_host::{Environment, host_name};

/// The job with the flags that were given, and with those settings that came by environment and would not come along.
pub(super) fn of_this_folder(context: &Context<'_>) -> Result<Job, Problem> {
    // The command of a schedule can be read by many.
    let is_wrong = |(_, value): &(_, OsString)| value.to_str().is_some_and(is_token);
    if let Some((flag, _)) = of_this_run(context).into_iter().find(is_wrong) {
        return Err(Problem::config(format!("a token stands where the value of {flag} belongs"))
            .with_next("the same again with a name there; everlit connect takes the token"));
    }
    let exe = std::env::current_exe();
    let exe = exe.map_err(|error| Problem::internal(format!("cannot tell where everlit itself stands: {error}")))?;
    let program = lasting_name(exe, context.environment, &*context.disk);
    let folder = real(&context.settings.folder, &*context.disk);
    let elsewhere = folders_outside(context, &folder);
    let elsewhere: Vec<&Path> = elsewhere.iter().map(PathBuf::as_path).collect();
    let read = files_outside(context, &folder);
    let read: Vec<&Path> = read.iter().map(PathBuf::as_path).collect();
    Job::new(&program, &folder, &host_name(context.environment))
        .and_then(|job| job.with_flags(flags(context)?))
        .and_then(|job| job.also_writing(&elsewhere))
        .and_then(|job| job.also_reading(&read))
        .map_err(|error| cannot(&error))
}

pub(super) fn cannot(error: &JobError) -> Problem {
    Problem::config(error.to_string()).with_next("give what it names another name, then everlit schedule install")
}

/// What a run by hand has and a scheduler's has not, for a person.
pub(super) fn left_behind(context: &Context<'_>) -> Result<Vec<String>, Problem> {
    let mut notes = Vec::new();
    if let Some(Setting { origin: origin @ Origin::Environment(_), .. }) = context.app()? {
        notes.push(format!(
            "META_APP_SECRET comes from your {origin}, which a scheduler does not have: put it and META_APP_ID into {SECRETS_FILE}"
        ));
    }
    let mut alone = Vec::new();
    for name in context.settings.notify.variables() {
        alone.extend(context.secret(&name)?.map(|setting| (name, setting.origin)));
    }
    let proxy = |name: &str| Some((name.to_owned(), context.proxy_setting(name)?.origin));
    alone.extend(["HTTPS_PROXY", "NO_PROXY"].into_iter().filter_map(proxy));
    alone.retain(|(_, origin)| matches!(origin, Origin::Environment(_)));
    if !alone.is_empty() {
        let names: Vec<String> = alone.into_iter().map(|(name, _)| name).collect();
        notes.push(format!(
            "a scheduler does not have what is set in your environment alone: put {} into {SECRETS_FILE}",
            names.join(", ")
        ));
    }
    if let Some(Setting { origin: Origin::Environment(_), .. }) = &context.settings.meta_url {
        notes.push("EVERLIT_META_URL is left out: scheduled runs ask the real Meta".to_owned());
    }
    Ok(notes)
}

/// The name under which the program is found in `PATH`, if it is this very program: package managers move the file
/// behind it with each version.
fn lasting_name(exe: PathBuf, environment: &Environment, disk: &dyn Disk) -> PathBuf {
    let Some(name) = exe.file_name() else { return exe };
    let same = real(&exe, disk);
    let folders = environment.variable("PATH").unwrap_or_default();
    let named = std::env::split_paths(folders).filter(|folder| folder.is_absolute()).map(|folder| folder.join(name));
    named.into_iter().find(|path| disk.resolve(path).is_ok_and(|real| real == same)).unwrap_or(exe)
}

fn real(path: &Path, disk: &dyn Disk) -> PathBuf {
    disk.resolve(path).unwrap_or_else(|_| path.to_owned())
}

fn flags(context: &Context<'_>) -> Result<Vec<String>, JobError> {
    let mut flags = Vec::new();
    for (what, value) in of_this_run(context) {
        let text = |value: OsString| JobError::NotText { what, shown: value.display().to_string() };
        flags.extend([what.to_owned(), value.into_string().map_err(text)?]);
    }
    Ok(flags)
}

/// Files outside the project folder that a run reads: certificates, and the programs of channels.
fn files_outside(context: &Context<'_>, folder: &Path) -> Vec<PathBuf> {
    let certificates = context.settings.ca_file.iter().map(|file| folder.join(&file.value));
    let channels = context.settings.notify.channels.iter();
    let programs = channels.filter_map(|channel| channel.options.text("command").map(PathBuf::from));
    // One that is looked for in PATH has no place yet.
    certificates.chain(programs.filter(|program| program.is_absolute())).collect()
}

/// Where accounts keep files that are not in the project folder, and where the metrics go.
fn folders_outside(context: &Context<'_>, folder: &Path) -> Vec<PathBuf> {
    let of_accounts =
        context.settings.accounts.iter().flat_map(|account| [&account.env_file.value, &account.metadata.value]);
    let files = of_accounts.chain(&context.settings.notify.metrics_file);
    let mut outside: Vec<PathBuf> = Vec::new();
    for file in files {
        let path = folder.join(file);
        // The file itself, for it is that file's folder that is written, not the one with the link.
        let path = real(&path, &*context.disk);
        let Some(parent) = path.parent().map(|parent| real(parent, &*context.disk)) else { continue };
        if !parent.starts_with(folder) && !outside.contains(&parent) {
            outside.push(parent);
        }
    }
    outside
}
