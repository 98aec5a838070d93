//! `everlit connect`: gets a token, from a browser login or pasted, and stores it.

mod config;
mod guide;
mod intake;
mod login;
mod page;
mod place;
mod show;

use crate::output::step::rerun;
use everlit_keeper::Step;
use everlit_keeper::{Cause, Keeper, Outcome, ProvidedToken, Replace, Report};
use everlit_meta_api::{Class, Error, Platform, Token, TokenKind, TokenReply};

use crate::channels;
use crate::cli::{Connect, Global};
use crate::command::runtime;
use crate::input::{answer, has_person};
use crate::output::exit::Exit;
use crate::output::invocation::Invocation;
use crate::output::problem::Problem;
use crate::output::screen::Screen;
use crate::wire::{Context, World, app_names};
use everlit_host::Environment;
use place::Place;

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
    let found = place::find(context, global, flags.name.as_deref())?;
    let login = login_platform(flags);
    let pasted = match login {
        Some(_) => None,
        None => Some(intake::token(found.context(), flags, &again, screen)?),
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
        let dispatcher = channels::dispatcher(&place.context, place.context.store());
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

/// A token that is being connected.
struct Intake<'p> {
    place: &'p Place<'p>,
    flags: &'p Connect,
    again: &'p Step,
    platform: Platform,
    keeper: Keeper,
    runtime: tokio::runtime::Runtime,
}

impl<'p> Intake<'p> {
    fn new(place: &'p Place<'p>, flags: &'p Connect, again: &'p Step, platform: Platform) -> Result<Self, Problem> {
        let keeper = place.context.keeper(place.context.store(), false)?;
        let runtime = runtime()?;
        Ok(Self { place, flags, again, platform, keeper, runtime })
    }

    /// A pasted token: verified, and exchanged if it is short-lived, known or claimed.
    fn examined(&mut self, token: Token) -> Result<ProvidedToken, Problem> {
        let provided = self.runtime.block_on(self.keeper.examine(token)).map_err(|error| not_taken(&error))?;
        let is_short = provided.is_short_lived(self.place.context.now());
        if !is_short && !self.flags.exchange {
            return Ok(provided);
        }
        self.exchanged(provided)
    }

    fn exchanged(&self, provided: ProvidedToken) -> Result<ProvidedToken, Problem> {
        let (id, secret) = app_names(self.platform);
        if self.place.context.app_of(self.platform)?.is_none() {
            let message =
                format!("exchanging a short-lived token needs the app's id and secret: {id} and {secret} are not set");
            let how = format!("once {id} and {secret} are set, in the environment or beside the token");
            return Err(Problem::config(message).with_next(rerun(&how)));
        }
        self.prove_room()?;
        let keeper = self.keeper.clone().with_client(self.place.context.client_of(self.platform)?);
        self.runtime.block_on(keeper.exchange(provided)).map_err(|error| not_exchanged(&error))
    }

    fn logged_in(&mut self, screen: &mut Screen) -> Result<ProvidedToken, Problem> {
        self.prove_room()?;
        let got = login::log_in(&self.place.context, self.platform, self.again, &self.flags.login, screen)?;
        let reply = TokenReply {
            token: got.token,
            token_type: None,
            lifetime: got.lifetime,
            user_id: None,
            permissions: got.permissions,
        };
        Ok(ProvidedToken::fresh(reply, got.me, self.place.context.now()))
    }

    /// Replaces another account's token only with --replace-account, or if the person at the terminal agrees: a login's
    /// token would be lost otherwise.
    fn put_in_place(&self, provided: &ProvidedToken, screen: &mut Screen) -> Report {
        let connect = |replace| self.runtime.block_on(self.keeper.connect(&self.place.name, provided, replace));
        if self.flags.replace_account {
            return connect(Replace::AnyAccount);
        }
        let report = connect(Replace::SameAccount);
        if let Outcome::NotConnected { cause: Cause::AnotherAccount, message } = &report.outcome
            && has_person(&self.place.context)
        {
            let question = format!("Another account: {message}.\nReplace it? [y/N]");
            if matches!(answer(&question, screen).as_deref(), Some("y" | "Y" | "yes")) {
                return connect(Replace::AnyAccount);
            }
        }
        report
    }

    /// Before Meta issues anything.
    fn prove_room(&self) -> Result<(), Problem> {
        let _config = self.place.reserve_config()?;
        self.runtime.block_on(self.keeper.prove_room(&self.place.name)).map_err(|error| {
            let view = crate::output::view::View::of_store_error(self.place.name.as_str(), &error);
            Problem { message: format!("{error}; Meta was not asked for a token"), ..view.into_problem() }
        })
    }
}

/// `/me` did not confirm the token.
fn not_taken(error: &Error) -> Problem {
    let cause = error.message();
    let (exit, message, next) = match error.class() {
        Class::Retry | Class::BackOff | Class::Unknown => (
            Exit::Temporary,
            format!("Meta could not be asked about the token: {cause}"),
            rerun("once Meta answers; `everlit doctor` checks the connection"),
        ),
        Class::Reconnect => (
            Exit::Person,
            format!("Meta rejects this token: {cause}"),
            Step::everlit("connect --guide").with_note("shows how to create a new token"),
        ),
        Class::AccountOwner => (
            Exit::Person,
            format!("the account's owner has to act before this token can work: {cause}"),
            rerun("once the owner has logged in to Instagram or Facebook and followed the instructions there"),
        ),
        Class::AppOwner => (
            Exit::Person,
            format!("the app may not act for this account: {cause}"),
            Step::everlit("connect --guide")
                .with_note("add the account as a tester of the app and accept the invitation"),
        ),
        Class::Config => (
            Exit::Config,
            format!("Meta cannot parse this token: {cause}"),
            rerun("with the whole token; `everlit connect --guide` shows where to copy it"),
        ),
    };
    Problem { exit, message: format!("{message} Nothing was saved."), next }
}

fn not_exchanged(error: &Error) -> Problem {
    let cause = error.message();
    let message = format!("the token works, but Meta did not exchange it: {cause} Nothing was saved.");
    match error.class() {
        Class::Retry | Class::BackOff | Class::Unknown => {
            Problem::of(Exit::Temporary, message).with_next(rerun("in a while"))
        }
        _ => Problem::config(message).with_next(Step::note(
            "check the app's id and secret, which must be those of the token's platform; a token from Meta's App Dashboard is already long-lived and needs no --exchange",
        )),
    }
}

/// Basic Display tokens cannot be revived.
fn refuse_dead_product(token: &Token) -> Result<(), Problem> {
    if token.kind() != TokenKind::InstagramBasicDisplay {
        return Ok(());
    }
    let cause = Cause::BasicDisplay;
    let message = format!("this is {}; such a token cannot be revived", cause.message());
    Err(Problem::config(message)
        .with_next(Step::everlit("connect --guide").with_note("shows how to create a new token")))
}
