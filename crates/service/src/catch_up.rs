//! Targets that are new get the tokens in use soon, and not only those that are refreshed from now on: all accounts are
//! compared with the targets, some at a time, each time that the targets have changed. Of several workers, one is at it.

use std::time::Duration;

use everlit_keeper::{Guard, Report};
use everlit_vault::VaultError;
use tokio::time::Instant;

use crate::site::{Current, Site};

/// Accounts that are compared at once. Their deliveries end before the next ones are.
const PAGE: usize = 100;

/// Between two pages of accounts that lack nothing: a million accounts take a few minutes, and the database hardly notices.
const PAUSE: Duration = Duration::from_millis(20);

/// While another worker is at it, or the deliveries of the last page go on.
const WAIT: Duration = Duration::from_secs(1);

/// While the vault does not answer.
const RETRY: Duration = Duration::from_secs(30);

/// How far it has come.
#[derive(Debug)]
pub(crate) struct CatchUp {
    /// Which settings the targets were last read from.
    version: Option<u64>,
    /// The targets, described; empty if there are none.
    targets: String,
    step: Step,
    /// When the next step is due.
    pub(crate) next_at: Instant,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Step {
    Idle,
    /// To compare the accounts after this number.
    After(i64),
    /// To note that all were compared.
    Note,
}

/// Deliveries that a page of accounts lacks, and the right to make them.
pub(crate) struct Lacking {
    pub(crate) reports: Vec<Report>,
    pub(crate) right: Guard<'static>,
}

impl CatchUp {
    pub(crate) fn new() -> Self {
        Self { version: None, targets: String::new(), step: Step::Idle, next_at: Instant::now() }
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.step == Step::Idle
    }

    /// Begins anew if the targets are not those with which this process has last compared the accounts.
    pub(crate) fn follow(&mut self, current: &Current<'_>) {
        let version = current.version();
        if self.version.replace(version) == Some(version) {
            return;
        }
        let targets = targets(&current.get());
        if self.targets != targets {
            self.step = if targets.is_empty() { Step::Idle } else { Step::After(i64::MIN) };
            (self.targets, self.next_at) = (targets, Instant::now());
        }
    }

    /// Compares some accounts with the targets. Returns what they lack, if anything.
    pub(crate) async fn step(&mut self, site: &Site<'_>) -> Option<Lacking> {
        let (pause, lacking) = match self.try_step(site).await {
            Ok(done) => done,
            // The heartbeat says what is wrong with the vault.
            Err(_) => (RETRY, None),
        };
        self.next_at = Instant::now() + pause;
        lacking
    }

    async fn try_step(&mut self, site: &Site<'_>) -> Result<(Duration, Option<Lacking>), VaultError> {
        let (vault, now) = (&site.vault, site.project.now());
        // The deliveries of the last page have it until they have ended.
        let Some(right) = vault.lease_catching_up(now).await? else { return Ok((WAIT, None)) };
        if vault.has_caught_up(&self.targets).await? {
            self.step = Step::Idle;
            return Ok((PAUSE, None));
        }
        let after = match self.step {
            Step::After(after) => after,
            Step::Idle | Step::Note => {
                vault.note_caught_up(&self.targets).await?;
                tracing::info!("each account was compared with the targets");
                self.step = Step::Idle;
                return Ok((PAUSE, None));
            }
        };
        let (records, last) = vault.records(after, PAGE, now).await?;
        self.step = last.map_or(Step::Note, Step::After);
        let policy = site.project.settings.policy(false);
        let reports = records.into_iter().map(|(account, record)| Report::idle(&account, record, &policy, now));
        let reports: Vec<Report> = reports.filter(|report| site.keeper.lacks(report)).collect();
        Ok((PAUSE, (!reports.is_empty()).then_some(Lacking { reports, right })))
    }
}

/// The targets, their places and whose tokens they take; nothing if there are none.
fn targets(site: &Site<'_>) -> String {
    let accounts = site.project.settings.targets.iter().map(|target| (&target.name, &target.account));
    let (places, mut accounts) = (site.vault.places(), accounts.collect::<Vec<_>>());
    if places.is_empty() {
        return String::new();
    }
    accounts.sort();
    format!("{places:?} {accounts:?}")
}
