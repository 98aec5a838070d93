//! A person logs in with the browser, and a long-lived token comes of it.
//!
//! ```text
//! address of the login -> the person -> redirect URI, or what is pasted -> code -> short-lived token -> long-lived token -> /me
//! ```

mod answer;
mod browser;
mod certificate;
mod exchange;
mod listener;
mod page;
mod stdin;

use everlit_meta_api::{App, Lifetime, Me, Permissions, Platform, Token, authorize_url, default_scopes};

use self::answer::Way;
use crate::cli::LoginFlags;
use crate::command::runtime;
use crate::output::problem::Problem;
use crate::output::screen::Screen;
use crate::wire::{Context, app_names};
use everlit_host::unguessable;

/// What a login gives. Nothing of it is saved yet.
#[derive(Debug)]
pub(crate) struct LoggedIn {
    /// Long-lived.
    pub(crate) token: Token,
    /// [`Lifetime::Unknown`] where Meta did not say.
    pub(crate) lifetime: Lifetime,
    /// Whose token it is, by Meta's own word.
    pub(crate) me: Me,
    /// What the person granted; `None` where Meta did not say.
    pub(crate) permissions: Option<Vec<String>>,
}

/// Opens the login of `platform` in the browser, waits for its answer and exchanges it for a long-lived token. `again` is
/// the command that begins anew.
pub(crate) fn log_in(
    context: &Context<'_>,
    platform: Platform,
    again: &str,
    flags: &LoginFlags,
    screen: &mut Screen,
) -> Result<LoggedIn, Problem> {
    let app = app(context, platform)?;
    // What a configuration allows is its own affair.
    let scopes = if flags.config_id.is_some() { Vec::new() } else { scopes(platform, flags)? };
    let permissions = flags.config_id.as_deref().map_or(Permissions::Scopes(&scopes), Permissions::Configuration);
    let client = context.client()?.with_app(app.clone());
    let runtime = runtime()?;
    runtime.block_on(async {
        let way = Way::choose(context, platform, again, flags).await?;
        let state = unguessable().ok_or_else(|| Problem::internal("the system gives no random numbers"))?;
        let state = state.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let url = authorize_url(platform, &app.id, way.redirect_uri(), permissions, &state, flags.force_login);
        let login = answer::Login { platform, again, state: &state, address: &reachable(&url, context) };
        let redirect_uri = way.redirect_uri().to_owned();
        let code = way.answer(&login, context, flags, screen).await?;
        let logged_in = exchange::exchange(&client, context.clock(), &login, &code, &redirect_uri).await?;
        note_what_is_missing(&logged_in, &scopes, screen);
        Ok(logged_in)
    })
}

/// Facebook alone has login configurations. Their ids are numbers; what is none may be a secret in the wrong place, and is
/// not repeated.
pub(crate) fn check_config_id(flags: &LoginFlags, is_facebook: bool) -> Result<(), Problem> {
    match flags.config_id.as_deref() {
        None => Ok(()),
        Some(_) if !is_facebook => Err(Problem::config("--config-id belongs to a login with --facebook")
            .with_next("the same again without --config-id, or with --facebook")),
        Some(id) if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) => Ok(()),
        Some(_) => Err(Problem::config("--config-id is no number").with_next(
            "the same again with the id as it stands in the App Dashboard, Facebook Login for Business > Configurations",
        )),
    }
}

fn app(context: &Context<'_>, platform: Platform) -> Result<App, Problem> {
    let (id_name, secret_name) = app_names(platform);
    let Some(app) = context.app_of(platform)? else {
        return Err(Problem::config(format!(
            "a login with the browser needs the app's id and secret: {id_name} and {secret_name} are not set"
        ))
        .with_next(format!(
            "put both into {} (or the environment); they stand in the App Dashboard under {}",
            crate::settings::SECRETS_FILE,
            where_in_dashboard(platform)
        )));
    };
    let (meta_id_name, _) = app_names(Platform::Facebook);
    let meta_id = context.secret(meta_id_name)?;
    if platform != Platform::Facebook && meta_id.is_some_and(|id| id.value.trim() == app.value.id) {
        return Err(Problem::config(format!(
            "{id_name} and {meta_id_name} are the same number, but each platform has an id and a secret of its own"
        ))
        .with_next(format!("take {id_name} from the App Dashboard, {}", where_in_dashboard(platform))));
    }
    Ok(app.value)
}

/// Where the id and the secret stand, and where the redirect URI is entered.
fn where_in_dashboard(platform: Platform) -> &'static str {
    match platform {
        Platform::Instagram => "Instagram > API setup with Instagram login > Business login settings",
        Platform::Threads => "Use cases > Access the Threads API > Settings",
        Platform::Facebook => "Facebook Login > Settings (id and secret: App settings > Basic)",
    }
}

fn scopes(platform: Platform, flags: &LoginFlags) -> Result<Vec<&str>, Problem> {
    let mut scopes = default_scopes(platform).to_vec();
    let more = flags.scope.iter().flat_map(|scope| scope.split([',', ' '])).filter(|scope| !scope.is_empty());
    for scope in more {
        if !scope.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            return Err(Problem::config(
                "--scope is no permission: its names are lower-case, such as threads_content_publish",
            )
            .with_next("the same again with --scope and the name as Meta writes it"));
        }
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(scopes)
}

/// The address where the calls go that are not meant for the real Meta, if there is one.
fn reachable(url: &str, context: &Context<'_>) -> String {
    match &context.settings.meta_url {
        Some(stand_in) => url.replacen("https://", &format!("{}/", stand_in.value.trim_end_matches('/')), 1),
        None => url.to_owned(),
    }
}

/// A person may leave out permissions one by one.
fn note_what_is_missing(logged_in: &LoggedIn, failed_call: &[&str], screen: &mut Screen) {
    let Some(granted) = &logged_in.permissions else { return };
    let missing: Vec<_> = failed_call.iter().copied().filter(|scope| !granted.iter().any(|g| g == scope)).collect();
    if !missing.is_empty() {
        screen.note(format!(
            "Not granted: {}. Log in again and leave them ticked if they are needed.",
            missing.join(", ")
        ));
    }
}
