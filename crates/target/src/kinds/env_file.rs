//! Another env file: one key is replaced byte for byte, or added at the end.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use everlit_disk::{Disk, ReplaceError, ReplaceOptions, Replacement, check_links, take_turn, uninterrupted};
use everlit_envfile::EnvFile;
use everlit_keeper::{DeliveryError, DeliveryErrorClass, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_options::Shape;

use crate::disk::{blocking, of_disk};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, required};
use crate::place::Place;
use crate::setup::Setup;

/// An env file is smaller.
const LARGEST: usize = 16 << 20;

pub(crate) static KIND: Kind = Kind {
    name: "env-file",
    secrets: &[],
    options: &[required("path", Shape::Text)],
    effect: Effect::NextRead,
    room: Room::EachKey,
    guide: "Another env file, also outside the project: the key is replaced byte for byte, or added at the end. Most programs \
            read an env file once, as they start: restart them with a target of kind command.",
    build,
};

#[derive(Clone, Debug)]
struct OtherEnvFile {
    disk: Arc<dyn Disk>,
    name: String,
    /// As in the settings.
    shown: String,
    path: PathBuf,
    key: String,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let shown = setup.required("path")?.to_owned();
    Ok(Arc::new(OtherEnvFile {
        disk: Arc::clone(&setup.disk),
        name: setup.name.to_owned(),
        path: setup.folder.join(&shown),
        shown,
        key: setup.key.clone(),
    }))
}

impl OtherEnvFile {
    fn put(&self, token: &Token) -> Result<(), DeliveryError> {
        /// Nobody edits a file five times within milliseconds, except on purpose.
        const ATTEMPTS: usize = 5;
        check_links(&*self.disk, &self.path).map_err(|error| of_disk(Some(error.kind()), error.to_string()))?;
        // The file may hold the tokens of other accounts, which are delivered at the same time.
        let turn = take_turn(&*self.disk, &self.path);
        let _turn = turn.map_err(|error| of_disk(Some(error.kind()), format!("{}: {error}", self.shown)))?;
        let first = self.value_in(&self.read()?)?;
        for _ in 0..ATTEMPTS {
            let old = self.read()?;
            if self.value_in(&old)? != first {
                return Err(DeliveryError::retry(format!(
                    "{} of {} has just been changed by something else",
                    self.key, self.shown
                )));
            }
            let Some(new) = self.with_token(&old, token)? else { return Ok(()) };
            let room = Replacement::reserve(&*self.disk, &self.path, new.len(), &ReplaceOptions::default());
            match room.and_then(|room| room.commit_over(Some(&old), &new)) {
                Err(ReplaceError::Changed { .. }) => {}
                // It is there; only a power cut within the next moments could undo it.
                Ok(()) | Err(ReplaceError::NotDurable { .. }) => return Ok(()),
                Err(error) => return Err(of_disk(error.kind(), error.to_string())),
            }
        }
        Err(DeliveryError::retry(format!("{} is being changed again and again by something else", self.shown)))
    }

    fn value_in(&self, content: &[u8]) -> Result<Option<Vec<u8>>, DeliveryError> {
        let value = EnvFile::parse(content).value(&self.key).map_err(|error| self.unusable(&error))?;
        Ok(value.map(std::borrow::Cow::into_owned))
    }

    /// The content with the token; `None` if it is there.
    fn with_token(&self, old: &[u8], token: &Token) -> Result<Option<Vec<u8>>, DeliveryError> {
        let (env, value) = (EnvFile::parse(old), token.expose().as_bytes());
        let new = match env.value(&self.key).map_err(|error| self.unusable(&error))? {
            Some(found) if *found == *value => return Ok(None),
            Some(_) => env.with_value(&self.key, value),
            None => env.with_added(&self.key, value),
        };
        new.map(Some).map_err(|error| self.unusable(&error))
    }

    fn read(&self) -> Result<Vec<u8>, DeliveryError> {
        uninterrupted(|| self.disk.read(&self.path, LARGEST)).map_err(|error| {
            let message = match error.kind() {
                io::ErrorKind::NotFound => format!("{} does not exist: create it, empty", self.shown),
                _ => format!("{} cannot be read: {error}", self.shown),
            };
            of_disk(Some(error.kind()), message)
        })
    }

    fn unusable(&self, error: &everlit_envfile::EnvError) -> DeliveryError {
        DeliveryError::new(DeliveryErrorClass::RefusedByRule, format!("{}: {error}", self.shown))
    }
}

impl Target for OtherEnvFile {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        let (file, token) = (self.clone(), token.clone());
        Box::pin(blocking(move || file.put(&token).map(|()| Receipt::default())))
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        let (file, token) = (self.clone(), token.clone());
        Box::pin(blocking(move || {
            let is_there = file.with_token(&file.read()?, &token)?.is_none();
            Ok(if is_there { Holds::ThisToken } else { Holds::Another })
        }))
    }
}

impl Place for OtherEnvFile {
    fn plan(&self) -> String {
        format!("writes {} into {}", self.key, self.shown)
    }

    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        let file = self.clone();
        Box::pin(blocking(move || {
            let old = file.read()?;
            let room = Replacement::reserve(&*file.disk, &file.path, old.len(), &ReplaceOptions::default());
            let error = |error: ReplaceError| of_disk(error.kind(), error.to_string());
            room.map(|_| Receipt::default()).map_err(error)
        }))
    }
}
