//! Flags and commands, as types. No behaviour.
#![allow(missing_docs, reason = "a doc comment here is a text of --help")]

mod account;
mod app;
mod connect;
mod global;
mod key;
mod notify;
mod run;
mod schedule;
mod serve;
mod target;
mod vault;

use std::ffi::OsString;
use std::net::SocketAddr;

use clap::{Args, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;

pub use account::{
    Account, AccountAdd, AccountApp, AccountExport, AccountImport, AccountList, AccountNamed, AccountRemove,
    AccountRename, AccountTag, ImportFormat,
};
pub use app::{App, AppAdd, AppNamed};
pub use connect::{Connect, LoginFlags};
pub use global::{Color, Global};
pub use key::{Key, KeyCreate, KeyRotate};
pub use notify::{Notify, NotifyAdd, NotifyRemove, NotifyTest};
pub use run::{NewTokenSignal, Run};
pub use schedule::{Schedule, ScheduleCheck, ScheduleInstall, SchedulePrint, ScheduleRemove};
pub use serve::{LogFormat, Serve};
pub use target::{Target, TargetAdd, TargetExplain, TargetName, TargetRemove};
pub use vault::{Vault, VaultBackup, VaultCreate};

/// Keeps Instagram, Facebook and Threads access tokens from ever expiring.
///
/// In a project with `.env.local`: `everlit refresh`, once a day. Try everything without an account: `everlit demo`.
#[derive(Debug, Parser)]
#[command(name = "everlit", version, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Parses a command line, its first word the program's name.
    ///
    /// Building the flags of all commands takes longer than a run with nothing due, so the commands that schedulers start are
    /// parsed with their own flags only. All others, help and errors go through the whole definition.
    pub fn read(message: &[OsString]) -> Result<Self, clap::Error> {
        let alone = message.iter().find_map(|word| scheduled_command(word.to_str()?));
        let read = |command| {
            let program = Global::augment_args(clap::Command::new("everlit")).subcommand(command);
            Self::from_arg_matches(&program.try_get_matches_from(message).ok()?).ok()
        };
        alone.and_then(read).map_or_else(|| Self::try_parse_from(message), Ok)
    }
}

/// A command that schedulers, monitors and service managers start.
fn scheduled_command(name: &str) -> Option<clap::Command> {
    match name {
        "refresh" => Some(Refresh::augment_args(clap::Command::new("refresh"))),
        "status" => Some(Status::augment_args(clap::Command::new("status"))),
        "run" => Some(Run::augment_args(clap::Command::new("run"))),
        _ => None,
    }
}

const EXIT_CODES: &str = "Exit codes: 0 all well or nothing due, 1 internal error, 2 usage or configuration, 3 a person must act, \
4 temporary, retried, 5 a token could not be saved, 6 another run holds the lock. Details: everlit explain exit";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check every token and refresh those that are due; the command for cron
    Refresh(Refresh),
    /// Show what is healthy, what is due and what needs a person; no network
    Status(Status),
    /// Set up this folder: find the env file, add the npm script, check .gitignore
    Init(Init),
    /// Get a token by browser login or paste; also replaces a dead one
    Connect(Connect),
    /// Run everlit once a day with this machine's scheduler
    #[command(subcommand)]
    Schedule(Schedule),
    /// Manage who is notified when a person is needed
    #[command(subcommand)]
    Notify(Notify),
    /// Manage where fresh tokens go besides the env file
    #[command(subcommand)]
    Target(Target),
    /// Manage the accounts of a vault
    #[command(subcommand)]
    Account(Account),
    /// Manage the Meta apps that issue the tokens of a vault's accounts
    #[command(subcommand)]
    App(App),
    /// Manage the encrypted database that holds many accounts
    #[command(subcommand)]
    Vault(Vault),
    /// Manage the keys of the vault
    #[command(subcommand)]
    Key(Key),
    /// Keep the accounts of a vault alive for as long as this runs
    Serve(Serve),
    /// Start a run when a signed HTTP request asks for it: for crons that run no programs
    Listen(Listen),
    /// Run a command with the fresh token in its environment
    Run(Run),
    /// Print a token to a pipe
    Token(Token),
    /// Show what happened and when
    History(History),
    /// Check everything and print a fix for each finding; safe to paste in public
    Doctor(Doctor),
    /// Explain a Meta error or an exit code
    Explain(Explain),
    /// Run a local Meta with a settable clock and faults
    Sandbox(Sandbox),
    /// Play the whole story in a few seconds, in a temporary folder; no account needed
    Demo(Demo),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the manual page
    Man(Man),
}

#[derive(Args, Debug)]
pub struct Refresh {
    /// Refresh now, regardless of dates and stored waits (tokens under 24 hours old are still skipped)
    #[arg(long)]
    pub force: bool,
    /// Show what would be done; call nobody, write nothing
    #[arg(long, conflicts_with = "force")]
    pub dry_run: bool,
    /// Keep running and refresh on schedule: for containers without a scheduler
    #[arg(long, conflicts_with_all = ["force", "dry_run"])]
    pub watch: bool,
}

#[derive(Args, Debug)]
pub struct Listen {
    /// Where to listen [default: 127.0.0.1:8080; port PORT of every address where that is set]
    #[arg(long, value_name = "IP:PORT")]
    pub address: Option<SocketAddr>,
}

#[derive(Args, Debug)]
pub struct Status {
    /// Ask Meta whether each token works
    #[arg(long)]
    pub live: bool,
    /// One line for a monitor
    #[arg(long, conflicts_with = "json")]
    pub check: bool,
    /// Show every account, also where there are many and they are well
    #[arg(long)]
    pub all: bool,
}

#[derive(Args, Debug)]
pub struct Init {
    /// Show what would be changed; change nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Args, Debug)]
pub struct Doctor {
    /// Also list what is fine
    #[arg(long)]
    pub verbose: bool,
}

#[derive(Args, Debug)]
pub struct Token {
    /// Print it even on a terminal
    #[arg(long)]
    pub reveal: bool,
    /// Add a newline
    #[arg(long)]
    pub newline: bool,
}

#[derive(Args, Debug)]
pub struct History {
    /// Number of latest events
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 20)]
    pub limit: usize,
}

#[derive(Args, Debug)]
pub struct Explain {
    /// A code such as 190 or 190/460, exit, exit 3, or part of an error's text
    #[arg(value_name = "WHAT", required = true, allow_negative_numbers = true)]
    pub what: Vec<String>,
}

#[derive(Args, Debug)]
pub struct Sandbox {
    /// The port on 127.0.0.1; 0 picks a free one
    #[arg(long, default_value_t = 4010)]
    pub port: u16,
    /// No faults, one shape for each reply
    #[arg(long)]
    pub friendly: bool,
    /// The seed of its faults; the same seed gives the same faults
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
}

#[derive(Args, Debug)]
pub struct Demo {
    /// Keep the folder
    #[arg(long)]
    pub keep: bool,
    /// Do not pause between scenes
    #[arg(long)]
    pub fast: bool,
}

#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}

#[derive(Args, Debug)]
pub struct Man {
    /// The page of this command, such as schedule install
    pub command: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheduled_commands_parse_as_with_the_whole_definition() {
        let lines = [
            "refresh",
            "-C site --key K refresh --force --json -q",
            "refresh --watch --account a --account b --color never",
            "refresh --force --dry-run",
            "status --check --threshold-days 7",
            "status --check --json",
            "run --grace 5 -- npm start",
            "run --signal usr2 -- sh -c refresh",
            "run npm start",
            "run -- refresh --watch",
            "--account refresh status",
            "--account status history -n 3",
            "connect refresh --stdin",
            "refresh status",
            "refresh --help",
            "refresh --threshold-days many",
            "help refresh",
            "help",
            "refresh --version",
            "--version",
            "",
        ];
        for line in lines {
            let message: Vec<OsString> =
                ["everlit"].into_iter().chain(line.split_whitespace()).map(Into::into).collect();
            let shown = |read: Result<Cli, clap::Error>| read.map_or_else(|e| e.to_string(), |cli| format!("{cli:?}"));
            assert_eq!(shown(Cli::read(&message)), shown(Cli::try_parse_from(&message)), "{line}");
        }
    }
}
