//! `everlit run`: a command with the fresh token in its environment.

use crate::cli::Run;
use crate::exit::Exit;
use crate::screen::{Problem, Screen};
use crate::wire::Context;

pub(crate) fn run(_context: &Context<'_>, _flags: &Run, _screen: &mut Screen) -> Result<Exit, Problem> {
    Err(Problem::internal("this command is not part of this build"))
}
