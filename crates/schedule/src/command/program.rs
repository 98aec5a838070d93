//! What one program with its arguments does for tokens.

use std::time::Duration;

use super::guard::Guard;

/// What a program does.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Effect {
    Refreshes,
    /// A script whose name says that it refreshes.
    Script,
    /// everlit, but nothing that refreshes.
    Nothing,
    Unknown,
    /// Whatever this script for `sh` does.
    Shell(String),
}

/// Programs that start another one, each time.
const WRAPPERS: [&str; 26] = [
    "env",
    "exec",
    "command",
    "nice",
    "ionice",
    "nohup",
    "sudo",
    "doas",
    "su",
    "runuser",
    "gosu",
    "setpriv",
    "time",
    "timeout",
    "chronic",
    "cronic",
    "systemd-cat",
    "systemd-run",
    "docker",
    "podman",
    "kubectl",
    "ssh",
    "xargs",
    "runitor",
    "doppler",
    "op",
];

/// Programs that start one of an npm package.
const PACKAGE_RUNNERS: [&str; 6] = ["npx", "npm", "pnpm", "pnpx", "yarn", "bunx"];

const SHELLS: [&str; 8] = ["sh", "bash", "dash", "zsh", "ash", "ksh", "cmd", "su"];

/// Programs whose failure means that the machine is broken, or that do not fail.
const HARMLESS: [&str; 18] = [
    "cd", "export", "set", "unset", "umask", ".", "source", "sleep", "true", ":", "echo", "printf", "date", "mkdir",
    "touch", "logger", "ulimit", "for",
];

/// The flags of everlit that take a value (`everlit --help`).
const FLAGS_WITH_VALUE: [&str; 10] = [
    "-C",
    "--dir",
    "--env-file",
    "--key",
    "--metadata",
    "--threshold-days",
    "--timeout",
    "--ca-file",
    "--account",
    "--color",
];

/// The others that a refresh takes (`everlit refresh --help`).
const FLAGS: [&str; 6] = ["--force", "--watch", "--no-input", "--json", "-q", "--quiet"];

/// Variables that decide which tokens a run refreshes, or where.
const DECISIVE_VARIABLES: [&str; 2] = ["EVERLIT_THRESHOLD_DAYS", "EVERLIT_META_URL"];

/// What the words do, and what in them decides whether it happens.
pub(super) fn effect(words: &[String]) -> (Effect, Option<Guard>) {
    let (effect, guard) = effect_alone(words);
    let setting = || sets_decisive(words).then_some(Guard::Setting);
    let timeout = || ends_early(words).then_some(Guard::Timeout);
    (effect, guard.or_else(setting).or_else(timeout))
}

/// Whether one of the words sets a variable that decides what a run refreshes.
pub(super) fn sets_decisive(words: &[String]) -> bool {
    words.iter().any(|word| word.split_once('=').is_some_and(|(name, _)| is_decisive(name)))
}

/// Whether the variable decides what a run refreshes.
pub(super) fn is_decisive(name: &str) -> bool {
    DECISIVE_VARIABLES.contains(&name)
}

/// Whether `timeout` ends what it starts within a minute, or after a time that is not understood (timeout(1)).
fn ends_early(words: &[String]) -> bool {
    let Some(at) = words.iter().position(|word| base_name(word) == "timeout") else { return false };
    let mut rest = words[at + 1..].iter().map(String::as_str);
    let duration = loop {
        match rest.next() {
            Some("-k" | "-s" | "--kill-after" | "--signal") => _ = rest.next(),
            Some(flag) if flag.starts_with('-') => {}
            word => break word.unwrap_or_default(),
        }
    };
    let (number, unit) = match duration.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(number) => (number, &duration[number.len()..]),
        None => (duration, "s"),
    };
    let seconds = match unit {
        "m" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        _ => 1.0,
    };
    // 0 is no limit.
    let limit = number.parse::<f64>().ok().and_then(|n| Duration::try_from_secs_f64(n * seconds).ok());
    limit.is_none_or(is_too_short)
}

/// Whether a time limit may end a run before Meta has answered. 0 is no limit.
pub(super) fn is_too_short(limit: Duration) -> bool {
    const A_RUN: Duration = Duration::from_secs(60);
    !limit.is_zero() && limit < A_RUN
}

fn effect_alone(words: &[String]) -> (Effect, Option<Guard>) {
    let words = without_assignments(words);
    let Some(first) = words.first() else { return (Effect::Unknown, None) };
    let name = base_name(first);
    if name == "everlit" {
        return of_everlit(&words[1..]);
    }
    if name == "flock" {
        return of_flock(words);
    }
    if is_harmless(words) || is_test(words) {
        return (Effect::Unknown, None);
    }
    if SHELLS.contains(&name.as_str())
        && let Some(text) = argument_of(words, |flag| is_command_flag(flag, &name))
    {
        return (Effect::Shell(text), None);
    }
    let is_wrapper = WRAPPERS.contains(&name.as_str());
    if is_wrapper && let Some(at) = words.iter().skip(1).position(|word| SHELLS.contains(&base_name(word).as_str())) {
        return effect(&words[at + 1..]);
    }
    // A program that everlit is an argument of, such as `sudo` or `npx`.
    let at = words.iter().skip(1).position(|word| base_name(word) == "everlit").map(|at| at + 1);
    if let Some(at) = at {
        let is_known = is_wrapper || PACKAGE_RUNNERS.contains(&name.as_str());
        let (effect, setting) = of_everlit(&words[at + 1..]);
        let guard = setting.or_else(|| (!is_known && effect == Effect::Refreshes).then_some(Guard::Program));
        return (if is_known || guard.is_some() { effect } else { Effect::Unknown }, guard);
    }
    let names = |sign: &str| words.iter().any(|word| word.to_ascii_lowercase().contains(sign));
    if PACKAGE_RUNNERS.contains(&name.as_str()) && names("refresh-instagram-token") {
        return (Effect::Refreshes, None);
    }
    (if names("refresh") { Effect::Script } else { Effect::Unknown }, None)
}

fn of_everlit(arguments: &[String]) -> (Effect, Option<Guard>) {
    let mut words = arguments.iter().map(String::as_str);
    let (mut command, mut guard) = (None, None);
    while let Some(word) = words.next() {
        let flag = word.split_once('=').map_or(word, |(flag, _)| flag);
        match (command, flag) {
            (_, "--help" | "-h" | "--version" | "-V" | "--dry-run") => return (Effect::Nothing, None),
            (_, flag) if FLAGS_WITH_VALUE.contains(&flag) => {
                guard = guard.or_else(|| (flag == "--threshold-days").then_some(Guard::Setting));
                if flag == word {
                    words.next();
                }
            }
            // What follows is another program's.
            (Some("run"), word) if word == "--" || !word.starts_with('-') => break,
            // everlit ends with a usage error, or is a later version.
            (Some("refresh"), flag) if !FLAGS.contains(&flag) => return (Effect::Unknown, None),
            (None, word) if !word.starts_with('-') => command = Some(word),
            _ => {}
        }
    }
    match command {
        Some("refresh" | "run") => (Effect::Refreshes, guard),
        _ => (Effect::Nothing, None),
    }
}

/// `flock [options] file command...` or `flock [options] file -c 'script'` (flock(1)).
fn of_flock(words: &[String]) -> (Effect, Option<Guard>) {
    let mut rest = words[1..].iter().map(String::as_str).enumerate();
    let mut may_skip = false;
    let mut file = None;
    while let Some((at, word)) = rest.next() {
        match word {
            "-w" | "--wait" | "--timeout" => {
                may_skip = true;
                rest.next();
            }
            "-E" | "--conflict-exit-code" => _ = rest.next(),
            "--nb" | "--nonblock" => may_skip = true,
            flag if flag.starts_with("--") => may_skip |= flag.starts_with("--wait") || flag.starts_with("--timeout"),
            flag if flag.starts_with('-') => may_skip |= flag.contains(['n', 'w']),
            _ => {
                file = Some(at + 1);
                break;
            }
        }
    }
    let command = file.map_or(&[] as &[String], |at| &words[at + 1..]);
    let (effect, guard) = match command.first().map(String::as_str) {
        Some("-c" | "--command") => (command.get(1).cloned().map_or(Effect::Unknown, Effect::Shell), None),
        Some(_) => effect(command),
        None => (Effect::Unknown, None),
    };
    (effect, if may_skip { Some(Guard::Lock) } else { guard })
}

/// Whether what follows such a command runs anyway. `exec` alone only redirects; `mkdir` fails where the folder exists.
pub(super) fn is_harmless(words: &[String]) -> bool {
    if words.first().is_some_and(|word| word == "mkdir") {
        return words.iter().any(|word| word.starts_with("-p") || word == "--parents");
    }
    words == ["exec"] || without_assignments(words).first().is_none_or(|word| HARMLESS.contains(&word.as_str()))
}

/// Whether it is a `sleep` that takes longer than hours, or one that is not understood.
pub(super) fn is_endless(words: &[String]) -> bool {
    const LONGEST: f64 = 6.0 * 3_600.0;
    let seconds = |word: &String| {
        let (number, unit) = match word.strip_suffix(['s', 'm', 'h', 'd']) {
            Some(number) => (number, &word[number.len()..]),
            None => (word.as_str(), "s"),
        };
        let unit =
            [("s", 1.0), ("m", 60.0), ("h", 3_600.0), ("d", 86_400.0)].into_iter().find(|(name, _)| *name == unit);
        Some(number.parse::<f64>().ok().filter(|number| number.is_finite())? * unit?.1)
    };
    // `sleep $((RANDOM % 600))` is a usual way to spread jobs.
    let is_long = |word: &String| !word.contains('$') && seconds(word).is_none_or(|seconds| seconds > LONGEST);
    words.first().is_some_and(|word| word == "sleep") && words.iter().skip(1).any(is_long)
}

/// Whether it is `test`, `[` or `[[`.
pub(super) fn is_test(words: &[String]) -> bool {
    words.first().is_some_and(|word| ["test", "[", "[["].contains(&word.as_str()))
}

/// Without `NAME=value` in front of the program.
fn without_assignments(words: &[String]) -> &[String] {
    let is_assignment = |word: &String| {
        word.split_once('=')
            .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
    };
    let program = words.iter().position(|word| !is_assignment(word)).unwrap_or(words.len());
    &words[program..]
}

/// `everlit` for `/usr/bin/everlit` and `C:\tools\Everlit.exe`.
fn base_name(word: &str) -> String {
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    name.strip_suffix(".exe").map(str::to_owned).unwrap_or(name)
}

/// `-c`, `-lc`; `/c` for cmd.
fn is_command_flag(flag: &str, shell: &str) -> bool {
    match shell {
        "cmd" => flag.eq_ignore_ascii_case("/c"),
        _ => flag == "--command" || (flag.starts_with('-') && !flag.starts_with("--") && flag.ends_with('c')),
    }
}

fn argument_of(words: &[String], is_flag: impl Fn(&str) -> bool) -> Option<String> {
    let at = words.iter().position(|word| is_flag(word))?;
    // cmd takes all that follows.
    let last = if words[at].starts_with('/') { words.len() } else { (at + 2).min(words.len()) };
    Some(words[at + 1..last].join(" ")).filter(|text| !text.is_empty())
}
