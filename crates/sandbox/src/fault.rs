//! Faults, injected on request or at random.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    endpoint::Endpoint,
    error::MetaError,
    knobs::FaultRates,
    token::{Account, Token, TokenId},
    variants::InvalidReason,
};

/// One way for a call to fail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// Meta returns an error; the call is not executed.
    Error(MetaError),
    /// A web page instead of JSON; the call is not executed.
    Html {
        /// HTTP status.
        #[serde(default = "bad_gateway")]
        status: u16,
    },
    /// An empty body; the call is not executed.
    Empty {
        /// HTTP status.
        #[serde(default = "internal_server_error")]
        status: u16,
    },
    /// A redirect; the call is not executed.
    Redirect {
        /// `Location`.
        location: String,
    },
    /// The connection closes; the call is not executed.
    Dropped,
    /// The call is executed, then the connection closes: any token it issued is lost.
    LostReply,
    /// The call is executed, and the body is cut in the middle.
    Truncated,
    /// The call is executed, and the response is late. It is sent at once when the injected faults are cleared.
    Slow {
        /// Milliseconds at most.
        millis: u64,
    },
    /// The call is executed, and the body arrives eight bytes at a time.
    Drip {
        /// Milliseconds in between.
        millis: u64,
    },
    /// The call is executed, and the body is padded with spaces.
    Huge {
        /// Total size.
        bytes: usize,
    },
    /// The call is executed, and the `Date` header is wrong.
    WrongDate {
        /// Seconds off; positive is ahead.
        seconds: i64,
    },
    /// The call is executed, and one field of the reply is changed: an odd `expires_in`, a broken `access_token`.
    Alter {
        /// Name of the field, at the top or in the first entry of `data`.
        field: String,
        /// Its value; `null` removes the field.
        #[serde(default)]
        value: Value,
    },
    /// The reply carries a token of another account.
    OtherAccount,
    /// `debug_token` says that the token is not valid, although it is. Other calls are not affected.
    NotValid {
        /// The reason it gives.
        #[serde(default = "no_reason")]
        reason: InvalidReason,
    },
}

fn no_reason() -> InvalidReason {
    InvalidReason::None
}

fn bad_gateway() -> u16 {
    502
}

fn internal_server_error() -> u16 {
    500
}

impl Fault {
    /// Whether Meta executes the call before the fault strikes.
    pub(crate) fn executes_call(&self) -> bool {
        !matches!(self, Self::Error(_) | Self::Html { .. } | Self::Empty { .. } | Self::Redirect { .. } | Self::Dropped)
    }

    /// The name in JSON and in the log.
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
            Self::NotValid { .. } => "not_valid",
        }
    }
}

/// A fault and the calls it strikes: `Injection::new(Fault::Dropped).at(Endpoint::Refresh).times(2)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use]
pub struct Injection {
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
    /// Only calls to this endpoint.
    #[serde(default)]
    pub endpoint: Option<Endpoint>,
    /// Only calls with this token.
    #[serde(default)]
    pub token: Option<TokenId>,
    /// Only calls for this account: its username or user id.
    #[serde(default)]
    pub account: Option<String>,
    /// This many calls; without a number, until it is cleared.
    #[serde(default)]
    pub times: Option<u32>,
    /// The share of matching calls to strike, 0 to 1.
    #[serde(default = "always")]
    pub chance: f64,
}

fn always() -> f64 {
    1.0
}

impl Injection {
    /// Strikes every call until it is cleared.
    pub fn new(fault: Fault) -> Self {
        Self { fault, endpoint: None, token: None, account: None, times: None, chance: 1.0 }
    }

    /// Only calls to this endpoint.
    pub fn at(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = Some(endpoint);
        self
    }

    /// Only calls with this token.
    pub fn for_token(mut self, token: TokenId) -> Self {
        self.token = Some(token);
        self
    }

    /// Only calls for this account.
    pub fn for_account(mut self, name_or_id: &str) -> Self {
        self.account = Some(name_or_id.into());
        self
    }

    /// Only the next `times` calls.
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Only this share of the calls, 0 to 1.
    pub fn chance(mut self, chance: f64) -> Self {
        self.chance = chance;
        self
    }

    fn matches(&self, endpoint: Endpoint, bearer: Option<(&Token, &Account)>) -> bool {
        self.endpoint.is_none_or(|wanted| wanted == endpoint)
            && self.token.is_none_or(|wanted| bearer.is_some_and(|(token, _)| token.id == wanted))
            && self.account.as_ref().is_none_or(|wanted| bearer.is_some_and(|(_, account)| account.is_named(wanted)))
    }
}

/// The fault of the first injection that matches this call. Removes an injection that is used up.
pub(crate) fn injected(
    injections: &mut Vec<Injection>,
    endpoint: Endpoint,
    bearer: Option<(&Token, &Account)>,
    rng: &mut fastrand::Rng,
) -> Option<Fault> {
    let at =
        injections.iter().position(|injection| injection.matches(endpoint, bearer) && rng.f64() < injection.chance)?;
    let injection = &mut injections[at];
    let fault = injection.fault.clone();
    if let Some(times) = &mut injection.times {
        *times = times.saturating_sub(1);
        if *times == 0 {
            let _ = injections.remove(at);
        }
    }
    Some(fault)
}

/// A random fault at these rates, or none.
pub(crate) fn random(rates: &FaultRates, rng: &mut fastrand::Rng) -> Option<Fault> {
    type MakeFault = fn(&mut fastrand::Rng) -> Fault;
    let kinds: [(f64, MakeFault); 7] = [
        (rates.server_error, |rng| {
            let error = Fault::Error(MetaError::new(1, "An unknown error occurred").status(500));
            if rng.bool() { Fault::Empty { status: 500 } } else { error }
        }),
        (rates.transient, |rng| {
            let message = "An unexpected error has occurred. Please retry your request later.";
            Fault::Error(MetaError::new(2, message).transient(true).status([200, 400, 500, 503][rng.usize(..4)]))
        }),
        (rates.lost_reply, |_| Fault::LostReply),
        (rates.wrong_date, |rng| Fault::WrongDate { seconds: [-90_000, -3_700, 3_700, 864_000][rng.usize(..4)] }),
        (rates.html, |rng| Fault::Html { status: [200, 403, 502][rng.usize(..3)] }),
        (rates.truncated, |_| Fault::Truncated),
        (rates.dropped, |_| Fault::Dropped),
    ];
    let mut roll = rng.f64();
    for (rate, fault) in kinds {
        if roll < rate {
            return Some(fault(rng));
        }
        roll -= rate;
    }
    (roll < rates.slow).then_some(Fault::Slow { millis: rates.slow_millis })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_injection_is_one_flat_json_object() {
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
    fn random_faults_strike_at_the_configured_rates() {
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
