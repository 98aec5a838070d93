//! How the answer of a login gets here: the browser brings it, or a person pastes it.

use crate::output::step::IntoStep;
use everlit_keeper::Step;
use std::io::IsTerminal as _;
use std::time::Duration;

use everlit_meta_api::{Class, Error, Platform, Redirect, RedirectError, Secret, read_redirect};

use super::listener::Listener;
use super::{browser, stdin, where_in_dashboard};
use crate::cli::LoginFlags;
use crate::input;
use crate::output::exit::Exit;
use crate::output::format;
use crate::output::problem::Problem;
use crate::output::screen::{Screen, dim, strong};
use crate::wire::Context;

/// A fixed port, so that the redirect URI is registered with the app once.
const PORT: u16 = 8447;

/// One login, from its address to its answer.
#[derive(Debug)]
pub(super) struct Login<'a> {
    pub(super) platform: Platform,
    /// The command that begins anew.
    pub(super) again: &'a str,
    /// What the answer must carry.
    pub(super) state: &'a str,
    /// Where the person begins.
    pub(super) address: &'a str,
}

/// Which way the answer comes.
pub(super) enum Way {
    /// The browser brings it to this machine; where a line of the terminal can be given up again, it may be pasted too.
    Browser(Listener),
    /// A person, or a program, writes it to stdin.
    Paste { redirect_uri: String, is_terminal: bool },
}

impl Way {
    /// As the flags want it. Nobody is waited for where nobody can be.
    pub(super) async fn choose(
        context: &Context<'_>,
        platform: Platform,
        again: &str,
        flags: &LoginFlags,
    ) -> Result<Self, Problem> {
        let is_terminal = std::io::stdin().is_terminal();
        let is_alone = !input::may_ask(context);
        let port = flags.port.unwrap_or(PORT);
        let scheme = if flags.http { "http" } else { "https" };
        if flags.paste || flags.redirect_uri.is_some() {
            if is_terminal && is_alone {
                return Err(nobody_there(again));
            }
            let redirect_uri = match &flags.redirect_uri {
                Some(own) => checked(own)?,
                None => format!("{scheme}://localhost:{port}/callback"),
            };
            return Ok(Self::Paste { redirect_uri, is_terminal });
        }
        if is_alone || !is_terminal {
            return Err(nobody_there(again));
        }
        if flags.http && platform != Platform::Facebook {
            return Err(Problem::config(format!(
                "{} sends nobody back to plain http; leave out --http",
                platform.title()
            ))
            .with_next(again));
        }
        Ok(Self::Browser(Listener::bind(port, !flags.http, context.now(), again).await?))
    }

    pub(super) fn redirect_uri(&self) -> &str {
        match self {
            Self::Browser(listener) => listener.redirect_uri(),
            Self::Paste { redirect_uri, .. } => redirect_uri,
        }
    }

    /// Sends the person on the way and waits for the code.
    pub(super) async fn answer(
        self,
        login: &Login<'_>,
        context: &Context<'_>,
        flags: &LoginFlags,
        screen: &mut Screen,
    ) -> Result<Secret, Problem> {
        let platform = login.platform.title();
        screen.note_whole(format!("Log in to {platform} in the browser:\n  {}", strong(login.address)));
        let dashboard = where_in_dashboard(login.platform);
        let uri = self.redirect_uri();
        screen.note(dim(&format!("The app must know the redirect URI {uri} (App Dashboard, {dashboard}).")));
        // A program shows the address where it sees fit.
        let is_person = !matches!(self, Self::Paste { is_terminal: false, .. });
        if is_person && !flags.no_browser && browser::open(login.address, context.environment) {
            screen.note("The browser has been asked to open it.");
        }
        let patience = Duration::from_secs(flags.wait.into());
        let outcome = match self {
            Self::Browser(listener) => {
                if listener.is_secure() {
                    screen.note(dim(
                        "The browser will warn of the certificate of localhost: it was made a moment ago, for this login alone. Go on to it.",
                    ));
                }
                let at_once = if stdin::CAN_BE_GIVEN_UP {
                    " The browser is on another machine? Paste the address it ends at here, and press Enter."
                } else {
                    " The browser is on another machine? Ctrl-C, then the same with --paste."
                };
                screen.note(format!("Waiting for the browser, {}.{at_once}", format::span(i64::from(flags.wait))));
                tokio::time::timeout(patience, either(listener, login, screen)).await
            }
            Self::Paste { is_terminal, .. } => {
                screen.note(
                    "Afterwards the browser may show an error page; that is as it should be. Paste its whole address here, and press Enter.",
                );
                tokio::time::timeout(patience, pasted(login, is_terminal, screen)).await
            }
        };
        outcome.unwrap_or_else(|_| Err(too_late(login.again, flags.wait)))
    }
}

/// The first answer counts.
async fn either(listener: Listener, login: &Login<'_>, screen: &mut Screen) -> Result<Secret, Problem> {
    tokio::select! {
        answer = listener.answer(login.state) => answer.map_err(|error| problem(&error, login.again)),
        pasted = pasted(login, true, screen), if stdin::CAN_BE_GIVEN_UP => pasted,
    }
}

/// What is pasted. A person may try again; a program has one try.
async fn pasted(login: &Login<'_>, is_person: bool, screen: &mut Screen) -> Result<Secret, Problem> {
    loop {
        let Some(line) = stdin::line(is_person).await? else {
            return Err(Problem::config("nothing was pasted: the input ended").with_next(login.again));
        };
        if is_person && line.trim().is_empty() {
            continue;
        }
        match read_redirect(&line, login.state) {
            Ok(Redirect::Answer(code)) => return Ok(code),
            Ok(Redirect::BareCode(code)) if is_person => {
                screen.note(
                    "This is a code without its address: whether it belongs to this login cannot be seen. \
                     Does it come from the address bar of your own browser, just now? [y/N]",
                );
                let line = stdin::line(is_person).await?.unwrap_or_default();
                if matches!(line.trim(), "y" | "Y" | "yes") {
                    return Ok(code);
                }
                screen.note("Then paste the whole address.");
            }
            Ok(Redirect::BareCode(_)) => return Err(problem(&RedirectError::MissingState, login.again)),
            Err(error) if is_person && !ends_login(&error) => {
                screen.note(format!("Not taken: {error}. {}", screen.advice(way_out(&error, login.again))));
            }
            Err(error) => return Err(problem(&error, login.again)),
        }
    }
}

/// Whether it is the end of this login; everything else may be a slip of the hand, or somebody else's doing.
pub(super) fn ends_login(error: &RedirectError) -> bool {
    matches!(error, RedirectError::Denied | RedirectError::Refused(_) | RedirectError::Meta(_))
}

fn problem(error: &RedirectError, again: &str) -> Problem {
    let exit = match error {
        RedirectError::Denied | RedirectError::Refused(_) => Exit::Person,
        RedirectError::Meta(error) => exit_of(error),
        _ => Exit::Config,
    };
    let message = match error {
        RedirectError::Meta(_) => format!("Meta did not begin the login. {error}"),
        _ => error.to_string(),
    };
    let next = match way_out(error, again) {
        // It ends without a second try.
        advice if exit == Exit::Config && !advice.contains("everlit") => format!("{again}. {advice}"),
        whole => whole,
    };
    Problem { exit, message, next: next.into_step() }
}

fn way_out(error: &RedirectError, again: &str) -> String {
    match error {
        RedirectError::Meta(error) => {
            error.action().map_or_else(|| again.to_owned(), |action| format!("{action} Then {again}"))
        }
        RedirectError::Denied => format!("{again}, and press \"Allow\" when asked"),
        RedirectError::Refused(_) => format!("{again}, once what it says is in order"),
        RedirectError::StateMismatch => {
            "Use the address printed above, not an older tab or a link you were sent.".to_owned()
        }
        RedirectError::Token => "A token needs no login: `everlit connect` takes it as it is.".to_owned(),
        RedirectError::AuthorizeUrl => {
            "Go through with the login; the address to paste is the one that the browser ends at.".to_owned()
        }
        RedirectError::MissingState | RedirectError::MultipleAnswers | RedirectError::MissingCode => {
            "Copy the whole address from the address bar, once: it holds `code=` and `state=`.".to_owned()
        }
    }
}

/// The exit code for what Meta answered.
pub(super) fn exit_of(error: &Error) -> Exit {
    match error.class() {
        Class::Retry | Class::BackOff => Exit::Temporary,
        Class::Config => Exit::Config,
        Class::Reconnect | Class::AccountOwner | Class::AppOwner | Class::Unknown => Exit::Person,
    }
}

fn too_late(again: &str, seconds: u32) -> Problem {
    Problem {
        exit: Exit::Person,
        message: format!("nobody logged in within {}; nothing was changed", format::span(i64::from(seconds))),
        next: Step::note(format!(
            "{again} (--wait SECONDS waits longer, --paste where the browser is on another machine)"
        )),
    }
}

/// An address whose answer only this process would know is of no use to the next one: none is printed.
fn nobody_there(again: &str) -> Problem {
    Problem::config("a login needs a person, and there is no terminal to ask at (or --no-input or CI says so)").with_next(
        format!(
            "{again} in a terminal; a program runs `{again} --paste`, shows a person the address it prints, and writes the \
             address that the browser ends at to its stdin"
        ),
    )
}

fn checked(redirect_uri: &str) -> Result<String, Problem> {
    let is_web = ["https://", "http://"].iter().any(|scheme| redirect_uri.starts_with(scheme));
    if is_web && redirect_uri.bytes().all(|b| b.is_ascii_graphic() && b != b'#') {
        return Ok(redirect_uri.to_owned());
    }
    Err(Problem::config("--redirect-uri is no web address such as https://example.com/callback")
        .with_next("the same again with --redirect-uri as it is registered with the app"))
}
