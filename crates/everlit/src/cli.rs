//! Flags and commands, as types. No behaviour.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use everlit_meta_api::Platform;
use everlit_schedule::Scheduler;

/// Keeps Instagram, Facebook and Threads access tokens from ever expiring.
///
/// In a project with `.env.local`: `everlit refresh`, once a day. Try everything without an account: `everlit demo`.
#[derive(Debug, Parser)]
#[command(name = "everlit", version, disable_help_subcommand = true, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// Reads a command line, its first word the program's name.
    ///
    /// Making the flags of all commands takes longer than a run with nothing due. One that machines start again and again
    /// is read with its own alone; any other, help, and what is wrong with a line go through all of them.
    pub(crate) fn read(message: &[OsString]) -> Result<Self, clap::Error> {
        let alone = message.iter().find_map(|word| started_by_machines(word.to_str()?));
        let read = |command| {
            let program = Global::augment_args(clap::Command::new("everlit")).subcommand(command);
            Self::from_arg_matches(&program.try_get_matches_from(message).ok()?).ok()
        };
        alone.and_then(read).map_or_else(|| Self::try_parse_from(message), Ok)
    }
}

/// A command that schedulers, monitors and service managers start.
fn started_by_machines(name: &str) -> Option<clap::Command> {
    match name {
        "refresh" => Some(Refresh::augment_args(clap::Command::new("refresh"))),
        "status" => Some(Status::augment_args(clap::Command::new("status"))),
        "run" => Some(Run::augment_args(clap::Command::new("run"))),
        _ => None,
    }
}

const EXIT_CODES: &str = "Exit codes: 0 all well or nothing due, 1 internal error, 2 usage or configuration, 3 a person must act, \
4 temporary and retried, 5 a token could not be saved, 6 another run holds the lock. `everlit explain exit` says more.";

/// Flags that every command understands.
#[allow(clippy::doc_markdown, reason = "these comments are the help text, where backticks round a name would be noise")]
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// Run as if started in DIR
    #[arg(short = 'C', long = "dir", value_name = "DIR", global = true)]
    pub(crate) dir: Option<PathBuf>,
    /// The env file that holds the token [default: .env.local]
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) env_file: Option<PathBuf>,
    /// The token's name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]
    #[arg(long, value_name = "NAME", global = true)]
    pub(crate) key: Option<String>,
    /// What is known about the token [default: scripts/instagram-token.json]
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) metadata: Option<PathBuf>,
    /// Refresh when fewer days than this are left [default: 30]
    #[arg(long, value_name = "DAYS", global = true)]
    pub(crate) threshold_days: Option<u32>,
    /// How long one call to Meta may take [default: 30]
    #[arg(long, value_name = "SECONDS", global = true)]
    pub(crate) timeout: Option<u32>,
    /// Only this account of `everlit.toml`; may be given several times
    #[arg(long, value_name = "NAME", global = true)]
    pub(crate) account: Vec<String>,
    /// Also trust the certificates in this PEM file (a company's proxy)
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) ca_file: Option<PathBuf>,
    /// Never ask a question: fail with the command that answers it
    #[arg(long, global = true)]
    pub(crate) no_input: bool,
    /// Print one JSON document instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print nothing when all is well
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Colours; `auto` also obeys `NO_COLOR`
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: Color,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look at every token and refresh those that are due; the command for cron
    Refresh(Refresh),
    /// Show what is healthy, what is due and what needs a person, without asking Meta
    Status(Status),
    /// Set up this folder: finds the env file, adds the npm script, checks .gitignore
    Init(Init),
    /// Get a token: browser login, pasted address, or pasted token; also repairs a dead one
    Connect(Connect),
    /// Run once a day, on whatever this machine has
    #[command(subcommand)]
    Schedule(Schedule),
    /// Who is told when a person is needed
    #[command(subcommand)]
    Notify(Notify),
    /// Run a command with the fresh token in its environment
    Run(Run),
    /// Print a token to a pipe
    Token(Token),
    /// Show what happened and when
    History(History),
    /// Check everything and print the fix for each finding; safe to paste in public
    Doctor,
    /// Say what a Meta error or an exit code means and what to do
    Explain(Explain),
    /// Run a local Meta with a settable clock and faults
    Sandbox(Sandbox),
    /// Play the whole story in a few seconds, in a throw-away folder; no account needed
    Demo(Demo),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the manual page
    Man(Man),
}

#[derive(Args, Debug)]
pub(crate) struct Refresh {
    /// Refresh now, whatever the dates and stored waits say (a token under 24 hours old is still left alone)
    #[arg(long)]
    pub(crate) force: bool,
    /// Say what would be done; ask nothing of Meta and write nothing
    #[arg(long, conflicts_with = "force")]
    pub(crate) dry_run: bool,
    /// Stay and do it again by itself: one process and no scheduler, for containers
    #[arg(long, conflicts_with_all = ["force", "dry_run", "json"])]
    pub(crate) watch: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Status {
    /// Ask Meta whether each token works
    #[arg(long)]
    pub(crate) live: bool,
    /// One line for a monitor
    #[arg(long, conflicts_with = "json")]
    pub(crate) check: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Init {
    /// Say what would be changed and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How a token comes in: a browser login, or a paste.
#[allow(clippy::struct_excessive_bools, reason = "these are flags")]
#[derive(Args, Debug)]
pub(crate) struct Connect {
    /// The account's name in `everlit.toml`, added there if it is new; without it the one account of this folder
    pub(crate) name: Option<String>,
    /// Log in to Instagram with the browser
    #[arg(long, group = "way")]
    pub(crate) instagram: bool,
    /// Log in to Threads with the browser
    #[arg(long, group = "way")]
    pub(crate) threads: bool,
    /// Log in to Facebook with the browser
    #[arg(long, group = "way")]
    pub(crate) facebook: bool,
    /// Read the token from stdin instead of asking for it
    #[arg(long, group = "way")]
    pub(crate) stdin: bool,
    /// What the token is, where its first letters do not say so: instagram, threads or facebook
    #[arg(long, value_name = "PLATFORM")]
    pub(crate) kind: Option<Platform>,
    /// Exchange a short-lived token (an hour, from a login of your own) for a long-lived one; takes the app's id and secret
    #[arg(long)]
    pub(crate) exchange: bool,
    /// Take the token of this Facebook page instead of its owner's
    #[arg(long, value_name = "NAME|ID")]
    pub(crate) page: Option<String>,
    /// Let the token be of another account than the one that is there
    #[arg(long)]
    pub(crate) replace_account: bool,
    /// Show how to make a token by hand, for instagram (default), threads or facebook
    #[arg(long, value_name = "PLATFORM", num_args = 0..=1, default_missing_value = "instagram")]
    pub(crate) guide: Option<Platform>,
    #[command(flatten)]
    pub(crate) login: LoginFlags,
}

/// How a person logs in with the browser.
#[allow(clippy::struct_excessive_bools, reason = "these are flags")]
#[allow(clippy::doc_markdown, reason = "these comments are the help text, where backticks round a name would be noise")]
#[derive(Args, Debug)]
#[command(next_help_heading = "Browser login")]
pub(crate) struct LoginFlags {
    /// Do not wait for the browser's answer: paste the address it ends at (over SSH, in a container)
    #[arg(long)]
    pub(crate) paste: bool,
    /// Print the address of the login and open no browser
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Also ask for this permission; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) scope: Vec<String>,
    /// The login configuration of a Facebook app that has one (Facebook Login for Business), in place of permissions
    #[arg(long, value_name = "ID", conflicts_with = "scope")]
    pub(crate) config_id: Option<String>,
    /// Ask for the password even where the browser is logged in (Instagram, Facebook): for another account
    #[arg(long)]
    pub(crate) force_login: bool,
    /// The port on this machine that takes the browser's answer [default: 8447]; 0 takes a free one
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Take the answer by plain http, where Meta's dashboard allows it (Facebook)
    #[arg(long)]
    pub(crate) http: bool,
    /// A redirect URI of your own that is registered with the app; its address is pasted then
    #[arg(long, value_name = "URL", conflicts_with_all = ["port", "http"])]
    pub(crate) redirect_uri: Option<String>,
    /// How long to wait for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(crate) wait: u32,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Schedule {
    /// Install it into the scheduler that this machine has, prove that it will run, and run it once
    Install(ScheduleInstall),
    /// Show what is installed for this folder, when it runs next and how the last run ended
    Show,
    /// Take away all that install has put there
    Remove(ScheduleRemove),
    /// Print the files that make a scheduler run it, or write them into a folder
    Print(SchedulePrint),
    /// Say how many sites would lose their token with a schedule, by simulation
    ///
    /// Without FILE and --cron: what is found on this machine and in this project.
    Check(ScheduleCheck),
}

#[derive(Args, Debug)]
pub(crate) struct ScheduleInstall {
    /// This scheduler instead of the best one that is here
    #[arg(long, value_name = "SCHEDULER", value_parser = installable())]
    pub(crate) with: Option<Scheduler>,
    /// Say what would be done and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not run it once in the scheduler's own surroundings
    #[arg(long)]
    pub(crate) no_run: bool,
    /// Also over what somebody has changed by hand
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ScheduleRemove {
    /// Also the schedules of folders that are no longer there
    #[arg(long)]
    pub(crate) gone: bool,
    /// Say what would be done and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Also what somebody has changed by hand
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Args, Debug)]
pub(crate) struct SchedulePrint {
    /// For whom
    #[arg(value_parser = scheduler())]
    pub(crate) scheduler: Scheduler,
    /// Write the files into this folder instead
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Who a system unit runs as [default: who is logged in]
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
}

/// A scheduler by its name.
fn scheduler() -> impl TypedValueParser<Value = Scheduler> {
    PossibleValuesParser::new(Scheduler::ALL.map(Scheduler::name))
        .try_map(|name| Scheduler::from_name(&name).ok_or("no such scheduler"))
}

#[allow(clippy::doc_markdown, reason = "these comments are the help text")]
#[derive(Args, Debug)]
pub(crate) struct ScheduleCheck {
    /// A crontab, systemd timer, GitHub workflow, Kubernetes CronJob, launchd job or Windows task; - reads stdin
    #[arg(value_name = "FILE", conflicts_with = "cron")]
    pub(crate) file: Option<PathBuf>,
    /// This cron line instead of a file
    #[arg(long, value_name = "LINE")]
    pub(crate) cron: Option<String>,
}

/// One that everlit itself can put a job into.
fn installable() -> impl TypedValueParser<Value = Scheduler> {
    PossibleValuesParser::new(["systemd", "systemd-user", "cron", "launchd", "windows"])
        .try_map(|name| Scheduler::from_name(&name).ok_or("no such scheduler"))
}

#[derive(Debug, Subcommand)]
pub(crate) enum Notify {
    /// Add a channel for messages, or a monitor for heartbeats
    Add(NotifyAdd),
    /// List channels and monitors, and what could not be sent
    List,
    /// Send a real message through each channel and a real heartbeat to each monitor
    Test(NotifyTest),
    /// Remove a channel or a monitor, and its secret
    Remove(NotifyRemove),
}

#[allow(clippy::doc_markdown, reason = "these comments are the help text")]
#[derive(Args, Debug)]
pub(crate) struct NotifyAdd {
    /// A name of your choice, such as ops
    pub(crate) name: String,
    /// Kind of channel (slack to command) or monitor (healthchecks to url)
    #[arg(long, value_parser = kind_parser())]
    pub(crate) kind: &'static everlit_notify::Kind,
    /// Use it only when another channel fails
    #[arg(long)]
    pub(crate) fallback: bool,
    /// Read the secret (a URL, a password) from stdin; further ones on lines of their own, in the order asked
    #[arg(long)]
    pub(crate) stdin: bool,
    /// email: the mail server, such as mail.example.com or mail.example.com:2525
    #[arg(long, value_name = "HOST")]
    pub(crate) server: Option<String>,
    /// email: encryption of the connection [default: starttls]
    #[arg(long, value_parser = everlit_notify::SECURITY)]
    pub(crate) security: Option<String>,
    /// email: the sender
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) from: Option<String>,
    /// email: a recipient; can be repeated
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) to: Vec<String>,
    /// email: user name for the mail server; asks for the password
    #[arg(long, value_name = "USER")]
    pub(crate) user: Option<String>,
    /// command: program and arguments; receives the message as JSON on stdin
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

fn kind_parser() -> impl TypedValueParser<Value = &'static everlit_notify::Kind> {
    let names = everlit_notify::KINDS.iter().map(|kind| kind.name);
    PossibleValuesParser::new(names).try_map(|name| everlit_notify::kind(&name).ok_or("not a kind"))
}

#[derive(Args, Debug)]
pub(crate) struct NotifyTest {
    /// Test only this one
    pub(crate) name: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct NotifyRemove {
    /// Which one
    pub(crate) name: String,
}

#[allow(clippy::doc_markdown, reason = "these comments are the help text")]
#[derive(Args, Debug)]
pub(crate) struct Run {
    /// End the command and start it again when there is a new token
    #[arg(long)]
    pub(crate) restart_on_refresh: bool,
    /// Send this signal to the command when there is a new token
    #[arg(long, value_name = "SIGNAL", conflicts_with = "restart_on_refresh")]
    pub(crate) signal: Option<NewTokenSignal>,
    /// How many seconds the command has to end before it is killed
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) grace: u64,
    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

/// What a command can be told of a new token with.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum NewTokenSignal {
    /// Hang up: daemons read their configuration again
    Hup,
    /// User-defined 1
    Usr1,
    /// User-defined 2: nodemon restarts
    Usr2,
}

#[derive(Args, Debug)]
pub(crate) struct Token {
    /// Print it even to a terminal
    #[arg(long)]
    pub(crate) reveal: bool,
    /// End it with a newline; otherwise nothing is added to it
    #[arg(long)]
    pub(crate) newline: bool,
}

#[derive(Args, Debug)]
pub(crate) struct History {
    /// How many of the latest events
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 20)]
    pub(crate) limit: usize,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// A code such as 190 or 190/460, `exit`, `exit 3`, or a part of an error's text
    #[arg(value_name = "WHAT", required = true, allow_negative_numbers = true)]
    pub(crate) what: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Sandbox {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 4010)]
    pub(crate) port: u16,
    /// Calm: no faults, one shape for each reply
    #[arg(long)]
    pub(crate) friendly: bool,
    /// The seed of its faults; the same seed makes the same faults
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
}

#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// Leave the folder for a look
    #[arg(long)]
    pub(crate) keep: bool,
    /// Do not pause between the scenes
    #[arg(long)]
    pub(crate) fast: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

#[derive(Args, Debug)]
pub(crate) struct Man {
    /// Of this command instead of the whole program, such as `schedule install`
    pub(crate) command: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_read_with_its_own_flags_alone_is_read_as_with_those_of_all() {
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
