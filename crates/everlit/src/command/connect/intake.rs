//! Reading a token that a person pastes or pipes in. It is never an argument and never shown.

use everlit_meta_api::{Secret, Token, TokenError};

use super::refuse_dead_product;
use crate::cli::Connect;
use crate::input::{self, answer, has_person};
use crate::output::problem::Problem;
use crate::output::screen::Screen;
use crate::wire::Context;

/// The token, and its kind settled.
pub(crate) fn token(
    context: &Context<'_>,
    flags: &Connect,
    again: &str,
    screen: &mut Screen,
) -> Result<Token, Problem> {
    let text = if flags.stdin {
        input::piped("token", &format!("{again} (it asks for the token without showing it)"))?
    } else {
        failed_call(context, again, screen)?
    };
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

fn failed_call(context: &Context<'_>, again: &str, screen: &mut Screen) -> Result<Secret, Problem> {
    if !has_person(context) {
        let message = "there is nobody to ask for the token";
        return Err(Problem::config(message).with_next(format!("{again} --stdin < FILE, where FILE holds the token")));
    }
    screen.note("Paste the token and press Enter; it is not shown. (How to make one: everlit connect --guide)");
    input::unseen("Token: ")
}

/// Meta documents no prefixes: where one is unknown, the person says what the token is.
fn with_kind(token: Token, context: &Context<'_>, flags: &Connect, screen: &mut Screen) -> Result<Token, Problem> {
    match (token.kind().platform(), flags.kind) {
        (Some(found), Some(said)) if found != said => {
            Err(Problem::config(format!("--kind says {said}, but the token begins as those of {found} do"))
                .with_next(format!("the same again with --kind {found}, or without --kind")))
        }
        (Some(_), _) => Ok(token),
        (None, Some(said)) => Ok(token.or_kind(said.into())),
        (None, None) if has_person(context) => {
            let question = "Its first letters are of no known kind. What is it: instagram, threads or facebook?";
            let said = answer(question, screen).and_then(|answer| answer.to_ascii_lowercase().parse().ok());
            said.map(|said: everlit_meta_api::Platform| token.or_kind(said.into())).ok_or_else(unknown_kind)
        }
        (None, None) => Err(unknown_kind()),
    }
}

fn unknown_kind() -> Problem {
    let message = "the token's first letters are of no known kind (Instagram IGAA, Threads THAA, Facebook EAA), so nobody knows whom to ask about it";
    Problem::config(message).with_next("the same again with --kind instagram, threads or facebook")
}
