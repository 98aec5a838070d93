//! What people were told, as the service remembers it: in the vault, and here while the vault does not take it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use everlit_keeper::{AccountName, AlertState, AlertStore, Guard, StoreError};
use everlit_meta_api::{BoxFuture, Timestamp};

/// A store of alert states. What it cannot save counts all the same, so that nobody is told twice, and is saved later.
#[derive(Debug)]
pub(crate) struct Alerts {
    store: Arc<dyn AlertStore>,
    unsaved: Arc<Unsaved>,
}

/// What the vault has not taken yet.
#[derive(Debug, Default)]
pub(crate) struct Unsaved(Mutex<HashMap<AccountName, AlertState>>);

impl Unsaved {
    fn lock(&self) -> MutexGuard<'_, HashMap<AccountName, AlertState>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Alerts {
    pub(crate) fn new(store: Arc<dyn AlertStore>, unsaved: Arc<Unsaved>) -> Self {
        Self { store, unsaved }
    }

    /// Saves what could not be saved before; `false` if that still does not work.
    pub(crate) async fn catch_up(&self) -> bool {
        let waiting: Vec<_> = self.unsaved.lock().iter().map(|(name, state)| (name.clone(), state.clone())).collect();
        for (name, state) in waiting {
            if self.store.save_alert_state(&name, &state).await.is_err() {
                return false;
            }
            self.unsaved.lock().remove(&name);
        }
        true
    }
}

impl AlertStore for Alerts {
    fn alert_state<'a>(&'a self, account: &'a AccountName) -> BoxFuture<'a, AlertState> {
        let unsaved = self.unsaved.lock().get(account).cloned();
        match unsaved {
            Some(state) => Box::pin(async move { state }),
            None => self.store.alert_state(account),
        }
    }

    fn save_alert_state<'a>(
        &'a self,
        account: &'a AccountName,
        alert_state: &'a AlertState,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            if self.store.save_alert_state(account, alert_state).await.is_ok() {
                self.unsaved.lock().remove(account);
            } else {
                self.unsaved.lock().insert(account.clone(), alert_state.clone());
            }
            Ok(())
        })
    }

    fn lease_alerts(&self, now: Timestamp) -> BoxFuture<'_, Result<Guard<'_>, StoreError>> {
        self.store.lease_alerts(now)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use everlit_keeper::{Alarm, Health, StoreErrorClass};
    use everlit_testkit::contract::{NOW, now};

    use super::*;

    /// Takes nothing while it is away.
    #[derive(Debug, Default)]
    struct Store {
        is_away: AtomicBool,
        saved: Mutex<AlertState>,
    }

    impl AlertStore for Store {
        fn alert_state<'a>(&'a self, _: &'a AccountName) -> BoxFuture<'a, AlertState> {
            Box::pin(async { self.saved.lock().unwrap().clone() })
        }

        fn save_alert_state<'a>(
            &'a self,
            _: &'a AccountName,
            alert_state: &'a AlertState,
        ) -> BoxFuture<'a, Result<(), StoreError>> {
            Box::pin(async move {
                if self.is_away.load(Ordering::Relaxed) {
                    return Err(StoreError::new(StoreErrorClass::NotSaved, "away"));
                }
                *self.saved.lock().unwrap() = alert_state.clone();
                Ok(())
            })
        }

        fn lease_alerts(&self, _: Timestamp) -> BoxFuture<'_, Result<Guard<'_>, StoreError>> {
            Box::pin(async { Ok(Box::new(()) as Guard<'_>) })
        }
    }

    #[test]
    fn what_was_told_counts_although_the_vault_is_away() {
        let (store, shop, unsaved) = (Arc::new(Store::default()), AccountName::new("shop"), Arc::default());
        let alarm = Alarm { health: Health::Expired, cause: "reconnect".into(), since: NOW, at: NOW, reminded: None };
        let told = AlertState { alarm: Some(alarm), ..AlertState::default() };
        let alerts = Alerts::new(Arc::clone(&store) as _, Arc::clone(&unsaved));
        store.is_away.store(true, Ordering::Relaxed);
        now(alerts.save_alert_state(&shop, &told)).unwrap();
        assert_eq!(now(alerts.alert_state(&shop)), told);
        assert!(!now(Box::pin(alerts.catch_up())));
        // The next round, with a store of its own.
        let alerts = Alerts::new(Arc::clone(&store) as _, unsaved);
        assert_eq!(now(alerts.alert_state(&shop)), told);
        store.is_away.store(false, Ordering::Relaxed);
        assert!(now(Box::pin(alerts.catch_up())));
        assert_eq!((&*store.saved.lock().unwrap(), alerts.unsaved.lock().len()), (&told, 0));
    }
}
