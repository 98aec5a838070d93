//! Sends alerts once all accounts are done: to every channel side by side, then to the fallbacks.
//! Nothing here changes how a run ends.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use everlit_meta_api::{Class, Timestamp};
use ring::digest::{Context, SHA256};

use crate::alert::policy::{Condition, Item, news, repeated};
use crate::policy::{ALERT_FILE_TIMEOUT, DISPATCH_TIMEOUT, FALLBACK_TIMEOUT, NOTIFY_TIMEOUT};
use crate::{
    AccountName, AccountThreads, Affected, Alarm, AlertState, AlertStore, Cause, Clock, Expiry, Guard, News, Notice,
    Notifier, NotifyError, NotifyErrorClass, Record, RemediationHints, Report, StoreError, StoreErrorClass,
    Undelivered, retry_while_locked,
};

/// Sends alerts to people through channels, and remembers what they were told.
#[derive(Clone, Debug)]
pub struct Dispatcher {
    store: Arc<dyn AlertStore>,
    clock: Arc<dyn Clock>,
    channels: Vec<Channel>,
    hints: Option<Arc<dyn RemediationHints>>,
    threads: AccountThreads,
}

/// A channel and its part.
#[derive(Clone, Debug)]
struct Channel {
    notifier: Arc<dyn Notifier>,
    /// Used only for notices that another channel did not take.
    is_fallback: bool,
}

/// What became of the alerts of a run.
#[derive(Debug, Default, PartialEq)]
pub struct DispatchReport {
    /// Notices that at least one channel took.
    pub taken: usize,
    /// Channels that failed, each once.
    pub undelivered: Vec<Undelivered>,
    /// Problems with the alerts themselves, for people.
    pub notes: Vec<String>,
}

impl DispatchReport {
    /// Adds what became of more alerts of the same run.
    pub fn extend(&mut self, other: Self) {
        self.taken += other.taken;
        let is_new = |failure: &Undelivered| !self.undelivered.iter().any(|known| known.channel == failure.channel);
        let new: Vec<Undelivered> = other.undelivered.into_iter().filter(is_new).collect();
        self.undelivered.extend(new);
        self.notes.extend(other.notes);
    }
}

/// An account of this run and what people were last told about it.
struct Subject<'r> {
    report: &'r Report,
    alert_state: AlertState,
}

/// An account: its index in the run, its health, and the message that is due.
type Saying = (usize, Condition, Item);

/// A notice, and the alarm to store for each of its accounts once a channel has taken it.
struct Draft {
    notice: Notice,
    /// The channel that missed it, while others took it; `None` for news that all get.
    only_to: Option<String>,
    /// Indexes into the accounts of the run.
    members: Vec<(usize, Option<Alarm>)>,
}

/// A channel and its copy of each notice; `None` where it does not get one.
type Outbox = (Arc<dyn Notifier>, Vec<Option<Notice>>);

/// A channel's result for each notice; `None` where it did not get one.
type Answers = Vec<Option<Result<(), NotifyError>>>;

impl Dispatcher {
    /// A dispatcher without channels: it sends nothing.
    pub fn new(store: Arc<dyn AlertStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, channels: Vec::new(), hints: None, threads: AccountThreads::default() }
    }

    /// The same channels for what is remembered elsewhere.
    #[must_use]
    pub fn with_store(self, store: Arc<dyn AlertStore>) -> Self {
        Self { store, ..self }
    }

    /// With one more channel.
    #[must_use]
    pub fn with_notifier(mut self, notifier: Arc<dyn Notifier>) -> Self {
        self.channels.push(Channel { notifier, is_fallback: false });
        self
    }

    /// With one more channel, for notices that another channel did not take.
    #[must_use]
    pub fn with_fallback(mut self, notifier: Arc<dyn Notifier>) -> Self {
        self.channels.push(Channel { notifier, is_fallback: true });
        self
    }

    /// With next steps in the notices.
    #[must_use]
    pub fn with_remediation_hints(self, hints: Arc<dyn RemediationHints>) -> Self {
        Self { hints: Some(hints), ..self }
    }

    /// Shares with the runs of this process which accounts still block a thread.
    #[must_use]
    pub fn with_threads(self, threads: AccountThreads) -> Self {
        Self { threads, ..self }
    }

    /// Sends what has changed for these accounts, one notice per cause. A notice that only some channels took goes to the
    /// others at the next run, and one that none took goes to all. Ends within 45 seconds and the wait for another run's
    /// dispatch.
    pub async fn notify(&self, reports: &[Report]) -> DispatchReport {
        let mut dispatch = DispatchReport::default();
        if self.channels.is_empty() {
            return dispatch;
        }
        let subjects = self.load_alert_states(reports, &mut dispatch).await;
        if self.drafts(&subjects).is_empty() {
            return dispatch;
        }
        let answering: Vec<&Report> = subjects.into_iter().map(|subject| subject.report).collect();
        let _one_run_at_a_time = match self.lease_alerts().await {
            Ok(guard) => Some(guard),
            Err(locked) if locked.is_locked() => {
                dispatch.notes.push(format!("alerts are sent at the next run: {locked}"));
                return dispatch;
            }
            // Where no lock can be had, two alerts are better than none.
            Err(error) => {
                dispatch.notes.push(error.to_string());
                None
            }
        };
        let subjects = self.load_alert_states(answering, &mut dispatch).await;
        let drafts = self.drafts(&subjects);
        let answers = self.send(&drafts, &subjects).await;
        dispatch.taken = (0..drafts.len()).filter(|notice| is_taken(&answers, *notice)).count();
        dispatch.undelivered = self.failures(&answers, self.clock.now());
        self.save_alert_states(subjects, &drafts, &answers, &mut dispatch).await;
        dispatch
    }

    /// Leaves out accounts whose files do not answer: what people were told about them is not known.
    async fn load_alert_states<'r>(
        &self,
        reports: impl IntoIterator<Item = &'r Report>,
        dispatch: &mut DispatchReport,
    ) -> Vec<Subject<'r>> {
        let mut subjects = Vec::new();
        for report in reports {
            let (store, account) = (Arc::clone(&self.store), report.account.clone());
            let load = async move || store.alert_state(&account).await;
            match self.threads.run(&report.account, ALERT_FILE_TIMEOUT, load).await {
                Ok(alert_state) => subjects.push(Subject { report, alert_state }),
                Err(_) => dispatch.notes.push(format!(
                    "{}: nobody was notified, because the file with what people were last told cannot be read",
                    report.account
                )),
            }
        }
        subjects
    }

    async fn save_alert_state(&self, account: &AccountName, alert_state: AlertState) -> Result<(), StoreError> {
        let (store, name) = (Arc::clone(&self.store), account.clone());
        let save = async move || store.save_alert_state(&name, &alert_state).await;
        let saved = self.threads.run(account, ALERT_FILE_TIMEOUT, save).await;
        saved.unwrap_or_else(|_| Err(StoreError::new(StoreErrorClass::NotSaved, "the disk does not answer")))
    }

    async fn lease_alerts(&self) -> Result<Guard<'_>, StoreError> {
        const PAUSE: Duration = Duration::from_millis(200);
        let attempt = || self.store.lease_alerts(self.clock.now());
        retry_while_locked(&*self.clock, DISPATCH_TIMEOUT, PAUSE, attempt).await
    }

    /// Drafts one notice for each cause, and copies for the channels that missed one earlier.
    fn drafts(&self, subjects: &[Subject<'_>]) -> Vec<Draft> {
        let now = self.clock.now();
        let conditions: Vec<Condition> = subjects.iter().map(|subject| Condition::of(subject.report, now)).collect();
        let accounts = || subjects.iter().zip(&conditions).enumerate();
        let fresh = accounts().filter_map(|(index, (subject, condition))| {
            Some((index, condition.clone(), news(condition, subject.alert_state.alarm.as_ref(), now)?))
        });
        let fresh: Vec<Saying> = fresh.collect();
        let has_news = |index: usize| fresh.iter().any(|(other, ..)| *other == index);
        let mut drafts = Vec::new();
        for channel in self.channels.iter().filter(|channel| !self.waits(channel)) {
            let missed = accounts().filter(|(index, (subject, _))| !has_news(*index) && self.missed(channel, subject));
            let missed = missed.filter_map(|(index, (subject, condition))| {
                Some((index, condition.clone(), repeated(condition, subject.alert_state.alarm.as_ref(), now)?))
            });
            let name = channel.notifier.name();
            drafts.extend(grouped(missed).map(|group| self.draft(subjects, group, now, Some(name))));
        }
        drafts.extend(grouped(fresh.into_iter()).map(|group| self.draft(subjects, group, now, None)));
        drafts
    }

    /// Whether the last news of the account did not reach this channel although another took it.
    fn missed(&self, channel: &Channel, subject: &Subject<'_>) -> bool {
        let has_missed = |channel: &Channel| {
            let name = channel.notifier.name();
            subject.alert_state.undelivered.iter().any(|undelivered| undelivered.channel == name)
        };
        has_missed(channel) && (subject.alert_state.alarm.is_some() || !self.channels.iter().all(has_missed))
    }

    /// Whether the channel gets only what another one failed to take.
    fn waits(&self, channel: &Channel) -> bool {
        channel.is_fallback && self.channels.iter().any(|channel| !channel.is_fallback)
    }

    fn draft(&self, subjects: &[Subject<'_>], group: Vec<Saying>, now: Timestamp, only_to: Option<&str>) -> Draft {
        let reports: Vec<&Report> = group.iter().map(|(index, ..)| subjects[*index].report).collect();
        let news = group.iter().map(|(.., item)| item.news).min_by_key(|news| days_of(*news)).unwrap_or(News::Test);
        let next = match news {
            News::Recovered => None,
            _ => self.hints.as_ref().and_then(|hints| hints.advice(&reports)),
        };
        let accounts: Vec<Affected> = group
            .iter()
            .map(|(index, _, item)| {
                let report = subjects[*index].report;
                let record = report.record.as_ref();
                Affected {
                    name: report.account.clone(),
                    username: record.and_then(|record| record.username.clone()),
                    since: item.since,
                    expiry: record.map_or(Expiry::Unknown, still_ahead),
                }
            })
            .collect();
        let message = message(news, &group, &accounts);
        let notice = Notice {
            id: id(news, &group, &accounts, now),
            at: now,
            news,
            message,
            accounts,
            next,
            unreached: Vec::new(),
        };
        let members = group.into_iter().map(|(index, _, item)| (index, item.alarm)).collect();
        Draft { notice, only_to: only_to.map(str::to_owned), members }
    }

    /// Sends the notices; returns the results of each channel, in their order.
    async fn send(&self, drafts: &[Draft], subjects: &[Subject<'_>]) -> Vec<Answers> {
        let earlier: Vec<Vec<&Undelivered>> =
            drafts.iter().map(|draft| self.undelivered_before(draft, subjects)).collect();
        let first = self.channels.iter().filter(|channel| !self.waits(channel)).map(|channel| {
            let name = channel.notifier.name();
            let copies = drafts.iter().zip(&earlier).map(|(draft, earlier)| {
                if draft.only_to.as_deref().is_some_and(|only| only != name) {
                    return None;
                }
                let missed = earlier.iter().filter(|undelivered| undelivered.channel != name);
                Some(draft.copy(
                    missed.map(|undelivered| format!("{}: {}", undelivered.channel, undelivered.message)).collect(),
                ))
            });
            (Arc::clone(&channel.notifier), copies.collect())
        });
        let mut answered = side_by_side(first.collect(), NOTIFY_TIMEOUT).await.into_iter();
        let mut answers: Vec<Answers> = self
            .channels
            .iter()
            .map(|channel| if self.waits(channel) { Vec::new() } else { answered.next().unwrap_or_default() })
            .collect();
        let unreached: Vec<Vec<String>> = drafts
            .iter()
            .enumerate()
            .map(|(notice, draft)| {
                // What a channel missed earlier, the fallbacks had then.
                if draft.only_to.is_some() {
                    return Vec::new();
                }
                let failed = self.channels.iter().zip(&answers).filter_map(|(channel, answers)| {
                    let error = answers.get(notice)?.as_ref()?.as_ref().err()?;
                    Some(format!("{}: {error}", channel.notifier.name()))
                });
                failed.collect()
            })
            .collect();
        if unreached.iter().all(Vec::is_empty) {
            return answers;
        }
        let fallbacks = self.channels.iter().filter(|channel| self.waits(channel)).map(|channel| {
            let copies = drafts.iter().zip(&unreached);
            let copies =
                copies.map(|(draft, unreached)| (!unreached.is_empty()).then(|| draft.copy(unreached.clone())));
            (Arc::clone(&channel.notifier), copies.collect())
        });
        let mut answered = side_by_side(fallbacks.collect(), FALLBACK_TIMEOUT).await.into_iter();
        for (answers, _) in answers.iter_mut().zip(&self.channels).filter(|(_, channel)| self.waits(channel)) {
            *answers = answered.next().unwrap_or_default();
        }
        answers
    }

    /// What earlier runs could not deliver to a channel, for the accounts of this notice.
    fn undelivered_before<'h>(&self, draft: &Draft, subjects: &'h [Subject<'_>]) -> Vec<&'h Undelivered> {
        let mut undelivered: Vec<&Undelivered> =
            draft.members.iter().flat_map(|(index, _)| &subjects[*index].alert_state.undelivered).collect();
        undelivered
            .retain(|undelivered| self.channels.iter().any(|channel| channel.notifier.name() == undelivered.channel));
        undelivered.sort_by(|a, b| a.channel.cmp(&b.channel).then(b.at.cmp(&a.at)));
        undelivered.dedup_by(|a, b| a.channel == b.channel);
        undelivered
    }

    /// The channels that failed, each with its last reason.
    fn failures(&self, answers: &[Answers], at: Timestamp) -> Vec<Undelivered> {
        let channels = self.channels.iter().zip(answers);
        channels
            .filter_map(|(channel, answers)| {
                let error = answers.iter().rev().flatten().find_map(|answer| answer.as_ref().err())?;
                Some(Undelivered { channel: channel.notifier.name().to_owned(), message: error.message.clone(), at })
            })
            .collect()
    }

    /// Stores what people were told, where that has changed.
    async fn save_alert_states(
        &self,
        subjects: Vec<Subject<'_>>,
        drafts: &[Draft],
        answers: &[Answers],
        dispatch: &mut DispatchReport,
    ) {
        let worked = |channel: usize| answers[channel].iter().flatten().any(Result::is_ok);
        for (index, Subject { report, alert_state: before }) in subjects.into_iter().enumerate() {
            let mut alert_state = before.clone();
            // Failures of a channel that is gone or works again are forgotten.
            alert_state.undelivered.retain(|undelivered| {
                let channel = self.channels.iter().position(|channel| channel.notifier.name() == undelivered.channel);
                channel.is_some_and(|channel| !worked(channel))
            });
            for (notice, draft) in drafts.iter().enumerate() {
                let Some((_, alarm)) = draft.members.iter().find(|(member, _)| *member == index) else { continue };
                if draft.only_to.is_none() && is_taken(answers, notice) {
                    alert_state.alarm.clone_from(alarm);
                }
                let failed = dispatch.undelivered.iter().filter(|undelivered| {
                    let channel =
                        self.channels.iter().position(|channel| channel.notifier.name() == undelivered.channel);
                    channel.is_some_and(|channel| matches!(answers[channel].get(notice), Some(Some(Err(_)))))
                });
                for undelivered in failed {
                    alert_state.undelivered.retain(|earlier| earlier.channel != undelivered.channel);
                    alert_state.undelivered.push(undelivered.clone());
                }
            }
            if alert_state != before
                && let Err(error) = self.save_alert_state(&report.account, alert_state).await
            {
                dispatch.notes.push(format!("{}: could not record what people were told: {error}", report.account));
            }
        }
    }
}

impl Draft {
    fn copy(&self, unreached: Vec<String>) -> Notice {
        Notice { unreached, ..self.notice.clone() }
    }
}

fn is_taken(answers: &[Answers], notice: usize) -> bool {
    answers.iter().any(|answers| matches!(answers.get(notice), Some(Some(Ok(())))))
}

/// What has one cause goes into one notice.
fn grouped(sayings: impl Iterator<Item = Saying>) -> impl Iterator<Item = Vec<Saying>> {
    let mut groups: Vec<Vec<Saying>> = Vec::new();
    for saying in sayings {
        let (_, condition, item) = &saying;
        let same = |group: &&mut Vec<Saying>| {
            group.first().is_some_and(|(_, first, its)| {
                std::mem::discriminant(&its.news) == std::mem::discriminant(&item.news)
                    && (item.news == News::Recovered || (first.cause, first.code) == (condition.cause, condition.code))
            })
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(saying),
            None => groups.push(vec![saying]),
        }
    }
    groups.into_iter()
}

/// Runs each channel in a task of its own, so that one that hangs or panics does not affect the others.
async fn side_by_side(outboxes: Vec<Outbox>, timeout: Duration) -> Vec<Answers> {
    let tasks: Vec<_> = outboxes
        .into_iter()
        .map(|(notifier, notices)| {
            let place = notifier.goes_to().unwrap_or("it").to_owned();
            let wanted: Vec<bool> = notices.iter().map(Option::is_some).collect();
            let answers: Arc<Mutex<Answers>> = Arc::default();
            let to = Arc::clone(&answers);
            let task = tokio::spawn(async move {
                for notice in notices {
                    let answer = match &notice {
                        Some(notice) => Some(notifier.notify(notice).await),
                        None => None,
                    };
                    to.lock().unwrap_or_else(PoisonError::into_inner).push(answer);
                }
            });
            (task, answers, wanted, place)
        })
        .collect();
    let give_up_at = tokio::time::Instant::now() + timeout;
    let mut all = Vec::with_capacity(tasks.len());
    for (mut task, answers, wanted, place) in tasks {
        let failure = match tokio::time::timeout_at(give_up_at, &mut task).await {
            Ok(Ok(())) => None,
            Ok(Err(_)) => {
                let message = "everlit failed while it sent the message; please report it";
                Some(NotifyError::new(NotifyErrorClass::Bug, message))
            }
            Err(_) => {
                task.abort();
                let message = format!("{place} took longer than {} seconds", timeout.as_secs());
                Some(NotifyError::new(NotifyErrorClass::Temporary, message))
            }
        };
        let mut answers = std::mem::take(&mut *answers.lock().unwrap_or_else(PoisonError::into_inner));
        let rest = wanted.into_iter().skip(answers.len());
        answers.extend(rest.map(|wanted| failure.clone().filter(|_| wanted).map(Err)));
        all.push(answers);
    }
    all
}

/// What happened and why. Messages of one cause differ only in the file they name: the first stands for all.
fn message(news: News, group: &[Saying], accounts: &[Affected]) -> String {
    if news == News::Recovered {
        return "All is well again".to_owned();
    }
    let Some((_, first, _)) = group.first() else { return String::new() };
    // Meta's words may hold the time of day, so its codes tell whether two accounts have the same problem.
    let alike = group.iter().all(|(_, condition, _)| {
        condition.message == first.message || first.code.is_some() && condition.code == first.code
    });
    match accounts {
        [first_account, ..] if !alike => {
            format!("{}: {}; the others have the same problem", first_account.name, first.message)
        }
        _ => first.message.clone(),
    }
}

fn days_of(news: News) -> u32 {
    match news {
        News::Expiring { days } => days,
        _ => 0,
    }
}

/// An id that stays the same for the same news about the same accounts: at every attempt if the start is known, else for a
/// day.
fn id(news: News, group: &[Saying], accounts: &[Affected], now: Timestamp) -> String {
    const DAY: i64 = 24 * 60 * 60;
    let (kind, days) = match news {
        News::NeedsPerson => ("needs-person", 0),
        News::NotSaved => ("not-saved", 0),
        News::FailingForLong => ("failing", 0),
        News::Expiring { days } => ("expiring", days),
        News::Recovered => ("well-again", 0),
        News::Test => ("test", 0),
    };
    let mut hash = Context::new(&SHA256);
    for ((_, condition, item), account) in group.iter().zip(accounts) {
        let since = item.since.map_or(now.as_unix() / DAY, Timestamp::as_unix);
        hash.update(format!("{} {} {days} {since}\0", account.name, condition.cause).as_bytes());
    }
    let first = hash.finish().as_ref().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    format!("{kind}-{first:016x}")
}

/// When the token expires; unknown for a dead one, as a date ahead would suggest that there is time.
fn still_ahead(record: &Record) -> Expiry {
    let is_dead = record.failure.as_ref().is_some_and(|failure| failure.cause == Cause::Meta(Class::Reconnect));
    if is_dead { Expiry::Unknown } else { record.expiry }
}
