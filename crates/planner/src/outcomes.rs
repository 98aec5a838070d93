//! Whether Meta is failing, judged by the latest calls.

use std::time::Duration;

use everlit_meta_api::Timestamp;

/// How the work on one account ended, as far as it says something about Meta.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// Meta answered, and the token was refreshed or confirmed.
    Ok,
    /// Meta could not be reached, did not answer in time, or answered with a 5xx error.
    Unavailable,
    /// Meta answered and refused: this token, or this app for now. Meta itself works.
    Refused,
}

/// The latest outcomes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Recent {
    all: u32,
    failed: u32,
    last_at: Option<Timestamp>,
}

impl Recent {
    /// Once there are this many, they are halved: the last 64 to 128 count. Enough for a share, and few enough that an outage
    /// shows within one round of calls.
    const MOST: u32 = 128;

    /// Fewer say nothing: a single account that fails is not an outage.
    const LEAST: u32 = 20;

    /// Older outcomes say nothing about now.
    const FORGOTTEN_AFTER: Duration = Duration::from_secs(10 * 60);

    /// Meta fails if more than this share of calls does: 20 percent.
    const OUTAGE_PERCENT: u32 = 20;

    pub(crate) fn add(&mut self, outcome: Outcome, now: Timestamp) {
        if self.last_at.is_none_or(|last| last + Self::FORGOTTEN_AFTER < now) {
            *self = Self::default();
        }
        self.last_at = Some(now);
        self.all += 1;
        self.failed += u32::from(outcome == Outcome::Unavailable);
        if self.all >= Self::MOST {
            (self.all, self.failed) = (self.all / 2, self.failed / 2);
        }
    }

    pub(crate) fn is_outage(&self) -> bool {
        self.all >= Self::LEAST && self.failed * 100 > self.all * Self::OUTAGE_PERCENT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn recent(outcomes: impl IntoIterator<Item = (usize, Outcome)>) -> Recent {
        let mut recent = Recent::default();
        for (number, outcome) in outcomes {
            (0..number).for_each(|_| recent.add(outcome, NOW));
        }
        recent
    }

    #[test]
    fn more_than_a_fifth_of_the_latest_calls_make_an_outage() {
        assert!(!recent([(80, Outcome::Ok), (20, Outcome::Unavailable)]).is_outage());
        assert!(recent([(79, Outcome::Ok), (21, Outcome::Unavailable)]).is_outage());
        assert!(!recent([(50, Outcome::Refused), (50, Outcome::Ok)]).is_outage(), "a refusal is an answer");
        assert!(!recent([(19, Outcome::Unavailable)]).is_outage(), "too few to tell");
        assert!(recent([(20, Outcome::Unavailable)]).is_outage());
    }

    #[test]
    fn a_long_good_time_does_not_hide_an_outage() {
        assert!(recent([(1_000_000, Outcome::Ok), (40, Outcome::Unavailable)]).is_outage());
    }

    #[test]
    fn old_outcomes_are_forgotten() {
        let mut recent = recent([(100, Outcome::Unavailable)]);
        recent.add(Outcome::Ok, NOW + Duration::from_secs(600));
        assert!(recent.is_outage());
        recent.add(Outcome::Unavailable, NOW + Duration::from_secs(1_201));
        assert!(!recent.is_outage());
    }
}
