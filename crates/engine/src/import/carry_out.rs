//! Does what a plan says.

use everlit_keeper::AccountName;
use everlit_meta_api::Timestamp;
use everlit_vault::{Vault, VaultError, VaultErrorClass};
use tokio::task::JoinSet;

use super::plan::{Action, Plan};

impl Plan {
    /// Writes the accounts that are to be written, and calls `progress` with how many of them are durable. Returns those that
    /// somebody else has added or changed meanwhile.
    ///
    /// # Errors
    /// The vault could not be written. What was written before stays, and is known when the import is repeated.
    pub async fn carry_out(
        self,
        vault: &Vault,
        now: Timestamp,
        mut progress: impl FnMut(usize) + Send,
    ) -> Result<Vec<AccountName>, VaultError> {
        // Those that are written at once share a sync of the disk.
        const AT_ONCE: usize = 200;
        let (mut done, mut taken) = (0, Vec::new());
        let changes: Vec<_> = self.0.into_iter().filter(|planned| planned.action.is_change()).collect();
        for part in changes.chunks(AT_ONCE) {
            let mut writes = JoinSet::new();
            for planned in part.iter().cloned() {
                let vault = vault.clone();
                writes.spawn(async move {
                    let (account, origin) = (planned.found.account, planned.found.origin);
                    let name = account.name.clone();
                    let written = match planned.action {
                        Action::Replace => vault.replace(account, &origin, now).await,
                        _ => vault.import(account, &origin, now).await,
                    };
                    (name, written)
                });
            }
            while let Some(written) = writes.join_next().await {
                let failed = |_| VaultError::new(VaultErrorClass::Internal, "everlit failed at the vault");
                match written.map_err(failed)? {
                    (_, Ok(())) => done += 1,
                    (name, Err(error)) if matches!(error.class, VaultErrorClass::Exists | VaultErrorClass::Taken) => {
                        taken.push(name);
                    }
                    (_, Err(error)) => return Err(error),
                }
            }
            progress(done);
        }
        Ok(taken)
    }
}
