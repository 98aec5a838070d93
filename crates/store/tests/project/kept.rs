//! Project files keep the contract of every store.

use std::sync::Arc;

use everlit_keeper::{AccountName, AlertStore, Store};
use everlit_meta_api::Token;

use crate::site::Site;
use everlit_testkit::contract::Place;
use everlit_testkit::store_contract;

store_contract!(|token: &Token| Site::new(format!("A=1\nIG_ACCESS_TOKEN={}\nB=2\n", token.expose())));

impl Place for Site {
    fn store(&self) -> Arc<dyn Store> {
        Arc::new(self.files())
    }

    fn alerts(&self) -> Arc<dyn AlertStore> {
        Arc::new(self.files())
    }

    fn account(&self) -> AccountName {
        self.name()
    }

    fn put(&self, token: &Token) {
        self.write(".env.local", format!("A=1\nIG_ACCESS_TOKEN={}\nB=2\n", token.expose()));
    }

    fn leftovers(&self) -> Vec<String> {
        Self::leftovers(self)
    }
}
