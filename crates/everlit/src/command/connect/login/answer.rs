//! How the answer of a login arrives: through the browser, or pasted.

use std::io::IsTerminal as _;
use std::time::Duration;

use everlit_host::{CAN_CANCEL_STDIN, open_in_browser, stdin_line};
use everlit_keeper::Step;
use everlit_login::{Listener, LoginError, Redirect, RedirectError, ends_login, is_unfinished, read_redirect};
use everlit_meta_api::{Platform, Secret};

use zeroize::Zeroizing;

use super::problem;
use super::problem::where_in_dashboard;
use crate::cli::LoginFlags;
use crate::context::Context;
use crate::input;
use crate::output::{Exit, Problem, Screen, dim, span, strong};

/// A fixed port, so that the redirect URI is registered with the app once.
const PORT: u16 = 8447;

/// The lines of one paste arrive at once.
const PASTE_PAUSE: Duration = Duration::from_secs(2);

/// One login.
#[derive(Debug)]
pub(super) struct Login<'a> {
    pub(super) platform: Platform,
    /// The command that starts over.
    pub(super) again: &'a Step,
    /// The `state` that the answer must carry.
    pub(super) state: &'a str,
    /// The authorize URL.
    pub(super) address: &'a str,
}

/// How the answer arrives.
pub(super) enum Flow {
    /// The browser is redirected to this machine; where reading the terminal can be cancelled, pasting works too.
    Browser(Listener),
    /// A person or a program writes it to stdin.
    Paste { redirect_uri: String, is_terminal: bool },
}

impl Flow {
    /// Follows the flags. Fails where nobody can answer.
    pub(super) async fn choose(
        context: &Context<'_>,
        platform: Platform,
        again: &Step,
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
                "{} does not redirect to plain http; leave out --http",
                platform.title()
            ))
            .with_next(again.clone()));
        }
        let listener = Listener::bind(port, !flags.http, context.machine_time()).await;
        listener.map(Self::Browser).map_err(|error| problem::of(&error, platform, again))
    }

    pub(super) fn redirect_uri(&self) -> &str {
        match self {
            Self::Browser(listener) => listener.redirect_uri(),
            Self::Paste { redirect_uri, .. } => redirect_uri,
        }
    }

    /// Shows the authorize URL and waits for the code.
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
        screen.note(dim(&format!("The app must allow the redirect URI {uri} (App Dashboard, {dashboard}).")));
        // A program shows the address itself.
        let is_person = !matches!(self, Self::Paste { is_terminal: false, .. });
        if is_person && !flags.no_browser && open_in_browser(login.address, context.environment) {
            screen.note("Opening it in the browser.");
        }
        let wait = Duration::from_secs(flags.wait.into());
        let outcome = match self {
            Self::Browser(listener) => {
                if listener.is_secure() {
                    screen.note(dim(
                        "The browser will warn about the certificate of localhost, which was created just now for this login. Continue anyway.",
                    ));
                }
                let at_once = if CAN_CANCEL_STDIN {
                    " Browser on another machine? Paste the final address here and press Enter."
                } else {
                    " Browser on another machine? Press Ctrl-C and add --paste."
                };
                screen.note(format!("Waiting for the browser, {}.{at_once}", span(i64::from(flags.wait))));
                tokio::time::timeout(wait, either(listener, login, screen)).await
            }
            Self::Paste { is_terminal, .. } => {
                screen.note(
                    "Afterwards the browser may show an error page; that is expected. Paste its whole address here and press Enter.",
                );
                tokio::time::timeout(wait, pasted(login, is_terminal, screen)).await
            }
        };
        outcome.unwrap_or_else(|_| Err(too_late(login.again, flags.wait)))
    }
}

/// The first answer wins.
async fn either(listener: Listener, login: &Login<'_>, screen: &mut Screen) -> Result<Secret, Problem> {
    tokio::select! {
        answer = listener.answer(login.state) => answer.map_err(|error| redirect_problem(error, login)),
        pasted = pasted(login, true, screen), if CAN_CANCEL_STDIN => pasted,
    }
}

/// Reads a pasted answer. A person may try again; a program gets one try.
async fn pasted(login: &Login<'_>, is_person: bool, screen: &mut Screen) -> Result<Secret, Problem> {
    loop {
        let Some(mut text) = line(is_person).await? else {
            return Err(Problem::config("nothing was pasted: stdin ended").with_next(login.again.clone()));
        };
        while is_unfinished(&text, login.state)
            && let Ok(more) = tokio::time::timeout(PASTE_PAUSE, line(is_person)).await
            && let Some(more) = more?
        {
            text.push_str(&more);
        }
        if is_person && text.trim().is_empty() {
            continue;
        }
        match read_redirect(&text, login.state) {
            Ok(Redirect::Answer(code)) => return Ok(code),
            Ok(Redirect::BareCode(code)) if is_person => {
                screen.note(
                    "This is a code without its address, so everlit cannot tell whether it belongs to this login. \
                     Did you just copy it from your own browser's address bar? [y/N]",
                );
                let answer = line(is_person).await?.unwrap_or_default();
                if matches!(answer.trim(), "y" | "Y" | "yes") {
                    return Ok(code);
                }
                screen.note("Then paste the whole address.");
            }
            Ok(Redirect::BareCode(_)) => return Err(redirect_problem(RedirectError::MissingState, login)),
            Err(error) if is_person && !ends_login(&error) => {
                screen.note(format!("Not taken: {error}. {}", problem::correction(&error).unwrap_or_default()));
            }
            Err(error) => return Err(redirect_problem(error, login)),
        }
    }
}

async fn line(is_person: bool) -> Result<Option<Zeroizing<String>>, Problem> {
    stdin_line(is_person).await.map_err(|error| {
        Problem::config(format!("stdin cannot be read: {error}"))
            .with_next(Step::note("run it again, in a terminal or with a pipe"))
    })
}

fn redirect_problem(error: RedirectError, login: &Login<'_>) -> Problem {
    problem::of(&LoginError::Redirect(error), login.platform, login.again)
}

fn too_late(again: &Step, seconds: u32) -> Problem {
    Problem {
        exit: Exit::Person,
        message: format!("nobody logged in within {}; nothing was changed", span(i64::from(seconds))),
        next: again.clone().with_note("--wait SECONDS waits longer; --paste is for a browser on another machine"),
    }
}

/// Prints no address: only this process could take its answer.
fn nobody_there(again: &Step) -> Problem {
    Problem::config("a login needs a person, and there is no terminal to ask on (or --no-input or CI forbids it)")
        .with_next(again.clone().with_note(
            "run it in a terminal; or let a program run it with --paste, show a person the address it prints, and write the final address to its stdin",
        ))
}

fn checked(redirect_uri: &str) -> Result<String, Problem> {
    let is_web = ["https://", "http://"].iter().any(|scheme| redirect_uri.starts_with(scheme));
    if is_web && redirect_uri.bytes().all(|b| b.is_ascii_graphic() && b != b'#') {
        return Ok(redirect_uri.to_owned());
    }
    Err(Problem::config("--redirect-uri is not a web address such as https://example.com/callback")
        .with_next(Step::note("run it again with --redirect-uri exactly as registered with the app")))
}
