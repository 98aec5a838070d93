//! Checks that the channels and monitors could work. Sends nothing: `everlit notify test` does.

use everlit_engine::{SECRETS_FILE, check_notifier, heartbeat, open_secrets_warning, undelivered};
use everlit_keeper::Step;

use super::finding::Finding;
use crate::context::Context;
use crate::output::notifiers;
use crate::output::{Exit, Problem, path};

pub(super) async fn of(context: &Context<'_>) -> Vec<Finding> {
    let notify = &context.settings.notify;
    let store = context.store();
    let mut findings: Vec<Finding> = secrets_are_open(context).into_iter().collect();
    if notify.channels.is_empty() {
        let finding = Finding::warning("notify", "no channel is configured: nobody is told when a person is needed");
        findings.push(finding.fix(Step::everlit("notify add")));
    }
    findings.extend(all_are_in_vault(context));
    for channel in &notify.channels {
        let (name, kind) = (&channel.name, channel.kind.name);
        findings.push(match check_notifier(context, channel) {
            Ok(()) => Finding::ok("notify", format!("{name}: {kind}")),
            Err(error) => broken(name, kind, error.into()),
        });
    }
    for monitor in &notify.heartbeats {
        let (name, kind) = (&monitor.name, monitor.kind.name);
        findings.push(match heartbeat(context, monitor, 0) {
            Ok(_) => Finding::ok("notify", format!("{name}: a heartbeat for {kind}")),
            Err(error) => broken(name, kind, error.into()),
        });
    }
    let missed = undelivered(context, &*store).await;
    if notifiers::nobody_hears(context, &missed) {
        let why = "no channel accepted the last message: nobody is told when a person is needed";
        findings.push(Finding::problem("notify", Exit::Person, why).fix(Step::everlit("notify test")));
    }
    let failures = notifiers::lines(context, &missed);
    findings
        .extend(failures.into_iter().map(|line| Finding::warning("notify", line).fix(Step::everlit("notify test"))));
    findings
}

/// Who cannot open the vault cannot read from there whom to tell of it.
fn all_are_in_vault(context: &Context<'_>) -> Option<Finding> {
    context.settings.notify.channels.first().filter(|_| context.are_all_notifiers_in_vault())?;
    let message = "every channel and monitor stands in the vault: nobody is told if the vault cannot be opened";
    let next = "write [notify.NAME] with its `kind` into everlit.toml of this machine; `everlit notify add NAME --kind KIND` then stores its secret there";
    Some(Finding::warning("notify", message).fix(Step::note(next)))
}

fn broken(name: &str, kind: &str, problem: Problem) -> Finding {
    let message = format!("{name} ({kind}) cannot work: {}", problem.message);
    Finding::problem("notify", Exit::Config, message).fix(problem.next)
}

fn secrets_are_open(context: &Context<'_>) -> Option<Finding> {
    let message = open_secrets_warning(context)?;
    let fix = Step::shell(format!("chmod 600 {}", path(context.global, SECRETS_FILE)));
    Some(Finding::warning("privacy", message).fix(fix))
}
