//! The browser login of `everlit connect`, as far as flags and the terminal go; the rest is `everlit-login`.

mod answer;
mod problem;

use everlit_engine::{Account, SECRETS_FILE, app_variables};
use everlit_keeper::{ProvidedToken, Step};
use everlit_login::{Permissions, authorize_url, default_scopes, exchange};
use everlit_meta_api::{App, Platform};

use self::answer::Flow;
use self::problem::where_in_dashboard;
use super::place::Place;
use crate::cli::LoginFlags;
use crate::context::Context;
use crate::output::{Problem, Screen};
use crate::runtime::runtime;
use everlit_host::unguessable;

/// Opens the login of `platform` in the browser, waits for its answer and exchanges it for a long-lived token. `again` is
/// the command that starts over.
pub(crate) fn log_in(
    place: &Place<'_>,
    platform: Platform,
    again: &Step,
    flags: &LoginFlags,
    screen: &mut Screen,
) -> Result<ProvidedToken, Problem> {
    let context = &place.context;
    let app = app(context, place.account(), platform)?;
    // A login configuration brings its own permissions.
    let scopes = if flags.config_id.is_some() { Vec::new() } else { scopes(platform, flags)? };
    let permissions = flags.config_id.as_deref().map_or(Permissions::Scopes(&scopes), Permissions::Configuration);
    let client = context.client()?.with_app(app.clone());
    let runtime = runtime()?;
    runtime.block_on(async {
        let flow = Flow::choose(context, platform, again, flags).await?;
        let state = unguessable().ok_or_else(|| Problem::internal("the system provides no random numbers"))?;
        let state = state.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let url = authorize_url(platform, &app.id, flow.redirect_uri(), permissions, &state, flags.force_login);
        let login = answer::Login { platform, again, state: &state, address: &reachable(&url, context) };
        let redirect_uri = flow.redirect_uri().to_owned();
        let code = flow.answer(&login, context, flags, screen).await?;
        let provided = exchange(&client, context.clock(), platform, &code, &redirect_uri)
            .await
            .map_err(|error| problem::of(&error, platform, again))?;
        note_missing_permissions(&provided, &scopes, screen);
        Ok(provided)
    })
}

/// Only Facebook has login configurations. Their ids are numbers; anything else may be a secret and is not repeated.
pub(crate) fn check_config_id(flags: &LoginFlags, is_facebook: bool) -> Result<(), Problem> {
    match flags.config_id.as_deref() {
        None => Ok(()),
        Some(_) if !is_facebook => Err(Problem::config("--config-id needs --facebook")
            .with_next(Step::note("run it again without --config-id, or with --facebook"))),
        Some(id) if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) => Ok(()),
        Some(_) => Err(Problem::config("--config-id is not a number").with_next(Step::note(
            "run it again with the id shown in the App Dashboard, Facebook Login for Business > Configurations",
        ))),
    }
}

fn app(context: &Context<'_>, account: &Account, platform: Platform) -> Result<App, Problem> {
    let (id_name, secret_name) = app_variables(platform);
    let Some(app) = context.app(account, platform)? else {
        return Err(Problem::config(format!(
            "a browser login needs the app's id and secret: {id_name} and {secret_name} are not set"
        ))
        .with_next(Step::note(format!(
            "put both into {} or the environment; the App Dashboard shows them under {}",
            SECRETS_FILE,
            where_in_dashboard(platform)
        ))));
    };
    let (meta_id_name, _) = app_variables(Platform::Facebook);
    let meta_id = context.secret(meta_id_name)?;
    if platform != Platform::Facebook && meta_id.is_some_and(|id| id.value.trim() == app.value.id) {
        return Err(Problem::config(format!(
            "{id_name} and {meta_id_name} are the same number, but each platform has its own id and secret"
        ))
        .with_next(Step::note(format!("take {id_name} from the App Dashboard, {}", where_in_dashboard(platform)))));
    }
    Ok(app.value)
}

fn scopes(platform: Platform, flags: &LoginFlags) -> Result<Vec<&str>, Problem> {
    let mut scopes = default_scopes(platform).to_vec();
    let more = flags.scope.iter().flat_map(|scope| scope.split([',', ' '])).filter(|scope| !scope.is_empty());
    for scope in more {
        if !scope.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            return Err(Problem::config(
                "--scope is not a permission: permissions are lower-case, such as threads_content_publish",
            )
            .with_next(Step::note("run it again with --scope and the permission as Meta spells it")));
        }
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(scopes)
}

/// The authorize URL, at the stand-in if Meta is replaced by one.
fn reachable(url: &str, context: &Context<'_>) -> String {
    match &context.settings.meta_url {
        Some(stand_in) => url.replacen("https://", &format!("{}/", stand_in.value.trim_end_matches('/')), 1),
        None => url.to_owned(),
    }
}

/// A person may decline single permissions.
fn note_missing_permissions(provided: &ProvidedToken, wanted: &[&str], screen: &mut Screen) {
    let Some(granted) = &provided.permissions else { return };
    let missing: Vec<_> = wanted.iter().copied().filter(|scope| !granted.iter().any(|g| g == scope)).collect();
    if !missing.is_empty() {
        screen.note(format!(
            "Not granted: {}. If you need them, log in again and leave them ticked.",
            missing.join(", ")
        ));
    }
}
