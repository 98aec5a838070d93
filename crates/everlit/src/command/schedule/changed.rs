//! Whether a command that somebody has changed by hand still does what everlit put there.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::cli::{Cli, Command};

/// The folders for which the line of `sh` starts a `refresh` of the program, as it is read by the program itself.
/// A relative folder is one of the home's: there cron starts its commands.
pub(super) fn refreshed(line: &str, home: Option<&Path>, is_program: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut machine = home.unwrap_or_else(|| Path::new("/")).to_owned();
    let mut folders = Vec::new();
    for message in commands(line) {
        if let [first, folder] = message.as_slice()
            && first == "cd"
        {
            machine.push(expanded(folder, home));
        } else if let Some(at) = message.iter().position(|word| is_program(word)) {
            let message: Vec<OsString> = message[at..].iter().map(OsString::from).collect();
            let Ok(Cli { global, command: Command::Refresh(_) }) = Cli::read(&message) else { continue };
            let provided = global.dir.as_deref().map(|folder| expanded(&folder.to_string_lossy(), home));
            folders.push(machine.join(provided.unwrap_or_default()));
        }
    }
    folders
}

/// A folder that is given from a home.
fn expanded(folder: &str, home: Option<&Path>) -> PathBuf {
    let below = ["~/", "$HOME/", "${HOME}/"].into_iter().find_map(|start| folder.strip_prefix(start));
    home.zip(below).map_or_else(|| folder.into(), |(home, below)| home.join(below))
}

/// The words of each command of a line of `sh`. What is redirected is no word of a command.
fn commands(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' => word.get_or_insert_default().extend(characters.by_ref().take_while(|&c| c != '\'')),
            '"' => {
                let word = word.get_or_insert_default();
                while let Some(inside) = characters.next().filter(|&c| c != '"') {
                    word.extend(if inside == '\\' { characters.next() } else { Some(inside) });
                }
            }
            '\\' => word.get_or_insert_default().extend(characters.next()),
            ' ' | '\t' => commands.last_mut().into_iter().for_each(|message| message.extend(word.take())),
            ';' | '&' | '|' | '(' | ')' | '<' | '>' => {
                // `2>` redirects; the 2 is no argument.
                let is_redirected = "<>".contains(character);
                let last = word.take().filter(|word| !is_redirected || word.parse::<u8>().is_err());
                commands.last_mut().into_iter().for_each(|message| message.extend(last.clone()));
                commands.push(Vec::new());
            }
            character => word.get_or_insert_default().push(character),
        }
    }
    commands.last_mut().into_iter().for_each(|message| message.extend(word.take()));
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_is_read_as_the_shell_and_the_program_read_it() {
        let is_program = |word: &str| word == "everlit" || word == "/usr/bin/everlit";
        for (line, expected) in [
            ("PATH=/usr/bin /usr/bin/everlit -C /srv/site refresh --quiet --no-input", Some("/srv/site")),
            ("everlit refresh -C '/srv/my '\"site's\" >> /var/log/x 2>&1", Some("/srv/my site's")),
            ("cd /srv/site && nice -n 10 everlit refresh || exit 3", Some("/srv/site")),
            ("everlit --dir=~/site refresh", Some("/home/ada/site")),
            ("cd \"$HOME/site\"; everlit refresh", Some("/home/ada/site")),
            ("everlit -C site refresh", Some("/home/ada/site")),
            ("everlit -C /srv/100%\\ off refresh", Some("/srv/100% off")),
            ("everlit -C /srv/site refersh", None),
            ("everlit -C /srv/site status", None),
            ("everlit -C /srv/site refresh --no-such-flag", None),
            ("/usr/bin/everlti -C /srv/site refresh", None),
            ("everlit -C /srv/site", None),
            ("", None),
        ] {
            let folders = refreshed(line, Some(Path::new("/home/ada")), is_program);
            assert_eq!(folders, expected.map(PathBuf::from).into_iter().collect::<Vec<_>>(), "{line}");
        }
    }
}
