//! Reads a token that is pasted or piped in. It is never an argument and never shown.

use crate::output::{Problem, Screen, rerun};
use everlit_host::shell::TOKEN_ON_STDIN;
use everlit_keeper::{Cause, Step};
use everlit_meta_api::{Secret, Token, TokenError, TokenKind};

use crate::cli::Connect;
use crate::context::Context;
use crate::input::{self, answer, has_person};

/// The token, with its kind determined.
pub(crate) fn token(
    context: &Context<'_>,
    flags: &Connect,
    again: &Step,
    screen: &mut Screen,
) -> Result<Token, Problem> {
    let text = if flags.stdin {
        input::piped("token", again.clone().with_note("asks for the token without showing it"))?
    } else {
        ask(context, again, screen)?
    };
    let token = Token::parse(text.expose()).map_err(|error| not_a_token(&error))?;
    refuse_dead_product(&token)?;
    with_kind(token, context, flags, screen)
}

/// What was pasted instead, and what to do with that.
fn not_a_token(error: &TokenError) -> Problem {
    Problem::config(error.to_string()).with_next(match error {
        TokenError::AuthorizationCode => Step::everlit("connect --instagram --paste")
            .with_note("(or --threads, --facebook) starts its own login and takes the address that it ends at"),
        TokenError::AppSecret => Step::note(
            "the secret belongs in INSTAGRAM_APP_SECRET, THREADS_APP_SECRET or META_APP_SECRET; paste an access token here",
        ),
        _ => Step::everlit("connect --guide").with_note("shows where to copy the access token; paste only that"),
    })
}

fn ask(context: &Context<'_>, again: &Step, screen: &mut Screen) -> Result<Secret, Problem> {
    if !has_person(context) {
        let message = "no terminal to ask for the token on";
        return Err(Problem::config(message).with_next(again.clone().with_arg("--stdin").with_note(TOKEN_ON_STDIN)));
    }
    screen
        .note("Paste the token and press Enter; it is not shown. (`everlit connect --guide` shows how to create one.)");
    input::unseen("Token: ")
}

/// Meta documents no prefixes: if one is unknown, the person says what the token is.
fn with_kind(token: Token, context: &Context<'_>, flags: &Connect, screen: &mut Screen) -> Result<Token, Problem> {
    match (token.kind().platform(), flags.kind) {
        (Some(found), Some(said)) if found != said => {
            Err(Problem::config(format!("--kind says {said}, but the token has the prefix of {found}"))
                .with_next(rerun(&format!("with --kind {found}, or without --kind"))))
        }
        (Some(_), _) => Ok(token),
        (None, Some(said)) => Ok(token.or_kind(said.into())),
        (None, None) if has_person(context) => {
            let question = "The token's prefix is unknown. Is it for instagram, threads or facebook?";
            let said = answer(question, screen).and_then(|answer| answer.to_ascii_lowercase().parse().ok());
            said.map(|said: everlit_meta_api::Platform| token.or_kind(said.into())).ok_or_else(unknown_kind)
        }
        (None, None) => Err(unknown_kind()),
    }
}

fn unknown_kind() -> Problem {
    let message = "the token's prefix is unknown (Instagram: IGAA, Threads: THAA, Facebook: EAA), so everlit does not know whom to ask about it";
    Problem::config(message).with_next(rerun("with --kind instagram, threads or facebook"))
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
