//! `everlit run -- COMMAND`: runs a command with the fresh token in its environment and keeps it fresh.

use everlit_engine::{Watch, World};
use everlit_keeper::{Health, Report, Step, Store};
use std::ffi::OsString;
use std::io;
use std::time::Duration;

use everlit_meta_api::Token;
use tokio::process::Command;
use tokio::sync::{Notify, mpsc};

use crate::cli::{Global, Run};
use crate::context::Context;
use crate::output::{Exit, Invocation, Mark, Problem, Screen, View};
use crate::runtime::runtime;
use everlit_host::{Environment, Signals, Tree, exit_code};

use super::refresh::PassView;

/// The first pass may refresh a token that is due. The site must start even if Meta does not answer.
const FIRST_PASS_TIMEOUT: Duration = Duration::from_secs(10);

/// Prefixes of notifier secrets, which the command does not get.
const WITHHELD: [&str; 3] = ["EVERLIT_NOTIFY_", "EVERLIT_HEARTBEAT_", "EVERLIT_TARGET_"];

/// How long to wait at the end for a reply of Meta's that is in flight.
const LAST_REPLY: Duration = Duration::from_secs(5);

pub(crate) fn run(global: &Global, environment: &Environment, world: World, flags: &Run) -> Result<u8, Problem> {
    let runtime = runtime()?;
    let mut screen = Screen::beside_a_command(global.color, environment).called_as(Invocation::typed(global));
    runtime.block_on(supervise(global, environment, world, flags, &mut screen))
}

async fn supervise(
    global: &Global,
    environment: &Environment,
    world: World,
    flags: &Run,
    screen: &mut Screen,
) -> Result<u8, Problem> {
    let mut signals = Signals::listen().map_err(|error| cannot_start(&error))?;
    let context = match Context::for_pass(global, environment, world.clone()) {
        Ok(context) => context,
        Err(failure) => return Err(failure.report(&mut PassView::once(global, screen)).await.into()),
    };
    Variables::read(&context).await?.warn(screen);
    context.warn_of_stand_in(screen);

    let (watch, stop) = (Watch { overrides: &global.overrides(), environment, world }, Notify::new());
    let mut view = PassView::repeated(global, screen);
    let (tick, mut ticks) = mpsc::unbounded_channel();
    // A closed receiver is not a failure.
    let mut watching = std::pin::pin!(watch.run(&mut view, || _ = tick.send(()), &stop));
    let ended = tokio::select! {
        ended = beside(&context, flags, &mut signals, &mut ticks) => ended,
        // The watch runs until it is stopped.
        () = &mut watching => return Err(Problem::internal("everlit stopped refreshing the token")),
    };
    // However it ended: do not abandon a token that Meta is sending.
    stop.notify_one();
    tokio::select! {
        () = watching => {}
        () = tokio::time::sleep(LAST_REPLY) => {}
        _ = signals.end() => {}
    }
    ended
}

/// Starts the command after the first pass, restarts or signals it on a new token, and returns its exit code.
async fn beside(
    context: &Context<'_>,
    flags: &Run,
    signals: &mut Signals,
    ticks: &mut mpsc::UnboundedReceiver<()>,
) -> Result<u8, Problem> {
    tokio::select! {
        _ = ticks.recv() => {}
        () = tokio::time::sleep(FIRST_PASS_TIMEOUT) => {}
        signal = signals.end() => return Ok(signal.exit_code()),
    }
    let mut provided = Variables::read(context).await?;
    let mut child = start(&flags.command, &provided, context)?;
    let grace = Duration::from_secs(flags.grace);
    let status = loop {
        tokio::select! {
            status = child.wait() => break status,
            signal = signals.next() => child.forward(signal),
            Some(()) = ticks.recv() => {
                // A file in the middle of an edit is read again on the next tick.
                let Ok(found) = Variables::read(context).await else { continue };
                let found = found.or_previous(&provided);
                if found.tokens == provided.tokens {
                    continue;
                }
                provided = found;
                if flags.restart_on_refresh {
                    if let Some(status) = child.terminate(grace).await {
                        break status;
                    }
                    child = start(&flags.command, &provided, context)?;
                } else if let Some(signal) = flags.signal {
                    child.forward(signal.into());
                }
            }
        }
    };
    child.clear(grace).await;
    status.map(exit_code).map_err(|error| cannot_start(&error))
}

/// The variables that the command gets.
struct Variables {
    /// Names and tokens, by name.
    tokens: Vec<(String, Token)>,
    /// Accounts that have none, or one that does not work, with the reason.
    warnings: Vec<String>,
}

impl Variables {
    /// Fails if there is no token at all, or two under one name.
    async fn read(context: &Context<'_>) -> Result<Self, Problem> {
        let (store, now, policy) = (context.store(), context.now(), context.settings.policy(false));
        let mut variables = Self { tokens: Vec::new(), warnings: Vec::new() };
        let mut problem = None;
        for account in context.settings.names() {
            let found = async { Ok((store.key(&account)?, store.load(&account, now).await?)) };
            match found.await {
                Ok((name, _)) if variables.tokens.iter().any(|(other, _)| *other == name) => {
                    return Err(Problem::config(format!("two accounts keep their token under the name {name}"))
                        .with_next(Step::everlit(&format!("run --account {account} -- COMMAND"))));
                }
                Ok((name, stored)) => {
                    variables.tokens.push((name, stored.current));
                    let report = Report::idle(&account, stored.record, &policy, now);
                    if matches!(report.health(), Health::NeedsPerson | Health::Expired) {
                        variables.warnings.push(View::of_report(&report).into_problem().message);
                    }
                }
                Err(error) => {
                    let view = View::of_store_error(account.as_str(), &error).into_problem();
                    variables.warnings.push(view.message.clone());
                    problem = Some(view);
                }
            }
        }
        for account in &context.settings.paused {
            variables.warnings.push(format!("{account} is paused: the command does not get its token"));
        }
        variables.tokens.sort_by(|(one, _), (other, _)| one.cmp(other));
        match problem {
            Some(problem) if variables.tokens.is_empty() => Err(problem),
            _ => Ok(variables),
        }
    }

    /// Keeps a token that cannot be read at the moment: one account's failure restarts nothing.
    fn or_previous(mut self, provided: &Self) -> Self {
        let is_missing = |(name, _): &&(String, Token)| !self.tokens.iter().any(|(found, _)| found == name);
        let missing: Vec<_> = provided.tokens.iter().filter(is_missing).cloned().collect();
        self.tokens.extend(missing);
        self.tokens.sort_by(|(one, _), (other, _)| one.cmp(other));
        self
    }

    fn warn(&self, screen: &mut Screen) {
        for message in &self.warnings {
            screen.note(format!("{} {message}", Mark::Warning.painted()));
        }
    }
}

fn start(command: &[OsString], variables: &Variables, context: &Context<'_>) -> Result<Tree, Problem> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Problem::config("there is no command to run").with_next(Step::everlit("run -- npm start")));
    };
    let tokens = variables.tokens.iter().map(|(name, token)| (name, token.expose()));
    let folder = &context.environment.folder;
    let mut command = Command::new(everlit_host::program_file(program, folder, context.environment, &*context.disk));
    command.args(arguments).envs(tokens);
    // Secrets that only everlit needs.
    for name in context.environment.names().filter(|name| WITHHELD.iter().any(|start| name.starts_with(start))) {
        command.env_remove(name);
    }
    Tree::start(command).map_err(|error| {
        Problem::of(Exit::of_start(&error), format!("cannot run {}: {error}", program.display())).with_next(
            Step::everlit("run -- PROGRAM ARGUMENTS").with_note("with a program that exists and may be executed"),
        )
    })
}

fn cannot_start(error: &io::Error) -> Problem {
    Problem::internal(format!("cannot supervise the command: {error}"))
}
