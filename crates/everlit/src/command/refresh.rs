//! `everlit refresh`: the command for cron.

use everlit_keeper::{Store, decide};
use serde_json::json;

use crate::channels;
use crate::cli::Refresh;
use crate::heartbeats::Heartbeats;
use crate::messages;
use crate::metrics_file;
use crate::output::exit::Exit;
use crate::output::problem::Problem;
use crate::output::screen::{Mark, Screen, dim};
use crate::output::view::{View, next_step, show_each, worst};
use crate::runtime::runtime;
use crate::site::Site;
use crate::wire::Context;

pub(crate) fn run(context: &Context<'_>, flags: &Refresh, screen: &mut Screen) -> Result<Exit, Problem> {
    let store = context.store();
    let names = context.settings.names();
    let now = context.now();
    let runtime = runtime()?;
    if flags.dry_run {
        let policy = context.settings.policy(false);
        let views: Vec<View> = runtime.block_on(async {
            let mut views = Vec::new();
            for name in &names {
                views.push(match store.load(name, now).await {
                    Ok(stored) => {
                        View::of_decision(name.as_str(), decide(&stored.record, now, &policy), &stored.record, now)
                    }
                    Err(error) => View::of_store_error(name.as_str(), &error),
                });
            }
            views
        });
        if !context.global.json {
            screen.note("Dry run: Meta is not asked and nothing is written.");
        }
        return Ok(show(context, &views, now, screen));
    }
    let views = runtime.block_on(whole_run(context, flags, Shown::All, screen))?;
    Ok(worst(&views))
}

/// How much of a run is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shown {
    All,
    /// What has changed, or should.
    News,
}

/// One whole run over every account, shown; then whoever must know is told. May be called again and again. That somebody
/// could not be told changes nothing about how the run ends.
pub(crate) async fn whole_run(
    context: &Context<'_>,
    flags: &Refresh,
    shown: Shown,
    screen: &mut Screen,
) -> Result<Vec<View>, Problem> {
    let store = context.store();
    let began = context.now();
    let heartbeats = Heartbeats::start(context);
    let keeper = match context.keeper(store.clone(), flags.force) {
        Ok(keeper) => keeper,
        Err(problem) => {
            // Whoever waits for a heartbeat hears of it; on the screen it is said by the caller.
            heartbeats.finish(context, &[], problem.exit).await;
            return Err(problem);
        }
    };
    if shown == Shown::All {
        context.warn_of_stand_in(screen);
    }
    let reports = keeper.refresh_all(&context.settings.names()).await;
    let now = context.now();
    let mut views = Vec::with_capacity(reports.len());
    for report in &reports {
        if report.record.is_some() {
            store.note_run(&report.account);
        }
        let mut view = View::of_report(report, now);
        if !context.global.quiet || view.exit != Exit::Success {
            for note in &report.notes {
                screen.note(format!("{}: {note}", report.account));
            }
        }
        if matches!(view.state, "refreshed" | "recovered") {
            view.lines.extend(what_now(context, report.account.as_str()));
        }
        views.push(view);
    }
    let is_news = |view: &View| view.exit != Exit::Success || matches!(view.state, "refreshed" | "recovered");
    if shown == Shown::All || views.iter().any(is_news) {
        show(context, &views, now, screen);
    }
    let exit = worst(&views);
    let dispatcher = channels::dispatcher(context, store.clone());
    let (dispatched, missed) = tokio::join!(dispatcher.notify(&reports), heartbeats.finish(context, &reports, exit));
    let warning = Mark::Warning.painted();
    for undelivered in &dispatched.undelivered {
        screen
            .note(format!("{warning} a message could not be sent to {}: {}", undelivered.channel, undelivered.message));
    }
    for note in &dispatched.notes {
        screen.note(note);
    }
    for (name, message) in &missed {
        screen.note(format!("{warning} the heartbeat {name} could not be sent: {message}"));
    }
    // A run over some accounts leaves the numbers of all as they are.
    if context.settings.notify.metrics_file.is_some() && context.settings.left_out == 0 {
        let failed: Vec<String> =
            messages::undelivered(context, &*store).await.into_iter().map(|undelivered| undelivered.channel).collect();
        if let Err(message) = metrics_file::write(context, &reports, exit, began, &failed) {
            screen.note(format!("{warning} the metrics could not be written: {message}"));
        }
    }
    Ok(views)
}

/// Where the token stands now, and what the app needs to see it.
fn what_now(context: &Context<'_>, name: &str) -> Option<String> {
    let account = context.settings.accounts.iter().find(|account| account.name.as_str() == name)?;
    let env_file = account.env_file.value.display().to_string();
    let site = Site::of(&context.settings.folder, &*context.disk);
    Some(format!("written: {env_file}, {}. {}", account.metadata.value.display(), site.how_to_see_it(&env_file)))
}

fn show(context: &Context<'_>, views: &[View], now: everlit_meta_api::Timestamp, screen: &mut Screen) -> Exit {
    let exit = worst(views);
    if context.global.json {
        let accounts: Vec<_> = views.iter().map(|view| view.to_json(now)).collect();
        screen.json(&json!({
            "schema": "everlit.refresh/1",
            "generated_at": everlit_store::rfc3339(now),
            "exit_code": exit.code(),
            "accounts": accounts,
        }));
        return exit;
    }
    show_each(views.iter().filter(|view| !context.global.quiet || view.exit != Exit::Success), screen);
    if context.global.quiet && exit == Exit::Success {
        return exit;
    }
    if views.len() > 1 {
        screen.say(dim(&summary(views)));
    }
    let next = next_step(views);
    if exit == Exit::Success {
        screen.next(next);
    } else {
        screen.note_next(next);
    }
    exit
}

/// `3 accounts: 1 refreshed, 2 healthy`.
fn summary(views: &[View]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for view in views {
        match counts.iter_mut().find(|(state, _)| *state == view.state) {
            Some((_, count)) => *count += 1,
            None => counts.push((view.state, 1)),
        }
    }
    let parts: Vec<String> = counts.iter().map(|(state, count)| format!("{count} {state}")).collect();
    format!("{} accounts: {}", views.len(), parts.join(", "))
}
