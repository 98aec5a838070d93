//! What the program does: one file for each command.

mod completions;
mod explain;
mod history;
mod refresh;
mod status;

use crate::cli::{Cli, Command};
use crate::exit::Exit;
use crate::screen::{Problem, Screen};
use crate::system::Environment;
use crate::wire::Context;

pub(crate) fn run(cli: Cli, environment: &Environment, screen: &mut Screen) -> Result<Exit, Problem> {
    let context = || Context::new(&cli.global, environment);
    match &cli.command {
        Command::Refresh(flags) => refresh::run(&context()?, flags, screen),
        Command::Status(flags) => status::run(&context()?, flags, screen),
        Command::History(flags) => history::run(&context()?, flags, screen),
        Command::Explain(flags) => explain::run(flags, cli.global.json, screen),
        Command::Init(_)
        | Command::Doctor
        | Command::Sandbox(_)
        | Command::Demo(_) => Err(Problem::internal("being built")),
        Command::Completions(flags) => completions::script(flags.shell, screen),
        Command::Man(flags) => completions::manual(flags, screen),
    }
}
