//! `everlit connect`: takes a token in, from a browser login or from a paste, and puts it where it belongs.

mod config;
mod guide;
mod intake;
mod login;
mod page;
mod place;
mod show;

use everlit_keeper::Step;
use everlit_keeper::{Cause, Keeper, Outcome, ProvidedToken, Replace, Report};
use everlit_meta_api::{Class, Error, Platform, Token, TokenKind, TokenReply};

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
    // Whatever comes next finds the account in the settings; only this command once more needs the files' flags.
    screen.call_as(Invocation::typed(&own_files));
    let again = again(global, flags);
    let context = Context::new(&own_files, environment, world.clone())?;
    let found = place::find(context, global, flags.name.as_deref())?;
    let way = way_of(flags);
    let pasted = match way {
        Way::Login(_) => None,
        Way::Paste => Some(intake::token(found.context(), flags, &again, screen)?),
    };
    let platform = match (&way, &pasted) {
        (Way::Login(platform), _) => *platform,
        (Way::Paste, Some(token)) => token.kind().platform().unwrap_or(Platform::Instagram),
        (Way::Paste, None) => Platform::Instagram,
    };
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
    // Of what did not come about nobody needs a message: whoever gave the token has just read it.
    if report.outcome == Outcome::Connected {
        let dispatched = intake.runtime.block_on(intake.keeper.notify(std::slice::from_ref(&report)));
        dispatched.notes.iter().for_each(|note| screen.note(note));
    }
    Ok(exit)
}

/// `everlit connect shop`, with the files that are to be the account's.
fn again(global: &Global, flags: &Connect) -> String {
    flags.name.as_ref().map_or_else(
        || "everlit connect".to_owned(),
        |name| format!("everlit connect {name}{}", Invocation::files(global)),
    )
}

enum Way {
    Login(Platform),
    Paste,
}

fn way_of(flags: &Connect) -> Way {
    match () {
        () if flags.instagram => Way::Login(Platform::Instagram),
        () if flags.threads => Way::Login(Platform::Threads),
        () if flags.facebook => Way::Login(Platform::Facebook),
        () => Way::Paste,
    }
}

/// A token on its way in.
struct Intake<'p> {
    place: &'p Place<'p>,
    flags: &'p Connect,
    again: &'p str,
    platform: Platform,
    keeper: Keeper,
    runtime: tokio::runtime::Runtime,
}

impl<'p> Intake<'p> {
    fn new(place: &'p Place<'p>, flags: &'p Connect, again: &'p str, platform: Platform) -> Result<Self, Problem> {
        let keeper = place.context.keeper(place.context.store(), false)?;
        let runtime = runtime()?;
        Ok(Self { place, flags, again, platform, keeper, runtime })
    }

    /// A pasted token: looked at, and exchanged where it is known or said to be short-lived.
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
            let message = format!(
                "a short-lived token is exchanged for a long-lived one with the app's id and secret: {id} and {secret} are not set"
            );
            let next = format!("set {id} and {secret}, in the environment or beside the token, then the same again");
            return Err(Problem::config(message).with_next(next));
        }
        self.prove_room()?;
        let keeper = self.keeper.clone().with_client(self.place.context.client_of(self.platform)?);
        self.runtime.block_on(keeper.exchange(provided)).map_err(|error| not_exchanged(&error))
    }

    fn logged_in(&mut self, screen: &mut Screen) -> Result<ProvidedToken, Problem> {
        self.prove_room()?;
        let again = format!("{} --{}", self.again, self.platform);
        let got = login::log_in(&self.place.context, self.platform, &again, &self.flags.login, screen)?;
        let reply = TokenReply {
            token: got.token,
            token_type: None,
            lifetime: got.lifetime,
            user_id: None,
            permissions: got.permissions,
        };
        Ok(ProvidedToken::fresh(reply, got.me, self.place.context.now()))
    }

    /// A token of another account takes the place of the one that is there where the flag says so, or the person at the
    /// terminal: without asking, the token of a login would be lost.
    fn put_in_place(&self, provided: &ProvidedToken, screen: &mut Screen) -> Report {
        let connect = |replace| self.runtime.block_on(self.keeper.connect(&self.place.name, provided, replace));
        if self.flags.replace_account {
            return connect(Replace::AnyAccount);
        }
        let report = connect(Replace::SameAccount);
        if let Outcome::NotConnected { cause: Cause::AnotherAccount, message } = &report.outcome
            && has_person(&self.place.context)
        {
            let question = format!("Another account: {message}.\nPut the new one in its place? [y/N]");
            if matches!(answer(&question, screen).as_deref(), Some("y" | "Y" | "yes")) {
                return connect(Replace::AnyAccount);
            }
        }
        report
    }

    /// Before Meta hands out anything.
    fn prove_room(&self) -> Result<(), Problem> {
        let _config = self.place.reserve_config()?;
        self.runtime.block_on(self.keeper.prove_room(&self.place.name)).map_err(|error| {
            let view = crate::output::view::View::of_store_error(self.place.name.as_str(), &error);
            Problem { message: format!("{error}; Meta was not asked for a token"), ..view.into_problem() }
        })
    }
}

/// `/me` has not confirmed the token.
fn not_taken(error: &Error) -> Problem {
    let cause = error.message();
    let (exit, message, next) = match error.class() {
        Class::Retry | Class::BackOff | Class::Unknown => (
            Exit::Temporary,
            format!("Meta could not be asked about the token: {cause}"),
            "the same again, with the token, once Meta answers; `everlit doctor` checks the line to it",
        ),
        Class::Reconnect => (
            Exit::Person,
            format!("Meta does not take this token: {cause}"),
            "make a new one: `everlit connect --guide` says how",
        ),
        Class::AccountOwner => (
            Exit::Person,
            format!("the account's owner has to act before this token can work: {cause}"),
            "its owner logs in to Instagram or Facebook and follows what is said there; then the same again",
        ),
        Class::AppOwner => (
            Exit::Person,
            format!("the app may not act for this account: {cause}"),
            "add the account as a tester of the app and accept the invitation: `everlit connect --guide` says how",
        ),
        Class::Config => (
            Exit::Config,
            format!("Meta cannot make anything of this token: {cause}"),
            "copy the whole token again; `everlit connect --guide` says where it stands",
        ),
    };
    Problem { exit, message: format!("{message} Nothing was saved."), next: Step::note(next) }
}

fn not_exchanged(error: &Error) -> Problem {
    let cause = error.message();
    let message = format!("the token works, but Meta did not exchange it: {cause} Nothing was saved.");
    match error.class() {
        Class::Retry | Class::BackOff | Class::Unknown => {
            Problem::of(Exit::Temporary, message).with_next("the same again in a while")
        }
        _ => Problem::config(message).with_next(
            "check the app's id and secret, which must be those of the token's own platform; a token from Meta's App Dashboard is long-lived already and needs no --exchange",
        ),
    }
}

/// Nothing revives such a token.
fn refuse_dead_product(token: &Token) -> Result<(), Problem> {
    if token.kind() != TokenKind::InstagramBasicDisplay {
        return Ok(());
    }
    let cause = Cause::BasicDisplay;
    let message = format!("this is {}; nothing revives such a token", cause.message());
    Err(Problem::config(message).with_next("`everlit connect --guide` says how to make one that lives"))
}
