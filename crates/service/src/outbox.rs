//! What follows from the work on accounts: incidents are recognized, tokens are delivered, people are told.
//!
//! None of it holds up the work. Deliveries go out in batches, so that a deploy hook is called once for many accounts. News
//! about accounts waits half a minute, so that what has one cause is told once, and longer while there is always more of it.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use everlit_keeper::policy::INCIDENT;
use everlit_keeper::{AccountName, Cause, Guard, Health, Incident, Outcome, Record, Report, Store as _, incidents};
use everlit_vault::VaultError;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::alerts::{AlertBook, Alerting};
use crate::catch_up::{CatchUp, Lacking};
use crate::incident::{described, is_over, is_part_of, subject};
use crate::site::{Current, Site};
use crate::state::State;

/// Reports are taken together that arrive within this time.
const GATHER: Duration = Duration::from_millis(500);

/// Deliveries that are under way at once, at most: one slow target must not hold up the others.
const MOST_BATCHES: usize = 4;

/// How long news waits for more of the same cause.
const TELL_AFTER: Duration = Duration::from_secs(30);

/// How far apart messages are while there is always more to tell.
const TELL_EVERY: Duration = Duration::from_secs(10 * 60);

/// How long a worker waits while another one sends messages, and between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
const WAIT: Duration = Duration::from_millis(250);

/// How soon it is tried again to store what people were told.
const STORE_EVERY: Duration = Duration::from_secs(1);

/// Before a process ends, it is tried for this long.
const LONGEST_STORE: Duration = Duration::from_secs(30);

/// How often all accounts that do not stand well are looked at: reminders are counted in days.
const SWEEP_EVERY: Duration = Duration::from_secs(12 * 60 * 60);

/// How often a worker asks whether it is its turn to read all accounts, which one of them does once a day.
const READ_EVERY: Duration = Duration::from_secs(60 * 60);

/// The latest reports in which refusals are compared.
const MOST_RECENT: usize = 512;

/// News that waits to be told, at most; what is more is told by the next sweep.
const MOST_PENDING: usize = 20_000;

/// The loop.
pub(crate) struct Outbox<'w, 'a> {
    current: &'w Current<'a>,
    state: &'w State,
    /// The last report of each account, the newest last.
    recent: VecDeque<Report>,
    delivering: JoinSet<Vec<Report>>,
    catch_up: CatchUp,
    /// Reports whose deliveries wait for their turn.
    undelivered: Vec<Report>,
    /// Reports of which people may have to be told.
    pending: HashMap<AccountName, Report>,
    /// What people were told, and the vault has not taken yet. Nothing more is told before it has.
    unstored: Option<Arc<Alerting>>,
    tell_at: Option<Instant>,
    told_at: Option<Instant>,
    sweep_at: Instant,
    read_at: Instant,
    /// Finds accounts that cannot be read.
    reading: JoinSet<Result<(), VaultError>>,
}

impl<'w, 'a> Outbox<'w, 'a> {
    pub(crate) fn new(current: &'w Current<'a>, state: &'w State) -> Self {
        let (recent, delivering, undelivered, pending, unstored) = Default::default();
        let (read_at, reading) = (Instant::now() + READ_EVERY, JoinSet::new());
        let (catch_up, tell_at, told_at, sweep_at) = (CatchUp::new(), None, None, Instant::now());
        Self {
            current,
            state,
            recent,
            delivering,
            catch_up,
            undelivered,
            pending,
            unstored,
            tell_at,
            told_at,
            sweep_at,
            read_at,
            reading,
        }
    }

    /// Works until nobody sends reports any more, and tells what is left then.
    pub(crate) async fn run(mut self, mut reports: mpsc::UnboundedReceiver<Report>) {
        loop {
            self.catch_up.follow(self.current);
            let may_catch_up = !self.catch_up.is_idle() && self.delivering.len() < MOST_BATCHES;
            let wake_at = self.tell_at.into_iter().fold(self.sweep_at.min(self.read_at), Instant::min);
            tokio::select! {
                report = reports.recv() => {
                    let Some(report) = report else { break };
                    let batch = gather(report, &mut reports).await;
                    self.take(batch).await;
                }
                Some(delivered) = self.delivering.join_next() => self.hear(delivered.unwrap_or_default()).await,
                () = tokio::time::sleep_until(wake_at) => self.wake().await,
                () = tokio::time::sleep(STORE_EVERY), if self.unstored.is_some() => {}
                () = tokio::time::sleep_until(self.catch_up.next_at), if may_catch_up => self.catch_up().await,
                () = self.current.changed.notified() => {}
                () = self.current.unreadable.notified() => self.tell_soon(),
                Some(read) = self.reading.join_next() => self.read(read.ok()),
            }
            self.store().await;
            self.deliver();
        }
        while let Some(delivered) = self.delivering.join_next().await {
            self.hear(delivered.unwrap_or_default()).await;
            self.deliver();
        }
        self.tell().await;
        let give_up_at = Instant::now() + LONGEST_STORE;
        while !self.store().await && Instant::now() < give_up_at {
            tokio::time::sleep(STORE_EVERY).await;
        }
    }

    /// Takes note of how the work on these accounts ended.
    async fn take(&mut self, batch: Vec<Report>) {
        let names: Vec<AccountName> = batch.iter().map(|report| report.account.clone()).collect();
        let has_failed = batch.iter().any(|report| !report.health().is_well());
        self.remember(batch);
        if has_failed {
            self.recognize_incidents().await;
        }
        self.count_incidents();
        let site = self.current.get();
        let batch = self.recent.iter().filter(|report| names.contains(&report.account)).cloned();
        let (undelivered, done): (Vec<_>, Vec<_>) = batch.partition(|report| site.keeper.owes(report));
        self.undelivered.extend(undelivered);
        self.hear(done).await;
        self.state.update().stopped_apps = site.keeper.stopped_apps();
    }

    fn remember(&mut self, batch: Vec<Report>) {
        let is_old = |report: &Report| batch.iter().any(|new| new.account == report.account);
        // Those of which Meta was not asked say nothing, and must not take the place of others.
        self.recent.retain(|report| !is_old(report) && !report.waits_for_app());
        self.recent.extend(batch);
        let now = self.current.get().project.now();
        let asked = self.recent.iter().filter(|report| !report.waits_for_app()).count();
        let excess = asked.saturating_sub(MOST_RECENT);
        self.recent.drain(..excess);
        self.recent.retain(|report| report.at + INCIDENT > now);
    }

    /// Takes back what single refusals said, where many accounts were refused alike.
    async fn recognize_incidents(&mut self) {
        let site = self.current.get();
        let recent = self.recent.make_contiguous();
        site.keeper.recognize_incidents(recent).await;
        for report in &*recent {
            if let Some(pending) = self.pending.get_mut(&report.account) {
                *pending = report.clone();
            }
        }
    }

    /// Takes note of incidents that have begun or are over.
    fn count_incidents(&mut self) {
        let found = incidents(self.recent.make_contiguous(), self.current.get().project.now());
        let before = std::mem::replace(&mut self.state.update().incidents, found.len());
        if found.len() > before {
            for Incident { kind, app, codes: (code, subcode), accounts } in &found {
                tracing::warn!(
                    kind = kind.as_str(),
                    app,
                    code,
                    subcode,
                    accounts,
                    "many accounts are refused alike: an incident"
                );
            }
        }
        if found.len() != before {
            self.tell_soon();
        }
    }

    /// Starts the deliveries that wait, if there is a place for them.
    fn deliver(&mut self) {
        if self.undelivered.is_empty() || self.delivering.len() >= MOST_BATCHES {
            return;
        }
        let mut batch = std::mem::take(&mut self.undelivered);
        let keeper = Arc::clone(&self.current.get().keeper);
        self.delivering.spawn(async move {
            keeper.deliver_all(&mut batch).await;
            log_undelivered(&batch);
            batch
        });
    }

    /// Brings the tokens of some accounts to targets that lack them.
    async fn catch_up(&mut self) {
        let site = self.current.get();
        if let Some(Lacking { mut reports, right }) = self.catch_up.step(&site).await {
            let keeper = Arc::clone(&site.keeper);
            self.delivering.spawn(async move {
                keeper.deliver_all(&mut reports).await;
                drop(right);
                log_undelivered(&reports);
                reports
            });
        }
    }

    /// Takes note of reports of which people may have to be told.
    async fn hear(&mut self, reports: Vec<Report>) {
        let site = self.current.get();
        if site.project.settings.notify.channels.is_empty() {
            return;
        }
        for report in noteworthy(&site, reports).await {
            if self.pending.len() < MOST_PENDING || self.pending.contains_key(&report.account) {
                self.pending.insert(report.account.clone(), report);
            }
        }
        if !self.pending.is_empty() {
            self.tell_soon();
        }
    }

    fn tell_soon(&mut self) {
        let now = Instant::now();
        let earliest = self.told_at.map_or(now, |told| told + TELL_EVERY);
        self.tell_at.get_or_insert_with(|| earliest.max(now + TELL_AFTER));
    }

    async fn wake(&mut self) {
        let now = Instant::now();
        if self.sweep_at <= now {
            self.sweep_at = now + SWEEP_EVERY;
            let site = self.current.get();
            // The worker says what is wrong with the vault.
            let is_missed = self.sweep().await.unwrap_or(true);
            if self.tell_of_incidents(&site).await || is_missed {
                self.sweep_at = now + TELL_EVERY;
            }
        }
        if self.read_at <= now {
            self.read_at = now + READ_EVERY;
            let (vault, now) = (self.current.get().vault.clone(), self.current.get().project.now());
            self.reading.spawn(async move { vault.mark_unreadable_daily(now).await });
        }
        if self.tell_at.is_some_and(|at| at <= now) {
            self.tell().await;
        }
    }

    /// Looks at all accounts that do not stand well: reminders become due by themselves, and an earlier process may have ended
    /// before it told anybody. Returns whether a channel missed a message.
    async fn sweep(&mut self) -> Result<bool, VaultError> {
        const PAGE: usize = 500;
        let site = self.current.get();
        if site.project.settings.notify.channels.is_empty() {
            return Ok(false);
        }
        let (mut after, mut is_missed, policy) = (0, false, site.project.settings.policy(false));
        loop {
            let (accounts, last) = site.vault.troubled(after, PAGE).await?;
            let mut reports = Vec::new();
            for account in accounts {
                let now = site.project.now();
                // One that cannot be read is reported when it is due.
                if let Ok(stored) = site.vault.load(&account, now).await {
                    reports.push(Report::idle(&account, stored.record, &policy, now));
                }
            }
            is_missed |= self.notify_of_accounts(&site, &reports).await;
            match last {
                Some(last) => after = last,
                None => return Ok(is_missed),
            }
        }
    }

    /// Tells people what has changed.
    async fn tell(&mut self) {
        self.tell_at = None;
        let site = self.current.get();
        let found = incidents(self.recent.make_contiguous(), site.project.now());
        let pending = self.pending.drain().map(|(_, report)| report);
        let reports = pending.filter(|report| !is_part_of(&found, report)).collect();
        let mut reports = still_true(&site, reports).await;
        reports.sort_by(|one, other| one.account.cmp(&other.account));
        if self.notify_of_accounts(&site, &reports).await {
            self.hear(reports).await;
        }
        if self.tell_of_incidents(&site).await || self.tell_of_unreadable(&site).await {
            self.tell_soon();
        }
    }

    /// Takes note of how the reading of all accounts ended; `None` if everlit has failed. What it found is told.
    fn read(&mut self, ended: Option<Result<(), VaultError>>) {
        match ended {
            Some(Ok(())) => {}
            Some(Err(error)) => {
                tracing::warn!(error = %error, "not all accounts could be read; it is tried again tomorrow");
            }
            None => tracing::error!("everlit failed; please report it"),
        }
        self.tell_soon();
    }

    /// Tells people of accounts that cannot be read. Returns whether a channel missed it.
    async fn tell_of_unreadable(&mut self, site: &Site<'_>) -> bool {
        if site.project.settings.notify.channels.is_empty() {
            return false;
        }
        let notices = site.vault.notices();
        let Ok(reports) = notices.unreadable(site.project.now()).await else { return true };
        !reports.is_empty() && self.notify(site, Box::new(notices), &reports).await
    }

    /// One message for each incident, and one once it is over. Returns whether a channel missed any.
    async fn tell_of_incidents(&mut self, site: &Site<'_>) -> bool {
        let notices = site.vault.notices();
        if site.project.settings.notify.channels.is_empty() {
            return false;
        }
        let Ok(told) = notices.subjects().await else { return true };
        let (now, found) = (site.project.now(), incidents(self.recent.make_contiguous(), site.project.now()));
        let going_on: Vec<AccountName> = found.iter().map(subject).collect();
        let report = |account: AccountName, outcome| Report {
            account,
            at: now,
            outcome,
            record: None,
            undelivered: Vec::new(),
            notes: Vec::new(),
        };
        let began = found.iter().map(|incident| report(subject(incident), Outcome::Refused(described(incident))));
        let over = told.into_iter().filter(|told| !going_on.contains(told) && is_over(&self.recent, told));
        let reports: Vec<Report> = began.chain(over.map(|account| report(account, Outcome::Verified))).collect();
        if reports.is_empty() {
            return false;
        }
        self.notify(site, Box::new(notices), &reports).await
    }

    async fn notify_of_accounts(&mut self, site: &Site<'_>, reports: &[Report]) -> bool {
        !reports.is_empty() && self.notify(site, Box::new(site.vault.clone()), reports).await
    }

    /// Returns whether a channel missed a message, or nobody could be told.
    async fn notify(&mut self, site: &Site<'_>, book: Box<dyn AlertBook>, reports: &[Report]) -> bool {
        if !self.store().await {
            return true;
        }
        let names: Vec<AccountName> = reports.iter().map(|report| report.account.clone()).collect();
        // A vault that does not answer knows nothing of what people were told: they are told later.
        let Some(lease) = lease(site).await else { return true };
        let Ok(alerting) = Alerting::begin(book, lease, &names).await.map(Arc::new) else { return true };
        let dispatch = site.dispatcher.clone().with_store(Arc::clone(&alerting) as _).notify(reports).await;
        self.unstored = Some(alerting);
        let is_stored = self.store().await;
        for failure in &dispatch.undelivered {
            tracing::error!(channel = failure.channel, error = failure.message, "a message could not be sent");
        }
        for note in &dispatch.notes {
            tracing::warn!(note, "alerts");
        }
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        {
            let mut state = self.state.update();
            state.notices_taken += count(dispatch.taken);
            state.notices_failed += count(dispatch.undelivered.len());
        }
        if dispatch.taken > 0 {
            self.told_at = Some(Instant::now());
        }
        !dispatch.undelivered.is_empty() || !dispatch.notes.is_empty() || !is_stored
    }

    /// Stores what people were told, if anything of it is not stored; `false` if that does not work.
    async fn store(&mut self) -> bool {
        if let Some(alerting) = &self.unstored {
            if let Err(error) = alerting.store().await {
                tracing::debug!(error = %error, "the vault does not take what people were told");
                return false;
            }
            self.unstored = None;
        }
        true
    }
}

/// The right to send messages, if the vault answers and another worker that has it gives it back soon.
async fn lease(site: &Site<'_>) -> Option<Guard<'static>> {
    let give_up_at = Instant::now() + LONGEST_WAIT;
    loop {
        match site.vault.lease_alerting(site.project.now()).await {
            Ok(Some(lease)) => return Some(lease),
            Ok(None) if Instant::now() < give_up_at => tokio::time::sleep(WAIT).await,
            _ => return None,
        }
    }
}

/// A line for each target that did not take tokens.
fn log_undelivered(reports: &[Report]) {
    let mut failed: BTreeMap<&str, (usize, bool)> = BTreeMap::new();
    for (target, error) in reports.iter().flat_map(|report| &report.undelivered) {
        let (accounts, needs_person) = failed.entry(target).or_default();
        *accounts += 1;
        *needs_person |= error.needs_person();
    }
    for (target, (accounts, needs_person)) in failed {
        tracing::warn!(target_name = target, accounts, needs_person, "a target lacks tokens; they are delivered again");
    }
}

/// The report, and those that arrive within a moment.
async fn gather(first: Report, reports: &mut mpsc::UnboundedReceiver<Report>) -> Vec<Report> {
    const MOST: usize = 256;
    let mut batch = vec![first];
    let end = Instant::now() + GATHER;
    while batch.len() < MOST {
        match tokio::time::timeout_at(end, reports.recv()).await {
            Ok(Some(report)) => batch.push(report),
            _ => break,
        }
    }
    batch
}

/// The reports of which people may have to be told: of accounts that do not stand well, and of those of which they were told
/// something. If the vault cannot say that, all.
async fn noteworthy(site: &Site<'_>, mut reports: Vec<Report>) -> Vec<Report> {
    let well = reports.iter().filter(|report| is_unremarkable(report));
    let well: Vec<AccountName> = well.map(|report| report.account.clone()).collect();
    if !well.is_empty()
        && let Ok(alerted) = site.vault.alerted(&well).await
    {
        reports.retain(|report| !is_unremarkable(report) || alerted.contains(&report.account));
    }
    reports
}

/// The reports, with those of failures that another worker has overcome meanwhile as they stand now.
async fn still_true(site: &Site<'_>, mut reports: Vec<Report>) -> Vec<Report> {
    let policy = site.project.settings.policy(false);
    let has_failed = |record: &Option<Record>| record.as_ref().is_some_and(|record| record.failure.is_some());
    for report in reports.iter_mut().filter(|report| has_failed(&report.record)) {
        let now = site.project.now();
        if let Ok(stored) = site.vault.load(&report.account, now).await
            && stored.record.failure.is_none()
        {
            *report = Report::idle(&report.account, stored.record, &policy, now);
        }
    }
    reports
}

/// Whether there is nothing to tell of the account, unless people were told something before.
fn is_unremarkable(report: &Report) -> bool {
    let is_incident = report.cause() == Some(Cause::Incident) && report.health() == Health::Retrying;
    let has_other_end = report.record.as_ref().is_some_and(|record| record.data_access_ends.is_some());
    (report.health().is_well() || is_incident) && !has_other_end
}
