//! Rotation by AWS Secrets Manager, which calls a function four times: create a version, set it, test it, finish.
//!
//! A rotation is a run that is interrupted on purpose. Its first step is an ordinary run, whose new token waits in the secret
//! and stays a candidate of everlit's; its last step puts that version in use. Should it never come, the next run finds the
//! candidate and finishes the work, as it does after a crash.

use std::sync::Arc;

use everlit_keeper::{AccountName, DeliveryError, Store as _, Stored};
use everlit_meta_api::{Secret, Token};
use everlit_target::{Place, Stage};
use serde_json::Value;

use crate::account_store::AccountStore;
use crate::config::{Project, TargetSettings};
use crate::pass::places;

/// The variable of a run that is a step of a rotation: the target, a space, the version that its new token becomes.
pub const ROTATED: &str = "EVERLIT_ROTATED";

/// What Secrets Manager asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RotationEvent {
    step: Step,
    secret: String,
    version: String,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Step {
    Create,
    Set,
    Test,
    Finish,
}

impl RotationEvent {
    /// Whether this is an event of a rotation.
    pub fn is_in(event: &Value) -> bool {
        event.get("Step").is_some() && event.get("SecretId").is_some()
    }

    /// Reads an event; an error in words if it is not as AWS describes it.
    pub fn read(event: &Value) -> Result<Self, String> {
        let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
        let step = match event["Step"].as_str() {
            Some("createSecret") => Step::Create,
            Some("setSecret") => Step::Set,
            Some("testSecret") => Step::Test,
            Some("finishSecret") => Step::Finish,
            _ => return Err("`Step` is not one of the four steps of a rotation".to_owned()),
        };
        let version = text("ClientRequestToken");
        if !(32..=64).contains(&version.len()) || !version.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err("`ClientRequestToken` is not the id of a version".to_owned());
        }
        Ok(Self { step, secret: text("SecretId"), version })
    }
}

/// A step of the rotation of one account's token.
#[derive(Debug)]
pub struct Rotation<'a> {
    project: &'a Project<'a>,
    event: RotationEvent,
    target: &'a TargetSettings,
    account: AccountName,
    place: Arc<dyn Place>,
}

impl Project<'_> {
    /// The version that this run's new token becomes in the target, if this run is a step of its rotation.
    pub(crate) fn rotated(&self, target: &TargetSettings) -> Option<&str> {
        let (name, version) = self.environment.variable(ROTATED)?.split_once(' ')?;
        (target.is_source && target.name == name).then_some(version)
    }
}

impl<'a> Rotation<'a> {
    /// Finds the target that the event is about.
    pub fn find(project: &'a Project<'a>, event: RotationEvent) -> Result<Self, String> {
        let store = AccountStore::Files(Arc::new(project.project_files(Vec::new())));
        let mut why = None;
        for target in project.settings.targets.iter().filter(|target| target.is_source) {
            for (account, place) in places(project, &store, target) {
                match place {
                    Ok(place) if place.rotation().is_some_and(|rotation| rotation.is_of(&event.secret)) => {
                        return Ok(Self { project, event, target, account, place });
                    }
                    Ok(_) => {}
                    Err(error) => why = Some(format!(" ({}: {})", target.name, error.message)),
                }
            }
        }
        Err(format!(
            "no target of this project has its token in {}: set `kind = \"aws-secretsmanager\"`, `key` to the name of the \
             secret and `source = true` in a [target.NAME] of everlit.toml{}",
            everlit_meta_api::clean(&event.secret),
            why.unwrap_or_default()
        ))
    }

    /// The account whose token it is, if there are others.
    pub fn account(&self) -> Option<&str> {
        (self.project.settings.all_accounts.len() > 1).then_some(self.account.as_str())
    }

    /// What a run has to have in its environment to be the first step.
    pub fn variable(&self) -> (&'static str, String) {
        (ROTATED, format!("{} {}", self.target.name, self.event.version))
    }

    /// Does what this step asks for; `false` if that is a run, and then [`hold`](Self::hold).
    pub async fn step(&self) -> Result<bool, String> {
        let rotation = self.rotation()?;
        match rotation.stage(&self.event.secret, &self.event.version).await.map_err(|error| self.failed(&error))? {
            Stage::InUse => return Ok(true),
            Stage::Waiting => {}
        }
        let waiting = self.waiting().await?;
        let Some(waiting) = waiting else {
            let message = format!("the version {} is empty: createSecret has to come first", self.event.version);
            return if self.event.step == Step::Create { Ok(false) } else { Err(message) };
        };
        match self.event.step {
            Step::Create | Step::Set => {}
            Step::Test => self.test(&waiting).await?,
            Step::Finish => {
                self.check_is_next(&waiting).await?;
                rotation.finish(&self.event.version).await.map_err(|error| self.failed(&error))?;
            }
        }
        Ok(true)
    }

    /// After the run: a token that was not refreshed waits as the new version, so that the rotation ends well.
    pub async fn hold(&self) -> Result<(), String> {
        if self.waiting().await?.is_some() {
            return Ok(());
        }
        let source = self.place.source().ok_or("the token cannot be read")?;
        let token = source.token().await.map_err(|error| self.failed(&error))?.ok_or("there is no token")?;
        self.rotation()?.hold(&self.event.version, &token).await.map_err(|error| self.failed(&error))
    }

    /// Whether the new version has a token.
    pub async fn is_held(&self) -> bool {
        self.waiting().await.is_ok_and(|waiting| waiting.is_some())
    }

    /// Asks Meta whether the token that waits works, and whether it is of the same account as the one in use.
    async fn test(&self, waiting: &Secret) -> Result<(), String> {
        let stored = self.check_is_next(waiting).await?;
        let keeper = self.project.keeper_without_targets(self.project.store(), false).map_err(|error| error.message)?;
        let token = Token::parse(waiting.expose()).map_err(|error| error.to_string())?.or_kind(stored.current.kind());
        let new = keeper.examine(token.clone()).await;
        let new = new.map_err(|error| format!("Meta does not confirm the new token: {error}"))?.me;
        let is_same = match keeper.examine(stored.current).await {
            Ok(current) => new.is_same_account(&current.me),
            // The token in use may be dead; whose it was is known.
            Err(_) => stored
                .candidate
                .and_then(|candidate| candidate.account)
                .and_then(|known| new.is_account(&known, token.kind().platform())),
        };
        if is_same == Some(false) { Err("the new token belongs to another account".to_owned()) } else { Ok(()) }
    }

    /// What waits has to be the token in use, or what everlit has received for it: not something older, or somebody else's.
    async fn check_is_next(&self, waiting: &Secret) -> Result<Stored, String> {
        let store = self.project.store();
        let stored = store.load(&self.account, self.project.now()).await.map_err(|error| error.message)?;
        let is = |token: &Token| waiting.is(token.expose());
        let received = stored.candidate.as_ref().filter(|candidate| candidate.replaces == stored.current.fingerprint());
        if is(&stored.current) || received.is_some_and(|candidate| is(&candidate.token)) {
            return Ok(stored);
        }
        let (name, version) = (&self.target.name, &self.event.version);
        Err(format!(
            "the version {version} in {name} is not the token in use, nor one that everlit has received for it. Take AWSPENDING \
             off it (`aws secretsmanager update-secret-version-stage --version-stage AWSPENDING --remove-from-version-id \
             {version} --secret-id ...`) and rotate again"
        ))
    }

    async fn waiting(&self) -> Result<Option<Secret>, String> {
        self.rotation()?.waiting(&self.event.version).await.map_err(|error| self.failed(&error))
    }

    fn rotation(&self) -> Result<&dyn everlit_target::Rotation, String> {
        self.place.rotation().ok_or_else(|| format!("{} is not rotated by its service", self.target.name))
    }

    fn failed(&self, error: &DeliveryError) -> String {
        format!("{}: {error}", self.target.name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_four_steps_with_a_version_are_taken() {
        let version = "0123456789abcdef0123456789abcdef";
        let event = |step: &str, version: &str| {
            RotationEvent::read(&json!({"Step": step, "SecretId": "ig", "ClientRequestToken": version}))
        };
        for (name, step) in [
            ("createSecret", Step::Create),
            ("setSecret", Step::Set),
            ("testSecret", Step::Test),
            ("finishSecret", Step::Finish),
        ] {
            assert_eq!(event(name, version).unwrap().step, step);
        }
        assert!(event("create_secret", version).unwrap_err().contains("`Step`"));
        for wrong in ["", "short", "0123456789abcdef0123456789abcdef x", &"a".repeat(65)] {
            assert!(event("testSecret", wrong).unwrap_err().contains("`ClientRequestToken`"), "{wrong}");
        }
        assert!(!RotationEvent::is_in(&json!({"detail-type": "Scheduled Event"})));
    }
}
