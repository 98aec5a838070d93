//! `docs/reference/commands.md`: the help of every command, with the global options listed once.

use crate::error::Error;
use crate::markdown::MARK;
use crate::program::Program;

/// Renders the page.
pub(crate) fn page(everlit: &Program, commands: &[String]) -> Result<String, Error> {
    let main = everlit.stdout_of(&["--help"])?;
    let link = |command: &String| format!("[{command}](#everlit-{})", command.replace(' ', "-"));
    let links: Vec<String> = commands.iter().map(link).collect();
    let mut page = format!(
        "{MARK}\n\n# Commands\n\nEvery command takes the options under [everlit](#everlit); each section lists its own. \
         See also: [exit codes](exit-codes.md).\n\n{}\n\n## everlit\n\n```text\n{}\n```\n",
        links.join(" · "),
        main.trim_end()
    );
    for command in commands {
        let arguments: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        page.extend(["\n## everlit ", command, "\n\n```text\n", own_part(&everlit.stdout_of(&arguments)?), "\n```\n"]);
    }
    Ok(page)
}

/// The help of a command without the global options.
fn own_part(help: &str) -> &str {
    help.split("\nGlobal options:\n").next().unwrap_or(help).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn global_options_are_left_out() {
        let help = "Refreshes.\n\nOptions:\n  --force  Now\n\nGlobal options:\n  --json  One document\n";
        assert_eq!(own_part(help), "Refreshes.\n\nOptions:\n  --force  Now");
        assert_eq!(own_part("Shows.\n"), "Shows.");
    }
}
