//! Many accounts that are refused alike are an incident, of Meta or of the app, and not so many dead tokens.

use std::sync::Arc;

use everlit_meta_api::{Evidence, TokenKind};
use tokio::sync::OnceCell;

use crate::cycle::Keeper;
use crate::record::AccountName;

/// From so many on, refusals alike are no longer a coincidence; half of all accounts of the kind they must be, too.
const MANY: usize = 3;

/// The accounts of one run, and what Meta had last refused them with when one of them asked for it.
#[derive(Debug, Default)]
pub(crate) struct Neighbours {
    accounts: Vec<AccountName>,
    refusals: OnceCell<Vec<(TokenKind, Option<Codes>)>>,
}

/// Meta's code and subcode.
type Codes = (Option<i64>, Option<i64>);

impl Neighbours {
    pub(crate) fn of(accounts: &[AccountName]) -> Arc<Self> {
        Arc::new(Self { accounts: accounts.to_vec(), refusals: OnceCell::new() })
    }
}

impl Keeper {
    /// Whether so many accounts of this run are refused alike that the refusal says little about one token.
    pub(crate) async fn is_incident(&self, kind: TokenKind, refusal: Option<&Evidence>) -> bool {
        let Some(neighbours) = &self.neighbours else { return false };
        let refusals = neighbours.refusals.get_or_init(|| self.stored_refusals(&neighbours.accounts)).await;
        let of_kind: Vec<_> = refusals.iter().filter(|(of, _)| *of == kind).map(|(_, refusal)| *refusal).collect();
        let alike = of_kind.iter().filter(|codes| **codes == refusal.map(Evidence::codes)).count();
        alike >= MANY && 2 * alike >= of_kind.len()
    }

    /// An account that cannot be read, or that makes the store panic, says nothing.
    async fn stored_refusals(&self, accounts: &[AccountName]) -> Vec<(TokenKind, Option<Codes>)> {
        let now = self.clock.now();
        let loads = accounts.iter().map(|account| {
            let (store, account) = (self.store.clone(), account.clone());
            tokio::spawn(async move { store.load(&account, now).await })
        });
        let mut refusals = Vec::with_capacity(accounts.len());
        for load in loads.collect::<Vec<_>>() {
            let Ok(Ok(stored)) = load.await else { continue };
            let evidence = stored.record.failure.as_ref().and_then(|failure| failure.evidence.as_ref());
            refusals.push((stored.record.kind, evidence.map(Evidence::codes)));
        }
        refusals
    }
}
