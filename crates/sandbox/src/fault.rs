//! Trouble, ordered or by chance.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    endpoint::Endpoint,
    error::MetaError,
    knobs::FaultRates,
    token::{Account, Token, TokenId},
};

/// One way for a call to go wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// Meta answers with an error and does nothing.
    Error(MetaError),
    /// A page instead of JSON; nothing is done.
    Html {
        /// HTTP status.
        #[serde(default = "bad_gateway")]
        status: u16,
    },
    /// No body; nothing is done.
    Empty {
        /// HTTP status.
        #[serde(default = "internal")]
        status: u16,
    },
    /// A redirect; nothing is done.
    Redirect {
        /// `Location`.
        location: String,
    },
    /// The connection ends; nothing is done.
    Dropped,
    /// It is done, and the connection ends: whatever token was issued is lost.
    LostReply,
    /// It is done, and the body ends in the middle.
    Truncated,
    /// It is done, and the reply comes late; at once when all orders are taken back.
    Slow {
        /// Milliseconds at most.
        millis: u64,
    },
    /// It is done, and the reply comes eight bytes at a time.
    Drip {
        /// Milliseconds between.
        millis: u64,
    },
    /// It is done, and the body is followed by spaces.
    Huge {
        /// Bytes in all.
        bytes: usize,
    },
    /// It is done, and the `Date` header is wrong.
    WrongDate {
        /// Seconds off; ahead where positive.
        seconds: i64,
    },
    /// It is done, and one field of the reply is another: an odd `expires_in`, a broken `access_token`.
    Alter {
        /// Name of the field, at the top or in the first entry of `data`.
        field: String,
        /// Its value; `null` takes the field away.
        #[serde(default)]
        value: Value,
    },
    /// A token comes back that belongs to somebody else.
    OtherAccount,
}

fn bad_gateway() -> u16 {
    502
}

fn internal() -> u16 {
    500
}

impl Fault {
    /// Whether Meta does what was asked before it goes wrong.
    pub(crate) fn executes_call(&self) -> bool {
        !matches!(self, Self::Error(_) | Self::Html { .. } | Self::Empty { .. } | Self::Redirect { .. } | Self::Dropped)
    }

    /// Its name in JSON and in the log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Error(_) => "error",
            Self::Html { .. } => "html",
            Self::Empty { .. } => "empty",
            Self::Redirect { .. } => "redirect",
            Self::Dropped => "dropped",
            Self::LostReply => "lost_reply",
            Self::Truncated => "truncated",
            Self::Slow { .. } => "slow",
            Self::Drip { .. } => "drip",
            Self::Huge { .. } => "huge",
            Self::WrongDate { .. } => "wrong_date",
            Self::Alter { .. } => "alter",
            Self::OtherAccount => "other_account",
        }
    }
}

/// A fault and the calls that it strikes: `Injection::new(Fault::Dropped).at(Endpoint::Refresh).times(2)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Injection {
    /// What goes wrong.
    #[serde(flatten)]
    pub fault: Fault,
    /// At this endpoint alone.
    #[serde(default)]
    pub endpoint: Option<Endpoint>,
    /// For this token alone.
    #[serde(default)]
    pub token: Option<TokenId>,
    /// For this account alone: its username or its user id.
    #[serde(default)]
    pub account: Option<String>,
    /// For so many calls; for ever where not given.
    #[serde(default)]
    pub times: Option<u32>,
    /// For this share of the calls that it fits, 0 to 1.
    #[serde(default = "always")]
    pub chance: f64,
}

fn always() -> f64 {
    1.0
}

impl Injection {
    /// For every call, for ever.
    pub fn new(fault: Fault) -> Self {
        Self { fault, endpoint: None, token: None, account: None, times: None, chance: 1.0 }
    }

    /// At this endpoint alone.
    #[must_use]
    pub fn at(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = Some(endpoint);
        self
    }

    /// For this token alone.
    #[must_use]
    pub fn for_token(mut self, token: TokenId) -> Self {
        self.token = Some(token);
        self
    }

    /// For this account alone.
    #[must_use]
    pub fn for_account(mut self, name_or_id: &str) -> Self {
        self.account = Some(name_or_id.into());
        self
    }

    /// For the next so many calls.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// For this share of the calls, 0 to 1.
    #[must_use]
    pub fn chance(mut self, chance: f64) -> Self {
        self.chance = chance;
        self
    }

    fn fits(&self, endpoint: Endpoint, bearer: Option<(&Token, &Account)>) -> bool {
        let account_fits = |wanted: &String| {
            bearer.is_some_and(|(_, account)| account.username == *wanted || account.user_id == *wanted)
        };
        self.endpoint.is_none_or(|wanted| wanted == endpoint)
            && self.token.is_none_or(|wanted| bearer.is_some_and(|(token, _)| token.id == wanted))
            && self.account.as_ref().is_none_or(account_fits)
    }
}

/// The first order that fits this call; one that has been used up goes.
pub(crate) fn injected(
    injections: &mut Vec<Injection>,
    endpoint: Endpoint,
    bearer: Option<(&Token, &Account)>,
    rng: &mut fastrand::Rng,
) -> Option<Fault> {
    let at =
        injections.iter().position(|injection| injection.fits(endpoint, bearer) && rng.f64() < injection.chance)?;
    let injection = &mut injections[at];
    let fault = injection.fault.clone();
    if let Some(times) = &mut injection.times {
        *times = times.saturating_sub(1);
        if *times == 0 {
            injections.remove(at);
        }
    }
    Some(fault)
}

/// What the weather does to this call, if anything.
pub(crate) fn random(fault_rates: &FaultRates, rng: &mut fastrand::Rng) -> Option<Fault> {
    type Roll = fn(&mut fastrand::Rng) -> Fault;
    let kinds: [(f64, Roll); 7] = [
        (fault_rates.server_error, |rng| {
            let error = Fault::Error(MetaError::new(1, "An unknown error occurred").status(500));
            if rng.bool() { Fault::Empty { status: 500 } } else { error }
        }),
        (fault_rates.transient, |rng| {
            let message = "An unexpected error has occurred. Please retry your request later.";
            Fault::Error(MetaError::new(2, message).transient(true).status([200, 400, 500, 503][rng.usize(..4)]))
        }),
        (fault_rates.lost_reply, |_| Fault::LostReply),
        (fault_rates.wrong_date, |rng| Fault::WrongDate { seconds: [-90_000, -3_700, 3_700, 864_000][rng.usize(..4)] }),
        (fault_rates.html, |rng| Fault::Html { status: [200, 403, 502][rng.usize(..3)] }),
        (fault_rates.truncated, |_| Fault::Truncated),
        (fault_rates.dropped, |_| Fault::Dropped),
    ];
    let mut roll = rng.f64();
    for (rate, fault) in kinds {
        if roll < rate {
            return Some(fault(rng));
        }
        roll -= rate;
    }
    (roll < fault_rates.slow).then_some(Fault::Slow { millis: fault_rates.slow_millis })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn orders_are_written_in_json_as_one_flat_object() {
        let injection: Injection = serde_json::from_value(json!(
            {"fault": "error", "code": 190, "subcode": 460, "message": "no", "endpoint": "refresh", "times": 2}
        ))
        .unwrap();
        assert_eq!(
            injection,
            Injection::new(Fault::Error(MetaError::new(190, "no").subcode(460))).at(Endpoint::Refresh).times(2)
        );
        let injection: Injection =
            serde_json::from_value(json!({"fault": "lost_reply", "token": 3, "chance": 0.5})).unwrap();
        assert_eq!(injection, Injection::new(Fault::LostReply).for_token(3).chance(0.5));
    }

    #[test]
    fn the_weather_strikes_as_often_as_it_is_set_to() {
        let rng = &mut fastrand::Rng::with_seed(7);
        let mut counts = std::collections::HashMap::new();
        for _ in 0..100_000 {
            let fault = random(&FaultRates::unfriendly(), rng);
            *counts.entry(fault.map(|f| f.name())).or_insert(0_u32) += 1;
        }
        // Half of the 5 % are empty, half carry code 1; code 2 adds 2 %.
        for (name, low, high) in [("empty", 2_200, 2_800), ("error", 4_100, 4_900), ("lost_reply", 850, 1_150)] {
            assert!((low..high).contains(&counts[&Some(name)]), "{name}: {counts:?}");
        }
        assert!((0..1000).all(|_| random(&FaultRates::default(), rng).is_none()));
    }
}
