//! How an account is shown: the same facts for people and for programs.

use everlit_keeper::{
    AccountName, Cause, Decision, Expiry, FailureState, Outcome, Record, Report, Safety, Step, StoreError,
    StoreErrorClass, Why,
};
use everlit_meta_api::{Class, Timestamp};
use everlit_store::rfc3339;
use serde_json::{Value, json};

use crate::output::exit::Exit;
use crate::output::format::{date_and_time, days, left, relative};
use crate::output::problem::Problem;
use crate::output::screen::{Mark, Screen, strong};
use crate::output::step::{self, IntoStep};

/// One account, ready to be shown.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) name: String,
    /// One word for programs and people, such as `healthy`.
    pub(crate) state: &'static str,
    pub(crate) mark: Mark,
    pub(crate) exit: Exit,
    /// What is to be said, the first line beside the state.
    pub(crate) lines: Vec<String>,
    /// What a person should run or do; `None` where nothing is to be done.
    pub(crate) next: Option<Step>,
    pub(crate) record: Option<Record>,
}

impl View {
    fn new(name: &str, record: Option<Record>, state: &'static str, mark: Mark, exit: Exit) -> Self {
        Self { name: name.to_owned(), state, mark, exit, lines: Vec::new(), next: None, record }
    }

    fn line(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }

    fn next(mut self, next: impl IntoStep) -> Self {
        self.next = Some(next.into_step());
        self
    }

    /// How an account stands when nothing is asked of Meta.
    pub(crate) fn of_decision(name: &str, decision: Decision, record: &Record, now: Timestamp) -> Self {
        let life = left(record.expiry, now);
        let some = Some(record.clone());
        match decision {
            Decision::NotDue { until } => {
                Self::new(name, some, "healthy", Mark::Good, Exit::Success).line(life).line(planned(record, until, now))
            }
            // By our books it is dead, and no run has asked Meta: a monitor must not call that well.
            Decision::Due { why: why @ Why::PastExpiry } => {
                Self::new(name, some, "overdue", Mark::Warning, Exit::Temporary)
                    .line(life)
                    .line(why_due(why))
                    .next(Step::everlit("refresh"))
            }
            Decision::Due { why } => match record.failure.as_ref().filter(|_| why == Why::MaybeResolved) {
                // Until a run has shown that it is mended, a person is needed.
                Some(failure) => failed(name, some, failure, life).line(why_due(why)),
                None => Self::new(name, some, "due", Mark::Waiting, Exit::Success)
                    .line(life)
                    .line(why_due(why))
                    .next(Step::everlit("refresh")),
            },
            Decision::TooYoung { until } => {
                Self::new(name, some, "too young", Mark::Waiting, Exit::Success).line(life).line(format!(
                    "Meta refreshes only tokens that are at least 24 hours old; planned for {}",
                    date_and_time(until)
                ))
            }
            Decision::BackedOff { until } => {
                let view = Self::new(name, some, "retrying", Mark::Warning, Exit::Temporary).line(life);
                let view = describe_failure(view, record.failure.as_ref());
                view.line(format!(
                    "tried again {} (at the first run after {})",
                    relative(until, now),
                    date_and_time(until)
                ))
                .next(Step::note("nothing yet; `everlit refresh --force` retries at once"))
            }
            Decision::NeedsPerson { cause } => {
                let exit = if cause == Cause::Meta(Class::Config) { Exit::Config } else { Exit::Person };
                let view = Self::new(name, some, "needs a person", Mark::Bad, exit).line(if_alive(cause, life));
                let view = if record.failure.is_some() {
                    describe_failure(view, record.failure.as_ref())
                } else {
                    view.line(cause.message())
                };
                view.next(remedy_after(record.failure.as_ref(), cause, name))
            }
            Decision::Expired { since } => Self::new(name, some, "expired", Mark::Bad, Exit::Person)
                .line(format!("expired {} ({})", relative(since, now), date_and_time(since)))
                .line("An expired token cannot be refreshed; its owner has to approve again")
                .next(remedy(Cause::Meta(Class::Reconnect), Some(name))),
        }
    }

    /// How a run ended.
    pub(crate) fn of_report(report: &Report, now: Timestamp) -> Self {
        let name = report.account.as_str();
        let some = report.record.clone();
        let record = report.record.as_ref();
        let life = record.map_or_else(String::new, |record| left(record.expiry, now));
        let view = match &report.outcome {
            Outcome::Idle(decision) => match record {
                Some(record) => Self::of_decision(name, *decision, record, now),
                None => Self::new(name, None, "unknown", Mark::Warning, Exit::Internal).next(Step::everlit("doctor")),
            },
            Outcome::Refreshed { before, after, same_string } => {
                let view = Self::new(name, some, "refreshed", Mark::Good, Exit::Success).line(format!(
                    "{} → {} days left ({})",
                    days(*before, now),
                    days(*after, now),
                    end(*after)
                ));
                if *same_string { view.line("Meta gave the same token a new life") } else { view }
            }
            Outcome::Recovered { after } => Self::new(name, some, "recovered", Mark::Good, Exit::Success)
                .line(format!("{} days left ({})", days(*after, now), end(*after)))
                .line("an earlier run was interrupted while saving; its token is in place now"),
            Outcome::Connected => Self::new(name, some, "connected", Mark::Good, Exit::Success).line(life),
            Outcome::NotConnected { cause, message } => {
                let exit = match cause {
                    Cause::AnotherAccount => Exit::Config,
                    Cause::ShortLived => Exit::Temporary,
                    _ => Exit::Person,
                };
                Self::new(name, None, "not connected", Mark::Bad, exit).line(message.clone())
            }
            Outcome::Verified => {
                Self::new(name, some, "works", Mark::Good, Exit::Success).line(life).line("Meta confirms the token")
            }
            Outcome::TooYoung { until, probably_refreshed } => {
                let why = if *probably_refreshed {
                    "the reply to an earlier request was lost: Meta has probably refreshed this token already"
                } else {
                    "Meta refreshes only tokens that are at least 24 hours old"
                };
                let view = Self::new(name, some, "too young", Mark::Waiting, Exit::Success)
                    .line(life)
                    .line(format!("{why}; planned for {}", date_and_time(*until)));
                if *probably_refreshed {
                    view
                } else {
                    view.line("a short-lived token (one hour) is answered alike; tokens from Meta's App Dashboard live 60 days")
                }
            }
            Outcome::Failed(failure) => failed(name, some, failure, life),
            Outcome::NotSaved { error, token } => not_saved(name, some, error, *token),
            Outcome::Refused(error) => Self::of_store_error(name, error),
            Outcome::Internal { message } => Self::new(name, some, "error", Mark::Bad, Exit::Internal)
                .line(message.clone())
                .next(Step::everlit("doctor")),
        };
        with_undelivered(view, &report.undelivered)
    }

    /// An account whose files could not be used.
    pub(crate) fn of_store_error(name: &str, error: &StoreError) -> Self {
        use StoreErrorClass::{Locked, Missing, NotAToken, NotSaved, Unusable};
        let exit = match error.class {
            Missing | Unusable | NotAToken => Exit::Config,
            Locked => Exit::Locked,
            NotSaved => Exit::NotSaved,
        };
        let view = Self::new(name, None, if exit == Exit::Locked { "locked" } else { "unusable" }, Mark::Bad, exit);
        let view = view.line(error.to_string());
        match error.class {
            Missing => view.next(connect(Some(name), &[]).with_note(
                "or put the token there, or name its place with --env-file and --key (`everlit init` finds it)",
            )),
            NotAToken => view.next(Step::everlit("doctor").with_note("once the access token itself stands there")),
            Unusable | NotSaved => view.next(Step::everlit("doctor")),
            Locked => view.next(Step::note("wait for that run, then retry")),
        }
    }

    /// What keeps a command from doing anything for this account.
    pub(crate) fn into_problem(self) -> Problem {
        Problem {
            exit: self.exit,
            message: format!("{}: {}", self.name, self.lines.join("; ")),
            next: self.next.unwrap_or_else(|| Step::everlit("status")),
        }
    }

    /// Shows it to a person.
    pub(crate) fn show(&self, screen: &mut Screen, name_width: usize) {
        let (first, rest) = self.lines.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        let state = strong(&format!("{:<9}", self.state));
        let lines = std::iter::once(format!("{} {:<name_width$}  {state}  {first}", self.mark.painted(), self.name))
            .chain(rest.iter().map(|line| format!("  {line}")));
        for line in lines {
            if self.exit == Exit::Success { screen.say(line) } else { screen.note(line) }
        }
    }

    /// Shows it to a program.
    pub(crate) fn to_json(&self, now: Timestamp) -> Value {
        let record = self.record.as_ref();
        let time = |at: Option<Timestamp>| at.map(rfc3339);
        let failure = record.and_then(|record| record.failure.as_ref());
        json!({
            "name": self.name,
            "state": self.state,
            "exit_code": self.exit.code(),
            "message": self.lines.join("; "),
            "next": step::json(self.next.as_ref()),
            "kind": record.map(|r| r.kind.as_str()),
            "account_id": record.and_then(|r| r.account.as_ref()).map(everlit_meta_api::AccountId::as_str),
            "username": record.and_then(|r| r.username.as_deref()),
            "fingerprint": record.map(|r| r.fingerprint.to_string()),
            "expires_at": time(record.and_then(|r| r.expiry.instant())),
            "seconds_left": record.and_then(|r| r.expiry.left(now)).map(|left| left.as_secs()),
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
                "attempts": t.attempts,
                "since": rfc3339(t.first_at),
            })),
        })
    }
}

/// The worst end of all.
pub(crate) fn worst(views: &[View]) -> Exit {
    views.iter().map(|view| view.exit).max().unwrap_or(Exit::Success)
}

/// Shows some of the accounts of a run, each with its own step where they do not all need the same.
pub(crate) fn show_each<'v>(views: impl Iterator<Item = &'v View> + Clone, screen: &mut Screen) {
    let width = views.clone().map(|view| view.name.len()).max().unwrap_or(0);
    let mut steps = views.clone().filter_map(|view| view.next.as_ref());
    let first = steps.next();
    let have_their_own = steps.any(|step| Some(step) != first);
    for view in views {
        view.show(screen, width);
        if let Some(step) = view.next.as_ref().filter(|_| have_their_own) {
            if view.exit == Exit::Success {
                screen.say_step("  Next: ", step);
            } else {
                screen.note_step("  Next: ", step);
            }
        }
    }
}

/// What to run next: the step of the account that is worst off.
pub(crate) fn next_step(views: &[View]) -> Step {
    let worst = views.iter().filter(|view| view.next.is_some()).max_by_key(|view| view.exit);
    worst.and_then(|view| view.next.clone()).unwrap_or_else(nothing_to_do)
}

/// All is well.
pub(crate) fn nothing_to_do() -> Step {
    Step::note("nothing to do")
}

fn end(expiry: Expiry) -> String {
    expiry.instant().map_or_else(|| "no expiry".to_owned(), crate::output::format::date)
}

fn planned(record: &Record, until: Timestamp, now: Timestamp) -> String {
    let what = if record.expiry == Expiry::Never { "looked at again" } else { "refreshed" };
    format!("{what} from {} on ({})", crate::output::format::date(until), relative(until, now))
}

fn why_due(why: Why) -> &'static str {
    match why {
        Why::UnknownExpiry => "not looked at yet: the next run asks Meta",
        Why::NearExpiry => "refreshed at the next run",
        Why::PastExpiry => "past its expiry by our books: the next run asks Meta once",
        Why::VerificationDue => "looked at at the next run",
        Why::MaybeResolved => "a person was needed; the next run asks Meta whether it is mended",
        Why::Forced => "forced",
    }
}

/// The failure, with Meta's own words in the form that people search for.
fn describe_failure(view: View, failure: Option<&FailureState>) -> View {
    let Some(failure) = failure else { return view };
    let view = match &failure.evidence {
        Some(evidence) => view.line(format!("Refresh failed {evidence}")),
        None => view,
    };
    let view = view.line(failure.message.clone());
    let since = (failure.attempts > 1)
        .then(|| format!("{} attempts have failed since {}", failure.attempts, date_and_time(failure.first_at)));
    let trace = failure.evidence.as_ref().and_then(|evidence| evidence.trace_id.as_ref());
    let trace = trace.map(|id| format!("for Meta's support: fbtrace_id {id}, {}", date_and_time(failure.last_at)));
    since.into_iter().chain(trace).fold(view, View::line)
}

/// Days that are left to a token that is dead all the same would make believe that there is time.
fn if_alive(cause: Cause, life: String) -> String {
    if cause == Cause::Meta(Class::Reconnect) { "the token no longer works".to_owned() } else { life }
}

fn failed(name: &str, record: Option<Record>, failure: &FailureState, life: String) -> View {
    let until = failure.next_attempt_at;
    if failure.cause.needs_person() {
        let exit = if failure.cause == Cause::Meta(Class::Config) { Exit::Config } else { Exit::Person };
        let view = View::new(name, record, "needs a person", Mark::Bad, exit).line(if_alive(failure.cause, life));
        return describe_failure(view, Some(failure)).next(remedy_after(Some(failure), failure.cause, name));
    }
    let view = View::new(name, record, "failed", Mark::Warning, Exit::Temporary).line(life);
    describe_failure(view, Some(failure))
        .line(format!("nothing is lost; tried again at the first run after {}", date_and_time(until)))
        .next(Step::note("nothing yet; `everlit doctor` checks the connection to Meta"))
}

fn not_saved(name: &str, record: Option<Record>, error: &StoreError, token: Safety) -> View {
    let what = match token {
        Safety::NotAsked => "Meta was not asked, so nothing is lost; the site still has its old token",
        Safety::NothingNew => "Meta handed out no new token; the site still has its old one",
        Safety::Candidate => "the new token is kept safe in `.everlit/`; the site still has its old token",
        Safety::Current => "the new token is in place; only the notes about it could not be written",
        Safety::Lost => "the new token could not be kept anywhere; the old one stays valid until its own expiry",
    };
    let next = match token {
        Safety::Current => Step::everlit("doctor").with_note("shows what keeps the metadata from being written"),
        _ => Step::everlit("refresh")
            .with_note("once the place is writable and has room; `everlit doctor` says what is wrong with it"),
    };
    View::new(name, record, "not saved", Mark::Bad, Exit::NotSaved).line(error.to_string()).line(what).next(next)
}

/// What to do about places that have not got the new token.
pub(crate) fn deliver_again() -> Step {
    Step::everlit("refresh").with_note("retries the deliveries that failed")
}

fn with_undelivered(mut view: View, undelivered: &[(String, String)]) -> View {
    for (target, why) in undelivered {
        view = view.line(format!("not delivered to {target}: {why}"));
        view.exit = view.exit.max(Exit::NotSaved);
        view.mark = Mark::Bad;
        view.next.get_or_insert_with(deliver_again);
    }
    view
}

/// What a person has to do about `cause`. `account` is its name in the settings, if it is about one.
pub(crate) fn remedy(cause: Cause, account: Option<&str>) -> Step {
    const BY_HAND: &str = "create a new token in Meta's App Dashboard (Instagram > API setup with Instagram login > Generate token) and put it into the env file";
    let connect = |flags: &[&str]| connect(account, flags);
    match cause {
        Cause::Incident => {
            let command = connect(&[]);
            Step::note(format!(
                "wait: everlit retries by itself. Check https://metastatus.com and the app's page in the App Dashboard; if both are fine, run `{command}`"
            ))
        }
        Cause::BasicDisplay => {
            connect(&[]).with_note("first switch the account to a professional one (Business or Creator)")
        }
        Cause::ShortLived => connect(&[]).with_note(format!("or {BY_HAND}: tokens from there are long-lived")),
        Cause::CannotExtend | Cause::DataAccessEnded => connect(&["--facebook"])
            .with_note("the owner has to log in again; page tokens and system-user tokens last longer"),
        Cause::Meta(Class::AccountOwner) => Step::everlit("refresh --force").with_note(
            "once the account's owner has logged in to Instagram or Facebook and followed the instructions there",
        ),
        Cause::Meta(Class::AppOwner) => Step::everlit("refresh --force")
            .with_note("once the app's owner has checked roles, permissions and alerts in Meta's App Dashboard"),
        Cause::Meta(Class::Config) => Step::note(
            "correct the setting that the message names (a Facebook token needs META_APP_ID and META_APP_SECRET, in the environment or the env file), then run `everlit refresh --force`",
        ),
        _ => connect(&[]).with_note(format!("or {BY_HAND}; the next run picks it up")),
    }
}

/// The same, given Meta's answer: a token that Meta cannot parse is not a configuration error.
pub(crate) fn remedy_after(failure: Option<&FailureState>, cause: Cause, account: &str) -> Step {
    let code = failure.and_then(|failure| failure.evidence.as_ref()?.code);
    match (cause, code) {
        (Cause::Meta(Class::Config), Some(102 | 190)) => remedy(Cause::Meta(Class::Reconnect), Some(account)),
        _ => remedy(cause, Some(account)),
    }
}

/// `everlit connect shop`; the only account of a folder without settings needs no name.
pub(crate) fn connect(account: Option<&str>, flags: &[&str]) -> Step {
    let account = account.filter(|name| *name != AccountName::NAMELESS);
    Step::everlit_args(["connect"].into_iter().chain(account).chain(flags.iter().copied()))
}
