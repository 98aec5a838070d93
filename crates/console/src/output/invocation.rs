//! The flags of this call, which suggested commands need too: a step says `everlit refresh`, the screen shows
//! `everlit -C 'my site' refresh`.

use everlit_engine::{Origin, Setting, Settings};
use std::ffi::{OsStr, OsString};
use std::path::Path;

use everlit_keeper::StepCommand;
use everlit_meta_api::redact;

use crate::cli::Global;
use everlit_host::shell::quoted;

/// The commands that work on a folder and its accounts; the others ignore these flags.
const OF_A_FOLDER: [&str; 17] = [
    "account", "app", "vault", "key", "refresh", "status", "init", "connect", "schedule", "notify", "target", "listen",
    "run", "token", "history", "doctor", "serve",
];

/// Those that are about all accounts, or name theirs themselves.
const OF_ALL_ACCOUNTS: [&str; 4] = ["account", "app", "vault", "key"];

/// The flags that make another command work on the same folder and files.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Invocation {
    flags: Vec<(&'static str, OsString)>,
}

impl Invocation {
    /// As typed: for commands pasted into the same shell.
    pub fn typed(global: &Global) -> Self {
        let mut flags = Vec::new();
        let mut add = |name, value: Option<&OsStr>| flags.extend(value.map(|value| (name, value.to_owned())));
        let number = |number: Option<u32>| number.map(|number| OsString::from(number.to_string()));
        add("-C", global.dir.as_deref().map(AsRef::as_ref));
        add("--vault", global.vault.as_deref().filter(|address| !has_password(address)).map(AsRef::as_ref));
        add("--env-file", global.env_file.as_deref().map(AsRef::as_ref));
        add("--key", global.key.as_deref().map(AsRef::as_ref));
        add("--metadata", global.metadata.as_deref().map(AsRef::as_ref));
        add("--threshold-days", number(global.threshold_days).as_deref());
        add("--timeout", number(global.timeout).as_deref());
        add("--ca-file", global.ca_file.as_deref().map(AsRef::as_ref));
        global.account.iter().for_each(|name| add("--account", Some(name.as_ref())));
        Self { flags }
    }

    /// Absolute: for schedulers, and for people who read a message elsewhere.
    pub fn from_anywhere(global: &Global, settings: &Settings) -> Self {
        let folder = ("-C", settings.folder.clone().into_os_string());
        Self { flags: std::iter::once(folder).chain(of_this_run(global, settings)).collect() }
    }

    /// The flags that name one account's files, as arguments.
    pub fn files(global: &Global) -> Vec<String> {
        let files = Global { env_file: global.env_file.clone(), key: global.key.clone(), ..Global::default() };
        let files = Self::typed(&Global { metadata: global.metadata.clone(), ..files });
        let args = files.flags.iter().filter(|flag| !holds_token(flag));
        args.flat_map(|(flag, value)| [(*flag).to_owned(), value.to_string_lossy().into_owned()]).collect()
    }

    /// The flags as arguments for another call of this program.
    pub fn into_args(self) -> Vec<OsString> {
        self.flags.into_iter().flat_map(|(flag, value)| [flag.into(), value]).collect()
    }

    /// A command line, ready to be pasted: everlit's own commands with these flags.
    pub fn command(&self, command: &StepCommand) -> String {
        let args = match command {
            StepCommand::Everlit(args) => args,
            StepCommand::Shell(line) => return line.clone(),
        };
        let flags = self.flags.iter().filter(|(flag, _)| applies(flag, args)).map(shown);
        let args = args.iter().map(|arg| format!(" {}", quoted(arg)));
        std::iter::once("everlit".to_owned()).chain(flags).chain(args).collect()
    }
}

/// Settings from flags and variables, which end with this run; settings in files stay.
pub fn of_this_run(global: &Global, settings: &Settings) -> Vec<(&'static str, OsString)> {
    fn add<T: AsRef<OsStr>>(flags: &mut Vec<(&'static str, OsString)>, name: &'static str, setting: &Setting<T>) {
        if matches!(setting.origin, Origin::Flag(_) | Origin::Environment(_)) {
            flags.push((name, setting.value.as_ref().to_owned()));
        }
    }
    let mut flags = Vec::new();
    // The address of a server is shown without user and password, and does not work like that.
    if let Some(vault) = settings.vault.as_ref().filter(|vault| vault.address.value.file().is_some()) {
        let address = Setting { value: vault.address.value.to_string(), origin: vault.address.origin.clone() };
        add(&mut flags, "--vault", &address);
    }
    // A flag or variable applies to every account, so the first one is enough.
    if let Some(account) = settings.accounts.first() {
        add(&mut flags, "--env-file", &account.env_file);
        if let Setting { value: Some(value), origin } = account.key.clone() {
            add(&mut flags, "--key", &Setting { value, origin });
        }
        add(&mut flags, "--metadata", &account.metadata);
    }
    for (name, Setting { value, origin }) in
        [("--threshold-days", &settings.threshold_days), ("--timeout", &settings.timeout_seconds)]
    {
        add(&mut flags, name, &Setting { value: value.to_string(), origin: origin.clone() });
    }
    settings.ca_file.iter().for_each(|file| add(&mut flags, "--ca-file", file));
    flags.extend(global.account.iter().map(|name| ("--account", name.into())));
    flags
}

/// A project file's path for a command run from the caller's folder: `chmod 600 'my site/.env.local'`.
pub fn path(global: &Global, file: impl AsRef<Path>) -> String {
    let file = global.dir.as_ref().map_or_else(|| file.as_ref().to_owned(), |dir| dir.join(file.as_ref()));
    quoted(&file.to_string_lossy()).into_owned()
}

/// `git` for the project's folder.
pub fn git(global: &Global) -> String {
    let dir = global.dir.as_ref().map(|dir| ("-C", dir.clone().into_os_string()));
    format!("git{}", dir.as_ref().map(shown).unwrap_or_default())
}

/// Whether a command with these arguments is to get the flag.
fn applies(flag: &str, args: &[String]) -> bool {
    let mut args = args.iter().map(String::as_str);
    let name = args.next().unwrap_or_default();
    // A command that has the flag already says itself what it is about.
    if !OF_A_FOLDER.contains(&name) || args.clone().any(|arg| arg == flag) {
        return false;
    }
    if flag == "--account" && OF_ALL_ACCOUNTS.contains(&name) {
        return false;
    }
    match args.next().filter(|_| name == "connect") {
        Some("--guide") => false,
        // `connect shop` finds the account's files in the settings.
        Some(account) if !account.starts_with('-') => {
            !matches!(flag, "--env-file" | "--key" | "--metadata" | "--account")
        }
        _ => true,
    }
}

/// ` -C 'my site'`; nothing if the value is a token.
fn shown(flag: &(&'static str, OsString)) -> String {
    let (name, value) = flag;
    if holds_token(flag) { String::new() } else { format!(" {name} {}", quoted(&value.to_string_lossy())) }
}

/// Whether an address holds a password, which belongs on no command line.
fn has_password(address: &str) -> bool {
    let login = address.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@'));
    login.is_some_and(|(login, _)| login.contains(':'))
}

fn holds_token((_, value): &(&'static str, OsString)) -> bool {
    let value = value.to_string_lossy();
    redact(&value) != value
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use everlit_keeper::Step;

    use super::*;
    use crate::cli::Cli;

    fn command(flags: &str, args: &str) -> String {
        let typed = ["everlit"].into_iter().chain(flags.split_whitespace()).chain(["status"]);
        let step = Step::everlit(args);
        Invocation::typed(&Cli::try_parse_from(typed).unwrap().global).command(&step.command.unwrap())
    }

    #[test]
    fn every_suggested_command_gets_the_flags_it_takes() {
        for (flags, args, line) in [
            ("", "refresh", "everlit refresh"),
            ("--json --quiet --no-input --color never", "refresh", "everlit refresh"),
            ("-C site", "refresh --force", "everlit -C site refresh --force"),
            ("-C a", "schedule show", "everlit -C a schedule show"),
            ("-C a", "explain 190", "everlit explain 190"),
            ("-C a", "connect --guide", "everlit connect --guide"),
            ("-C a", "connect", "everlit -C a connect"),
            ("--key A --account shop", "token --reveal", "everlit --key A --account shop token --reveal"),
            ("--account shop", "connect", "everlit --account shop connect"),
            ("-C a --key A --account b", "connect b --facebook", "everlit -C a connect b --facebook"),
            ("-C a --account nope", "account list", "everlit -C a account list"),
            ("--account b --account c", "run --account b -- COMMAND", "everlit run --account b -- COMMAND"),
            ("--env-file a", "refresh --env-file b", "everlit refresh --env-file b"),
            (
                "--threshold-days 9 --timeout 5 --ca-file a.pem --metadata b.json",
                "status",
                "everlit --metadata b.json --threshold-days 9 --timeout 5 --ca-file a.pem status",
            ),
        ] {
            assert_eq!(command(flags, args), line, "{flags}");
        }
        let spaced = Step::everlit_args(["connect", "my shop"]).command.unwrap();
        assert_eq!(Invocation::default().command(&spaced), format!("everlit connect {}", quoted("my shop")));
        assert_eq!(Invocation::default().command(&StepCommand::Shell("crontab -e".to_owned())), "crontab -e");
    }

    #[test]
    fn a_token_given_as_a_flag_value_is_not_repeated() {
        let token = "IGAAfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKE";
        assert_eq!(command(&format!("--key {token} -C a"), "doctor"), "everlit -C a doctor");
    }

    #[test]
    fn every_command_is_classified_by_whether_it_uses_a_folder() {
        let others = ["explain", "sandbox", "demo", "completions", "man"];
        for command in Cli::command().get_subcommands() {
            let name = command.get_name();
            assert!(OF_A_FOLDER.contains(&name) != others.contains(&name), "{name}");
        }
    }

    /// Validated by the shell itself.
    #[cfg(unix)]
    #[test]
    #[allow(clippy::disallowed_methods, reason = "a test starts a shell")]
    fn a_shell_reads_quoted_words_back_unchanged() {
        for word in [
            "",
            "my site",
            "it's",
            "$HOME `id` \\ \"x\" %d !",
            "~/x",
            "-x",
            "a\nb",
            "é*?[a]{b}#;&|<>()",
            "plain/._-+:@,",
        ] {
            let script = format!("printf %s {}", quoted(word));
            let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), word, "{script}");
        }
    }
}
