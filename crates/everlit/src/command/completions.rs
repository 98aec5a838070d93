//! `everlit completions` and `everlit man`: made from the same definitions as the flags themselves.

use clap::CommandFactory;
use clap_complete::Shell;
use everlit_keeper::Step;

use crate::cli::{Cli, Man};
use crate::output::{Exit, Problem, Screen};

pub(crate) fn script(shell: Shell, screen: &mut Screen) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "everlit", &mut script);
    screen.print(script);
    Exit::Success
}

pub(crate) fn manual(flags: &Man, screen: &mut Screen) -> Result<Exit, Problem> {
    let mut program = Cli::command();
    program.build();
    let mut command = &program;
    for name in &flags.command {
        command = command
            .find_subcommand(name)
            .ok_or_else(|| Problem::config(format!("there is no command {name}")).with_next(Step::everlit("help")))?;
    }
    let command = command.clone();
    let mut page = Vec::new();
    let source = concat!("everlit ", env!("CARGO_PKG_VERSION"));
    let rendered = clap_mangen::Man::new(command).source(source).render(&mut page);
    rendered.map_err(|error| Problem::internal(format!("cannot make the manual page: {error}")))?;
    screen.print(page);
    Ok(Exit::Success)
}
