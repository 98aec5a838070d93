//! Reads and stores the secrets of notifiers. They are never arguments and never shown.

use everlit_engine::Origin;
use everlit_keeper::Step;
use everlit_meta_api::Secret;
use everlit_notify::{Need, Options, SecretSpec};

use super::common::SECTIONS;
use crate::cli::NotifyAdd;
use crate::context::Context;
use crate::input;
use crate::output::{Problem, Screen, rerun};
use everlit_host::unguessable;

/// A secret to ask for.
pub(super) struct Wanted {
    /// Its variable.
    variable: String,
    spec: &'static SecretSpec,
    is_needed: bool,
}

/// The secrets to ask for, in the order of the lines of `--stdin`.
pub(super) fn wanted(flags: &NotifyAdd, options: &Options) -> Vec<Wanted> {
    let asked = flags.kind.secrets.iter().filter(|spec| spec.need != Need::Generated);
    let wanted = asked.filter_map(|spec| {
        let is_needed = spec.is_needed(options)?;
        Some(Wanted { variable: flags.kind.variable(&flags.name, spec), spec, is_needed })
    });
    wanted.collect()
}

/// Reads the secrets from stdin, one per line, or asks for them, and stores them; `false` if nothing changed.
///
/// The first is required. One that the environment sets stays there.
pub(super) fn ask_and_store(
    context: &Context<'_>,
    flags: &NotifyAdd,
    wanted: &[Wanted],
    screen: &mut Screen,
) -> Result<bool, Problem> {
    let Some(needed) = wanted.first() else { return Ok(false) };
    let provided: Vec<Secret> = if flags.stdin {
        let text = input::piped("secret", rerun("without --stdin: it asks without showing what is typed"))?;
        let lines = text.expose().trim().splitn(wanted.len(), '\n');
        lines.zip(wanted).map(|(line, one)| one.parse(line)).collect::<Result<_, _>>()?
    } else if is_known(context, needed, screen)? {
        // A repeated command does not ask again for what is there; with --stdin it is replaced.
        return Ok(false);
    } else {
        ask(context, flags, wanted, screen)?
    };
    let home = context.home_of(&SECTIONS, &flags.name)?;
    let mut is_changed = false;
    for (one, secret) in wanted.iter().zip(&provided).filter(|(_, secret)| !secret.expose().is_empty()) {
        is_changed |= context.store_secret(home, &one.variable, secret.expose())?;
    }
    Ok(is_changed)
}

impl Wanted {
    /// A secret of the right form; empty if there is none and none is required.
    fn parse(&self, text: &str) -> Result<Secret, Problem> {
        let text = text.trim();
        if text.contains(['\n', '\r', '\0']) || (self.is_needed && text.is_empty()) {
            return Err(
                Problem::config("the secret must be one non-empty line").with_next(Step::note("give only the secret"))
            );
        }
        if !text.is_empty() {
            self.validate(text)?;
        }
        Ok(Secret::new(text))
    }

    /// The error does not contain the text.
    fn validate(&self, text: &str) -> Result<(), Problem> {
        self.spec.validate(text).map_err(|error| {
            let next = "give the complete URL, such as https://example.com/..., and a token on the next line";
            Problem::config(error.to_string()).with_next(Step::note(next))
        })
    }
}

/// Whether it is set. One in the environment is validated.
fn is_known(context: &Context<'_>, wanted: &Wanted, screen: &mut Screen) -> Result<bool, Problem> {
    let Some(known) = context.secret(&wanted.variable)? else { return Ok(false) };
    if matches!(known.origin, Origin::Environment(_)) {
        wanted.validate(&known.value)?;
        screen.note(format!("{} is set in the environment; set it wherever everlit runs", wanted.variable));
    }
    Ok(true)
}

/// A random signing secret.
pub(super) fn generate() -> Result<Secret, Problem> {
    let bytes = unguessable().ok_or_else(|| Problem::internal("the system provides no random numbers"))?;
    Ok(everlit_notify::signing_secret(&bytes))
}

/// Asks for each. One that is already set, or that the person skips, comes back empty.
fn ask(
    context: &Context<'_>,
    flags: &NotifyAdd,
    wanted: &[Wanted],
    screen: &mut Screen,
) -> Result<Vec<Secret>, Problem> {
    let mut provided = Vec::with_capacity(wanted.len());
    for one in wanted {
        let Wanted { variable, spec, is_needed } = one;
        let prompt = spec.prompt;
        if !input::has_person(context) {
            let command = ["notify", "add", &*flags.name, "--kind", flags.kind.name, "--stdin"];
            let next =
                Step::everlit_args(command).with_note(format!("with the secret on stdin; or set {variable} first"));
            return Err(Problem::config(format!("no terminal to ask for {prompt} on")).with_next(next));
        }
        if !is_needed && is_known(context, one, screen)? {
            provided.push(Secret::new(""));
            continue;
        }
        let or_none = if *is_needed { "" } else { " Press Enter to skip." };
        screen.note(format!("Paste {prompt} and press Enter; it is not shown.{or_none}"));
        provided.push(one.parse(input::unseen("Secret: ")?.expose())?);
    }
    Ok(provided)
}
