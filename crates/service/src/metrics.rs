//! The metrics of the service. Accounts are counted by state, never named: there may be millions, and their names are secret.

use everlit_notify::Exposition;
use everlit_planner::State as Admission;

use crate::state::{Durations, Snapshot};

/// Everything, in Prometheus' text format.
pub(crate) fn exposition(state: &Snapshot) -> String {
    let mut text = Exposition::default();
    text.family("build_info", "Version of everlit, as a label.");
    text.sample("build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    accounts(&mut text, state);
    queue(&mut text, state);
    work(&mut text, state);
    vault(&mut text, state);
    // Every program calls this one alike.
    let started = state.started_at.as_unix();
    let help = "# HELP process_start_time_seconds Unix time when the process started.";
    text.into_text()
        + &format!("{help}\n# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds {started}\n")
}

fn accounts(text: &mut Exposition, state: &Snapshot) {
    text.family("accounts", "Number of accounts by state, as each was when it was last saved.");
    let states = everlit_keeper::Health::ALL.map(everlit_keeper::Health::code);
    let known = states.iter().copied().filter(|known| *known != "stopped").chain(["paused", "no_token"]);
    for known in known {
        let count = state.accounts.iter().find(|(word, _)| word == known).map_or(0, |(_, count)| *count);
        text.sample("accounts", &[("state", known)], count);
    }
    let help = "Number of times that a target lacks the token in use.";
    text.gauge("deliveries_failing", help, state.undelivered);
}

fn queue(text: &mut Exposition, state: &Snapshot) {
    let help = "Number of accounts that are due and that nobody works on; counting stops at 100000.";
    text.gauge("queue_overdue_accounts", help, state.queue.overdue);
    if let Some(oldest) = state.queue.oldest {
        let help = "Unix time since which the account is due that has waited longest.";
        text.gauge("queue_oldest_due_timestamp_seconds", help, oldest);
    }
    if let Some(next) = state.queue.next {
        text.gauge("queue_next_due_timestamp_seconds", "Unix time when the next account is due.", next);
    }
    text.family("admission_state", "Whether accounts are started in this way (1) or not (0).");
    for (admission, name) in [
        (Admission::Normal, "normal"),
        (Admission::Draining, "draining"),
        (Admission::Ramping, "ramping"),
        (Admission::Stopped, "stopped"),
    ] {
        text.sample("admission_state", &[("state", name)], u8::from(state.admission == admission));
    }
    let help = "Number of Meta apps that are left alone because they have used up their calls.";
    text.gauge("apps_stopped", help, state.stopped_apps);
    let help = "Number of refusals that many accounts have in common, and that are going on.";
    text.gauge("incidents", help, state.incidents);
}

fn work(text: &mut Exposition, state: &Snapshot) {
    text.gauge("work_in_flight", "Number of accounts that are being worked on.", state.in_flight);
    let help = "Number of accounts that may be worked on at once.";
    text.gauge("work_in_flight_limit", help, state.concurrency);
    text.counters("attempts_total", "How often work on an account has ended, by outcome.");
    for (attempt, count) in state.attempts {
        text.sample("attempts_total", &[("outcome", attempt.word())], count);
    }
    let Durations { within, sum, count } = &state.durations;
    let bounds: Vec<_> = Durations::BOUNDS.into_iter().zip(within.iter().copied()).collect();
    text.histogram("attempt_duration_seconds", "How long work on an account took.", &bounds, *sum, *count);
    text.counters("notices_total", "How many messages to people a channel took, or did not.");
    text.sample("notices_total", &[("result", "taken")], state.notices_taken);
    text.sample("notices_total", &[("result", "failed")], state.notices_failed);
}

fn vault(text: &mut Exposition, state: &Snapshot) {
    let help = "Whether the vault has taken a write within the last minute and not failed since.";
    text.gauge("vault_up", help, u8::from(state.vault.is_up()));
    if let Some((at, _)) = state.vault.succeeded {
        text.gauge("vault_success_timestamp_seconds", "Unix time when the vault last took a write.", at.as_unix());
    }
    text.counters("vault_errors_total", "How often the vault has failed.");
    text.sample("vault_errors_total", &[], state.vault.errors);
    text.gauge("spill_up", "Whether tokens could be kept that the vault cannot take.", u8::from(state.is_spill_usable));
    text.gauge("spilled_tokens", "Number of tokens that wait for the vault.", state.spilled);
    let workers = state.workers.iter().filter(|worker| worker.is_alive()).count();
    text.gauge("workers", "Number of workers that the vault has seen within 90 seconds.", workers);
}
