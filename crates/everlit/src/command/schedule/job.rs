//! The job for this folder: it does what a run by hand does.

use everlit_engine::{CONFIG_FILE, Origin, SECRETS_FILE, Setting, is_token};
use everlit_meta_api::Platform;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use everlit_keeper::Step;
use everlit_schedule::{Job, JobError, is_unknown_to_schedulers, stable_path};

use crate::context::Context;
use crate::output::{Problem, of_this_run};
use everlit_host::host_name;

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
    let folder = context.disk.resolve(&context.settings.folder);
    let folder = folder.unwrap_or_else(|_| context.settings.folder.clone());
    let elsewhere = context.folders_outside(&folder);
    let elsewhere: Vec<&Path> = elsewhere.iter().map(PathBuf::as_path).collect();
    let read = context.files_outside(&folder);
    let read: Vec<&Path> = read.iter().map(PathBuf::as_path).collect();
    let job = Job::new(&program, &folder, &host_name(context.environment))?.of_vault(context.settings.vault.is_some());
    let job = match context.hosted_machine()? {
        Some(machine) => job.on_hosted_machine(machine),
        None => job,
    };
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
    let alone = context.only_in_environment()?;
    if !alone.is_empty() {
        notes.push(format!(
            "schedulers do not inherit the shell's environment: put {} into {SECRETS_FILE}",
            alone.join(", ")
        ));
    }
    let address = context.settings.vault.as_ref().map(|vault| &vault.address);
    if address.is_some_and(|address| {
        address.value.file().is_none() && matches!(address.origin, Origin::Flag(_) | Origin::Environment(_))
    }) {
        notes.push(format!(
            "set `vault` in {CONFIG_FILE}, and EVERLIT_VAULT_PASSWORD in {SECRETS_FILE}: schedulers have neither your flags nor your environment"
        ));
    }
    let from_environment = context.settings.vault.is_some() && context.master_key_is_in_environment();
    if from_environment {
        notes.push(format!(
            "the master key comes from your environment, which schedulers do not inherit: set `master_key_file` in {CONFIG_FILE}"
        ));
    }
    let programs = context.channel_programs().filter(|program| is_unknown_to_schedulers(program, &*context.disk));
    notes.extend(programs.map(|program| {
        format!("schedulers do not find {program}, the command of a channel: write its full path into everlit.toml")
    }));
    if let Some(Setting { origin: Origin::Environment(_), .. }) = &context.settings.meta_url {
        notes.push(
            "EVERLIT_META_URL is left out: scheduled runs call the real Meta, so install makes no test run".to_owned(),
        );
    }
    Ok(notes)
}

fn flags(context: &Context<'_>) -> Result<Vec<String>, JobError> {
    let mut flags = Vec::new();
    for (what, value) in of_this_run(context.global, &context.settings) {
        let text = |value: OsString| JobError::NotText { what, shown: value.display().to_string() };
        flags.extend([what.to_owned(), value.into_string().map_err(text)?]);
    }
    Ok(flags)
}
