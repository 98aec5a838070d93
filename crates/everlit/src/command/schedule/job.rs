//! The job for this folder: it does what a run by hand does.

use everlit_engine::{Origin, SECRETS_FILE, Setting, is_token};
use everlit_meta_api::Platform;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use everlit_disk::Disk;
use everlit_keeper::Step;
use everlit_schedule::{Job, JobError};

use crate::context::Context;
use crate::output::{Problem, of_this_run};
use everlit_host::{Environment, host_name};

/// The job with the flags of this call, and with the settings from environment variables, which schedulers do not set.
pub(super) fn of_this_folder(context: &Context<'_>) -> Result<Job, Problem> {
    // Many users can read the command of a schedule.
    let is_wrong = |(_, value): &(_, OsString)| value.to_str().is_some_and(is_token);
    if let Some((flag, _)) = of_this_run(context.global, &context.settings).into_iter().find(is_wrong) {
        return Err(Problem::config(format!("the value of {flag} is a token"))
            .with_next(Step::everlit("connect").with_note("it asks for the token; the flag takes a name")));
    }
    let exe = std::env::current_exe();
    let exe = exe.map_err(|error| Problem::internal(format!("cannot determine the path of everlit: {error}")))?;
    let program = stable_path(exe, context.environment, &*context.disk);
    let folder = real(&context.settings.folder, &*context.disk);
    let elsewhere = folders_outside(context, &folder);
    let elsewhere: Vec<&Path> = elsewhere.iter().map(PathBuf::as_path).collect();
    let read = files_outside(context, &folder);
    let read: Vec<&Path> = read.iter().map(PathBuf::as_path).collect();
    let job = Job::new(&program, &folder, &host_name(context.environment))?;
    Ok(job.with_flags(flags(context)?)?.also_writing(&elsewhere)?.also_reading(&read)?)
}

/// What a run by hand has and a scheduled run lacks, for a person.
pub(super) fn left_behind(context: &Context<'_>) -> Result<Vec<String>, Problem> {
    let mut notes = Vec::new();
    // What is wrong with an app is told where its account is refreshed.
    let apps = context.settings.accounts.iter().filter_map(|account| context.app(account, Platform::Facebook).ok()?);
    let from_environment = |origin: &Origin| matches!(origin, Origin::Environment(_));
    if let Some(origin) = apps.map(|app| app.origin).find(from_environment) {
        notes.push(format!(
            "META_APP_SECRET comes from your {origin}, which schedulers do not inherit: put it and META_APP_ID into {SECRETS_FILE}"
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
            "schedulers do not inherit the shell's environment: put {} into {SECRETS_FILE}",
            names.join(", ")
        ));
    }
    if let Some(Setting { origin: Origin::Environment(_), .. }) = &context.settings.meta_url {
        notes.push(
            "EVERLIT_META_URL is left out: scheduled runs call the real Meta, so install makes no test run".to_owned(),
        );
    }
    Ok(notes)
}

/// The path at which `PATH` finds this very program, if it does: package managers move the file behind it with each
/// version.
fn stable_path(exe: PathBuf, environment: &Environment, disk: &dyn Disk) -> PathBuf {
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
    for (what, value) in of_this_run(context.global, &context.settings) {
        let text = |value: OsString| JobError::NotText { what, shown: value.display().to_string() };
        flags.extend([what.to_owned(), value.into_string().map_err(text)?]);
    }
    Ok(flags)
}

/// Files outside the project folder that a run reads: certificates, and programs of channels.
fn files_outside(context: &Context<'_>, folder: &Path) -> Vec<PathBuf> {
    let certificates = context.settings.ca_file.iter().map(|file| folder.join(&file.value));
    let channels = context.settings.notify.channels.iter();
    let programs = channels.filter_map(|channel| channel.options.text("command").map(PathBuf::from));
    // A program that is looked up in PATH has no fixed location.
    certificates.chain(programs.filter(|program| program.is_absolute())).collect()
}

/// Folders outside the project folder that a run writes to: those of env files, metadata and metrics.
fn folders_outside(context: &Context<'_>, folder: &Path) -> Vec<PathBuf> {
    let of_accounts =
        context.settings.accounts.iter().flat_map(|account| [&account.env_file.value, &account.metadata.value]);
    let files = of_accounts.chain(&context.settings.notify.metrics_file);
    let mut outside: Vec<PathBuf> = Vec::new();
    for file in files {
        let path = folder.join(file);
        // The folder of the file itself is written, not the folder of a link to it.
        let path = real(&path, &*context.disk);
        let Some(parent) = path.parent().map(|parent| real(parent, &*context.disk)) else { continue };
        if !parent.starts_with(folder) && !outside.contains(&parent) {
            outside.push(parent);
        }
    }
    outside
}
