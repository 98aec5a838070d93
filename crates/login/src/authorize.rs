//! The authorize URL, where a login starts.
//!
//! Pages "Business Login" (Instagram Platform), "Manually Build a Login Flow" (Facebook Login), "Get Access Tokens"
//! (Threads).

use everlit_meta_api::{GRAPH_VERSION, Param, Platform, encode};

/// The permissions that everlit needs: to identify the account and refresh its token, and on Facebook to list the pages
/// and read their tokens.
pub fn default_scopes(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Instagram => &["instagram_business_basic"],
        Platform::Facebook => &["pages_show_list", "pages_read_engagement"],
        Platform::Threads => &["threads_basic"],
    }
}

/// The permissions that the login asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permissions<'a> {
    /// These.
    Scopes(&'a [&'a str]),
    /// Those of the login configuration with this id, which also determines whether the token is a user's or a system
    /// user's: page "Facebook Login for Business". Facebook only.
    Configuration(&'a str),
}

/// The authorize URL, where a person grants the app access. It holds no secret.
///
/// `state` comes back with the redirect and must be unguessable. `force_login` asks for the password even if the
/// browser is logged in; Threads has no such parameter.
pub fn authorize_url(
    platform: Platform,
    app_id: &str,
    redirect_uri: &str,
    permissions: Permissions<'_>,
    state: &str,
    force_login: bool,
) -> String {
    let base = match platform {
        Platform::Instagram => "https://www.instagram.com/oauth/authorize".to_owned(),
        Platform::Facebook => format!("https://www.facebook.com/{GRAPH_VERSION}/dialog/oauth"),
        Platform::Threads => "https://threads.com/oauth/authorize".to_owned(),
    };
    let permissions = match permissions {
        Permissions::Scopes(scopes) => Param::new("scope", scopes.join(",")),
        Permissions::Configuration(id) => Param::new("config_id", id),
    };
    let mut query = vec![
        Param::new("client_id", app_id),
        Param::new("redirect_uri", redirect_uri),
        Param::new("response_type", "code"),
        permissions,
        Param::new("state", state),
    ];
    if platform == Platform::Instagram {
        // Instagram's own login form instead of Facebook's.
        query.push(Param::new("enable_fb_login", "0"));
    }
    match platform {
        _ if !force_login => {}
        // The documented name, and the one that the dashboard uses.
        Platform::Instagram => {
            query.extend([Param::new("force_authentication", "1"), Param::new("force_reauth", "true")]);
        }
        Platform::Facebook => query.push(Param::new("auth_type", "reauthenticate")),
        Platform::Threads => {}
    }
    format!("{base}?{}", *encode(&query))
}
