//! A token that is being connected: verified, exchanged where needed, put in place.

use everlit_engine::app_variables;
use everlit_keeper::{Cause, Keeper, Outcome, ProvidedToken, Replace, Report, Step};
use everlit_meta_api::{Class, Client, Error, Platform, Token};

use super::place::Place;
use crate::cli::Connect;
use crate::input::{answer, has_person};
use crate::output::{Exit, Problem, Screen, rerun};
use crate::runtime::runtime;

/// A token that is being connected.
pub(super) struct Intake<'p> {
    pub(super) place: &'p Place<'p>,
    pub(super) flags: &'p Connect,
    pub(super) again: &'p Step,
    pub(super) platform: Platform,
    pub(super) keeper: Keeper,
    pub(super) runtime: everlit_host::Runtime,
}

impl<'p> Intake<'p> {
    pub(super) fn new(
        place: &'p Place<'p>,
        flags: &'p Connect,
        again: &'p Step,
        platform: Platform,
    ) -> Result<Self, Problem> {
        let mut keeper = place.context.keeper(&place.context.store())?;
        if platform == Platform::Facebook {
            keeper = keeper.with_client(with_app(place, platform)?);
        }
        let runtime = runtime()?;
        Ok(Self { place, flags, again, platform, keeper, runtime })
    }

    /// A pasted token: verified, and exchanged if it is short-lived, known or claimed.
    pub(super) fn examined(&mut self, token: Token) -> Result<ProvidedToken, Problem> {
        let provided = self.runtime.block_on(self.keeper.examine(token)).map_err(|error| not_taken(&error))?;
        let is_short = provided.is_short_lived(self.place.context.now());
        if !is_short && !self.flags.exchange {
            return Ok(provided);
        }
        self.exchanged(provided)
    }

    pub(super) fn exchanged(&self, provided: ProvidedToken) -> Result<ProvidedToken, Problem> {
        let (id, secret) = app_variables(self.platform);
        if self.place.context.app(self.place.account(), self.platform)?.is_none() {
            let message =
                format!("exchanging a short-lived token needs the app's id and secret: {id} and {secret} are not set");
            let how = format!("once {id} and {secret} are set, in the environment or beside the token");
            return Err(Problem::config(message).with_next(rerun(&how)));
        }
        self.prove_room()?;
        let keeper = self.keeper.clone().with_client(with_app(self.place, self.platform)?);
        self.runtime.block_on(keeper.exchange(provided)).map_err(|error| not_exchanged(&error))
    }

    pub(super) fn logged_in(&mut self, screen: &mut Screen) -> Result<ProvidedToken, Problem> {
        self.prove_room()?;
        super::login::log_in(self.place, self.platform, self.again, &self.flags.login, screen)
    }

    /// Replaces another account's token only with --replace-account, or if the person at the terminal agrees: a login's
    /// token would be lost otherwise.
    pub(super) fn put_in_place(&self, provided: &ProvidedToken, screen: &mut Screen) -> Report {
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
    pub(super) fn prove_room(&self) -> Result<(), Problem> {
        let _config = self.place.reserve_config()?;
        self.runtime.block_on(self.keeper.prove_room(&self.place.name)).map_err(|error| {
            let view = crate::output::view::View::of_store_error(self.place.name.as_str(), &error);
            Problem { message: format!("{error}; Meta was not asked for a token"), ..view.into_problem() }
        })
    }
}

/// A client for Meta with the app of the account, if its id and secret are set.
fn with_app(place: &Place<'_>, platform: Platform) -> Result<Client, Problem> {
    Ok(place.context.with_app(place.context.client()?, place.account(), platform)?)
}

/// `/me` did not confirm the token.
pub(super) fn not_taken(error: &Error) -> Problem {
    let cause = error.message();
    let (exit, message, next) = match error.class() {
        Class::Retry | Class::BackOff | Class::Unknown => (
            Exit::Temporary,
            format!("Meta could not be asked about the token: {cause}"),
            rerun("with the token once Meta answers; `everlit doctor` checks the connection"),
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
    Problem { exit, message: nothing_saved(&message), next }
}

fn nothing_saved(message: &str) -> String {
    format!("{}. Nothing was saved.", message.trim_end_matches('.'))
}

fn not_exchanged(error: &Error) -> Problem {
    let cause = error.message();
    let message = nothing_saved(&format!("the token works, but Meta did not exchange it: {cause}"));
    match error.class() {
        Class::Retry | Class::BackOff | Class::Unknown => {
            Problem::of(Exit::Temporary, message).with_next(rerun("in a while"))
        }
        _ => Problem::config(message).with_next(Step::note(
            "check the app's id and secret, which must be those of the token's platform; a token from Meta's App Dashboard is already long-lived and needs no --exchange",
        )),
    }
}
