//! How an account is shown: the same facts for people and for programs.

use everlit_advice::{connect, nothing_to_do, remedy_after};
use everlit_engine::Settings;
use everlit_keeper::{
    Cause, Decision, Delivery, DeliveryError, Expiry, FailureState, Health, Outcome, Record, Report, Safety, Step,
    StepCommand, StoreError, StoreErrorClass, Why,
};
use everlit_meta_api::{Class, DAY, Timestamp};
use everlit_store::rfc3339;
use serde_json::{Value, json};

use crate::output::step;
use crate::output::{
    Exit, Mark, Problem, Screen, clock, counted, date, date_and_time, days, dim, life, relative, strong,
};

/// One account, ready to be shown.
#[derive(Clone, Debug)]
pub struct View {
    /// The account.
    pub name: String,
    /// How it stands.
    pub health: Health,
    /// What the run did, in a `snake_case` word; `None` if it did nothing.
    pub outcome: Option<&'static str>,
    /// The sign before its name.
    pub mark: Mark,
    /// The exit code that it asks for.
    pub exit: Exit,
    /// What is to be said, the first line beside the state.
    pub lines: Vec<String>,
    /// What a person should run or do; `None` where nothing is to be done.
    pub next: Option<Step>,
    /// What is known about its token.
    pub record: Option<Record>,
}

impl View {
    /// How a run ended.
    pub fn of_report(report: &Report) -> Self {
        let (health, now) = (report.health(), report.at);
        let view = Self {
            name: report.account.as_str().to_owned(),
            health,
            outcome: outcome(&report.outcome),
            mark: mark(health),
            exit: Exit::of(report),
            lines: Vec::new(),
            next: None,
            record: report.record.clone(),
        };
        let life = report.record.as_ref().map_or_else(String::new, |record| life(record, now));
        let clock = report.record.as_ref().and_then(|record| record.clock_behind).map(clock);
        let view = match &report.outcome {
            Outcome::Idle(decision) => view.idle(*decision, life, now),
            Outcome::Refreshed { before, after, same_string } => {
                let (before, days) = (days(*before, now), days(*after, now));
                let view = view.line(format!("{before} → {days} days left ({})", end(*after)));
                if *same_string { view.line("Meta gave the same token a new life") } else { view }
            }
            Outcome::Recovered { after } => view
                .line(format!("{} days left ({})", days(*after, now), end(*after)))
                .line("an earlier run was interrupted while saving; its token is in place now"),
            Outcome::Connected => view.line(life),
            Outcome::NotConnected { message, .. } => view.line(message.clone()),
            Outcome::Verified => view.line(life).line("Meta confirms the token"),
            Outcome::TooYoung { until, probably_refreshed } => view.line(life).too_young(*until, *probably_refreshed),
            Outcome::Failed(failure) => view.failed(failure, life),
            Outcome::NotSaved { error, token } => view.not_saved(error, *token),
            Outcome::Refused(error) => view.unreadable(error),
            Outcome::Internal { message } => view.line(message.clone()).next(Step::everlit("doctor")),
        };
        clock.into_iter().fold(view, Self::line).undelivered(report)
    }

    /// An account whose files could not be used.
    pub fn of_store_error(name: &str, error: &StoreError) -> Self {
        let health = error.class.health();
        let view = Self {
            name: name.to_owned(),
            health,
            outcome: error.is_locked().then_some(LOCKED),
            mark: mark(health),
            exit: if error.is_locked() { Exit::Locked } else { health.into() },
            lines: Vec::new(),
            next: None,
            record: None,
        };
        view.unreadable(error)
    }

    /// Changes of the settings in a vault that are on record and cannot be read; `None` if all can.
    pub fn of_unreadable_changes(count: usize) -> Option<Self> {
        let line = format!("{} on record cannot be read: edited by hand", counted(count, "change"));
        let error = StoreError::new(StoreErrorClass::Unusable, line);
        (count > 0).then(|| {
            Self::of_store_error("settings", &error)
                .next(Step::note("look into a backup of the vault, which has them as they were"))
        })
    }

    /// The same with these settings: of an account without files, what to do with them is not said.
    #[must_use]
    pub fn with(mut self, settings: &Settings) -> Self {
        let is_connect = |command: &StepCommand| matches!(command, StepCommand::Everlit(args) if args.first().is_some_and(|arg| arg == "connect"));
        let next = self.next.as_mut().filter(|_| settings.vault.is_some());
        if let Some(next) = next.filter(|next| next.command.as_ref().is_some_and(is_connect)) {
            next.note = None;
        }
        self
    }

    fn line(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }

    fn next(mut self, next: Step) -> Self {
        self.next = Some(next);
        self
    }

    /// Nothing was asked of Meta.
    fn idle(self, decision: Decision, life: String, now: Timestamp) -> Self {
        let Some(record) = self.record.clone() else { return self.next(Step::everlit("doctor")) };
        let failure = record.failure.as_ref();
        match decision {
            Decision::NotDue { until } => self.line(life).line(planned(&record, until, now)),
            Decision::Due { why } => match failure {
                Some(failure) if failure.cause.needs_person() => self.failed(failure, life).line(why_due(why)),
                Some(_) => self.line(life).failure(failure).line(why_due(why)).next(Step::everlit("refresh")),
                None => self
                    .line(life)
                    .line(format!("{}; {}", why_due(why), verified(&record, now)))
                    .next(Step::everlit("refresh")),
            },
            Decision::TooYoung { until } => {
                let view = self.line(life).too_young(until, false);
                match failure.filter(|failure| failure.cause.needs_person()) {
                    Some(known) => view.failure(failure).remedy(known.cause),
                    None if view.health == Health::TooYoung => view,
                    None => view.remedy(Cause::Meta(Class::Reconnect)),
                }
            }
            Decision::BackedOff { until } => {
                let (relative, at) = (relative(until, now), date_and_time(until));
                self.line(life)
                    .failure(failure)
                    .line(format!("tried again {relative} (at the first run after {at})"))
                    .wait(until, now, "`everlit refresh --force` retries at once")
            }
            Decision::NeedsPerson { cause } => {
                let view = self.line(if_alive(cause, life));
                let view = if failure.is_some() { view.failure(failure) } else { view.line(cause.message()) };
                view.remedy(cause)
            }
            Decision::Expired { since } => self
                .line(format!("expired {} ({})", relative(since, now), date_and_time(since)))
                .line("An expired token cannot be refreshed; its owner has to approve again")
                .remedy(Cause::Meta(Class::Reconnect)),
        }
    }

    fn too_young(self, until: Timestamp, probably_refreshed: bool) -> Self {
        let until = date_and_time(until);
        if probably_refreshed {
            return self.line(format!(
                "the reply to an earlier request was lost: Meta has probably refreshed this token already; planned for {until}"
            ));
        }
        let is_known = self.record.as_ref().is_some_and(|record| record.expiry != Expiry::Unknown);
        let view = self.line(format!("Meta refreshes only tokens that are at least 24 hours old; planned for {until}"));
        let doubt = (!is_known).then_some("Meta gives the same answer for one-hour tokens; if yours came from a login, run `everlit connect --exchange`");
        doubt.into_iter().fold(view, Self::line)
    }

    fn failed(self, failure: &FailureState, life: String) -> Self {
        if failure.cause.needs_person() {
            return self.line(if_alive(failure.cause, life)).failure(Some(failure)).remedy(failure.cause);
        }
        let until = date_and_time(failure.next_attempt_at);
        // A reply that did not arrive may have carried a new token.
        let safe = match failure.reply_lost {
            _ if self.has_ended(failure.last_at) => "its recorded expiry has passed",
            true => "the token in use stays",
            false => "nothing is lost",
        };
        self.line(life).failure(Some(failure)).line(format!("{safe}; tried again at the first run after {until}")).wait(
            failure.next_attempt_at,
            failure.last_at,
            "`everlit doctor` checks the connection to Meta",
        )
    }

    /// Whether the token has expired at this instant, as far as is known.
    fn has_ended(&self, at: Timestamp) -> bool {
        self.record.as_ref().and_then(Record::ends_by).is_some_and(|end| end <= at)
    }

    /// Nothing has to be done before the next attempt, unless the expiry is near or has passed.
    fn wait(self, next_attempt_at: Timestamp, now: Timestamp, meanwhile: &str) -> Self {
        if self.has_ended(now) {
            let next = connect(Some(&self.name), &[]).with_note("unless Meta accepts it by then");
            return self.next(next);
        }
        let is_too_late = self.has_ended(next_attempt_at);
        let view = if is_too_late { self.line("the token will have expired by then") } else { self };
        let step = match view.health {
            Health::Retrying => Step::note(format!("nothing yet; {meanwhile}")),
            _ => Step::everlit("doctor").with_note("little time is left: find out what stops the refresh"),
        };
        view.next(step)
    }

    /// The failure, with Meta's own words in the form that people search for.
    fn failure(self, failure: Option<&FailureState>) -> Self {
        let Some(failure) = failure else { return self };
        let evidence = failure.evidence.as_ref();
        let what = if failure.verifying { "Verification" } else { "Refresh" };
        let said = evidence.map(|evidence| format!("{what} failed {evidence}"));
        let view = said.into_iter().chain([failure.message.clone()]).fold(self, Self::line);
        let since = (failure.attempts > 1)
            .then(|| format!("{} attempts have failed since {}", failure.attempts, date_and_time(failure.first_at)));
        let id = evidence.and_then(|evidence| {
            let trace = evidence.trace_id.as_ref().map(|id| format!("fbtrace_id {id}"));
            trace.or_else(|| evidence.support_ids.clone())
        });
        let id = id.map(|id| format!("for Meta's support: {id}, {}", date_and_time(failure.last_at)));
        since.into_iter().chain(id).fold(view, Self::line)
    }

    fn remedy(self, cause: Cause) -> Self {
        let step = remedy_after(self.record.as_ref(), cause, &self.name);
        self.next(step)
    }

    fn not_saved(self, error: &StoreError, token: Safety) -> Self {
        let what = match token {
            Safety::NotAsked => "Meta was not asked, so nothing is lost; the site still has its old token",
            Safety::NothingNew => "Meta handed out no new token; the site still has its old one",
            Safety::Candidate => {
                "the new token is kept, and a later run puts it in place; the site still has its old token"
            }
            Safety::Current => "the new token is in place; only the notes about it could not be written",
            Safety::Pending => "whether Meta has handed out a new token shows at the next run",
            Safety::Lost => "the new token could not be kept anywhere; the old one stays valid until its own expiry",
        };
        let next = match token {
            Safety::Current => Step::everlit("doctor").with_note("shows what keeps the metadata from being written"),
            _ => Step::everlit("refresh")
                .with_note("once the place is writable and has room; `everlit doctor` says what is wrong with it"),
        };
        self.line(error.to_string()).line(what).next(next)
    }

    fn unreadable(self, error: &StoreError) -> Self {
        let next = match error.class {
            StoreErrorClass::Missing => connect(Some(&self.name), &[]).with_note(
                "or put the token there, or name its place with --env-file and --key (`everlit init` finds it)",
            ),
            StoreErrorClass::NoToken => connect(Some(&self.name), &[]),
            StoreErrorClass::NotAToken => {
                Step::everlit("doctor").with_note("once the access token itself stands there")
            }
            StoreErrorClass::Unusable | StoreErrorClass::NotSaved | StoreErrorClass::Unreachable => {
                Step::everlit("doctor")
            }
            StoreErrorClass::Locked => Step::note("wait for that run, then retry"),
        };
        self.line(error.to_string()).next(next)
    }

    fn undelivered(mut self, report: &Report) -> Self {
        for (target, error) in &report.undelivered {
            let ends = report.old_token_ends(target).filter(|end| *end > report.at);
            let still = ends.map(|end| format!("; it still has the old token, which dies on {}", date(end)));
            self.lines.push(format!("not delivered to {target}: {error}{}", still.unwrap_or_default()));
            self.next.get_or_insert_with(|| deliver_again(target, error));
        }
        for Delivery { target, credential_ends_at, .. } in report.record.iter().flat_map(|record| &record.deliveries) {
            let Some(end) = credential_ends_at.filter(|end| end.since(report.at) <= CREDENTIAL_ENDING) else {
                continue;
            };
            self.lines.push(format!("the credential for {target} ends on {}", date_and_time(end)));
            if end.since(report.at) <= CREDENTIAL_ENDING / 2 {
                self.raise(Exit::Person, Step::everlit("doctor"));
            }
        }
        self
    }

    /// Makes it at least as bad as this.
    pub fn raise(&mut self, exit: Exit, next: Step) {
        let mark = if exit <= Exit::Temporary { Mark::Warning } else { Mark::Bad };
        self.mark = if self.mark == Mark::Bad { Mark::Bad } else { mark };
        if exit > self.exit {
            (self.exit, self.next) = (exit, Some(next));
        } else {
            self.next.get_or_insert(next);
        }
    }

    /// Adds what the record does not tell: the account stands no better than this.
    pub fn worsen(&mut self, health: Health, why: String, next: Step) {
        self.lines.push(why);
        if self.exit < health.into() {
            self.health = health;
        }
        self.raise(health.into(), next);
    }

    /// One word or three for people: what the run did, else how the account stands.
    pub fn word(&self) -> String {
        self.outcome.map_or_else(|| self.health.label().to_owned(), |outcome| outcome.replace('_', " "))
    }

    /// What keeps a command from doing anything for this account.
    pub fn into_problem(self) -> Problem {
        Problem {
            exit: self.exit,
            message: format!("{}: {}", self.name, self.lines.join("; ")),
            next: self.next.unwrap_or_else(|| Step::everlit("status")),
        }
    }

    /// Shows it to a person.
    pub fn show(&self, screen: &mut Screen, name_width: usize) {
        let (first, rest) = self.lines.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        let state = strong(&format!("{:<9}", self.word()));
        let lines = std::iter::once(format!("{} {:<name_width$}  {state}  {first}", self.mark.painted(), self.name))
            .chain(rest.iter().map(|line| format!("  {line}")));
        for line in lines {
            screen.say(line);
        }
    }

    /// Shows it to a program.
    pub fn to_json(&self, now: Timestamp) -> Value {
        let record = self.record.as_ref();
        let time = |at: Option<Timestamp>| at.map(rfc3339);
        let failure = record.and_then(|record| record.failure.as_ref());
        let end = record.and_then(Record::ends_by);
        json!({
            "name": self.name,
            "state": self.health.code(),
            "outcome": self.outcome,
            "exit_code": self.exit.code(),
            "message": self.lines.join("; "),
            "next": step::json(self.next.as_ref()),
            "kind": record.map(|r| r.kind.as_str()),
            "account_id": record.and_then(|r| r.account.as_ref()).map(everlit_meta_api::AccountId::as_str),
            "username": record.and_then(|r| r.username.as_deref()),
            "fingerprint": record.map(|r| r.fingerprint.to_string()),
            "expires_at": time(end),
            "expiry_is_assumed": record.map(|r| matches!(r.expiry, Expiry::Assumed(_) | Expiry::Unknown)),
            "seconds_left": end.map(|end| end.since(now).max(0)),
            "never_expires": record.map(|r| r.expiry == Expiry::Never),
            "data_access_ends_at": time(record.and_then(|r| r.data_access_ends)),
            "refreshed_at": time(record.and_then(|r| r.issued_at)),
            "last_verified_at": time(record.and_then(|r| r.last_verified_at)),
            "next_attempt_at": time(failure.map(|t| t.next_attempt_at)),
            "failure": failure.map(|t| json!({
                "cause": t.cause.code(),
                "message": t.message,
                "code": t.evidence.as_ref().and_then(|e| e.code),
                "subcode": t.evidence.as_ref().and_then(|e| e.subcode),
                "trace_id": t.evidence.as_ref().and_then(|e| e.trace_id.clone()),
                "support_ids": t.evidence.as_ref().and_then(|e| e.support_ids.clone()),
                "attempts": t.attempts,
                "since": rfc3339(t.first_at),
            })),
        })
    }
}

/// The worst end of all.
pub fn worst(views: &[View]) -> Exit {
    views.iter().map(|view| view.exit).max().unwrap_or(Exit::Success)
}

/// Of more accounts than this, those that are well are counted and not shown.
const MOST_SHOWN: usize = 50;

/// Shows accounts; of very many only those with news, unless `all` are asked for.
pub fn show_most(views: &[View], all: bool, screen: &mut Screen) {
    let is_well = |view: &View| view.exit == Exit::Success && view.health.is_well() && view.next.is_none();
    let is_hidden = |view: &View| !all && views.len() > MOST_SHOWN && is_well(view) && view.outcome.is_none();
    show_each(views.iter().filter(|view| !is_hidden(view)), screen);
    let hidden = views.iter().filter(|view| is_hidden(view)).count();
    if hidden > 0 {
        let more = if hidden == 1 { "1 more account is".to_owned() } else { format!("{hidden} more accounts are") };
        let shown = dim("(`everlit status --all` shows them)");
        screen.say(format!("{} {more} well {shown}", Mark::Good.painted()));
    }
}

/// Shows some of the accounts of a run, each with its own step where they do not all need the same.
pub fn show_each<'v>(views: impl Iterator<Item = &'v View> + Clone, screen: &mut Screen) {
    let width = views.clone().map(|view| view.name.len()).max().unwrap_or(0);
    let mut steps = views.clone().filter_map(|view| view.next.as_ref());
    let first = steps.next();
    let have_their_own = steps.any(|step| Some(step) != first);
    for view in views {
        view.show(screen, width);
        if let Some(step) = view.next.as_ref().filter(|_| have_their_own) {
            screen.say_step("  Next: ", step);
        }
    }
}

/// What to run next: the step of the account that is worst off, or for a wrong setting, if nothing is worse.
pub fn next_step(views: &[View], settings: &Settings) -> Step {
    if let Some(problem) = settings.problems.first().filter(|_| worst(views) <= Exit::Config) {
        return problem.error.next.clone();
    }
    let worst = views.iter().filter(|view| view.next.is_some()).max_by_key(|view| view.exit);
    worst.and_then(|view| view.next.clone()).unwrap_or_else(nothing_to_do)
}

/// The best exit code with these settings: a problem of the whole run counts even if every account is well.
pub fn exit_of_settings(settings: &Settings) -> Exit {
    if settings.problems_of_run().next().is_some() { Exit::Config } else { Exit::Success }
}

/// The outcome of a run that another kept from starting.
const LOCKED: &str = "locked";

/// What a run did, in a `snake_case` word.
fn outcome(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Refreshed { .. } => Some("refreshed"),
        Outcome::Recovered { .. } => Some("recovered"),
        Outcome::Connected => Some("connected"),
        Outcome::NotConnected { .. } => Some("not_connected"),
        Outcome::Verified => Some("verified"),
        Outcome::Refused(error) if error.is_locked() => Some(LOCKED),
        Outcome::Internal { .. } => Some("internal_error"),
        Outcome::Idle(_)
        | Outcome::TooYoung { .. }
        | Outcome::Failed(_)
        | Outcome::NotSaved { .. }
        | Outcome::Refused(_) => None,
    }
}

/// A credential for a target that ends within this is worth a line, and a person within half of it.
const CREDENTIAL_ENDING: i64 = 14 * DAY;

fn mark(health: Health) -> Mark {
    match health {
        Health::Healthy => Mark::Good,
        Health::Due | Health::TooYoung => Mark::Waiting,
        Health::Retrying | Health::Expiring => Mark::Warning,
        _ => Mark::Bad,
    }
}

fn end(expiry: Expiry) -> String {
    expiry.instant().map_or_else(|| "no expiry".to_owned(), date)
}

fn planned(record: &Record, until: Timestamp, now: Timestamp) -> String {
    let what = if record.expiry == Expiry::Never { "next check" } else { "next refresh" };
    let verified = verified(record, now);
    format!("{what}: {} ({}); {verified}", date(until), relative(until, now))
}

fn verified(record: &Record, now: Timestamp) -> String {
    match record.last_verified_at.filter(|at| *at <= now) {
        Some(at) if now.since(at) < 60 => "verified just now".to_owned(),
        Some(at) => format!("verified {}", relative(at, now)),
        None => "not verified yet".to_owned(),
    }
}

fn why_due(why: Why) -> &'static str {
    match why {
        Why::UnknownExpiry => "the next run asks Meta how long it lives",
        Why::NearExpiry => "refreshed at the next run",
        Why::PastExpiry => "the recorded expiry has passed; the next run asks Meta once",
        Why::VerificationDue => "verified at the next run",
        Why::MaybeResolved => "a person was needed; the next run asks Meta whether it works again",
        Why::Forced => "forced",
    }
}

/// The days left, but not of a dead token: they would suggest that there is time.
fn if_alive(cause: Cause, life: String) -> String {
    if cause == Cause::Meta(Class::Reconnect) { "the token no longer works".to_owned() } else { life }
}

/// What to do about a target without the new token.
pub fn deliver_again(target: &str, error: &DeliveryError) -> Step {
    // The name of a copy is a path, that of an activation begins with its target's.
    let is_copy = target.starts_with("./") || target.starts_with("the ");
    match target.split(':').next() {
        Some(name) if error.needs_person() && !is_copy => {
            Step::everlit_args(["target", "test", name]).with_note("once that is corrected")
        }
        _ => Step::everlit("refresh").with_note("retries the deliveries that failed"),
    }
}

#[cfg(test)]
mod tests {
    use everlit_keeper::{AccountName, Policy};
    use everlit_meta_api::Token;
    use std::time::Duration;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    #[test]
    fn of_a_token_past_its_expiry_nothing_is_called_safe() {
        let token = Token::parse(&"IGAAfakeFAKE".repeat(6)).unwrap();
        let mut record = Record::of_new_token(token.kind(), token.fingerprint(), NOW);
        record.expiry = Expiry::At(NOW);
        let failure = FailureState {
            cause: Cause::NewTokenRefused,
            message: String::new(),
            evidence: None,
            attempts: 1,
            first_at: NOW,
            cause_since: NOW,
            last_at: NOW,
            next_attempt_at: NOW + Duration::from_secs(3_600),
            reply_lost: false,
            verifying: false,
        };
        record.failure = Some(failure.clone());
        let idle = Report::idle(&AccountName::new("shop"), record, &Policy::default(), NOW);
        let run = Report { outcome: Outcome::Failed(failure), ..idle.clone() };
        for report in [idle, run] {
            let view = View::of_report(&report);
            let lines = view.lines.join("\n");
            assert!(!lines.contains("nothing is lost") && !lines.contains("will have expired"), "{lines}");
            assert!(view.next.unwrap().to_string().starts_with("everlit connect shop"), "{lines}");
        }
    }
}
