//! A row as the keeper sees it.

use everlit_keeper::{Delivery, Record, StoreError, StoreErrorClass, Stored};
use everlit_meta_api::Timestamp;
use everlit_store::settle_targets;

use crate::contents::{Contents, Unreadable, kept};
use crate::database::{AccountRow, Kept};
use crate::seal::Keyring;

/// What the row says about the account. `contents` are the row's.
pub(crate) fn stored(
    keyring: &Keyring,
    targets: Option<&[Delivery]>,
    contents: Contents,
    row: &AccountRow,
    now: Timestamp,
) -> Result<Stored, StoreError> {
    let unreadable = |error: Unreadable| error.error(contents.name.as_str()).into_store_error(false);
    let newest = |kind| Ok::<_, Unreadable>(kept(keyring, row, kind)?.pop().map(|(_, candidate)| candidate));
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
