//! P5, never silent and never a nuisance: who is notified of what, over runs, years and broken channels.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use everlit_keeper::{
    AccountName, AlertState, AlertStore, DispatchReport, Dispatcher, Expiry, News, Notice, Notifier, NotifyError,
    NotifyErrorClass, REMINDERS, RemediationHints, Report, Step, Store as _,
};
use everlit_meta_api::{BoxFuture, DAY, Timestamp, Token};
use everlit_sandbox::{Config, Endpoint, Fault, Injection, Issue, Kind, MetaError, State};
use everlit_testkit::Frozen;
use support::World;

/// A person behind a channel, who keeps all messages.
#[derive(Debug)]
struct Person {
    name: &'static str,
    notices: Mutex<Vec<Notice>>,
    /// How many consecutive messages do not arrive.
    unreachable: AtomicU32,
    hangs: AtomicBool,
    panics: AtomicBool,
}

impl Person {
    fn new(name: &'static str) -> Arc<Self> {
        Arc::new(Self {
            name,
            notices: Mutex::default(),
            unreachable: 0.into(),
            hangs: false.into(),
            panics: false.into(),
        })
    }

    fn misses(self: Arc<Self>, messages: u32) -> Arc<Self> {
        self.unreachable.store(messages, Ordering::Relaxed);
        self
    }

    fn notices(&self) -> Vec<Notice> {
        self.notices.lock().unwrap().clone()
    }

    fn news(&self) -> Vec<News> {
        self.notices().iter().map(|notice| notice.news).collect()
    }
}

impl Notifier for Person {
    fn name(&self) -> &str {
        self.name
    }

    fn goes_to(&self) -> Option<&str> {
        Some("mail.example")
    }

    fn notify<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotifyError>> {
        Box::pin(async move {
            assert!(!self.panics.load(Ordering::Relaxed), "a bug");
            if self.hangs.load(Ordering::Relaxed) {
                std::future::pending::<()>().await;
            }
            let fails = self.unreachable.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
            if fails.is_ok() {
                return Err(NotifyError::new(NotifyErrorClass::Temporary, "the mailbox is full"));
            }
            self.notices.lock().unwrap().push(notice.clone());
            Ok(())
        })
    }
}

#[derive(Debug)]
struct Advice;

impl RemediationHints for Advice {
    fn advice(&self, reports: &[&Report]) -> Option<Step> {
        Some(Step::everlit_args(["connect", reports[0].account.as_str()]))
    }
}

fn world_with(person: &Arc<Person>) -> World {
    let mut world = World::new(Config::friendly(), 1);
    world.dispatcher = world.dispatcher.with_notifier(person.clone()).with_remediation_hints(Arc::new(Advice));
    world
}

fn shop(world: &World, aged_days: i64) -> AccountName {
    world.account("shop", &Issue::new(Kind::Instagram).username("shop").aged_days(aged_days))
}

/// One run and its alerts.
async fn run(world: &World, accounts: &[AccountName]) -> (Vec<Report>, DispatchReport) {
    let reports = world.keeper.refresh_all(accounts).await;
    let dispatch = world.dispatcher.notify(&reports).await;
    (reports, dispatch)
}

async fn daily(world: &World, account: &AccountName, days: i64) {
    for _ in 0..days {
        run(world, std::slice::from_ref(account)).await;
        world.advance(DAY);
    }
}

fn put_another(world: &World, account: &AccountName) {
    let issue = Issue::new(Kind::Instagram).username(account.as_str()).aged_days(2);
    let text = world.meta.with(|meta| meta.issue(&issue));
    world.store.put_another(account, Token::parse(&text).unwrap());
}

#[tokio::test]
async fn p5_a_year_without_problems_is_silent() {
    let person = Person::new("person");
    let world = world_with(&person);
    let account = shop(&world, 2);
    daily(&world, &account, 365).await;
    assert_eq!((person.news(), world.store.alert_states()), (Vec::new(), 0));
    assert!(world.is_alive(&account));
}

/// Failures that pass by themselves are not reported either.
#[tokio::test]
async fn p5_a_year_of_blips_is_silent() {
    for seed in 1..=5 {
        let person = Person::new("person");
        let mut world = World::new(Config::default(), seed);
        world.dispatcher = world.dispatcher.with_notifier(person.clone());
        let account = shop(&world, 2);
        daily(&world, &account, 365).await;
        assert_eq!(person.news(), [], "seed {seed}");
    }
}

#[tokio::test]
async fn p5_a_dead_token_is_reported_once_then_by_reminders_only() {
    let person = Person::new("person");
    let world = world_with(&person);
    let account = shop(&world, 31);
    daily(&world, &account, 10).await;
    world.meta.with(|meta| meta.set_state("shop", State::PasswordChanged));
    daily(&world, &account, 3 * 365).await;
    let reminders = REMINDERS.map(|days| News::Expiring { days });
    assert_eq!(person.news(), [vec![News::NeedsPerson], reminders.to_vec()].concat(), "in three years of daily runs");
    let first = person.notices().remove(0);
    assert_eq!(first.next, Some(Step::everlit("connect shop")));
    assert_eq!((first.accounts.len(), first.accounts[0].name.as_str()), (1, "shop"));
    assert!(first.message.contains("token") && !first.message.contains("the same problem"), "{first:?}");
    assert_eq!(first.accounts[0].expiry, Expiry::Unknown, "a dead token has no expiry ahead");

    put_another(&world, &account);
    daily(&world, &account, 30).await;
    let notices = person.notices();
    let last = notices.last().unwrap();
    assert_eq!((notices.len(), last.news, last.next.clone()), (8, News::Recovered, None));
    assert_eq!(last.accounts[0].since, first.accounts[0].since, "the start of the problem");
    assert!(last.accounts[0].since.is_some());
    assert_eq!(world.store.alert_states(), 0);

    let mut ids: Vec<String> = notices.into_iter().map(|notice| notice.id).collect();
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    assert!(ids.iter().all(|id| id.len() <= 64 && id.chars().all(is_plain)), "{ids:?}");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 8, "each message has an id of its own");
}

/// Meta is down for two months: the keeper keeps retrying, and sends reminders on the days that matter.
#[tokio::test]
async fn p5_a_retry_is_reported_once_it_has_lasted_three_days() {
    let person = Person::new("person");
    let world = world_with(&person);
    let account = shop(&world, 2);
    run(&world, std::slice::from_ref(&account)).await;
    let down = Fault::Error(MetaError::new(2, "Service temporarily unavailable").status(503).transient(true));
    world.meta.with(|meta| meta.inject(Injection::new(down).at(Endpoint::Refresh)));
    let mut days_left = Vec::new();
    for day in 1..59 {
        // A run with retries takes a minute.
        world.advance(everlit_testkit::START + day * DAY - world.now());
        run(&world, std::slice::from_ref(&account)).await;
        if person.news().len() > days_left.len() {
            days_left.push(60 - day);
        }
    }
    let reminders = REMINDERS.iter().take(4).map(|days| News::Expiring { days: *days });
    let expected: Vec<News> = [News::FailingForLong].into_iter().chain(reminders).collect();
    assert_eq!(person.news(), expected, "sent with {days_left:?} days left");
    assert_eq!(days_left, [27, 21, 7, 3, 2]);
    assert!(matches!(person.notices()[0].accounts[0].expiry, Expiry::At(_)), "with the expiry");
    world.meta.with(everlit_sandbox::Meta::clear_injections);
    daily(&world, &account, 60).await;
    assert_eq!((person.news().len(), person.news()[5]), (6, News::Recovered));
}

/// Another process holds the lock for ever, or Meta does not say when a token ends.
#[tokio::test(start_paused = true)]
async fn what_keeps_a_token_from_being_looked_at_is_reported() {
    let person = Person::new("person");
    let world = world_with(&person);
    let account = shop(&world, 2);
    run(&world, std::slice::from_ref(&account)).await;
    let _held = world.store.lease(&account, Timestamp::from_unix(world.now())).await.unwrap();
    let mut days = Vec::new();
    for day in 1..70 {
        world.advance(everlit_testkit::START + day * DAY - world.now());
        run(&world, std::slice::from_ref(&account)).await;
        if person.news().len() > days.len() {
            days.push(day);
        }
    }
    // It is verified weekly: the check was due on the seventh day.
    assert_eq!((days[0], person.news()[0]), (10, News::FailingForLong));
    assert_eq!(person.news()[1..], REMINDERS.map(|days| News::Expiring { days }));
}

#[tokio::test]
async fn a_token_of_unknown_expiry_is_taken_to_end_in_time() {
    let person = Person::new("person");
    let world = world_with(&person);
    let account = shop(&world, 2);
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Dropped)));
    for _ in 0..61 {
        run(&world, std::slice::from_ref(&account)).await;
        world.advance(DAY);
    }
    let reminders = REMINDERS.map(|days| News::Expiring { days });
    assert_eq!(person.news(), [vec![News::FailingForLong], reminders.to_vec()].concat());
}

#[tokio::test]
async fn p5_a_new_cause_is_reported_and_the_same_one_is_not() {
    let person = Person::new("person");
    let world = world_with(&person);
    let account = shop(&world, 31);
    let says = |code, subcode| {
        world.meta.with(|meta| {
            meta.clear_injections();
            meta.inject(Injection::new(Fault::Error(MetaError::new(code, "Words of Meta").subcode(subcode))));
        });
    };
    says(190, 459);
    daily(&world, &account, 3).await;
    says(190, 492);
    daily(&world, &account, 3).await;
    assert_eq!(person.news(), [News::NeedsPerson, News::NeedsPerson]);
    assert_ne!(person.notices()[0].message, person.notices()[1].message);
}

#[tokio::test]
async fn p5_an_unreadable_account_is_reported_once() {
    let person = Person::new("person");
    let world = world_with(&person);
    let missing = [AccountName::new("a"), AccountName::new("b")];
    for _ in 0..10 {
        run(&world, &missing).await;
        world.advance(DAY);
    }
    let notices = person.notices();
    assert_eq!(person.news(), [News::NeedsPerson]);
    assert_eq!(notices[0].accounts.len(), 2, "one cause, though the messages name different accounts");
    assert!(
        notices[0].message.contains("no account a") && notices[0].message.contains("the same problem"),
        "{:?}",
        notices[0]
    );
    for (name, noted) in [("a", 2), ("b", 1)] {
        let text = world.meta.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(2)));
        world.store.put(&AccountName::new(name), Token::parse(&text).unwrap());
        assert_eq!(world.store.alert_states(), noted);
        run(&world, &missing).await;
    }
    assert_eq!(person.news(), [News::NeedsPerson, News::Recovered, News::Recovered]);
    assert_eq!(world.store.alert_states(), 0);
}

#[tokio::test]
async fn p5_a_thousand_accounts_with_one_cause_are_one_message() {
    let person = Person::new("person");
    let world = world_with(&person);
    let issue = |name: &str| Issue::new(Kind::Instagram).username(name).aged_days(31);
    let mut accounts: Vec<AccountName> =
        (0..1_000).map(|number| world.account(&format!("n{number}"), &issue(&format!("n{number}")))).collect();
    accounts.push(world.account("other", &issue("other").state(State::PasswordChanged)));
    let restricted = Fault::Error(MetaError::new(190, "The app is restricted").subcode(492));
    world.meta.with(|meta| {
        for account in &accounts[..1_000] {
            meta.inject(Injection::new(restricted.clone()).for_account(account.as_str()));
        }
    });
    for _ in 0..5 {
        run(&world, &accounts).await;
        world.advance(DAY);
    }
    let mut sizes: Vec<usize> = person.notices().iter().map(|notice| notice.accounts.len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 1_000]);
    assert!(person.notices().iter().all(|notice| !notice.message.contains("the same problem")), "one message for all");
    world.meta.with(everlit_sandbox::Meta::clear_injections);
    run(&world, &accounts).await;
    let notices = person.notices();
    assert_eq!((notices.len(), notices[2].news, notices[2].accounts.len()), (3, News::Recovered, 1_000));
}

#[tokio::test]
async fn p5_an_undelivered_alert_is_retried_and_sent_once() {
    let person = Person::new("person").misses(2);
    let world = world_with(&person);
    let account = shop(&world, 31);
    world.meta.with(|meta| meta.set_state("shop", State::PasswordChanged));
    for run_number in 0..5 {
        let (_, dispatch) = run(&world, std::slice::from_ref(&account)).await;
        let undelivered: Vec<&str> =
            dispatch.undelivered.iter().map(|undelivered| undelivered.message.as_str()).collect();
        let expected: &[&str] = if run_number < 2 { &["the mailbox is full"] } else { &[] };
        assert_eq!(
            (undelivered, dispatch.taken),
            (expected.to_vec(), usize::from(run_number == 2)),
            "run {run_number}"
        );
        let alert_state: AlertState = world.store.alert_state(&account).await;
        assert_eq!(
            (alert_state.undelivered.len(), alert_state.alarm.is_some()),
            (expected.len(), run_number >= 2),
            "run {run_number}"
        );
        world.advance(60);
    }
    assert_eq!(person.news(), [News::NeedsPerson]);
}

#[tokio::test]
async fn p5_a_fallback_gets_only_what_another_channel_missed() {
    let (ops, mail, pager) = (Person::new("ops").misses(1), Person::new("mail"), Person::new("pager"));
    let mut world = World::new(Config::friendly(), 1);
    world.dispatcher =
        world.dispatcher.with_fallback(pager.clone()).with_notifier(ops.clone()).with_notifier(mail.clone());
    let account = shop(&world, 31);
    world.meta.with(|meta| meta.set_state("shop", State::PasswordChanged));
    let (_, dispatch) = run(&world, std::slice::from_ref(&account)).await;
    assert_eq!((ops.news(), mail.news(), pager.news()), (vec![], vec![News::NeedsPerson], vec![News::NeedsPerson]));
    assert_eq!(pager.notices()[0].unreached, ["ops: the mailbox is full"]);
    assert_eq!(pager.notices()[0].id, mail.notices()[0].id, "one id for one message");
    assert_eq!(dispatch.undelivered.len(), 1);
    let alert_state: AlertState = world.store.alert_state(&account).await;
    assert_eq!(alert_state.undelivered[0].channel, "ops", "kept for status");

    // All is well again: ops works, and the pager is silent. The mail says that ops missed a message.
    put_another(&world, &account);
    run(&world, std::slice::from_ref(&account)).await;
    assert_eq!((ops.news(), pager.news().len()), (vec![News::Recovered], 1));
    assert_eq!(mail.notices()[1].unreached, ["ops: the mailbox is full"]);
    assert_eq!(ops.notices()[0].unreached, [""; 0], "a channel does not hear of its own failures");
    assert_eq!(world.store.alert_states(), 0, "a success clears the failure");
}

#[tokio::test]
async fn p5_a_channel_gets_what_it_missed_later_and_once() {
    let (ops, mail, pager) = (Person::new("ops").misses(2), Person::new("mail"), Person::new("pager").misses(1));
    let mut world = World::new(Config::friendly(), 1);
    world.dispatcher =
        world.dispatcher.with_notifier(ops.clone()).with_notifier(mail.clone()).with_fallback(pager.clone());
    let account = shop(&world, 31);
    world.meta.with(|meta| meta.set_state("shop", State::PasswordChanged));
    let news = || (ops.news(), mail.news(), pager.news());
    let told = vec![News::NeedsPerson];
    daily(&world, &account, 2).await;
    assert_eq!(news(), (vec![], told.clone(), vec![]), "tried again, and only there");
    let (_, dispatch) = run(&world, std::slice::from_ref(&account)).await;
    assert_eq!((news(), dispatch.taken), ((told.clone(), told.clone(), vec![]), 1));
    assert_eq!(ops.notices()[0].id, mail.notices()[0].id, "one id for one message");
    daily(&world, &account, 3).await;
    assert_eq!(news(), (told.clone(), told, vec![]), "a fallback missed what is not urgent to it any more");

    // What has passed is not repeated; that it has passed is.
    let _ = ops.clone().misses(1);
    put_another(&world, &account);
    run(&world, std::slice::from_ref(&account)).await;
    assert_eq!((ops.news().len(), mail.news()), (1, vec![News::NeedsPerson, News::Recovered]));
    run(&world, std::slice::from_ref(&account)).await;
    assert_eq!(ops.news(), [News::NeedsPerson, News::Recovered]);
    assert_eq!(mail.news().len(), 2);
}

#[tokio::test]
async fn p5_a_single_fallback_is_used_as_a_channel() {
    let pager = Person::new("pager");
    let mut world = World::new(Config::friendly(), 1);
    world.dispatcher = world.dispatcher.with_fallback(pager.clone());
    let account = shop(&world, 31);
    world.meta.with(|meta| meta.set_state("shop", State::PasswordChanged));
    run(&world, &[account]).await;
    assert_eq!(pager.news(), [News::NeedsPerson]);
}

/// Time is virtual.
#[tokio::test(start_paused = true)]
async fn p4_a_hanging_or_panicking_channel_does_not_affect_others() {
    std::panic::set_hook(Box::new(|_| {}));
    let (hangs, panics, well, pager) =
        (Person::new("hangs"), Person::new("panics"), Person::new("well"), Person::new("pager"));
    hangs.hangs.store(true, Ordering::Relaxed);
    panics.panics.store(true, Ordering::Relaxed);
    let mut world = World::new(Config::friendly(), 1);
    let dispatcher = world.dispatcher.with_notifier(hangs.clone()).with_notifier(panics.clone());
    world.dispatcher = dispatcher.with_notifier(well.clone()).with_fallback(pager.clone());
    let account = shop(&world, 31);
    world.meta.with(|meta| meta.set_state("shop", State::PasswordChanged));
    let began = tokio::time::Instant::now();
    let (reports, dispatch) = run(&world, std::slice::from_ref(&account)).await;
    assert!(began.elapsed().as_secs() <= 45, "{:?}", began.elapsed());
    assert_eq!(reports.len(), 1);
    assert_eq!((well.news(), pager.news()), (vec![News::NeedsPerson], vec![News::NeedsPerson]));
    let failed: Vec<&str> = dispatch.undelivered.iter().map(|undelivered| undelivered.channel.as_str()).collect();
    assert_eq!((failed, dispatch.taken), (vec!["hangs", "panics"], 1));
    assert_eq!(dispatch.undelivered[0].message, "mail.example took longer than 30 seconds");

    // The pager hangs too: still under a minute.
    pager.hangs.store(true, Ordering::Relaxed);
    put_another(&world, &account);
    let began = tokio::time::Instant::now();
    let (_, dispatch) = run(&world, &[account]).await;
    assert!(began.elapsed().as_secs() <= 45, "{:?}", began.elapsed());
    assert_eq!(well.news().last(), Some(&News::Recovered));
    let failed: Vec<&str> = dispatch.undelivered.iter().map(|undelivered| undelivered.channel.as_str()).collect();
    assert_eq!(failed, ["hangs", "panics", "pager"]);
}

#[tokio::test]
async fn p5_of_two_runs_at_once_one_sends_alerts() {
    let person = Person::new("person");
    let world = world_with(&person);
    let account = shop(&world, 31);
    world.meta.with(|meta| meta.set_state("shop", State::PasswordChanged));
    let accounts = [account];
    let reports = world.keeper.refresh_all(&accounts).await;
    let clock = Arc::new(Frozen(world.now()));
    let dispatcher = Dispatcher::new(world.store.clone(), clock).with_notifier(person.clone());
    let (first, second) = tokio::join!(dispatcher.notify(&reports), dispatcher.notify(&reports));
    assert_eq!((person.news(), first.taken + second.taken), (vec![News::NeedsPerson], 1));
    assert_eq!([first.notes, second.notes].concat(), [""; 0], "the other run waits");
}

#[tokio::test]
async fn p5_a_dispatch_that_never_ends_blocks_no_other_run() {
    let person = Person::new("person");
    let world = world_with(&person);
    let account = shop(&world, 31);
    world.meta.with(|meta| meta.set_state("shop", State::PasswordChanged));
    let accounts = [account];
    let other = world.store.lease_alerts(Timestamp::from_unix(world.now())).await.unwrap();
    let reports = world.keeper.refresh_all(&accounts).await;
    let began = world.now();
    let dispatch = world.dispatcher.notify(&reports).await;
    assert!(world.now() - began <= 51, "{} seconds", world.now() - began);
    assert!(dispatch.notes[0].starts_with("alerts are sent at the next run"), "{dispatch:?}");
    assert_eq!(person.news(), []);
    drop(other);
    run(&world, &accounts).await;
    assert_eq!(person.news(), [News::NeedsPerson]);
}

#[tokio::test]
async fn p5_a_channel_that_misses_one_of_two_messages_misses_only_one() {
    let (ops, mail) = (Person::new("ops").misses(2), Person::new("mail"));
    let mut world = World::new(Config::friendly(), 1);
    let none = world.dispatcher.clone();
    world.dispatcher = world.dispatcher.with_notifier(ops.clone()).with_notifier(mail.clone());
    let accounts =
        ["a", "b"].map(|name| world.account(name, &Issue::new(Kind::Instagram).username(name).aged_days(31)));
    let refuses = |subcodes: [i64; 2]| {
        world.meta.with(|meta| {
            meta.clear_injections();
            for (account, subcode) in accounts.iter().zip(subcodes) {
                let refusal = MetaError::new(190, "Words of Meta").subcode(subcode);
                meta.inject(Injection::new(Fault::Error(refusal)).for_account(account.as_str()));
            }
        });
    };
    let missed = async || {
        let mut missed = Vec::new();
        for account in &accounts {
            missed.push(world.store.alert_state(account).await.undelivered.len());
        }
        missed
    };
    refuses([459, 460]);
    run(&world, &accounts).await;
    assert_eq!(missed().await, [1, 1]);

    for account in &accounts {
        put_another(&world, account);
    }
    refuses([460, 459]);
    let _ = ops.clone().misses(1);
    run(&world, &accounts).await;
    assert_eq!((missed().await, ops.news().len()), (vec![1, 0], 1));

    // The channel is gone: its failures are forgotten.
    for account in &accounts {
        put_another(&world, account);
    }
    world.meta.with(everlit_sandbox::Meta::clear_injections);
    world.dispatcher = none.with_notifier(mail.clone());
    run(&world, &accounts).await;
    let last = mail.notices().pop().unwrap();
    assert_eq!((last.news, last.unreached), (News::Recovered, vec![]));
    assert_eq!(world.store.alert_states(), 0);
}

#[tokio::test]
async fn p5_one_reminder_for_several_accounts_names_the_next_expiry() {
    let person = Person::new("person");
    let world = world_with(&person);
    let accounts = ["later", "sooner"].map(|name| {
        let issue = Issue::new(Kind::Instagram).username(name).aged_days(2);
        world.account(name, &issue)
    });
    run(&world, &accounts[1..]).await;
    world.advance(5 * DAY);
    run(&world, &accounts[..1]).await;
    let down = Fault::Error(MetaError::new(2, "Service temporarily unavailable").status(503).transient(true));
    world.meta.with(|meta| meta.inject(Injection::new(down)));
    world.advance(45 * DAY);
    run(&world, &accounts).await;
    assert_eq!((person.news(), person.notices()[0].accounts.len()), (vec![News::Expiring { days: 10 }], 2));
}

/// A message that was delivered but could not be recorded is sent again: receivers recognize it by its id.
#[tokio::test]
async fn p5_the_same_news_on_one_day_has_one_id() {
    let mut ids = Vec::new();
    for seconds in [0, 3_600, DAY] {
        let person = Person::new("person");
        let world = world_with(&person);
        world.advance(seconds);
        run(&world, &[AccountName::new("missing")]).await;
        ids.push(person.notices().remove(0).id);
    }
    assert_eq!((ids[0] == ids[1], ids[0] == ids[2]), (true, false), "{ids:?}");
}
