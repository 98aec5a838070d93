//! `everlit refresh`: the command for cron.

use everlit_engine::{
    Account, Aftermath, ConfigError, Frontend, OpenFailure, Pass, Project, Settings, Site, World, plans,
};
use everlit_host::Environment;
use std::sync::Arc;

use everlit_keeper::{AccountName, Outcome, Progress, RemediationHints, Report, Step, Store};
use everlit_meta_api::Timestamp;
use everlit_store::STATE_FOLDER;
use serde_json::json;

use crate::cli::{Global, Refresh};
use crate::context::{Context, warn_of_settings};
use crate::output::{
    Exit, Hints, Mark, Problem, Screen, View, dim, next_step, settings_json, show_each, show_most, worst,
};
use crate::runtime::runtime;

pub(crate) fn run(
    global: &Global,
    environment: &Environment,
    world: World,
    flags: &Refresh,
    screen: &mut Screen,
) -> Result<Exit, Problem> {
    if flags.dry_run {
        let context = Context::new(global, environment, world)?;
        context.warn_of_stand_in(screen);
        return dry_run(&context, screen);
    }
    let context = for_pass(global, environment, world, screen)?;
    context.warn_of_stand_in(screen);
    let mut view = PassView::once(global, screen);
    Pass::new(&context, flags.force).run_blocking(&mut view)?;
    Ok(view.exit)
}

/// Opens the project for passes. People and monitors hear of a vault that cannot be opened.
pub(crate) fn for_pass<'a>(
    global: &'a Global,
    environment: &'a Environment,
    world: World,
    screen: &mut Screen,
) -> Result<Context<'a>, Problem> {
    let failed = |failure: OpenFailure<'_>| failure.report_blocking(&mut PassView::once(global, screen));
    Ok(Context::for_pass(global, environment, world).map_err(failed)?)
}

fn dry_run(context: &Context<'_>, screen: &mut Screen) -> Result<Exit, Problem> {
    let (store, now, policy) = (context.store(), context.now(), context.settings.policy(false));
    let runtime = runtime()?;
    let mut plans = plans(context, &store);
    let one = |name: AccountName| {
        let mut view = match runtime.block_on(store.load(&name, now)) {
            Ok(stored) => View::of_report(&Report::idle(&name, stored.record, &policy, now)),
            Err(error) => View::of_store_error(name.as_str(), &error),
        };
        view.lines.extend(plans.remove(&name).unwrap_or_default());
        view.with(&context.settings)
    };
    let views: Vec<View> = context.settings.names().into_iter().map(one).collect();
    if !context.global.json {
        screen.note("Dry run: Meta is not asked and nothing is written.");
    }
    context.warn_of_settings(screen);
    Ok(show(context.global, &views, &context.settings, now, screen))
}

/// Shows passes on the screen.
pub(crate) struct PassView<'a> {
    global: &'a Global,
    screen: &'a mut Screen,
    /// Whether passes follow each other; after the first, only one with news is shown.
    is_repeated: bool,
    is_first: bool,
    /// How the last pass ended.
    exit: Exit,
}

impl<'a> PassView<'a> {
    /// For a single pass.
    pub(crate) fn once(global: &'a Global, screen: &'a mut Screen) -> Self {
        Self { global, screen, is_repeated: false, is_first: true, exit: Exit::Success }
    }

    /// For passes that follow each other.
    pub(crate) fn repeated(global: &'a Global, screen: &'a mut Screen) -> Self {
        Self { is_repeated: true, ..Self::once(global, screen) }
    }
}

impl Frontend for PassView<'_> {
    fn hints(&self, project: &Project<'_>) -> Arc<dyn RemediationHints> {
        Arc::new(Hints::new(self.global, project))
    }

    fn progress(&self) -> Option<Arc<dyn Progress>> {
        self.screen.progress()
    }

    /// The error of a single pass is shown at the end of the program.
    fn failed(&mut self, error: &ConfigError) -> u8 {
        let problem = Problem::from(error.clone());
        if self.is_repeated {
            self.is_first = false;
            self.screen.problem(&problem);
        }
        problem.exit.code()
    }

    fn refreshed(&mut self, project: &Project<'_>, reports: &[Report]) -> u8 {
        let now = project.now();
        let mut views = Vec::with_capacity(reports.len());
        let mut accounts = project.settings.accounts.iter();
        for report in reports {
            // Reports are in the order of the accounts.
            let account = accounts.find(|account| account.name == report.account);
            let mut view = View::of_report(report).with(&project.settings);
            if !self.global.quiet || view.exit != Exit::Success {
                for note in &report.notes {
                    self.screen.note(format!("{}: {note}", report.account));
                }
            }
            if has_new_token(report) {
                let kept = |of: &Account| match project.vault() {
                    Some(_) => "the vault has the new token".to_owned(),
                    None => project.kept_elsewhere(&of.name).unwrap_or_else(|| written(project, of, report)),
                };
                view.lines.extend(account.map(kept));
                view.lines.extend(copies(report));
            }
            views.push(view);
        }
        let is_news = views.iter().any(|view| view.exit != Exit::Success) || reports.iter().any(has_new_token);
        if self.is_first || is_news {
            warn_of_settings(&project.settings, self.screen);
            show(self.global, &views, &project.settings, now, self.screen);
        }
        self.is_first = false;
        self.exit = exit_of(&views, &project.settings);
        self.exit.code()
    }

    fn finished(&mut self, aftermath: &Aftermath) {
        let warning = Mark::Warning.painted();
        for failure in &aftermath.dispatch.undelivered {
            let message = format!("{warning} a message could not be sent to {}: {}", failure.channel, failure.message);
            self.screen.note(message);
        }
        for note in &aftermath.dispatch.notes {
            self.screen.note(note);
        }
        for missed in &aftermath.missed {
            let message = format!("{warning} the heartbeat {} could not be sent: {}", missed.monitor, missed.message);
            self.screen.note(message);
        }
        if let Some(error) = &aftermath.metrics_error {
            self.screen.note(format!("{warning} the metrics could not be written: {error}"));
        }
    }
}

fn has_new_token(report: &Report) -> bool {
    matches!(report.outcome, Outcome::Refreshed { .. } | Outcome::Recovered { .. })
}

/// Where the new token was written, and what it takes for the site to use it.
fn written(project: &Project<'_>, account: &Account, report: &Report) -> String {
    let env_file = account.env_file.value.display().to_string();
    let metadata = account.metadata.value.display().to_string();
    // One that could not be written, or belongs to something else, is named in a note.
    let is_left_alone = report.notes.iter().any(|note| note.starts_with(&metadata) && note.contains(STATE_FOLDER));
    let metadata = if is_left_alone { String::new() } else { format!(", {metadata}") };
    let site = Site::of(&project.settings.folder, &*project.disk);
    format!("written: {env_file}{metadata}. {}", site.reload_hint(&env_file))
}

/// The copies that hold the new token as well.
fn copies(report: &Report) -> Option<String> {
    let record = report.record.as_ref()?;
    let done = record.deliveries.iter().filter(|delivery| delivery.delivered == Some(record.fingerprint));
    let names: Vec<&str> = done.map(|delivery| delivery.target.as_str()).collect();
    (!names.is_empty()).then(|| format!("also written: {}", names.join(", ")))
}

/// A vault in which nothing is kept alive is not well: it may be the wrong one.
fn exit_of(views: &[View], settings: &Settings) -> Exit {
    let nobody = if views.is_empty() { Exit::Config } else { Exit::Success };
    worst(views).max(nobody).max(crate::output::exit_of_settings(settings))
}

fn show(global: &Global, views: &[View], settings: &Settings, now: Timestamp, screen: &mut Screen) -> Exit {
    let exit = exit_of(views, settings);
    if views.is_empty() && !global.json {
        screen.say(format!("{} no account of the vault is kept alive", Mark::Bad.painted()));
        screen.next(&Step::everlit("account list"));
        return exit;
    }
    if global.json {
        let accounts: Vec<_> = views.iter().map(|view| view.to_json(now)).collect();
        let fields = json!({ "accounts": accounts, "problems": settings_json(settings) });
        screen.document("refresh", now, exit, fields);
        return exit;
    }
    if global.quiet {
        show_each(views.iter().filter(|view| view.exit != Exit::Success), screen);
    } else {
        show_most(views, false, screen);
    }
    if global.quiet && exit == Exit::Success {
        return exit;
    }
    if views.len() > 1 {
        screen.say(dim(&summary(views)));
    }
    screen.next(&next_step(views, settings));
    exit
}

/// `3 accounts: 1 refreshed, 2 healthy`.
fn summary(views: &[View]) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for word in views.iter().map(View::word) {
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
    let parts: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    format!("{} accounts: {}", views.len(), parts.join(", "))
}
