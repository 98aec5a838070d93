//! A row as the keeper sees it.

use everlit_keeper::{AccountName, Delivery, Record, StoreError, StoreErrorClass, Stored};
use everlit_meta_api::Timestamp;
use everlit_store::settle_targets;

use crate::contents::{Contents, Unreadable, kept};
use crate::database::{AccountRow, Kept};
use crate::vault::Inner;

/// What the row says about the account.
pub(crate) fn stored(
    vault: &Inner,
    targets: Option<&[Delivery]>,
    account: &AccountName,
    row: &AccountRow,
    now: Timestamp,
) -> Result<Stored, StoreError> {
    let keyring = vault.keyring();
    let unreadable = |error: Unreadable| error.error(account.as_str()).into_store_error(false);
    let contents = Contents::open(&keyring, row).map_err(unreadable)?;
    let newest = |kind| Ok::<_, Unreadable>(kept(&keyring, row, kind)?.pop().map(|(_, candidate)| candidate));
    let candidate = newest(Kept::Waiting).map_err(unreadable)?;
    let previous = newest(Kept::Previous).map_err(unreadable)?;
    let edited = contents.edited(row);
    let (current, mut record) = match (contents.token, contents.record, &candidate) {
        (Some(token), Some(record), _) => (token, record),
        // Only its last step is missing.
        (_, _, Some(candidate)) => {
            let token = candidate.token.clone();
            let record = Record::of_new_token(token.kind(), token.fingerprint(), now);
            (token, record)
        }
        _ => {
            return Err(StoreError::new(StoreErrorClass::NoToken, "the account waits for its first token"));
        }
    };
    if let Some(targets) = targets {
        settle_targets(targets, &mut record.deliveries);
    }
    Ok(Stored { current, record, candidate, previous, notes: edited.into_iter().collect() })
}
