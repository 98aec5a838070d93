//! `docs/reference/commands.md`: the help of every command. Flags that all of them understand stand there once.

use crate::error::Error;
use crate::files::MARK;
use crate::program::Program;

/// The page.
pub(crate) fn page(everlit: &Program, commands: &[String]) -> Result<String, Error> {
    let main = everlit.says(&["--help"])?;
    let links: Vec<String> = commands.iter().map(|command| format!("[{command}](#everlit-{command})")).collect();
    let mut page = format!(
        "{MARK}\n\n# Commands\n\nEvery command understands the options under [everlit](#everlit); each section shows what comes \
         on top. What commands exit with: [exit codes](exit-codes.md).\n\n{}\n\n## everlit\n\n```text\n{}\n```\n",
        links.join(" · "),
        main.trim_end()
    );
    for command in commands {
        let help = own_part(&everlit.says(&[command, "--help"])?, &main);
        page.extend(["\n## everlit ", command, "\n\n```text\n", &help, "\n```\n"]);
    }
    Ok(page)
}

/// The help of a command without the options that the program as a whole has.
fn own_part(help: &str, main: &str) -> String {
    let Some((head, options)) = help.split_once("\nOptions:\n") else { return help.trim_end().to_owned() };
    let shared: Vec<String> = main
        .split_once("\nOptions:\n")
        .map_or_else(Vec::new, |(_, options)| entries(options))
        .iter()
        .map(|e| words(e))
        .collect();
    let own: Vec<String> = entries(options).into_iter().filter(|entry| !shared.contains(&words(entry))).collect();
    if own.is_empty() {
        return head.trim_end().to_owned();
    }
    format!("{head}\nOptions:\n{}", own.concat()).trim_end().to_owned()
}

/// One piece of text for each option: its flags and the lines set in further below.
fn entries(options: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in options.lines().take_while(|line| line.is_empty() || line.starts_with(' ')) {
        let set_in = line.len() - line.trim_start().len();
        match entries.last_mut() {
            Some(entry) if set_in > 6 || !line.trim_start().starts_with('-') => entry.extend([line, "\n"]),
            _ => entries.push(format!("{line}\n")),
        }
    }
    entries
}

/// The same text whatever its columns are.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: &str =
        "Keeps tokens.\n\nOptions:\n  -C, --dir <DIR>  Run there\n      --json       One document\n\nExit codes: 0\n";

    #[test]
    fn what_the_whole_program_understands_is_left_out_whatever_the_columns() {
        let help = "Refreshes.\n\nOptions:\n  -C, --dir <DIR>    Run there\n      --force        Now, and\n                     at once\n      --json         One document\n";
        assert_eq!(
            own_part(help, MAIN),
            "Refreshes.\n\nOptions:\n      --force        Now, and\n                     at once"
        );
    }

    #[test]
    fn a_command_without_options_of_its_own_has_no_list() {
        assert_eq!(
            own_part("Shows.\n\nUsage: x\n\nOptions:\n      --json  One document\n", MAIN),
            "Shows.\n\nUsage: x"
        );
        assert_eq!(own_part("Shows.\n", MAIN), "Shows.");
    }
}
