//! Secrets of channels: how they come in, and how they are kept. Never an argument, never shown.

use everlit_disk::{ReplaceOptions, replace};
use everlit_envfile::EnvFile;
use everlit_meta_api::Secret;

use crate::cli::NotifyAdd;
use crate::input;
use crate::output::invocation::path;
use crate::output::problem::Problem;
use crate::output::screen::Screen;
use crate::settings::{Origin, SECRETS_FILE, change};
use crate::wire::Context;
use everlit_host::unguessable;

const INSTEAD: &str = "the same without --stdin: it asks without showing what is typed";

/// A secret that a channel or a monitor takes.
pub(super) struct Wanted {
    /// Its variable.
    pub(super) name: String,
    /// What it is, for the person who is asked.
    pub(super) question: &'static str,
    pub(super) is_needed: bool,
    pub(super) check: fn(&str) -> Result<(), Problem>,
}

/// Gets the secrets from stdin, one on each line, or from the person, and keeps them. The first is needed; the others come
/// with it, or not at all. One that the environment gives is left there. `false` where nothing was changed.
pub(super) fn ask_and_keep(
    context: &Context<'_>,
    flags: &NotifyAdd,
    wanted: &[Wanted],
    screen: &mut Screen,
) -> Result<bool, Problem> {
    let Some(needed) = wanted.first() else { return Ok(false) };
    let provided: Vec<Secret> = if flags.stdin {
        let text = input::piped("secret", INSTEAD)?;
        let lines = text.expose().trim().splitn(wanted.len(), '\n');
        lines.zip(wanted).map(|(line, one)| one.taken(line)).collect::<Result<_, _>>()?
    } else if is_known(context, needed, screen)? {
        // Whoever repeats the command is not asked again for what is there; with --stdin it is replaced.
        return Ok(false);
    } else {
        failed_call(context, flags, wanted, screen)?
    };
    let mut is_changed = false;
    for (one, secret) in wanted.iter().zip(&provided).filter(|(_, secret)| !secret.expose().is_empty()) {
        is_changed |= keep(context, &one.name, secret.expose())?;
    }
    Ok(is_changed)
}

impl Wanted {
    /// What was given, if it can be one; empty where there is none, and none is needed.
    fn taken(&self, text: &str) -> Result<Secret, Problem> {
        let text = text.trim();
        if text.contains(['\n', '\r', '\0']) || (self.is_needed && text.is_empty()) {
            return Err(Problem::config("the secret must be one line, and not empty")
                .with_next("the same again with the secret alone"));
        }
        if !text.is_empty() {
            (self.check)(text)?;
        }
        Ok(Secret::new(text))
    }
}

/// Whether it is set, and right where the environment sets it.
fn is_known(context: &Context<'_>, wanted: &Wanted, screen: &mut Screen) -> Result<bool, Problem> {
    let Some(known) = context.secret(&wanted.name)? else { return Ok(false) };
    if matches!(known.origin, Origin::Environment(_)) {
        (wanted.check)(&known.value)?;
        screen.note(format!("{} is set in the environment; set it wherever everlit runs", wanted.name));
    }
    Ok(true)
}

/// Puts it into the private file; `false` if it is there already.
pub(super) fn keep(context: &Context<'_>, name: &str, secret: &str) -> Result<bool, Problem> {
    let _lock = change::one_at_a_time(context)?;
    let before = read(context)?;
    let file = EnvFile::parse(&before);
    let cannot = |error: everlit_envfile::EnvError| {
        Problem::config(format!("the secret cannot be written into {SECRETS_FILE}: {error}"))
            .with_next(format!("set {name} in the environment instead"))
    };
    if file.value(name).map_err(cannot)?.is_some_and(|known| *known == *secret.as_bytes()) {
        return Ok(false);
    }
    let is_there = file.assignments(name).next().is_some();
    let after =
        if is_there { file.with_value(name, secret.as_bytes()) } else { file.with_added(name, secret.as_bytes()) };
    write(context, &after.map_err(cannot)?)?;
    Ok(true)
}

/// Takes the lines of these names out; `false` if there were none.
pub(super) fn forget(context: &Context<'_>, names: &[String]) -> Result<bool, Problem> {
    let _lock = change::one_at_a_time(context)?;
    let before = read(context)?;
    let mut bytes = before.clone();
    for name in names {
        // From the last to the first, so that the places of the others stay true.
        let spans: Vec<_> = EnvFile::parse(&bytes).assignments(name).map(|assignment| assignment.span()).collect();
        for span in spans.into_iter().rev() {
            let start = bytes[..span.start].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            let end = bytes[span.end..].iter().position(|byte| *byte == b'\n');
            bytes.drain(start..end.map_or(bytes.len(), |at| span.end + at + 1));
        }
    }
    if bytes == before {
        return Ok(false);
    }
    write(context, &bytes)?;
    Ok(true)
}

/// One that nobody can guess.
pub(super) fn new_signing_secret() -> Result<Secret, Problem> {
    let bytes = unguessable().ok_or_else(|| Problem::internal("the system gives no random numbers"))?;
    Ok(everlit_notify::signing_secret(&bytes))
}

fn read(context: &Context<'_>) -> Result<Vec<u8>, Problem> {
    const LARGEST_FILE: usize = 1 << 20;
    match context.disk.read(&context.settings.folder.join(SECRETS_FILE), LARGEST_FILE) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(|error| {
            Problem::config(format!("cannot read {SECRETS_FILE}: {error}"))
                .with_next(format!("let yourself read {}, then the same again", path(context.global, SECRETS_FILE)))
        }),
    }
}

fn write(context: &Context<'_>, bytes: &[u8]) -> Result<(), Problem> {
    let path = context.settings.folder.join(SECRETS_FILE);
    replace(&*context.disk, &path, bytes, &ReplaceOptions::default()).map_err(|error| change::not_saved(&error))
}

/// Each of them; an empty one where the person has none, or where it is there already.
fn failed_call(
    context: &Context<'_>,
    flags: &NotifyAdd,
    wanted: &[Wanted],
    screen: &mut Screen,
) -> Result<Vec<Secret>, Problem> {
    let mut provided = Vec::with_capacity(wanted.len());
    for one in wanted {
        let Wanted { name, question, is_needed, .. } = one;
        if !input::has_person(context) {
            return Err(Problem::config(format!("there is nobody to ask for {question}")).with_next(format!(
                "the same with --stdin < FILE, where FILE holds it; or set {name} and run it again (everlit notify add {})",
                flags.name
            )));
        }
        if !is_needed && is_known(context, one, screen)? {
            provided.push(Secret::new(""));
            continue;
        }
        let or_none = if *is_needed { "" } else { " Enter alone where there is none." };
        screen.note(format!("Paste {question} and press Enter; it is not shown.{or_none}"));
        provided.push(one.taken(input::unseen("Secret: ")?.expose())?);
    }
    Ok(provided)
}
