//! What a person copies from a line and pastes: such words stay together.

use clap::{Arg, Command, CommandFactory as _};

use super::Word;
use crate::cli::Cli;

/// How the commands of other programs begin that everlit names. Each goes on to the end of its clause.
const OTHERS: [&str; 17] = [
    "cd",
    "chmod",
    "curl",
    "git -C",
    "git check-ignore",
    "git rm",
    "launchctl",
    "loginctl",
    "npm install",
    "npm run",
    "pnpm add",
    "schtasks",
    "service cron",
    "sudo",
    "systemctl --user",
    "systemctl daemon-reload",
    "systemctl enable",
];

/// Ends of a clause, and so of a command in a sentence.
const ENDS: [char; 4] = [',', ';', ':', '.'];

/// How many of these words belong together, one at least.
pub(super) fn whole(message: &[Word<'_>]) -> usize {
    let Some(first) = message.first().map(|word| word.plain.trim_start_matches('(')) else { return 0 };
    if first.matches('`').count() == 1 {
        return message[1..].iter().position(|word| word.plain.contains('`')).map_or(1, |end| end + 2);
    }
    if first == "everlit" {
        return of_everlit(message);
    }
    // `"refresh": "everlit refresh"`, as it stands in a file.
    if first == "\"everlit" {
        return quoted(message);
    }
    let is_assignment = first.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    });
    if is_assignment && !ends_clause(&message[..1]) {
        return 1 + whole(&message[1..]);
    }
    let begins = |other: &&str| {
        let mut ours = std::iter::once(first).chain(message[1..].iter().map(|word| word.plain.as_str()));
        other.split(' ').all(|word| ours.next() == Some(word))
    };
    if OTHERS.iter().any(begins) { clause(message) } else { 1 }
}

/// As far as the program's own grammar takes it. A word of the sentence may be taken for an argument, which costs nothing.
fn of_everlit(message: &[Word<'_>]) -> usize {
    let mut grammar = Cli::command();
    grammar.build();
    let mut command = &grammar;
    let mut arguments = arguments_of(command);
    let mut taken = 1;
    while let Some(next) = message.get(taken).filter(|_| !ends_clause(&message[..taken])) {
        let word = next.plain.trim_end_matches([',', ';', ':', '.', ')']);
        if word == "--" {
            return clause(message);
        }
        if word.starts_with('-') {
            taken += 1;
            let has_value = flag(command, word).is_some_and(takes_value) && !ends_clause(&message[..taken]);
            taken += if has_value { quoted(&message[taken..]) } else { 0 };
        } else if let Some(deeper) = command.find_subcommand(word) {
            command = deeper;
            arguments = arguments_of(command);
            taken += 1;
        } else if arguments > 0 && !word.starts_with('(') {
            arguments -= 1;
            taken += quoted(&message[taken..]);
        } else {
            break;
        }
    }
    taken
}

/// How many arguments it takes besides flags and what stands behind `--`.
fn arguments_of(command: &Command) -> usize {
    let most = |argument: &Arg| argument.get_num_args().map_or(1, |range| range.max_values());
    command.get_positionals().filter(|argument| !argument.is_last_set()).map(most).fold(0, usize::saturating_add)
}

fn flag<'a>(command: &'a Command, word: &str) -> Option<&'a Arg> {
    let is_it = |argument: &&Arg| {
        let long = argument.get_long().is_some_and(|long| word.strip_prefix("--") == Some(long));
        long || argument.get_short().is_some_and(|short| word == format!("-{short}"))
    };
    command.get_arguments().find(is_it)
}

fn takes_value(flag: &Arg) -> bool {
    flag.get_action().takes_values()
}

/// Up to the word that ends the clause, or the one before a parenthesis.
fn clause(message: &[Word<'_>]) -> usize {
    let mut taken = 0;
    while message.get(taken).is_some_and(|next| taken == 0 || !next.plain.starts_with('(')) {
        taken += quoted(&message[taken..]);
        if ends_clause(&message[..taken]) {
            break;
        }
    }
    taken
}

/// One word, or all of them through the closing quote.
fn quoted(message: &[Word<'_>]) -> usize {
    let Some(first) = message.first().map(|word| word.plain.as_str()) else { return 0 };
    let Some(quote) = first.chars().next().filter(|sign| matches!(sign, '\'' | '"')) else { return 1 };
    let closes = |text: &str| text.trim_end_matches([',', ';', ':', '.', ')']).ends_with(quote);
    if first.len() > 1 && closes(first) {
        return 1;
    }
    message[1..].iter().position(|word| closes(&word.plain)).map_or(1, |end| end + 2)
}

/// A path such as `.` ends nothing, nor does the end of `$(id -u)`.
fn ends_clause(message: &[Word<'_>]) -> bool {
    let count = |sign: char| message.iter().map(|word| word.plain.matches(sign).count()).sum::<usize>();
    let opened = message.first().map_or(0, |word| word.plain.len() - word.plain.trim_start_matches('(').len());
    let last = message.last().map_or("", |word| word.plain.as_str());
    last.ends_with(ENDS) && !last.trim_end_matches(ENDS).is_empty() || count(')') + opened > count('(')
}
