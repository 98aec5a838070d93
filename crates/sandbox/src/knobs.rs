//! Everything about this Meta that can be configured.
//!
//! Where the real Meta's behavior is unknown or varies, there is a knob. A knob of type [`OneOf`] lists variants; each
//! call picks one at random.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    endpoint::Product,
    error::MetaError,
    variants::{
        ExchangeShape, ExpiresIn, FbReexchange, Ids, Language, MeShape, OldAfterRefresh, OneOf, Permissions,
        RefreshShort, RefreshString, RefreshUnder24h, TokenType, UsageHeaders,
    },
};

/// The sandbox's configuration at the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Behavior; can be changed at any time.
    pub knobs: Knobs,
    /// The registered apps.
    pub apps: Vec<App>,
    /// What drives the clock.
    pub clock: Clock,
    /// How many calls and how many violations to keep. Older ones are dropped; the counts include them.
    pub call_log_limit: usize,
}

impl Config {
    /// A friendly Meta: no faults by itself, one shape for each reply. For tests about something else.
    pub fn friendly() -> Self {
        Self { knobs: Knobs::friendly(), ..Self::default() }
    }

    /// The same with the clock fixed at this Unix time until it is moved.
    #[must_use]
    pub fn clock_at(mut self, unix_seconds: i64) -> Self {
        self.clock = Clock::Fixed { at: unix_seconds };
        self
    }

    /// The first app of a product.
    pub fn app(&self, product: Product) -> Option<&App> {
        self.apps.iter().find(|app| app.product == product)
    }
}

/// An unfriendly Meta that follows this machine's clock.
impl Default for Config {
    fn default() -> Self {
        let app = |product, number: u8, name: &str| App {
            product,
            id: format!("100000000000000{number}"),
            secret: format!("fa4e5a4db0c50000000000000000000{number}"),
            name: format!("Sandbox {name} app"),
            redirect_uris: Vec::new(),
        };
        Self {
            knobs: Knobs::default(),
            apps: vec![
                app(Product::Instagram, 1, "Instagram"),
                app(Product::Facebook, 2, "Facebook"),
                app(Product::Threads, 3, "Threads"),
            ],
            clock: Clock::Real,
            call_log_limit: 10_000,
        }
    }
}

/// An app, as its dashboard shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// The product it is registered for.
    pub product: Product,
    /// `client_id`.
    pub id: String,
    /// `client_secret`. Fake, like everything here.
    pub secret: String,
    /// The name on the consent page.
    #[serde(default)]
    pub name: String,
    /// Registered redirect URIs; if empty, any http(s) URI is accepted.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
}

/// What drives the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum Clock {
    /// Starts at this machine's time and runs with it; can be moved forward or back at any time.
    Real,
    /// Stays at this Unix time until it is moved.
    Fixed {
        /// Unix seconds.
        at: i64,
    },
}

/// Behavior. `Knobs::default()` is unfriendly; [`Knobs::friendly`] is not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Knobs {
    /// How often each fault happens by itself.
    pub fault_rates: FaultRates,
    /// Shape of the reply to a code exchange.
    pub exchange_shape: OneOf<ExchangeShape>,
    /// Form of `permissions` in the shapes that include it.
    pub permissions: OneOf<Permissions>,
    /// Shape of Instagram's `/me`.
    pub me_shape: OneOf<MeShape>,
    /// Whether ids are JSON strings or bare numbers beyond 2^53.
    pub ids: OneOf<Ids>,
    /// Form of `expires_in`.
    pub expires_in: OneOf<ExpiresIn>,
    /// `expires_in` is up to this many seconds too low.
    pub expires_in_jitter: u32,
    /// Form of `token_type`.
    pub token_type: OneOf<TokenType>,
    /// Whether a refresh returns the same string with a later expiry, or a new one.
    pub refresh_string: OneOf<RefreshString>,
    /// What happens to the old string when a refresh returns a new one.
    pub old_after_refresh: OldAfterRefresh,
    /// Reply to a refresh of a token that is too young.
    pub refresh_under_24h: OneOf<RefreshUnder24h>,
    /// Reply to a refresh of a short-lived token.
    pub refresh_short: OneOf<RefreshShort>,
    /// Whether exchanging a long-lived Facebook user token extends it.
    pub fb_reexchange: FbReexchange,
    /// Language of the messages about dead tokens.
    pub language: OneOf<Language>,
    /// Whether `locale=en_US` or `Accept-Language: en` makes them English.
    pub honours_locale: bool,
    /// Whether errors about dead tokens include their `error_subcode`.
    pub subcodes: OneOf<bool>,
    /// HTTP status of Threads for errors 190, 10 and 100.
    pub threads_status: u16,
    /// Whether the Instagram and Threads graph hosts accept `Authorization: Bearer`.
    pub bearer: bool,
    /// Whether Facebook calls need an `appsecret_proof`. If one is sent, it is always checked.
    pub require_appsecret_proof: bool,
    /// Form of the usage headers.
    pub usage_headers: OneOf<UsageHeaders>,
    /// The percentage in the usage headers.
    pub usage_percent: u8,
    /// `estimated_time_to_regain_access` in the business header, in minutes.
    pub usage_regain_minutes: u32,
    /// An outage for a share of all accounts.
    pub incident: Option<Incident>,
    /// How many more calls with a dead token are tolerated once the client has been told, before they are violations.
    pub allowed_dead_token_calls: u32,
    /// How many calls each app may have open at once; more are a violation. `null` allows any number.
    pub max_concurrent_calls: Option<u32>,
    /// Lifetime of a short-lived token, in seconds.
    pub short_ttl: i64,
    /// Lifetime of a long-lived token, in seconds.
    pub long_ttl: i64,
    /// Lifetime of an authorization code, in seconds.
    pub code_ttl: i64,
    /// Minimum age for a refresh, in seconds.
    pub refresh_min_age: i64,
    /// How long a user's consent lasts, in seconds. Private profiles lose their permissions when it ends.
    pub consent_ttl: i64,
}

impl Knobs {
    /// No faults, and one shape for each reply: the one that live integrations report most.
    pub fn friendly() -> Self {
        Self {
            fault_rates: FaultRates::default(),
            exchange_shape: OneOf::only(ExchangeShape::B),
            permissions: OneOf::only(Permissions::List),
            me_shape: OneOf::only(MeShape::Flat),
            ids: OneOf::only(Ids::Text),
            expires_in: OneOf::only(ExpiresIn::Number),
            expires_in_jitter: 0,
            token_type: OneOf::only(TokenType::Lower),
            refresh_string: OneOf::only(RefreshString::New),
            old_after_refresh: OldAfterRefresh::Valid,
            refresh_under_24h: OneOf::only(RefreshUnder24h::NoOp),
            refresh_short: OneOf::only(RefreshShort::Error190),
            fb_reexchange: FbReexchange::CountsDown,
            language: OneOf::only(Language::En),
            honours_locale: true,
            subcodes: OneOf::only(true),
            threads_status: 500,
            bearer: true,
            require_appsecret_proof: false,
            usage_headers: OneOf::only(UsageHeaders::Absent),
            usage_percent: 3,
            usage_regain_minutes: 0,
            incident: None,
            allowed_dead_token_calls: 3,
            max_concurrent_calls: Some(16),
            short_ttl: 3600,
            long_ttl: 5_184_000,
            code_ttl: 3600,
            refresh_min_age: 86_400,
            consent_ttl: 7_775_957,
        }
    }
}

/// Unfriendly: random faults, and every shape of each reply.
impl Default for Knobs {
    fn default() -> Self {
        Self {
            fault_rates: FaultRates::unfriendly(),
            exchange_shape: OneOf::several(ExchangeShape::ALL),
            permissions: OneOf::several(Permissions::ALL),
            me_shape: OneOf::several(MeShape::ALL),
            ids: OneOf::several(Ids::ALL),
            expires_in: OneOf::several(&[ExpiresIn::Number, ExpiresIn::Text]),
            expires_in_jitter: 60,
            token_type: OneOf::several(TokenType::ALL),
            refresh_string: OneOf::several(RefreshString::ALL),
            refresh_under_24h: OneOf::several(RefreshUnder24h::ALL),
            refresh_short: OneOf::several(RefreshShort::ALL),
            language: OneOf::several(Language::ALL),
            honours_locale: false,
            subcodes: OneOf::several(&[true, false]),
            usage_headers: OneOf::several(UsageHeaders::ALL),
            ..Self::friendly()
        }
    }
}

/// The share of calls, 0 to 1, that each fault strikes by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultRates {
    /// HTTP 500 with an empty body, or code 1.
    pub server_error: f64,
    /// Code 2, `is_transient`, with HTTP 200, 400, 500 or 503.
    pub transient: f64,
    /// The call is executed, and the response is lost.
    pub lost_reply: f64,
    /// A `Date` header that is off by hours or days.
    pub wrong_date: f64,
    /// An HTML page with HTTP 200, 403 or 502.
    pub html: f64,
    /// The call is executed, and the body is cut short.
    pub truncated: f64,
    /// The connection closes; the call is not executed.
    pub dropped: f64,
    /// The response takes `slow_millis`.
    pub slow: f64,
    /// How slow, in milliseconds.
    pub slow_millis: u64,
}

impl FaultRates {
    /// High enough that a fragile client fails soon, low enough that a robust one succeeds within a few attempts.
    pub fn unfriendly() -> Self {
        Self {
            server_error: 0.05,
            transient: 0.02,
            lost_reply: 0.01,
            wrong_date: 0.01,
            html: 0.005,
            truncated: 0.005,
            dropped: 0.005,
            slow: 0.01,
            slow_millis: 300,
        }
    }
}

/// An outage for a share of all accounts, as in May 2026, when valid Page tokens got 100/33 everywhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// The error that affected accounts get.
    pub error: MetaError,
    /// The share of accounts, 0 to 1. The seed decides which ones; they stay the same.
    pub fraction: f64,
    /// Limits it to one product.
    #[serde(default)]
    pub product: Option<Product>,
    /// The Unix time at which it ends.
    #[serde(default)]
    pub until: Option<i64>,
}

/// Returns `knobs` with only the fields named in `patch` changed. `fault_rates` is merged field by field.
pub(crate) fn patched(knobs: &Knobs, patch: &serde_json::Value) -> Result<Knobs, serde_json::Error> {
    use serde_json::Value;
    let mut merged = serde_json::to_value(knobs)?;
    let Some(patch) = patch.as_object() else { return Err(serde::de::Error::custom("a JSON object is needed")) };
    for (name, value) in patch {
        match (&mut merged[name.as_str()], value) {
            (Value::Object(onto), Value::Object(fields)) if name == "fault_rates" => onto.extend(fields.clone()),
            (onto, value) => *onto = value.clone(),
        }
    }
    serde_json::from_value(merged)
}

/// Each knob's name and its value as JSON, for the page.
pub(crate) fn listed(knobs: &Knobs) -> BTreeMap<String, String> {
    let value = serde_json::to_value(knobs).unwrap_or_default();
    let fields = value.as_object().into_iter().flatten();
    fields.map(|(name, value)| (name.clone(), value.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_changes_only_the_knobs_it_names() {
        let before = Knobs::default();
        let after =
            patched(&before, &json!({"me_shape": "data", "language": ["pt", "ko"], "fault_rates": {"html": 1.0}}))
                .unwrap();
        assert_eq!(after.me_shape, OneOf::only(MeShape::Data));
        assert_eq!(after.language, OneOf::several(&[Language::Pt, Language::Ko]));
        assert_eq!(after.fault_rates, FaultRates { html: 1.0, ..before.fault_rates });
        assert_eq!(after.long_ttl, before.long_ttl);
    }

    #[test]
    fn an_invalid_patch_is_rejected() {
        for patch in [json!({"me_shap": "data"}), json!({"me_shape": "round"}), json!({"me_shape": []}), json!([])] {
            assert!(patched(&Knobs::default(), &patch).is_err(), "{patch}");
        }
    }

    #[test]
    fn a_config_round_trips_through_json() {
        for config in [Config::default(), Config::friendly().clock_at(5)] {
            let json = serde_json::to_string(&config).unwrap();
            assert_eq!(serde_json::from_str::<Config>(&json).unwrap(), config);
        }
    }
}
