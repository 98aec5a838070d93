//! The disk of one account hangs, as network file systems do: the thread that asks it is blocked until it answers.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use everlit_keeper::{
    AccountName, AccountThreads, Deadlines, Health, News, Notice, Notifier, NotifyError, Outcome, Report, Safety,
};
use everlit_meta_api::{BoxFuture, Class};
use everlit_sandbox::{Config, Endpoint, Issue, Kind, State};
use support::{Disk, World};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// Long enough for whoever is not blocked.
const SHORT: Duration = Duration::from_millis(1_500);

fn world(deadlines: Deadlines) -> (World, [AccountName; 3]) {
    let mut world = World::new(Config::friendly(), 1);
    world.keeper = world.keeper.clone().with_deadlines(deadlines);
    let due = |name| world.account(name, &Issue::new(Kind::Instagram).username(name).aged_days(31));
    let accounts = ["hangs", "well", "fine"].map(due);
    (world, accounts)
}

fn is_refreshed(report: &Report) -> bool {
    matches!(report.outcome, Outcome::Refreshed { .. })
}

#[tokio::test]
async fn p4_an_account_whose_disk_hangs_is_told_and_no_other_waits() {
    let (mut world, accounts) = world(Deadlines { load: SHORT, ..Deadlines::default() });
    let threads = AccountThreads::default();
    world.keeper = world.keeper.clone().with_threads(threads.clone());
    world.store.hang_at(&accounts[0], Disk::Load);
    let reports = world.keeper.refresh_all(&accounts).await;
    assert!(is_refreshed(&reports[1]) && is_refreshed(&reports[2]), "{reports:?}");
    let Outcome::Refused(error) = &reports[0].outcome else { panic!("{:?}", reports[0]) };
    assert_eq!((error.io, reports[0].health()), (Some(ErrorKind::TimedOut), Health::Unreadable));
    assert!(error.message.starts_with("the files of this account could not be read within 1.5 s"), "{error}");

    world.store.answer_again();
    while threads.hangs(&accounts[0]) {
        tokio::task::yield_now().await;
    }
    let reports = world.keeper.refresh_all(&accounts[..1]).await;
    assert!(is_refreshed(&reports[0]), "{reports:?}");
}

/// Until the disk answers, the thread that has the reply waits for it, whatever the run has reported.
#[tokio::test]
async fn p2_a_reply_that_came_is_saved_after_the_deadline_too() {
    let (world, accounts) = world(Deadlines { whole: SHORT, ..Deadlines::default() });
    let before = world.store.token(&accounts[0]);
    world.store.hang_at(&accounts[0], Disk::SaveCandidate);
    let reports = world.keeper.refresh_all(&accounts).await;
    assert!(is_refreshed(&reports[1]) && is_refreshed(&reports[2]), "{reports:?}");
    let Outcome::NotSaved { error, token: Safety::Pending } = &reports[0].outcome else { panic!("{:?}", reports[0]) };
    assert!(error.message.contains("could not be written within"), "{error}");
    assert_eq!(world.refreshes(), 3, "or this test shows nothing");

    world.store.answer_again();
    while world.store.token(&accounts[0]) == before {
        tokio::task::yield_now().await;
    }
}

/// A loop of runs would have one more thread with every run, until there are none for the others.
#[tokio::test]
async fn an_account_that_still_hangs_gets_no_second_thread() {
    let (world, accounts) = world(Deadlines { load: SHORT, ..Deadlines::default() });
    let threads = AccountThreads::default();
    world.store.hang_at(&accounts[0], Disk::Load);
    world.keeper.clone().with_threads(threads.clone()).refresh_all(&accounts).await;
    assert!(threads.hangs(&accounts[0]) && !threads.hangs(&accounts[1]));

    let patient = world.keeper.clone().with_deadlines(Deadlines::default()).with_threads(threads);
    let reports = patient.refresh_all(&accounts).await;
    assert!(matches!(reports[0].outcome, Outcome::Refused(_)), "{:?}", reports[0]);
    world.store.answer_again();
}

/// A reply to such a call could come when nobody waits any more to save it.
#[tokio::test]
async fn no_call_to_meta_begins_when_the_time_is_over() {
    let (world, accounts) = world(Deadlines { calls: Duration::ZERO, ..Deadlines::default() });
    let reports = world.keeper.refresh_all(&accounts).await;
    for report in &reports {
        let Outcome::Failed(failure) = &report.outcome else { panic!("{report:?}") };
        assert_eq!((failure.cause.class(), failure.reply_lost), (Class::Retry, false));
        assert!(failure.message.contains("the time for this account in this run was over"), "{failure:?}");
    }
    assert_eq!(world.meta.with(|meta| meta.calls_to(Endpoint::Refresh) + meta.calls_to(Endpoint::Me)), 0);
}

/// Hears of accounts.
#[derive(Debug)]
struct Person(UnboundedSender<(News, String)>);

impl Notifier for Person {
    fn name(&self) -> &'static str {
        "person"
    }

    fn goes_to(&self) -> Option<&str> {
        None
    }

    fn notify<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotifyError>> {
        let _ = self.0.send((notice.news, notice.accounts[0].name.to_string()));
        Box::pin(std::future::ready(Ok(())))
    }
}

#[tokio::test]
async fn p4_people_are_notified_although_one_disk_hangs() {
    let (mut world, accounts) = world(Deadlines { load: SHORT, ..Deadlines::default() });
    let (sender, mut heard) = unbounded_channel();
    let threads = AccountThreads::default();
    world.keeper = world.keeper.clone().with_threads(threads.clone());
    world.dispatcher = world.dispatcher.with_notifier(Arc::new(Person(sender))).with_threads(threads);
    world.meta.with(|meta| meta.set_state("well", State::PasswordChanged));
    for disk in [Disk::Load, Disk::LoadAlertState] {
        world.store.hang_at(&accounts[0], disk);
    }
    let reports = world.keeper.refresh_all(&accounts).await;
    let dispatch = world.dispatcher.notify(&reports).await;
    assert_eq!(heard.try_recv().unwrap(), (News::NeedsPerson, "well".to_owned()));
    assert_eq!(dispatch.notes.len(), 1, "{dispatch:?}");
    assert!(dispatch.notes[0].starts_with("hangs: nobody was notified"), "{dispatch:?}");
    world.store.answer_again();
}
