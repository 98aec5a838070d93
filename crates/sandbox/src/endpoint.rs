//! Which endpoint a call is for.

use serde::{Deserialize, Serialize};

use crate::call::Call;

/// Meta's three products; each has its own apps, hosts and tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// Instagram API with Instagram Login.
    Instagram,
    /// Facebook Login: user, page and system-user tokens.
    Facebook,
    /// Threads API.
    Threads,
}

/// An endpoint of Meta's, the same name for every product that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// The page on which a person allows the app: `/oauth/authorize`, `/dialog/oauth`.
    Authorize,
    /// Authorization code for a token: `POST /oauth/access_token`.
    CodeExchange,
    /// Short-lived for long-lived: `GET /access_token` with `ig_exchange_token` or `th_exchange_token`.
    LongLivedExchange,
    /// `GET /refresh_access_token`.
    Refresh,
    /// `fb_exchange_token`.
    FacebookExchange,
    /// `fb_exchange_token` with `set_token_expires_in_60_days`.
    SystemUserRefresh,
    /// `client_credentials`.
    AppToken,
    /// `/debug_token`.
    DebugToken,
    /// `/me`.
    Me,
    /// `/me/accounts`.
    MeAccounts,
    /// `/{page-id}?fields=access_token`.
    Page,
    /// `/oauth/revoke`.
    Revoke,
    /// Anything else.
    Unknown,
}

impl Endpoint {
    /// Sorts a call by host and path; an API version before the path is optional, as at Meta.
    pub fn of(call: &Call) -> Self {
        let path = unversioned(&call.path);
        match call.host.as_str() {
            "www.instagram.com" | "instagram.com" | "threads.com" | "www.threads.com" | "threads.net"
            | "www.threads.net"
                if path == "oauth/authorize" =>
            {
                Self::Authorize
            }
            "www.facebook.com" | "m.facebook.com" if path == "dialog/oauth" => Self::Authorize,
            "api.instagram.com" => match path {
                "oauth/authorize" => Self::Authorize,
                "oauth/access_token" => Self::CodeExchange,
                _ => Self::Unknown,
            },
            "graph.instagram.com" => match path {
                "access_token" => Self::LongLivedExchange,
                "refresh_access_token" => Self::Refresh,
                "me" => Self::Me,
                _ => Self::Unknown,
            },
            "graph.threads.com" | "graph.threads.net" => match path {
                "oauth/access_token" => Self::by_grant(call),
                "access_token" => Self::LongLivedExchange,
                "refresh_access_token" => Self::Refresh,
                "debug_token" => Self::DebugToken,
                "me" => Self::Me,
                _ => Self::Unknown,
            },
            "graph.facebook.com" => match path {
                "oauth/access_token" => Self::by_grant(call),
                "oauth/revoke" => Self::Revoke,
                "debug_token" => Self::DebugToken,
                "me" => Self::Me,
                "me/accounts" => Self::MeAccounts,
                id if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) => Self::Page,
                _ => Self::Unknown,
            },
            _ => Self::Unknown,
        }
    }

    /// Facebook and Threads have one address for several things.
    fn by_grant(call: &Call) -> Self {
        match call.param("grant_type") {
            Some("client_credentials") => Self::AppToken,
            Some("fb_exchange_token") if call.param("set_token_expires_in_60_days").is_some() => {
                Self::SystemUserRefresh
            }
            Some("fb_exchange_token") => Self::FacebookExchange,
            _ => Self::CodeExchange,
        }
    }

    /// The name used in logs and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::CodeExchange => "code_exchange",
            Self::LongLivedExchange => "long_lived_exchange",
            Self::Refresh => "refresh",
            Self::FacebookExchange => "facebook_exchange",
            Self::SystemUserRefresh => "system_user_refresh",
            Self::AppToken => "app_token",
            Self::DebugToken => "debug_token",
            Self::Me => "me",
            Self::MeAccounts => "me_accounts",
            Self::Page => "page",
            Self::Revoke => "revoke",
            Self::Unknown => "unknown",
        }
    }

    /// Where the token that the call is about stands among the parameters.
    pub(crate) fn token_param(self) -> &'static str {
        match self {
            Self::FacebookExchange | Self::SystemUserRefresh => "fb_exchange_token",
            Self::DebugToken => "input_token",
            Self::Revoke => "revoke_token",
            _ => "access_token",
        }
    }
}

/// The product that a host belongs to; Facebook for a host that is not Meta's.
pub(crate) fn product_of(host: &str) -> Product {
    if host.contains("instagram") {
        Product::Instagram
    } else if host.contains("threads") {
        Product::Threads
    } else {
        Product::Facebook
    }
}

/// `/v25.0/me/` to `me`.
pub(crate) fn unversioned(path: &str) -> &str {
    let path = path.trim_matches('/');
    let is_version = |segment: &str| {
        segment.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
    };
    match path.split_once('/') {
        Some((version, rest)) if is_version(version) => rest,
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_endpoint_is_found_with_and_without_a_version() {
        let table = [
            ("www.instagram.com/oauth/authorize?client_id=1", Endpoint::Authorize),
            ("threads.com/oauth/authorize", Endpoint::Authorize),
            ("www.facebook.com/v25.0/dialog/oauth", Endpoint::Authorize),
            ("api.instagram.com/oauth/access_token", Endpoint::CodeExchange),
            ("graph.threads.com/oauth/access_token", Endpoint::CodeExchange),
            ("graph.facebook.com/v26.0/oauth/access_token?code=1", Endpoint::CodeExchange),
            ("graph.instagram.com/access_token?grant_type=ig_exchange_token", Endpoint::LongLivedExchange),
            ("graph.instagram.com/refresh_access_token", Endpoint::Refresh),
            ("graph.instagram.com/v25.0/refresh_access_token/", Endpoint::Refresh),
            ("graph.threads.net/refresh_access_token", Endpoint::Refresh),
            ("graph.facebook.com/oauth/access_token?grant_type=fb_exchange_token", Endpoint::FacebookExchange),
            (
                "graph.facebook.com/oauth/access_token?grant_type=fb_exchange_token&set_token_expires_in_60_days=true",
                Endpoint::SystemUserRefresh,
            ),
            ("graph.threads.com/oauth/access_token?grant_type=client_credentials", Endpoint::AppToken),
            ("graph.threads.com/v1.0/debug_token", Endpoint::DebugToken),
            ("graph.facebook.com/v25.0/debug_token", Endpoint::DebugToken),
            ("graph.instagram.com/me", Endpoint::Me),
            ("graph.facebook.com/v25.0/me", Endpoint::Me),
            ("graph.facebook.com/v25.0/me/accounts", Endpoint::MeAccounts),
            ("graph.facebook.com/v25.0/104000000000001?fields=access_token", Endpoint::Page),
            ("graph.facebook.com/oauth/revoke", Endpoint::Revoke),
            ("graph.instagram.com/debug_token", Endpoint::Unknown),
            ("graph.instagram.com/v25.0", Endpoint::Unknown),
            ("example.com/me", Endpoint::Unknown),
        ];
        for (target, endpoint) in table {
            assert_eq!(Endpoint::of(&Call::new("GET", target)), endpoint, "{target}");
        }
    }

    #[test]
    fn the_name_is_the_name_in_json() {
        for endpoint in [Endpoint::Authorize, Endpoint::LongLivedExchange, Endpoint::MeAccounts, Endpoint::Unknown] {
            assert_eq!(serde_json::json!(endpoint), endpoint.name());
        }
    }
}
