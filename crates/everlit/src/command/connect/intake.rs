//! Reading a token that a person pastes or pipes in. It is never an argument and never shown.

#[cfg_attr(unix, path = "unseen/unix.rs")]
#[cfg_attr(not(unix), path = "unseen/windows.rs")]
mod unseen;

use std::io::{IsTerminal, Read};

use everlit_meta_api::{Platform, Secret, Token, TokenError, TokenKind};

use super::refuse_dead_product;
use crate::cli::Connect;
use crate::screen::{Problem, Screen};
use crate::wire::Context;

/// More than any token; whoever pipes more pipes something else.
const LARGEST: u64 = 64 << 10;

/// The token, and its kind settled.
pub(crate) fn token(context: &Context<'_>, flags: &Connect, screen: &mut Screen) -> Result<Token, Problem> {
    let again = command(flags);
    let text = if flags.stdin { piped(&again)? } else { asked(context, &again, screen)? };
    let token = Token::parse(text.expose()).map_err(|error| not_a_token(&error))?;
    refuse_dead_product(&token)?;
    with_kind(token, context, flags, screen)
}

/// What was pasted instead, and what to do with that.
fn not_a_token(error: &TokenError) -> Problem {
    Problem::config(error.to_string()).with_next(match error {
        TokenError::AuthorizationCode => {
            "everlit connect --instagram --paste (or --threads, --facebook) makes a login of its own and takes the address that it ends at"
        }
        TokenError::AppSecret => {
            "the secret belongs into INSTAGRAM_APP_SECRET, THREADS_APP_SECRET or META_APP_SECRET; what is wanted here is an access token"
        }
        _ => "paste the access token alone; `everlit connect --guide` says where it stands",
    })
}

/// Whether there is a person to ask.
pub(crate) fn is_interactive(context: &Context<'_>) -> bool {
    let is_ci = context.environment.variable("CI").is_some_and(|ci| ci != "false" && ci != "0");
    !context.global.no_input && !is_ci && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// One line from the person at the terminal; `None` where it cannot be read.
pub(crate) fn answer(question: &str, screen: &mut Screen) -> Option<String> {
    screen.note(question);
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).ok().filter(|length| *length > 0)?;
    Some(line.trim().to_owned())
}

/// `everlit connect shop`
pub(crate) fn command(flags: &Connect) -> String {
    flags.name.as_ref().map_or_else(|| "everlit connect".to_owned(), |name| format!("everlit connect {name}"))
}

fn piped(again: &str) -> Result<Secret, Problem> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        let words = "--stdin reads a pipe, and here is a terminal, which would show the token";
        return Err(Problem::config(words).with_next(format!("{again} (it asks for the token without showing it)")));
    }
    let mut bytes = Vec::new();
    let read = stdin.lock().take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| Problem::config(format!("stdin cannot be read: {error}")))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Problem::config("more than a token came through stdin (over 64 kB)"));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Problem::config("what came through stdin is UTF-16; save it as UTF-8 text"));
    }
    let text = String::from_utf8(bytes).map_err(|_| Problem::config("what came through stdin is not text"))?;
    Ok(Secret::new(text.trim_start_matches('\u{feff}')))
}

fn asked(context: &Context<'_>, again: &str, screen: &mut Screen) -> Result<Secret, Problem> {
    if !is_interactive(context) {
        let words = "there is nobody to ask for the token";
        return Err(Problem::config(words).with_next(format!("{again} --stdin < FILE, where FILE holds the token")));
    }
    screen.note("Paste the token and press Enter; it is not shown. (How to make one: everlit connect --guide)");
    let text =
        unseen::line("Token: ").map_err(|error| Problem::config(format!("the terminal cannot be read: {error}")))?;
    // A terminal that marks what is pasted.
    let text = text.expose().replace("\u{1b}[200~", "").replace("\u{1b}[201~", "");
    Ok(Secret::new(text))
}

/// Meta documents no prefixes: where one is unknown, the person says what the token is.
fn with_kind(token: Token, context: &Context<'_>, flags: &Connect, screen: &mut Screen) -> Result<Token, Problem> {
    match (token.kind().platform(), flags.kind) {
        (Some(found), Some(said)) if found != said => {
            Err(Problem::config(format!("--kind says {said}, but the token begins as those of {found} do")))
        }
        (Some(_), _) => Ok(token),
        (None, Some(said)) => Ok(token.or_kind(kind_of(said))),
        (None, None) if is_interactive(context) => {
            let question = "Its first letters are of no known kind. What is it: instagram, threads or facebook?";
            let said = answer(question, screen).and_then(|answer| answer.to_ascii_lowercase().parse().ok());
            said.map(|said| token.or_kind(kind_of(said))).ok_or_else(unknown_kind)
        }
        (None, None) => Err(unknown_kind()),
    }
}

fn unknown_kind() -> Problem {
    let words = "the token's first letters are of no known kind (Instagram IGAA, Threads THAA, Facebook EAA), so nobody knows whom to ask about it";
    Problem::config(words).with_next("the same again with --kind instagram, threads or facebook")
}

fn kind_of(platform: Platform) -> TokenKind {
    match platform {
        Platform::Instagram => TokenKind::Instagram,
        Platform::Threads => TokenKind::Threads,
        Platform::Facebook => TokenKind::Facebook,
    }
}
