//! One worker and its share of the accounts, minute by minute, driven by the keeper's `decide` and the planner.

use std::time::Duration;

use everlit_keeper::{Decision, Policy, Record, Why, decide, next_check};
use everlit_meta_api::Timestamp;
use everlit_planner::{Admission, Load, Outcome, Priority, State, steady_per_second};
use fastrand::Rng;

use crate::account::{Account, START, blank_record};
use crate::calendar::{Backlog, Calendar, TURN};
use crate::history::History;
use crate::incidents::{APPS, DAY, HOUR, Incident, Weather, Workers};

/// One call in this many gets no answer on a good day.
const UNANSWERED: u32 = 300;

/// One call in this many finds the token revoked: about 0.1 % of the accounts in a year, at 60 calls to each.
const REVOKED: u32 = 60_000;

/// After this long, another worker takes over what a lost one was working on.
const LEASE: Duration = Duration::from_secs(5 * 60);

/// This long after an incident, every account that failed during it has been tried again: the longest wait is six hours.
const WAITS_END: Duration = Duration::from_secs(7 * 60 * 60);

/// How many times the steady work a worker could do. Each account is in flight for a minute, as if Meta were slow.
const CAPACITY: f64 = 4.0;

/// One worker.
#[derive(Debug)]
pub(crate) struct Worker<'a> {
    policy: &'a Policy,
    incidents: &'a [Incident],
    /// The number of its first account among all.
    offset: u64,
    accounts: Vec<Account>,
    calendar: Calendar,
    backlog: Backlog,
    admission: Admission,
    rng: Rng,
    record: Record,
    steady_per_second: f64,
    /// Whether an incident goes on, or what it has left behind is still being drained.
    is_excused: bool,
    last_incident_at: Timestamp,
    history: History,
}

impl<'a> Worker<'a> {
    /// A worker with this many newly imported accounts: half were refreshed in the same night, half have 2 to 60 days left.
    pub(crate) fn new(offset: u64, accounts: u32, policy: &'a Policy, incidents: &'a [Incident], seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut imported = |number| {
            let hours = if rng.bool() { 59 * 24 } else { rng.u64(2 * 24..60 * 24) };
            Account::imported(number, Duration::from_secs(hours * u64::from(HOUR)))
        };
        let accounts: Vec<Account> = (offset..offset + u64::from(accounts)).map(&mut imported).collect();
        let steady_per_second = steady_per_second(accounts.len() as u64, policy);
        let mut calendar = Calendar::new(accounts.len());
        (0..).take(accounts.len()).for_each(|account| calendar.put(account, 0));
        Self {
            policy,
            incidents,
            offset,
            calendar,
            accounts,
            backlog: Backlog::default(),
            admission: Admission::new(1),
            rng,
            record: blank_record(),
            steady_per_second,
            is_excused: true,
            last_incident_at: START,
            history: History::default(),
        }
    }

    /// Works for this many seconds and returns what happened.
    pub(crate) fn run(mut self, seconds: u32) -> History {
        let (mut due, mut started, mut outcomes) = (Vec::new(), Vec::new(), Vec::new());
        let mut weather = Weather::default();
        for second in (0..seconds).step_by(TURN as usize) {
            let now = START + Duration::from_secs(u64::from(second));
            if second.is_multiple_of(HOUR) {
                weather = Weather::at(self.incidents, second);
            }
            if second.is_multiple_of(DAY) {
                let ends = self.accounts.iter().filter(|account| account.back_at().is_none()).map(Account::expires_at);
                self.history.note_least_left(ends.min().map_or(0, |end| end.since(now)));
            }
            outcomes.drain(..).for_each(|outcome| self.admission.report(outcome, now));
            self.calendar.take(second / TURN, &mut due);
            self.choose(&mut due, &mut started, &weather, now);
            for account in started.drain(..) {
                outcomes.extend(self.work(account, &weather, now));
            }
            self.note_turn(&weather, now);
        }
        let end = START + Duration::from_secs(u64::from(seconds));
        let is_dead = |account: &&Account| account.back_at().is_none() && account.expires_at() <= end;
        self.history.deaths += self.accounts.iter().filter(is_dead).count() as u64;
        self.history
    }

    /// Moves those of the overdue accounts to `started` that the planner admits, in its order.
    fn choose(&mut self, due: &mut Vec<u32>, started: &mut Vec<u32>, weather: &Weather, now: Timestamp) {
        let start = if weather.is_database_down { 0 } else { self.admitted(due, weather, now) };
        if self.backlog.len() == 0 && start >= due.len() {
            started.append(due);
            return;
        }
        for account in due.drain(..) {
            self.backlog.add(account, now, self.accounts[account as usize].expires_at());
        }
        let accounts = &self.accounts;
        let first = || self.backlog.take_first(now, |account| accounts[account as usize].expires_at());
        started.extend(std::iter::from_fn(first).take(start));
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
    fn admitted(&mut self, due: &[u32], weather: &Weather, now: Timestamp) -> usize {
        let capacity = if weather.workers == Workers::All { CAPACITY } else { CAPACITY / 2.0 };
        let most = ((self.steady_per_second * f64::from(TURN) * capacity).ceil() as u32).max(16);
        self.admission.set_most_in_flight(most);
        let is_critical =
            |account: &&u32| Priority::of(now, Some(self.accounts[**account as usize].expires_at()), now).is_critical();
        let critical = self.backlog.critical(now, most as usize) + due.iter().filter(is_critical).count();
        let load = Load {
            in_flight: 0,
            overdue: (self.backlog.len() + due.len()) as u64,
            critical: critical as u64,
            oldest_run_at: self.backlog.oldest().or_else(|| (!due.is_empty()).then_some(now)),
            steady_per_second: self.steady_per_second,
        };
        self.admission.admit(&load, now).start as usize
    }

    /// Does what the keeper decides for one account; returns what that says about Meta, if it was asked.
    fn work(&mut self, number: u32, weather: &Weather, now: Timestamp) -> Option<Outcome> {
        let account = &mut self.accounts[number as usize];
        let (mut outcome, mut run_at) = (None, None);
        if account.back_at().is_some_and(|back_at| back_at <= now) {
            account.refreshed(self.offset + u64::from(number), now);
            self.history.reconnected += 1;
        } else if let Decision::Due { why } = account.with_record(&mut self.record, |it| decide(it, now, self.policy)) {
            if weather.workers == Workers::Crashing {
                self.history.lost += 1;
                run_at = Some(now + LEASE);
            } else {
                outcome = Some(self.ask(number, why, weather, now));
            }
        }
        let account = &mut self.accounts[number as usize];
        let next = |it: &Record| next_check(it, now, self.policy);
        let run_at = run_at.or_else(|| account.back_at());
        let run_at = run_at.unwrap_or_else(|| account.with_record(&mut self.record, next));
        let turn = |time: Timestamp| u32::try_from(time.since(START)).unwrap_or(0).div_ceil(TURN);
        self.calendar.put(number, turn(run_at).max(turn(now) + 1));
        outcome
    }

    /// Asks Meta.
    fn ask(&mut self, number: u32, why: Why, weather: &Weather, now: Timestamp) -> Outcome {
        let (account, rng, history) = (&mut self.accounts[number as usize], &mut self.rng, &mut self.history);
        let back_in = Duration::from_secs(rng.u64(1..=30) * u64::from(DAY));
        if weather.is_meta_down || rng.u32(0..UNANSWERED) == 0 {
            account.unanswered(now, rng);
            history.unanswered.add(now);
            return Outcome::Unavailable;
        }
        if weather.restricted_app == Some(number % APPS) {
            account.limited(now, rng);
            return Outcome::Refused;
        }
        let is_dead = account.expires_at() <= now;
        history.deaths += u64::from(is_dead);
        if is_dead || rng.u32(0..REVOKED) == 0 {
            account.revoked(now, now + back_in, rng);
            return Outcome::Refused;
        }
        if why == Why::VerificationDue {
            account.verified(now);
            history.verifications.add(now);
        } else {
            account.refreshed(self.offset + u64::from(number), now);
            history.refreshes.add(now);
        }
        Outcome::Ok
    }

    /// Notes how far behind the work is, and whether an incident excuses it.
    fn note_turn(&mut self, weather: &Weather, now: Timestamp) {
        let lag = self.backlog.oldest().map_or(0, |oldest| now.since(oldest));
        if weather.is_bad() {
            (self.is_excused, self.last_incident_at) = (true, now);
        }
        let is_drained = self.admission.state() == State::Normal && lag == 0;
        self.is_excused &= !is_drained || now <= self.last_incident_at + WAITS_END;
        self.history.note_lag(now, lag, self.is_excused);
    }
}
