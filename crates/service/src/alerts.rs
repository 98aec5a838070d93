//! What people were told, for all workers of a vault.
//!
//! Whoever sends messages holds a lease in the vault, from before it looks at what people know until it has stored what it has
//! told them: all of it in one write. A vault that does not say what people know, or who sends messages, gets nothing sent.
//! If the vault goes away before it has taken what was told, the lease stays until it has, so that nobody tells it again; a
//! worker that is killed in between costs people the messages of that moment a second time, and no more.

use std::fmt::Debug;
use std::sync::{Mutex, MutexGuard, PoisonError};

use everlit_keeper::{AccountName, AlertState, AlertStore, Guard, StoreError};
use everlit_meta_api::{BoxFuture, Timestamp};
use everlit_vault::{AlertStates, Notices, Vault, VaultError};

/// Where it is kept what people were told of accounts, or of incidents.
pub(crate) trait AlertBook: Debug + Send + Sync {
    /// What people were last told about these; what is left out, nothing.
    fn read<'a>(&'a self, names: &'a [AccountName]) -> BoxFuture<'a, Result<AlertStates, VaultError>>;

    /// Remembers all of it, or nothing.
    fn write<'a>(&'a self, states: &'a AlertStates) -> BoxFuture<'a, Result<(), VaultError>>;
}

impl AlertBook for Vault {
    fn read<'a>(&'a self, names: &'a [AccountName]) -> BoxFuture<'a, Result<AlertStates, VaultError>> {
        Box::pin(self.alert_states(names))
    }

    fn write<'a>(&'a self, states: &'a AlertStates) -> BoxFuture<'a, Result<(), VaultError>> {
        Box::pin(self.put_alert_states(states))
    }
}

impl AlertBook for Notices {
    fn read<'a>(&'a self, names: &'a [AccountName]) -> BoxFuture<'a, Result<AlertStates, VaultError>> {
        Box::pin(self.alert_states(names))
    }

    fn write<'a>(&'a self, states: &'a AlertStates) -> BoxFuture<'a, Result<(), VaultError>> {
        Box::pin(self.put_alert_states(states))
    }
}

/// The messages of a moment: what people knew before, what they are told, and the lease.
#[derive(Debug)]
pub(crate) struct Alerting {
    book: Box<dyn AlertBook>,
    states: Mutex<AlertStates>,
    /// What has changed, and is not stored yet.
    changed: Mutex<AlertStates>,
    /// Given back when this is dropped.
    _lease: Mutex<Guard<'static>>,
}

impl Alerting {
    /// Begins under a lease; an error says that the vault does not know what people were told of these, and then nothing
    /// may be sent.
    pub(crate) async fn begin(
        book: Box<dyn AlertBook>,
        lease: Guard<'static>,
        names: &[AccountName],
    ) -> Result<Self, VaultError> {
        let states = Mutex::new(book.read(names).await?);
        Ok(Self { book, states, changed: Mutex::default(), _lease: Mutex::new(lease) })
    }

    /// Stores what people were told.
    pub(crate) async fn store(&self) -> Result<(), VaultError> {
        let changed = lock(&self.changed).clone();
        if !changed.is_empty() {
            self.book.write(&changed).await?;
            lock(&self.changed).clear();
        }
        Ok(())
    }
}

/// For the dispatcher, which sees nobody else: the lease is held already.
impl AlertStore for Alerting {
    fn alert_state<'a>(&'a self, account: &'a AccountName) -> BoxFuture<'a, AlertState> {
        let state = lock(&self.states).get(account).cloned().unwrap_or_default();
        Box::pin(async move { state })
    }

    fn save_alert_state<'a>(
        &'a self,
        account: &'a AccountName,
        alert_state: &'a AlertState,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        for states in [&self.states, &self.changed] {
            lock(states).insert(account.clone(), alert_state.clone());
        }
        Box::pin(async { Ok(()) })
    }

    fn lease_alerts(&self, _: Timestamp) -> BoxFuture<'_, Result<Guard<'_>, StoreError>> {
        Box::pin(async { Ok(Box::new(()) as Guard<'_>) })
    }
}

fn lock(states: &Mutex<AlertStates>) -> MutexGuard<'_, AlertStates> {
    states.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use everlit_keeper::{Alarm, Health};
    use everlit_testkit::contract::{NOW, now};
    use everlit_vault::VaultErrorClass;

    use super::*;

    /// Takes and says nothing while it is away.
    #[derive(Clone, Debug, Default)]
    struct Book(Arc<Inner>);

    #[derive(Debug, Default)]
    struct Inner {
        is_away: AtomicBool,
        stored: Mutex<AlertStates>,
        writes: AtomicUsize,
    }

    impl Book {
        fn answer(&self) -> Result<(), VaultError> {
            let error = || VaultError { class: VaultErrorClass::Unreachable, message: "away".to_owned() };
            if self.0.is_away.load(Ordering::Relaxed) { Err(error()) } else { Ok(()) }
        }
    }

    impl AlertBook for Book {
        fn read<'a>(&'a self, _: &'a [AccountName]) -> BoxFuture<'a, Result<AlertStates, VaultError>> {
            Box::pin(async { self.answer().map(|()| lock(&self.0.stored).clone()) })
        }

        fn write<'a>(&'a self, states: &'a AlertStates) -> BoxFuture<'a, Result<(), VaultError>> {
            Box::pin(async {
                self.answer()?;
                self.0.writes.fetch_add(1, Ordering::Relaxed);
                lock(&self.0.stored).extend(states.clone());
                Ok(())
            })
        }
    }

    /// Notes when it is given back.
    #[derive(Debug)]
    struct Lease(Arc<AtomicBool>);

    impl Drop for Lease {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    fn told() -> AlertState {
        let alarm = Alarm { health: Health::Expired, cause: "reconnect".into(), since: NOW, at: NOW, reminded: None };
        AlertState { alarm: Some(alarm), ..AlertState::default() }
    }

    #[test]
    fn what_was_told_is_stored_in_one_write_once_the_vault_is_back() {
        let (book, is_given_back) = (Book::default(), Arc::new(AtomicBool::new(false)));
        let names = ["bakery", "cafe"].map(AccountName::new);
        let lease = Box::new(Lease(Arc::clone(&is_given_back)));
        let alerting = now(Box::pin(Alerting::begin(Box::new(book.clone()), lease, &names))).unwrap();
        book.0.is_away.store(true, Ordering::Relaxed);
        for name in &names {
            now(alerting.save_alert_state(name, &told())).unwrap();
        }
        assert!(now(Box::pin(alerting.store())).is_err());
        assert!(!is_given_back.load(Ordering::Relaxed), "nobody else may send messages");
        book.0.is_away.store(false, Ordering::Relaxed);
        assert!(now(Box::pin(alerting.store())).is_ok());
        assert_eq!(*lock(&book.0.stored), names.map(|name| (name, told())).into());
        assert_eq!(book.0.writes.load(Ordering::Relaxed), 1);
        drop(alerting);
        assert!(is_given_back.load(Ordering::Relaxed));
    }

    #[test]
    fn a_vault_that_does_not_say_what_people_know_ends_it() {
        let book = Book::default();
        book.0.is_away.store(true, Ordering::Relaxed);
        assert!(now(Box::pin(Alerting::begin(Box::new(book), Box::new(()), &[]))).is_err());
    }
}
