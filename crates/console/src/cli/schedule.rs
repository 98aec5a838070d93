//! `everlit schedule`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use everlit_schedule::Scheduler;

#[derive(Debug, Subcommand)]
pub enum Schedule {
    /// Install a daily job into this machine's scheduler, verify it, and run it once
    Install(ScheduleInstall),
    /// Show the job for this folder, its next run and the result of its last
    Show,
    /// Remove everything that install has installed
    Remove(ScheduleRemove),
    /// Print the files for a scheduler, or write them to a folder
    Print(SchedulePrint),
    /// Simulate a schedule and report how many sites would lose their token
    ///
    /// Without FILE or --cron: checks what this machine and this project have.
    Check(ScheduleCheck),
}

#[derive(Args, Debug)]
pub struct ScheduleInstall {
    /// Use this scheduler instead of the best one available
    #[arg(long, value_name = "SCHEDULER", value_parser = installable())]
    pub with: Option<Scheduler>,
    /// Print what would be done and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Skip the test run
    #[arg(long)]
    pub no_run: bool,
    /// Replace the job even if somebody has edited it
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub struct ScheduleRemove {
    /// Remove the jobs of folders that no longer exist, and no others
    #[arg(long)]
    pub gone: bool,
    /// Print what would be done and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Remove the job even if somebody has edited it
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub struct SchedulePrint {
    /// Which scheduler
    #[arg(value_parser = scheduler())]
    pub scheduler: Scheduler,
    /// Write the files to this folder instead
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// The user of a system unit or a crontab [default: the owner of the project folder]
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
}

/// A scheduler by its name.
fn scheduler() -> impl TypedValueParser<Value = Scheduler> {
    PossibleValuesParser::new(Scheduler::ALL.map(Scheduler::name))
        .try_map(|name| Scheduler::from_name(&name).ok_or("no such scheduler"))
}

#[allow(clippy::doc_markdown, reason = "these comments are the help text")]
#[derive(Args, Debug)]
pub struct ScheduleCheck {
    /// A crontab, systemd timer, GitHub workflow, Kubernetes CronJob, launchd job or Windows task; - reads stdin
    #[arg(value_name = "FILE", conflicts_with = "cron")]
    pub file: Option<PathBuf>,
    /// Check this cron line instead of a file
    #[arg(long, value_name = "LINE")]
    pub cron: Option<String>,
}

/// A scheduler that everlit can install jobs into.
fn installable() -> impl TypedValueParser<Value = Scheduler> {
    PossibleValuesParser::new(Scheduler::ALL.into_iter().filter(|one| one.is_installable()).map(Scheduler::name))
        .try_map(|name| Scheduler::from_name(&name).ok_or("no such scheduler"))
}
