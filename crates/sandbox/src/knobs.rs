//! Everything about this Meta that can be set.
//!
//! Where the real Meta's behaviour is not certain, or where it answers in more than one way, there is a knob. A knob of
//! type [`OneOf`] lists the ways; each call picks one.

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

/// How the sandbox starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Behaviour; can be changed at any time.
    pub knobs: Knobs,
    /// Who may ask for tokens.
    pub apps: Vec<App>,
    /// What drives the clock.
    pub clock: Clock,
    /// How many calls and how many violations are remembered; older ones are dropped, the counts stay.
    pub call_log_limit: usize,
}

impl Config {
    /// A calm Meta: no faults of its own, one shape for each reply. For tests about something else.
    pub fn friendly() -> Self {
        Self { knobs: Knobs::friendly(), ..Self::default() }
    }

    /// The same with the clock standing at this Unix time until it is moved.
    #[must_use]
    pub fn clock_at(mut self, unix_seconds: i64) -> Self {
        self.clock = Clock::Fixed { at: unix_seconds };
        self
    }

    /// The first app of that product.
    pub fn app(&self, product: Product) -> Option<&App> {
        self.apps.iter().find(|app| app.product == product)
    }
}

/// An unfriendly Meta, with the clock of this machine.
impl Default for Config {
    fn default() -> Self {
        let app = |product, id: &str, secret: &str, name: &str| App {
            product,
            id: id.into(),
            secret: secret.into(),
            name: name.into(),
            redirect_uris: Vec::new(),
        };
        Self {
            knobs: Knobs::default(),
            apps: vec![
                app(
                    Product::Instagram,
                    "1000000000000001",
                    "fa4e5a4db0c500000000000000000001",
                    "Sandbox Instagram app",
                ),
                app(Product::Facebook, "1000000000000002", "fa4e5a4db0c500000000000000000002", "Sandbox Facebook app"),
                app(Product::Threads, "1000000000000003", "fa4e5a4db0c500000000000000000003", "Sandbox Threads app"),
            ],
            clock: Clock::Real,
            call_log_limit: 10_000,
        }
    }
}

/// An app as its dashboard shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// The product it is set up for.
    pub product: Product,
    /// `client_id`.
    pub id: String,
    /// `client_secret`. As fake as everything here.
    pub secret: String,
    /// Shown on the page that asks a person.
    #[serde(default)]
    pub name: String,
    /// Registered redirect URIs; any http(s) address where there are none.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
}

/// What drives the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum Clock {
    /// It begins at this machine's time and runs on with it; it can be moved ahead or back at any time.
    Real,
    /// It stands at this Unix time until it is moved.
    Fixed {
        /// Unix seconds.
        at: i64,
    },
}

/// Behaviour. `Knobs::default()` is unfriendly, [`Knobs::friendly`] is calm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Knobs {
    /// How often the weather strikes.
    pub fault_rates: FaultRates,
    /// Shape of a reply to a code exchange.
    pub exchange_shape: OneOf<ExchangeShape>,
    /// Form of `permissions` in the shapes that have it.
    pub permissions: OneOf<Permissions>,
    /// Shape of Instagram's `/me`.
    pub me_shape: OneOf<MeShape>,
    /// Whether ids are JSON strings or bare numbers beyond 2^53.
    pub ids: OneOf<Ids>,
    /// Form of `expires_in`.
    pub expires_in: OneOf<ExpiresIn>,
    /// `expires_in` is short of the truth by up to this many seconds.
    pub expires_in_jitter: u32,
    /// Form of `token_type`.
    pub token_type: OneOf<TokenType>,
    /// Whether a refresh returns the same string, prolonged, or a new one.
    pub refresh_string: OneOf<RefreshString>,
    /// What becomes of the old string after a refresh that returned a new one.
    pub old_after_refresh: OldAfterRefresh,
    /// Reply to a refresh of a token that is too young.
    pub refresh_under_24h: OneOf<RefreshUnder24h>,
    /// Reply to a refresh of a short-lived token.
    pub refresh_short: OneOf<RefreshShort>,
    /// Whether exchanging a long-lived Facebook user token prolongs it.
    pub fb_reexchange: FbReexchange,
    /// Language of the messages about dead tokens.
    pub language: OneOf<Language>,
    /// Whether `locale=en_US` or `Accept-Language: en` makes them English.
    pub honours_locale: bool,
    /// Whether errors about dead tokens carry their `error_subcode`.
    pub subcodes: OneOf<bool>,
    /// HTTP status of Threads for errors 190, 10 and 100.
    pub threads_status: u16,
    /// Whether `Authorization: Bearer` is understood on the Instagram and Threads graph hosts.
    pub bearer: bool,
    /// Whether Facebook calls need an `appsecret_proof`. One that is sent is always checked.
    pub require_appsecret_proof: bool,
    /// Form of the usage headers.
    pub usage_headers: OneOf<UsageHeaders>,
    /// The percentage that the usage headers show.
    pub usage_percent: u8,
    /// `estimated_time_to_regain_access` of the business header, in minutes.
    pub usage_regain_minutes: u32,
    /// Trouble that hits a share of all accounts alike.
    pub incident: Option<Incident>,
    /// Calls with a dead token that are forgiven after it was said to be dead, before they are a violation.
    pub allowed_dead_token_calls: u32,
    /// Calls that may be open at once before that is a violation.
    pub max_concurrent_calls: Option<u32>,
    /// Life of a short-lived token, in seconds.
    pub short_ttl: i64,
    /// Life of a long-lived token, in seconds.
    pub long_ttl: i64,
    /// Life of an authorization code, in seconds.
    pub code_ttl: i64,
    /// Age from which a token can be refreshed, in seconds.
    pub refresh_min_age: i64,
    /// How long the consent of a person lasts, in seconds: `data_access_expires_at`, and the permissions of a private profile.
    pub consent_ttl: i64,
}

impl Knobs {
    /// No faults, and one shape for each reply: the one that live integrations mostly record.
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
            max_concurrent_calls: None,
            short_ttl: 3600,
            long_ttl: 5_184_000,
            code_ttl: 3600,
            refresh_min_age: 86_400,
            consent_ttl: 7_775_957,
        }
    }
}

/// Unfriendly: weather, and every reply in each of its shapes.
impl Default for Knobs {
    fn default() -> Self {
        Self {
            fault_rates: FaultRates::unfriendly(),
            exchange_shape: OneOf::several(vec![
                ExchangeShape::A,
                ExchangeShape::B,
                ExchangeShape::C,
                ExchangeShape::D,
            ]),
            permissions: OneOf::several(vec![Permissions::Text, Permissions::List, Permissions::Absent]),
            me_shape: OneOf::several(vec![MeShape::Flat, MeShape::Data]),
            ids: OneOf::several(vec![Ids::Text, Ids::Number]),
            expires_in: OneOf::several(vec![ExpiresIn::Number, ExpiresIn::Text]),
            expires_in_jitter: 60,
            token_type: OneOf::several(vec![TokenType::Lower, TokenType::Capital, TokenType::Absent]),
            refresh_string: OneOf::several(vec![RefreshString::Same, RefreshString::New]),
            refresh_under_24h: OneOf::several(vec![
                RefreshUnder24h::NoOp,
                RefreshUnder24h::Error100,
                RefreshUnder24h::Error190,
            ]),
            refresh_short: OneOf::several(vec![RefreshShort::Error190, RefreshShort::Error100, RefreshShort::Error452]),
            language: OneOf::several(vec![Language::En, Language::Pt, Language::Ko]),
            honours_locale: false,
            subcodes: OneOf::several(vec![true, false]),
            usage_headers: OneOf::several(vec![
                UsageHeaders::Absent,
                UsageHeaders::Facebook,
                UsageHeaders::Instagram,
                UsageHeaders::Business,
                UsageHeaders::Malformed,
            ]),
            ..Self::friendly()
        }
    }
}

/// The share of calls, 0 to 1, that each trouble strikes by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultRates {
    /// HTTP 500 with an empty body, or code 1.
    pub server_error: f64,
    /// Code 2, `is_transient`, under HTTP 200, 400, 500 or 503.
    pub transient: f64,
    /// Done as asked, and the reply is lost.
    pub lost_reply: f64,
    /// A `Date` header that is hours or days off.
    pub wrong_date: f64,
    /// A page in HTML under HTTP 200, 403 or 502.
    pub html: f64,
    /// Done as asked, and the body ends early.
    pub truncated: f64,
    /// The connection ends, nothing was done.
    pub dropped: f64,
    /// The reply takes `slow_millis`.
    pub slow: f64,
    /// How slow, in milliseconds.
    pub slow_millis: u64,
}

impl FaultRates {
    /// Enough for a client that cannot bear it to fail soon, and for one that can to get through in a few tries.
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

/// Trouble that hits a share of all accounts alike, as in May 2026, when valid Page tokens got 100/33 everywhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// What they are told.
    pub error: MetaError,
    /// The share of accounts, 0 to 1. Which ones is settled by the seed and stays the same.
    pub fraction: f64,
    /// Of this product alone.
    #[serde(default)]
    pub product: Option<Product>,
    /// It is over at this Unix time.
    #[serde(default)]
    pub until: Option<i64>,
}

/// `patch` laid over `knobs`: only the fields it names change; `fault_rates` is merged field by field.
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

/// The knobs as JSON, one entry each, for the page.
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
    fn a_patch_changes_what_it_names_and_nothing_else() {
        let before = Knobs::default();
        let after =
            patched(&before, &json!({"me_shape": "data", "language": ["pt", "ko"], "fault_rates": {"html": 1.0}}))
                .unwrap();
        assert_eq!(after.me_shape, OneOf::only(MeShape::Data));
        assert_eq!(after.language, OneOf::several(vec![Language::Pt, Language::Ko]));
        assert_eq!(after.fault_rates, FaultRates { html: 1.0, ..before.fault_rates });
        assert_eq!(after.long_ttl, before.long_ttl);
    }

    #[test]
    fn a_patch_with_a_wrong_name_value_or_an_empty_list_is_refused() {
        for patch in [json!({"me_shap": "data"}), json!({"me_shape": "round"}), json!({"me_shape": []}), json!([])] {
            assert!(patched(&Knobs::default(), &patch).is_err(), "{patch}");
        }
    }

    #[test]
    fn knobs_survive_json() {
        for config in [Config::default(), Config::friendly().clock_at(5)] {
            let json = serde_json::to_string(&config).unwrap();
            assert_eq!(serde_json::from_str::<Config>(&json).unwrap(), config);
        }
    }
}
