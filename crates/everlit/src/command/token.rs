//! `everlit token`: a token to a pipe.

use crate::cli::Token;
use crate::exit::Exit;
use crate::screen::{Problem, Screen};
use crate::wire::Context;

pub(crate) fn run(_context: &Context<'_>, _flags: &Token, _screen: &mut Screen) -> Result<Exit, Problem> {
    Err(Problem::internal("this command is not part of this build"))
}
