//! What the program does: one file for each command.

mod account;
mod app;
mod completions;
mod connect;
mod demo;
mod doctor;
mod explain;
mod history;
mod init;
mod key;
mod listen;
mod new_file;
mod notify;
mod refresh;
mod run;
mod sandbox;
mod schedule;
mod serve;
mod status;
mod target;
mod token;
mod vault;
mod watch;

use self::new_file::new_file;
use crate::cli::{Cli, Command};
use crate::context::Context;
use crate::output::{Exit, Problem, Screen};
use everlit_engine::World;
use everlit_host::Environment;

/// What the shell sees at the end.
pub(crate) fn run(cli: &Cli, environment: &Environment, screen: &mut Screen) -> Result<u8, Problem> {
    run_in_world(cli, environment, World::real(), screen)
}

/// The same with a clock and a Meta of the caller's.
fn run_in_world(cli: &Cli, environment: &Environment, world: World, screen: &mut Screen) -> Result<u8, Problem> {
    let context = |screen: &mut Screen| {
        let context = Context::new(&cli.global, environment, world.clone())?;
        context.warn_of_stand_in(screen);
        Ok::<_, Problem>(context)
    };
    let reading = |screen: &mut Screen| {
        let context = Context::with_paused(&cli.global, environment, world.clone())?;
        context.warn_of_stand_in(screen);
        Ok::<_, Problem>(context)
    };
    let exit = match &cli.command {
        // These two end as the signal or the command that has ended them.
        Command::Refresh(flags) if flags.watch => return watch::run(&cli.global, environment, world, screen),
        Command::Run(flags) => return run::run(&cli.global, environment, world, flags),
        Command::Serve(flags) => serve::run(&cli.global, environment, world, flags),
        Command::Listen(flags) => listen::run(&cli.global, environment, flags, screen),
        Command::Refresh(flags) => refresh::run(&cli.global, environment, world.clone(), flags, screen),
        Command::Status(flags) => status::run(&reading(screen)?, flags, screen),
        Command::History(flags) => history::run(&reading(screen)?, flags, screen),
        Command::Explain(flags) => explain::run(flags, cli.global.json, screen),
        Command::Init(flags) => init::run(&context(screen)?, flags, screen),
        Command::Connect(flags) => connect::run(&cli.global, environment, &world, flags, screen),
        Command::Schedule(command) => schedule::run(&context(screen)?, command, screen),
        Command::Notify(command) => notify::run(&context(screen)?, command, screen),
        Command::Target(command) => target::run(&context(screen)?, command, screen),
        Command::Account(command) => account::run(&context(screen)?, command, screen),
        Command::App(command) => app::run(&context(screen)?, command, screen),
        Command::Vault(command) => vault::run(&Context::without_vault(&cli.global, environment)?, command, screen),
        Command::Key(command) => key::run(&Context::without_vault(&cli.global, environment)?, command, screen),
        Command::Token(flags) => token::run(&context(screen)?, flags, screen),
        Command::Doctor(flags) => doctor::run(&cli.global, environment, world, flags, screen),
        Command::Sandbox(flags) => sandbox::run(flags, cli.global.quiet, screen),
        Command::Demo(flags) => demo::run(flags, run_in_world, screen),
        Command::Completions(flags) => Ok(completions::script(flags.shell, screen)),
        Command::Man(flags) => completions::manual(flags, screen),
    };
    exit.map(Exit::code)
}
