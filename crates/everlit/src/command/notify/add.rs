//! `everlit notify add`: stores the secret first, then the settings, so that no notifier lacks its secret.

use everlit_engine::{SECRETS_FILE, open_secrets_warning};
use everlit_keeper::Step;
use everlit_notify::{Need, OptionSpec, Options, Shape, variable_part};
use toml_edit::{Array, Table, value};

use super::common::{self, SECTIONS, check_name};
use super::secret;
use crate::cli::NotifyAdd;
use crate::context::Context;
use crate::output::{Exit, Problem, Screen, path};

pub(super) fn run(context: &Context<'_>, flags: &NotifyAdd, screen: &mut Screen) -> Result<Exit, Problem> {
    check_name(&flags.name)?;
    check_unused(context, flags)?;
    let (name, kind) = (&flags.name, flags.kind);
    let options = options(flags)?;
    let table = table(flags, &options);
    let mut changed = secret::ask_and_store(context, flags, &secret::wanted(flags, &options), screen)?;
    changed |= generate_secrets(context, flags, screen)?;
    let known = context.settings.notify.all().find(|known| known.name == *name);
    let is_set = known.is_some_and(|known| known.options == options && known.is_fallback == flags.fallback);
    let home = if is_set { None } else { Some(context.put_table(kind.section(), name, &table)?) };
    screen.say(match (known, home) {
        (None, Some(home)) => format!("added {name} to {home}"),
        (_, home) if changed || home.is_some() => format!("changed {name}"),
        _ => format!("{name} is already configured; nothing was changed"),
    });
    if let Some(message) = open_secrets_warning(context) {
        screen.note(format!("{message}: chmod 600 {}", path(context.global, SECRETS_FILE)));
    }
    screen.next(&common::test(name));
    Ok(Exit::Success)
}

/// Refuses a name that is taken by another kind, or whose secret would share another's variable.
fn check_unused(context: &Context<'_>, flags: &NotifyAdd) -> Result<(), Problem> {
    let name = &flags.name;
    let mut others = context.settings.notify.all().filter(|known| variable_part(&known.name) == variable_part(name));
    match others.find(|known| known.name != *name || known.kind.name != flags.kind.name) {
        None => Ok(()),
        Some(known) if known.name != *name => {
            let message = format!("{name} and the existing {} are too similar", known.name);
            Err(Problem::config(message).with_next(Step::note("choose another name")))
        }
        Some(known) => {
            let message = format!("{name} already exists, with kind {}", known.kind.name);
            Err(Problem::config(message)
                .with_next(Step::everlit_args(["notify", "remove", name]).with_note("or choose another name")))
        }
    }
}

/// The options that the flags set, all of which the kind takes, and all that it needs.
fn options(flags: &NotifyAdd) -> Result<Options, Problem> {
    let NotifyAdd { name, kind, .. } = flags;
    let mut given = vec![
        ("server", Vec::from_iter(flags.server.clone())),
        ("security", Vec::from_iter(flags.security.clone())),
        ("from", Vec::from_iter(flags.from.clone())),
        ("to", flags.to.clone()),
        ("user", Vec::from_iter(flags.user.clone())),
        ("command", flags.command.clone()),
    ];
    given.retain(|(_, values)| !values.is_empty());
    let is_taken = |key: &str| kind.options.iter().any(|option| option.key == key);
    if let Some((key, _)) = given.iter().find(|(key, _)| !is_taken(key)) {
        return Err(Problem::config(format!("{} does not apply to --kind {}", flag(key), kind.name))
            .with_next(Step::note("leave it out, or choose another --kind")));
    }
    if flags.fallback && kind.is_monitor() {
        return Err(Problem::config("a heartbeat is sent after each run; it cannot be a fallback")
            .with_next(Step::note("leave out --fallback")));
    }
    let mut options = Options::default();
    for (key, values) in given {
        options.set(key, values);
    }
    let required = || kind.options.iter().filter(|option| option.is_required);
    let missing = required().filter(|option| options.list(option.key).is_empty()).map(|option| flag(option.key));
    let missing: Vec<String> = missing.collect();
    if missing.is_empty() {
        return Ok(options);
    }
    let message = format!("--kind {} needs {}", kind.name, missing.join(", "));
    let command = ["notify", "add", name, "--kind", kind.name].map(str::to_owned);
    let command = command.into_iter().chain(required().flat_map(example));
    Err(Problem::config(message).with_next(Step::everlit_args(command)))
}

/// The flag that sets an option.
fn flag(key: &str) -> String {
    if key == "command" { "a command after --".to_owned() } else { format!("--{key}") }
}

/// The flag of an option with a placeholder.
fn example(option: &OptionSpec) -> [String; 2] {
    match option.key {
        "command" => ["--".to_owned(), "PROGRAM".to_owned()],
        "server" => [flag("server"), "HOST".to_owned()],
        key => [flag(key), "ADDRESS".to_owned()],
    }
}

fn table(flags: &NotifyAdd, options: &Options) -> Table {
    let mut table = Table::new();
    table.insert("kind", value(flags.kind.name));
    if flags.fallback {
        table.insert("fallback", value(true));
    }
    for option in flags.kind.options {
        let values = options.list(option.key);
        match (option.shape, values) {
            (_, []) => {}
            (Shape::List | Shape::Command, values) => drop(table.insert(option.key, value(Array::from_iter(values)))),
            (_, [text, ..]) => drop(table.insert(option.key, value(text))),
        }
    }
    table
}

/// Generates the secrets that nobody has to choose, and shows each once: the receiver needs it.
fn generate_secrets(context: &Context<'_>, flags: &NotifyAdd, screen: &mut Screen) -> Result<bool, Problem> {
    let mut changed = false;
    for spec in flags.kind.secrets.iter().filter(|spec| spec.need == Need::Generated) {
        let variable = flags.kind.variable(&flags.name, spec);
        if context.secret(&variable)?.is_none() {
            let secret = secret::generate()?;
            context.store_secret(context.home_of(&SECTIONS, &flags.name)?, &variable, secret.expose())?;
            screen.note("The receiver verifies messages with this signing secret. It is shown only once:");
            screen.print(format!("{}\n", secret.expose()));
            changed = true;
        }
    }
    Ok(changed)
}
