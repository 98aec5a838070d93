//! `everlit connect`: get a token.

mod login;

use everlit_meta_api::Platform;

use crate::cli::Connect;
use crate::exit::Exit;
use crate::screen::{Problem, Screen};
use crate::wire::Context;

pub(crate) fn run(context: &Context<'_>, flags: &Connect, screen: &mut Screen) -> Result<Exit, Problem> {
    let platform = match () {
        () if flags.threads => Platform::Threads,
        () if flags.facebook => Platform::Facebook,
        () => Platform::Instagram,
    };
    context.warn_of_stand_in(screen);
    let _logged_in = login::log_in(context, platform, &flags.login, screen)?;
    Err(Problem::internal("this command is not part of this build"))
}
