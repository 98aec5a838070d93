//! Which endpoint a call is for.

use crate::{call::Call, variants::named};

named! {
    /// Meta's three products; each has its own apps, hosts and tokens.
    Product {
        /// Instagram API with Instagram Login.
        Instagram = "instagram",
        /// Facebook Login: user, page and system-user tokens.
        Facebook = "facebook",
        /// Threads API.
        Threads = "threads",
    }
    /// One of Meta's endpoints, under the same name for every product that has it.
    Endpoint {
        /// The consent page: `/oauth/authorize`, `/dialog/oauth`.
        Authorize = "authorize",
        /// Authorization code for a token: `POST /oauth/access_token`.
        CodeExchange = "code_exchange",
        /// Short-lived token for a long-lived one: `GET /access_token` with `ig_exchange_token` or `th_exchange_token`.
        LongLivedExchange = "long_lived_exchange",
        /// `GET /refresh_access_token`.
        Refresh = "refresh",
        /// `fb_exchange_token`.
        FacebookExchange = "facebook_exchange",
        /// `fb_exchange_token` with `set_token_expires_in_60_days`.
        SystemUserRefresh = "system_user_refresh",
        /// `client_credentials`.
        AppToken = "app_token",
        /// `/debug_token`.
        DebugToken = "debug_token",
        /// `/me`.
        Me = "me",
        /// `/me/accounts`.
        MeAccounts = "me_accounts",
        /// `/{page-id}?fields=access_token`.
        Page = "page",
        /// `/oauth/revoke`.
        Revoke = "revoke",
        /// Anything else.
        Unknown = "unknown",
    }
}

impl Product {
    /// The product that a host belongs to; Facebook for an unknown host.
    pub(crate) fn of_host(host: &str) -> Self {
        if host.contains("instagram") {
            Self::Instagram
        } else if host.contains("threads") {
            Self::Threads
        } else {
            Self::Facebook
        }
    }

    /// The `type` of errors from this product's graph host.
    pub(crate) fn error_type(self) -> &'static str {
        match self {
            Self::Instagram => "IGApiException",
            Self::Threads => "THApiException",
            Self::Facebook => "OAuthException",
        }
    }
}

impl Endpoint {
    /// Finds the endpoint by host and path. As at Meta, an API version in front of the path is optional.
    pub fn of(call: &Call) -> Self {
        let host = match call.host.as_str() {
            "graph.threads.net" => "graph.threads.com",
            "instagram.com" | "threads.com" | "www.threads.com" | "threads.net" | "www.threads.net" => {
                "www.instagram.com"
            }
            "m.facebook.com" => "www.facebook.com",
            host => host,
        };
        match (host, strip_version(&call.path)) {
            ("www.instagram.com" | "api.instagram.com", "oauth/authorize") | ("www.facebook.com", "dialog/oauth") => {
                Self::Authorize
            }
            ("api.instagram.com", "oauth/access_token") => Self::CodeExchange,
            ("graph.threads.com" | "graph.facebook.com", "oauth/access_token") => Self::by_grant(call),
            ("graph.instagram.com" | "graph.threads.com", "access_token") => Self::LongLivedExchange,
            ("graph.instagram.com" | "graph.threads.com", "refresh_access_token") => Self::Refresh,
            ("graph.threads.com" | "graph.facebook.com", "debug_token") => Self::DebugToken,
            ("graph.instagram.com" | "graph.threads.com" | "graph.facebook.com", "me") => Self::Me,
            ("graph.facebook.com", "me/accounts") => Self::MeAccounts,
            ("graph.facebook.com", "oauth/revoke") => Self::Revoke,
            ("graph.facebook.com", id) if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) => Self::Page,
            _ => Self::Unknown,
        }
    }

    /// Facebook and Threads use one URL for several grants.
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

    /// The parameter that carries the token the call is about.
    pub(crate) fn token_param(self) -> &'static str {
        match self {
            Self::FacebookExchange | Self::SystemUserRefresh => "fb_exchange_token",
            Self::DebugToken => "input_token",
            Self::Revoke => "revoke_token",
            _ => "access_token",
        }
    }
}

/// `/v25.0/me/` to `me`.
pub(crate) fn strip_version(path: &str) -> &str {
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
    fn endpoints_are_found_with_and_without_an_api_version() {
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
}
