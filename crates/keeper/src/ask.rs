//! Calls to Meta: a transient failure is retried a few times within a minute.

use crate::Keeper;
use std::time::Duration;

use everlit_meta_api::{Class, Client, Error, Reply, Stage, Token, TokenReply, TransportError};
use tokio::time::{Instant, timeout_at};

use crate::handed_out::{aged, is_recent};
use crate::policy::{LONGEST_TRY, WITHIN_ONE_RUN};
use crate::run::Run;

/// A call that failed for good within this run.
#[derive(Debug)]
pub(crate) struct FailedCall {
    pub(crate) error: Error,
    /// An attempt may have reached Meta although no reply came back.
    pub(crate) reply_lost: bool,
}

impl FailedCall {
    /// Whether Meta refused without a definite reason: it may answer differently the next moment.
    pub(crate) fn is_undecided(&self) -> bool {
        matches!(self.error.class(), Class::Reconnect | Class::Config | Class::Unknown)
            && self.error.evidence().is_some()
            && !self.error.is_definite()
    }
}

impl Run<'_> {
    /// [`Keeper::ask`] with the account's own random numbers, while the account's time lasts. Notes what the answer says
    /// about the limits of the app.
    pub(crate) async fn ask<'c, T, F>(&mut self, call: impl Fn(&'c Client) -> F) -> Result<Reply<T>, FailedCall>
    where
        F: Future<Output = Result<Reply<T>, Error>>,
        Self: 'c,
    {
        let (keeper, account) = (self.keeper, self.account);
        let platform = self.record.kind.platform();
        let time_left = keeper.calls_end_at.map(|end| end.saturating_duration_since(Instant::now()));
        let unanswered = platform.and_then(|platform| keeper.silence.unanswered(platform));
        let call = |client| {
            let answer = call(client);
            async move {
                let answer = answer.await;
                platform.inspect(|platform| keeper.silence.note(*platform, account, answer.as_ref().err()));
                answer
            }
        };
        let answer = match (time_left, unanswered) {
            // The reply could arrive after the deadline, when nothing is left to save it.
            (Some(Duration::ZERO), _) => Err(not_asked("the time for this account in this run was over")),
            (_, Some(count)) => Err(not_asked(&format!("Meta has answered none of the last {count} accounts"))),
            _ => keeper.ask_for(time_left.unwrap_or(LONGEST_TRY), &mut self.rng, call).await,
        };
        self.note_limits(&answer);
        self.note_clock(answer.as_ref().ok().and_then(|reply| reply.date));
        answer
    }

    /// Asks for the successor of a token, or takes the one that Meta has handed out to another account of this run with the
    /// same token. A failure is not shared: it is the next account's turn to ask.
    pub(crate) async fn ask_for_successor<'c, F>(
        &mut self,
        current: &Token,
        call: impl Fn(&'c Client) -> F,
    ) -> Result<Reply<TokenReply>, FailedCall>
    where
        F: Future<Output = Result<Reply<TokenReply>, Error>>,
        Self: 'c,
    {
        let Some(turn) =
            self.keeper.handed_out.as_ref().map(|handed_out| handed_out.turn(current, &*self.keeper.clock))
        else {
            return self.ask(call).await;
        };
        let mut handed_out = turn.lock().await;
        if let Some((reply, at)) = handed_out.as_ref().filter(|_| is_recent(handed_out.as_ref(), self.now())) {
            let age = Duration::from_secs(u64::try_from(self.now().since(*at)).unwrap_or(0));
            return Ok(aged(reply.clone(), age));
        }
        let reply = self.ask(call).await?;
        *handed_out = Some((reply.clone(), self.now()));
        Ok(reply)
    }
}

fn not_asked(why: &str) -> FailedCall {
    let error = TransportError::new(Stage::NotBegun, false, why);
    FailedCall { error: Error::Transport(error), reply_lost: false }
}

fn cut_off() -> Error {
    let detail = "no complete reply within the time for this run";
    Error::Transport(TransportError::new(Stage::Deadline, true, detail.to_owned()))
}

impl Keeper {
    /// Makes the call and repeats it while the failure is transient and the minute is not over.
    /// A longer `Retry-After` ends the attempts of this run: the stored wait takes over.
    pub(crate) async fn ask<'c, T, F>(
        &'c self,
        rng: &mut fastrand::Rng,
        call: impl Fn(&'c Client) -> F,
    ) -> Result<T, FailedCall>
    where
        F: Future<Output = Result<T, Error>>,
    {
        self.ask_for(LONGEST_TRY, rng, call).await
    }

    async fn ask_for<'c, T, F>(
        &'c self,
        time_left: Duration,
        rng: &mut fastrand::Rng,
        call: impl Fn(&'c Client) -> F,
    ) -> Result<T, FailedCall>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let longest = LONGEST_TRY.min(time_left);
        let (give_up_at, cut_off_at) = (self.clock.now() + longest, Instant::now() + longest);
        let mut is_first = true;
        let mut reply_lost = false;
        let mut pauses = WITHIN_ONE_RUN.iter();
        loop {
            // The first attempt has a deadline of its own, which a person may have set.
            let answer = if std::mem::take(&mut is_first) {
                call(&self.client).await
            } else {
                timeout_at(cut_off_at, call(&self.client)).await.unwrap_or_else(|_| Err(cut_off()))
            };
            let error = match answer {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            reply_lost |= error.reply_lost();
            let pause = match pauses.next() {
                Some(pause) if error.class() == Class::Retry => pause.mul_f64(0.8 + 0.4 * rng.f64()),
                _ => return Err(FailedCall { error, reply_lost }),
            };
            let wanted = error.retry_after().unwrap_or(Duration::ZERO);
            let is_too_long = wanted > WITHIN_ONE_RUN[WITHIN_ONE_RUN.len() - 1];
            if is_too_long || self.clock.now() + pause.max(wanted) >= give_up_at {
                return Err(FailedCall { error, reply_lost });
            }
            if let Some(progress) = &self.progress {
                progress.retrying_after(pause.max(wanted));
            }
            self.clock.sleep(pause.max(wanted)).await;
        }
    }
}
