//! The Meta app of each platform: its id and its secret.

use everlit_keeper::Step;
use everlit_meta_api::{App, Platform, Secret};

use super::project::Project;
use super::setting::Setting;
use crate::ConfigError;

/// The variables that hold the id and the secret of a platform's app. Meta gives one app a pair for each platform.
pub fn app_variables(platform: Platform) -> (&'static str, &'static str) {
    match platform {
        Platform::Instagram => ("INSTAGRAM_APP_ID", "INSTAGRAM_APP_SECRET"),
        Platform::Threads => ("THREADS_APP_ID", "THREADS_APP_SECRET"),
        Platform::Facebook => ("META_APP_ID", "META_APP_SECRET"),
    }
}

impl Project<'_> {
    /// The app of a platform, if its id and secret are set.
    pub fn app(&self, platform: Platform) -> Result<Option<Setting<App>>, ConfigError> {
        let (id_name, secret_name) = app_variables(platform);
        let missing = |missing: &str, set: &str| {
            let next = Step::everlit("doctor").with_note(format!("once {missing} is set in the same place"));
            Err(ConfigError::new(format!("{set} is set but {missing} is not; both are needed"), next))
        };
        match (self.secret(id_name)?, self.secret(secret_name)?) {
            (Some(id), Some(secret)) => {
                let app = App { id: id.value.trim().to_owned(), secret: Secret::new(secret.value.trim()) };
                check(&app, platform)?;
                Ok(Some(Setting { value: app, origin: secret.origin }))
            }
            (None, None) => Ok(None),
            (Some(_), None) => missing(secret_name, id_name),
            (None, Some(_)) => missing(id_name, secret_name),
        }
    }
}

/// An id is a number and a secret 32 hexadecimal digits; people mix them up.
fn check(app: &App, platform: Platform) -> Result<(), ConfigError> {
    let (id_name, secret_name) = app_variables(platform);
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_secret = |text: &str| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let secret = app.secret.expose();
    let message = if is_secret(&app.id) {
        format!("{id_name} holds an app secret (32 hexadecimal digits); the id is the number above it in the dashboard")
    } else if !is_number(&app.id) {
        format!("{id_name} is not a number; an app id consists of digits only")
    } else if is_number(secret) && !is_secret(secret) {
        format!(
            "{secret_name} holds a number; the app secret is 32 hexadecimal digits, hidden behind Show in the dashboard"
        )
    } else {
        return Ok(());
    };
    let note = format!("once {id_name} and {secret_name} are what the App Dashboard shows");
    Err(ConfigError::new(message, Step::everlit("doctor").with_note(note)))
}
