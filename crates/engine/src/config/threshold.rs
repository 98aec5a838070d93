//! Thresholds that do not do what they seem to.

use super::settings::Settings;

/// Daily runs need a week to outlast an incident at Meta or a holiday of whoever reads the mail.
const LEAST: u32 = 7;

/// Accounts of a vault are due with two to four thirds of the threshold left, but never before a quarter of 60 days has passed: from
/// 34 days on, that is the same span.
const MOST_IN_VAULT: u32 = 33;

impl Settings {
    /// What is wrong with the threshold, and what to do about it; `None` if it is sensible.
    pub fn doubtful_threshold(&self) -> Option<(String, String)> {
        match self.threshold_days.value {
            ..LEAST => {
                let why = "a few failed days are enough to lose the token";
                Some((why.to_owned(), format!("use the default of 30 days, or at least {LEAST}")))
            }
            days if self.vault.is_some() && days > MOST_IN_VAULT => {
                let why = format!(
                    "in a vault, more than {MOST_IN_VAULT} days have no effect: its accounts are due with 22.5 to 45 of 60 days left"
                );
                Some((why, format!("set it to {MOST_IN_VAULT} days or fewer")))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use everlit_keeper::{Expiry, Policy, Record, next_check};
    use everlit_meta_api::{Fingerprint, Timestamp, TokenKind};

    use super::MOST_IN_VAULT;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    /// When these tokens of a vault are due, in days since their issue.
    fn due(threshold_days: u32) -> Vec<f64> {
        let threshold = threshold_days * DAY;
        // As `Settings::policy` makes it, and without verifications.
        let policy = Policy { threshold, spread: threshold / 3, verify_every: 60 * DAY, ..Policy::default() };
        let now = Timestamp::from_unix(1_800_000_000);
        let age = |number| {
            let fingerprint = Fingerprint::of(&format!("token {number}"));
            let record = Record {
                expiry: Expiry::At(now + 60 * DAY),
                issued_at: Some(now),
                last_verified_at: Some(now),
                ..Record::of_new_token(TokenKind::Instagram, fingerprint, now)
            };
            let seconds = u64::try_from(next_check(&record, now, &policy).since(now)).unwrap();
            Duration::from_secs(seconds).div_duration_f64(DAY)
        };
        (0..500).map(age).collect()
    }

    #[test]
    fn a_vault_refreshes_no_earlier_with_more_days() {
        let (span, most) = (due(MOST_IN_VAULT + 1), due(58));
        assert!(span.iter().zip(&most).all(|(one, other)| (one - other).abs() < 0.001));
        assert!(span.iter().all(|age| (15.0..=37.5).contains(age)), "{span:?}");
        assert!(due(MOST_IN_VAULT).iter().zip(&most).all(|(one, other)| one - other > 0.1));
    }
}
