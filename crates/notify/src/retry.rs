//! Attempts and waits, the same for every channel and heartbeat.

use std::future::Future;
use std::time::Duration;

use everlit_keeper::{Clock, NotifyError, NotifyErrorClass};
use everlit_meta_api::redact;

/// The longest time for one attempt.
pub(crate) const ATTEMPT: Duration = Duration::from_secs(10);
/// The longest time for all attempts and the waits between them, which hold up the run.
const BUDGET: Duration = Duration::from_secs(30);
/// The waits before the second and the third attempt. Longer outages are left to the next run.
const WAITS: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];

/// A failed attempt. It is retried if its class is [`NotifyErrorClass::Temporary`].
#[derive(Debug)]
pub(crate) struct Failure {
    error: NotifyError,
    /// How long the other side asked to wait.
    retry_after: Option<Duration>,
}

impl Failure {
    pub(crate) fn new(class: NotifyErrorClass, message: impl AsRef<str>) -> Self {
        Self { error: NotifyError::new(class, redact(message.as_ref())), retry_after: None }
    }

    pub(crate) fn temporary(message: impl AsRef<str>) -> Self {
        Self::new(NotifyErrorClass::Temporary, message)
    }

    pub(crate) fn refused(message: impl AsRef<str>) -> Self {
        Self::new(NotifyErrorClass::Refused, message)
    }

    pub(crate) fn misconfigured(message: impl AsRef<str>) -> Self {
        Self::new(NotifyErrorClass::Misconfigured, message)
    }

    pub(crate) fn io(mut self, kind: Option<std::io::ErrorKind>) -> Self {
        self.error.io = kind;
        self
    }

    pub(crate) fn http_status(mut self, status: u16, retry_after: Option<Duration>) -> Self {
        self.error.http_status = Some(status);
        self.retry_after = retry_after;
        self
    }
}

/// Makes at most three attempts within [`BUDGET`]. Waits as long as the other side asks, if that fits.
///
/// `place` is the host or the program, for error messages.
pub(crate) async fn retry<T, F: Future<Output = Result<T, Failure>> + Send>(
    clock: &dyn Clock,
    place: &str,
    attempt: impl Fn() -> F,
) -> Result<T, NotifyError> {
    let started = clock.now();
    let spent = || Duration::from_secs(u64::try_from(clock.now().since(started)).unwrap_or(0));
    let mut waits = WAITS.into_iter();
    loop {
        let left = BUDGET.saturating_sub(spent()).min(ATTEMPT);
        let Failure { error, retry_after } = match tokio::time::timeout(left, attempt()).await {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(failure)) => failure,
            Err(_) => Failure::temporary(format!("no response from {place} within {} seconds", left.as_secs())),
        };
        let wait = match (error.class, waits.next()) {
            (NotifyErrorClass::Temporary, Some(wait)) => wait.max(retry_after.unwrap_or_default()),
            _ => return Err(error),
        };
        if spent() + wait >= BUDGET {
            return Err(error);
        }
        clock.sleep(wait).await;
    }
}
