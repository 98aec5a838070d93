//! Flags and commands, as types. No behaviour.
#![allow(missing_docs, reason = "a doc comment here is a text of --help")]

use everlit_engine::{Overrides, ServeOverrides};
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use everlit_engine::import::Mapping;
use everlit_host::Signal;
use everlit_meta_api::Platform;
use everlit_schedule::Scheduler;

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

/// Flags that every command understands.
#[allow(clippy::doc_markdown, reason = "these comments are the help text, where backticks round a name would be noise")]
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Run as if started in DIR
    #[arg(short = 'C', long = "dir", value_name = "DIR", global = true)]
    pub dir: Option<PathBuf>,
    /// The vault that holds the accounts, such as sqlite:everlit.db
    #[arg(long, value_name = "ADDRESS", global = true)]
    pub vault: Option<String>,
    /// The env file that holds the token [default: .env.local]
    #[arg(long, value_name = "FILE", global = true)]
    pub env_file: Option<PathBuf>,
    /// The token's name in the env file [default: IG_ACCESS_TOKEN, or the one well-known name that is there]
    #[arg(long, value_name = "NAME", global = true)]
    pub key: Option<String>,
    /// The metadata file [default: scripts/instagram-token.json]
    #[arg(long, value_name = "FILE", global = true)]
    pub metadata: Option<PathBuf>,
    /// Refresh when fewer days than this are left [default: 30]
    #[arg(long, value_name = "DAYS", global = true)]
    pub threshold_days: Option<u32>,
    /// Timeout of one call to Meta [default: 30]
    #[arg(long, value_name = "SECONDS", global = true)]
    pub timeout: Option<u32>,
    /// Only this account of everlit.toml or the vault; can be repeated
    #[arg(long, value_name = "NAME", global = true)]
    pub account: Vec<String>,
    /// Also trust the certificates in this PEM file, such as a company proxy's
    #[arg(long, value_name = "FILE", global = true)]
    pub ca_file: Option<PathBuf>,
    /// Never ask questions; fail instead
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Print one JSON document instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Print nothing when all is well
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// When to use color; auto obeys NO_COLOR
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: Color,
}

impl Global {
    /// The settings among the flags.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            folder: self.dir.clone(),
            vault: self.vault.clone(),
            env_file: self.env_file.clone(),
            key: self.key.clone(),
            metadata: self.metadata.clone(),
            threshold_days: self.threshold_days,
            timeout_seconds: self.timeout,
            accounts: self.account.clone(),
            with_paused: false,
            ca_file: self.ca_file.clone(),
        }
    }
}

/// When to use color.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

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
pub struct Serve {
    /// Answer about health and metrics here [default: 127.0.0.1:4011]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Work on at most this many accounts at once [default: 64]
    #[arg(long, value_name = "NUMBER")]
    pub concurrency: Option<u32>,
    /// How to log to stderr [default: text on a terminal, json elsewhere]
    #[arg(long, value_enum)]
    pub log_format: Option<LogFormat>,
    /// Serve a hundred made-up accounts of a sandbox, in a temporary folder or in the vault of --vault
    #[arg(long)]
    pub demo: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// A JSON object on each line
    Json,
}

impl From<LogFormat> for everlit_engine::LogFormat {
    fn from(format: LogFormat) -> Self {
        match format {
            LogFormat::Text => Self::Text,
            LogFormat::Json => Self::Json,
        }
    }
}

impl From<&Serve> for ServeOverrides {
    fn from(flags: &Serve) -> Self {
        Self {
            listen: flags.listen,
            concurrency: flags.concurrency,
            log_format: flags.log_format.map(everlit_engine::LogFormat::from),
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Account {
    /// Add an account, with its token on stdin or without a token
    Add(AccountAdd),
    /// List the accounts
    List(AccountList),
    /// Show one account
    Show(AccountNamed),
    /// Stop all work on an account
    Pause(AccountNamed),
    /// Go on with it
    Resume(AccountNamed),
    /// Give an account another name
    Rename(AccountRename),
    /// Give an account tags, in the place of those it has
    Tag(AccountTag),
    /// Remove an account with its tokens
    Remove(AccountRemove),
    /// Bring accounts into the vault: from folders of projects, tables, instatokend, or an export
    Import(AccountImport),
    /// Write accounts with their tokens into a new file, encrypted with the vault's master key
    Export(AccountExport),
}

#[derive(Args, Debug)]
pub struct AccountNamed {
    /// The account
    pub name: String,
}

#[derive(Args, Debug)]
pub struct AccountAdd {
    /// A name for it
    pub name: String,
    /// Read the token from stdin
    #[arg(long)]
    pub stdin: bool,
    /// A word to find it by; can be repeated
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
}

#[derive(Args, Debug)]
pub struct AccountList {
    /// Only accounts with this tag
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
}

#[derive(Args, Debug)]
pub struct AccountRename {
    /// The account
    pub name: String,
    /// Its new name
    pub new_name: String,
}

#[derive(Args, Debug)]
pub struct AccountTag {
    /// The account
    pub name: String,
    /// Its tags
    pub tags: Vec<String>,
}

#[derive(Args, Debug)]
pub struct AccountRemove {
    /// The account
    pub name: String,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

#[derive(Args, Debug)]
pub struct AccountImport {
    /// Folders with projects in them, CSV files with a header, sqlite:FILE, a config.json of instatokend, or exports
    #[arg(required = true, value_name = "SOURCE")]
    pub sources: Vec<String>,
    /// What the sources are, if that cannot be recognized
    #[arg(long, value_enum)]
    pub format: Option<ImportFormat>,
    /// The columns of a table, such as name=Client,token=Key
    #[arg(
        help = "The columns of a table, such as name=Client,token=Key; fields: name, token, tags, expires_at, expires_in, refreshed_at",
        long,
        value_name = "FIELD=COLUMN,..."
    )]
    pub map: Option<Mapping>,
    /// The table of a database
    #[arg(long, value_name = "TABLE")]
    pub table: Option<String>,
    /// A word to find the imported accounts by; can be repeated
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// Where an account of the vault has another token, put the imported one in its place
    #[arg(long)]
    pub replace: bool,
    /// The master key of the vault that an export comes from
    #[arg(long, value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
    /// Show what would be imported, and change nothing
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum ImportFormat {
    /// A folder with projects in it
    Folder,
    /// A table as text, with a header
    Csv,
    /// A table of a SQLite database
    Sqlite,
    /// The config.json of instatokend
    Instatokend,
    /// A file of `everlit account export`
    Export,
}

#[derive(Args, Debug)]
pub struct AccountExport {
    /// The file to create
    pub file: PathBuf,
    /// Only accounts with this tag
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Vault {
    /// Create a vault, with a master key if there is none
    Create(VaultCreate),
    /// Read every account, and name those that cannot be read
    Check,
    /// Bring the tables of an older vault up to date
    Migrate,
    /// Copy a SQLite vault while others work with it
    Backup(VaultBackup),
}

#[derive(Args, Debug)]
pub struct VaultCreate {
    /// Where the master key is, or is to be [default: everlit-master.key]
    #[arg(long, value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct VaultBackup {
    /// The file to create
    pub file: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a master key in a new file
    Create(KeyCreate),
    /// Make a new data key, or lock the vault with another master key
    Rotate(KeyRotate),
    /// Show the keys, and how many accounts each has sealed
    Status,
}

#[derive(Args, Debug)]
pub struct KeyCreate {
    /// The file to create
    pub file: PathBuf,
}

#[derive(Args, Debug)]
pub struct KeyRotate {
    /// Seal all accounts with the new key at once; can be interrupted
    #[arg(long, conflicts_with = "master_key_file")]
    pub now: bool,
    /// Make no new key: go on where --now was interrupted
    #[arg(long, conflicts_with_all = ["master_key_file", "now"])]
    pub resume: bool,
    /// Lock the vault with the master key in this file
    #[arg(long, value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
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

/// How to get a token: browser login, or paste.
#[allow(clippy::struct_excessive_bools, reason = "these are flags")]
#[derive(Args, Debug)]
pub struct Connect {
    /// The account's name: in everlit.toml, where it is added if new, or in the vault; without it, the only account
    pub name: Option<String>,
    /// Log in to Instagram with the browser
    #[arg(long, group = "flow")]
    pub instagram: bool,
    /// Log in to Threads with the browser
    #[arg(long, group = "flow")]
    pub threads: bool,
    /// Log in to Facebook with the browser
    #[arg(long, group = "flow")]
    pub facebook: bool,
    /// Read the token from stdin instead of asking for it
    #[arg(long, group = "flow")]
    pub stdin: bool,
    /// The token's platform, if its prefix is unknown: instagram, threads or facebook
    #[arg(long, value_name = "PLATFORM")]
    pub kind: Option<Platform>,
    /// Exchange a short-lived (one-hour) token for a long-lived one; needs the app's id and secret
    #[arg(long)]
    pub exchange: bool,
    /// Use the token of this Facebook page instead of its owner's
    #[arg(long, value_name = "NAME|ID")]
    pub page: Option<String>,
    /// Allow the token to belong to another account than the current one
    #[arg(long)]
    pub replace_account: bool,
    /// Show how to create a token by hand, for instagram (default), threads or facebook
    #[arg(long, value_name = "PLATFORM", num_args = 0..=1, default_missing_value = "instagram")]
    pub guide: Option<Platform>,
    #[command(flatten)]
    pub login: LoginFlags,
}

/// Flags of the browser login.
#[allow(clippy::struct_excessive_bools, reason = "these are flags")]
#[allow(clippy::doc_markdown, reason = "these comments are the help text, where backticks round a name would be noise")]
#[derive(Args, Debug)]
#[command(next_help_heading = "Browser login")]
pub struct LoginFlags {
    /// Paste the final address instead of waiting for the browser (over SSH, in a container)
    #[arg(long)]
    pub paste: bool,
    /// Print the login address; do not open a browser
    #[arg(long)]
    pub no_browser: bool,
    /// Also request this permission; can be repeated
    #[arg(long, value_name = "NAME")]
    pub scope: Vec<String>,
    /// Login configuration of a Facebook app (Facebook Login for Business), instead of permissions
    #[arg(long, value_name = "ID", conflicts_with = "scope")]
    pub config_id: Option<String>,
    /// Ask for the password even if the browser is logged in (Instagram, Facebook): for another account
    #[arg(long)]
    pub force_login: bool,
    /// The local port for the browser's answer [default: 8447]; 0 picks a free one
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Use plain http for the answer, where Meta's dashboard allows it (Facebook)
    #[arg(long)]
    pub http: bool,
    /// Your own registered redirect URI; the final address is then pasted
    #[arg(long, value_name = "URL", conflicts_with_all = ["port", "http"])]
    pub redirect_uri: Option<String>,
    /// How long to wait for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub wait: u32,
}

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

#[derive(Debug, Subcommand)]
pub enum Target {
    /// Add a place where fresh tokens go, and check its credential; writes no token there
    Add(TargetAdd),
    /// List targets: what a delivery does, and whether the token in use was delivered
    List,
    /// Deliver the current token now, even where it is already
    Test(TargetName),
    /// Deliver the current token now to every target that lacks it
    Push(TargetName),
    /// Remove a target and its secrets; the token stays there
    Remove(TargetRemove),
    /// Explain a kind: its settings, where to get the credential, when a token takes effect
    Explain(TargetExplain),
}

#[allow(clippy::doc_markdown, reason = "these comments are the help text")]
#[derive(Args, Debug)]
pub struct TargetAdd {
    /// A name of your choice, such as site
    pub name: String,
    /// Kind of target; `everlit target explain KIND` says what it needs
    #[arg(long, value_parser = target_kind_parser())]
    pub kind: &'static everlit_target::Kind,
    /// A setting, such as project=prj_123 or key=IG_ACCESS_TOKEN; can be repeated, also for the items of a list
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub settings: Vec<String>,
    /// Read the secrets from stdin, one on each line, in the order asked
    #[arg(long)]
    pub stdin: bool,
    /// command: program and arguments
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<String>,
}

fn target_kind_parser() -> impl TypedValueParser<Value = &'static everlit_target::Kind> {
    let names = everlit_target::KINDS.iter().map(|kind| kind.name);
    PossibleValuesParser::new(names).try_map(|name| everlit_target::kind(&name).ok_or("not a kind"))
}

#[derive(Args, Debug)]
pub struct TargetName {
    /// Only this one
    pub name: Option<String>,
}

#[derive(Args, Debug)]
pub struct TargetRemove {
    /// Which one
    pub name: String,
}

#[derive(Args, Debug)]
pub struct TargetExplain {
    /// Kind of target
    #[arg(value_parser = target_kind_parser())]
    pub kind: Option<&'static everlit_target::Kind>,
}

#[derive(Debug, Subcommand)]
pub enum Notify {
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
pub struct NotifyAdd {
    /// A name of your choice, such as ops
    pub name: String,
    /// Kind of channel (slack to command) or monitor (healthchecks to url)
    #[arg(long, value_parser = kind_parser())]
    pub kind: &'static everlit_notify::Kind,
    /// Use it only when another channel fails
    #[arg(long)]
    pub fallback: bool,
    /// Read the secret (a URL, a password) from stdin; further ones on lines of their own, in the order asked
    #[arg(long)]
    pub stdin: bool,
    /// email: the mail server, such as mail.example.com or mail.example.com:2525
    #[arg(long, value_name = "HOST")]
    pub server: Option<String>,
    /// email: encryption of the connection [default: starttls]
    #[arg(long, value_parser = everlit_notify::SECURITY)]
    pub security: Option<String>,
    /// email: the sender
    #[arg(long, value_name = "ADDRESS")]
    pub from: Option<String>,
    /// email: a recipient; can be repeated
    #[arg(long, value_name = "ADDRESS")]
    pub to: Vec<String>,
    /// email: user name for the mail server; asks for the password
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    /// command: program and arguments; receives the message as JSON on stdin
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<String>,
}

fn kind_parser() -> impl TypedValueParser<Value = &'static everlit_notify::Kind> {
    let names = everlit_notify::KINDS.iter().map(|kind| kind.name);
    PossibleValuesParser::new(names).try_map(|name| everlit_notify::kind(&name).ok_or("not a kind"))
}

#[derive(Args, Debug)]
pub struct NotifyTest {
    /// Test only this one
    pub name: Option<String>,
}

#[derive(Args, Debug)]
pub struct NotifyRemove {
    /// Which one
    pub name: String,
}

#[allow(clippy::doc_markdown, reason = "these comments are the help text")]
#[derive(Args, Debug)]
pub struct Run {
    /// Restart the command when there is a new token
    #[arg(long)]
    pub restart_on_refresh: bool,
    /// Send this signal to the command when there is a new token
    #[arg(long, value_name = "SIGNAL", conflicts_with = "restart_on_refresh")]
    pub signal: Option<NewTokenSignal>,
    /// Seconds to wait before killing the command
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub grace: u64,
    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

#[derive(Args, Debug)]
pub struct Doctor {
    /// Also list what is fine
    #[arg(long)]
    pub verbose: bool,
}

/// The signal that tells a command about a new token.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum NewTokenSignal {
    /// Hang up: daemons reload their configuration
    Hup,
    /// User-defined 1
    Usr1,
    /// User-defined 2: nodemon restarts
    Usr2,
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

impl From<NewTokenSignal> for Signal {
    fn from(signal: NewTokenSignal) -> Self {
        match signal {
            NewTokenSignal::Hup => Self::HangUp,
            NewTokenSignal::Usr1 => Self::User1,
            NewTokenSignal::Usr2 => Self::User2,
        }
    }
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
