//! `everlit connect`: gets a token, from a browser login or pasted, and stores it.

mod guide;
mod intake;
mod login;
mod page;
mod paste;
mod place;
mod show;

use everlit_engine::World;
use everlit_keeper::{Outcome, Step};
use everlit_meta_api::Platform;

use crate::cli::{Connect, Global};
use crate::context::Context;
use crate::output::{Exit, Invocation, Problem, Screen};
use everlit_host::Environment;
use intake::Intake;

pub(crate) fn run(
    global: &Global,
    environment: &Environment,
    world: &World,
    flags: &Connect,
    screen: &mut Screen,
) -> Result<Exit, Problem> {
    if let Some(platform) = flags.guide {
        return Ok(guide::show(platform, global.json, screen));
    }
    login::check_config_id(&flags.login, flags.facebook)?;
    let own_files = place::global_for(global, flags.name.as_deref());
    // Commands suggested from here on find the account in the settings; only this one needs the file flags again.
    screen.call_as(Invocation::typed(&own_files));
    let again = again(global, flags);
    let context = Context::new(&own_files, environment, world.clone())?;
    context.warn_of_settings(screen);
    let found = place::find(context, global, flags.name.as_deref())?;
    let login = login_platform(flags);
    let pasted = match login {
        Some(_) => None,
        None => Some(paste::token(found.context(), flags, &again, screen)?),
    };
    let platform = login.or_else(|| pasted.as_ref()?.kind().platform()).unwrap_or(Platform::Instagram);
    let place = found.settle(platform)?;
    place.context.warn_of_stand_in(screen);
    let mut intake = Intake::new(&place, flags, &again, platform)?;
    let runs = intake.runtime.block_on(place.runs_daily());
    let provided = match pasted {
        Some(token) => intake.examined(token)?,
        None => intake.logged_in(screen)?,
    };
    let provided = page::chosen(&mut intake, provided, screen)?;
    let room = place.reserve_config()?;
    let report = intake.put_in_place(&provided, screen);
    let config = match report.outcome {
        Outcome::Connected => place.write_config(room),
        _ => Ok(()),
    };
    let exit = show::show(&place, &provided, &report, config, runs, &again, screen);
    // A failure needs no message: whoever ran the command has just read it.
    if report.outcome == Outcome::Connected {
        let dispatcher = place.context.dispatcher(place.context.store());
        let dispatched = intake.runtime.block_on(dispatcher.notify(std::slice::from_ref(&report)));
        dispatched.notes.iter().for_each(|note| screen.note(note));
    }
    Ok(exit)
}

/// The command that starts over, such as `everlit connect shop --key SHOP_TOKEN --instagram`.
fn again(global: &Global, flags: &Connect) -> Step {
    let files = flags.name.as_ref().map(|_| Invocation::files(global)).unwrap_or_default();
    let login = login_platform(flags).map(|platform| format!("--{platform}"));
    Step::everlit_args(["connect".to_owned()].into_iter().chain(flags.name.clone()).chain(files).chain(login))
}

/// The platform to log in to; `None` if the token is pasted.
fn login_platform(flags: &Connect) -> Option<Platform> {
    match () {
        () if flags.instagram => Some(Platform::Instagram),
        () if flags.threads => Some(Platform::Threads),
        () if flags.facebook => Some(Platform::Facebook),
        () => None,
    }
}
