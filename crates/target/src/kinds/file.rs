//! A file with the token alone, or with a JSON object about it; private if it is new.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use everlit_disk::{Disk, ReplaceError, ReplaceOptions, Replacement, check_links, replace, uninterrupted};
use everlit_keeper::{DeliveryError, DeliveryErrorClass, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_options::Shape;

use crate::content::Content;
use crate::disk::{blocking, of_disk};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, required};
use crate::place::Place;
use crate::setup::Setup;

pub(crate) static KIND: Kind = Kind {
    name: "file",
    secrets: &[],
    options: &[required("path", Shape::Text), Content::FORMAT],
    effect: Effect::NextRead,
    room: Room::One,
    guide: "A file with the token and nothing else (format = \"raw\"), or with a JSON object about it. A new file is private \
            (0600). A file with anything else in it is left alone.",
    build,
};

#[derive(Clone, Debug)]
struct TokenFile {
    disk: Arc<dyn Disk>,
    name: String,
    content: Content,
    /// As in the settings.
    shown: String,
    path: PathBuf,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let shown = setup.required("path")?.to_owned();
    let file = shown.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    if file.split('.').any(|part| part == "env") {
        return Err(Error::Setting(
            "path",
            "is an env file, which this kind would overwrite: use kind env-file".to_owned(),
        ));
    }
    Ok(Arc::new(TokenFile {
        disk: Arc::clone(&setup.disk),
        name: setup.name.to_owned(),
        content: Content::of(setup),
        path: setup.folder.join(&shown),
        shown,
    }))
}

impl TokenFile {
    fn put(&self, token: &Token, expires_at: Option<Timestamp>) -> Result<(), DeliveryError> {
        check_links(&*self.disk, &self.path).map_err(|error| self.failed(&error))?;
        // What is there must be an earlier token: nothing else is overwritten.
        let old = self.read()?.filter(|old| !old.trim_ascii().is_empty());
        if old.is_some_and(|old| self.content.token_in(&old).is_none()) {
            let message = format!("{} holds something other than a token and was left alone", self.shown);
            return Err(DeliveryError::new(DeliveryErrorClass::RefusedByRule, message));
        }
        match replace(
            &*self.disk,
            &self.path,
            self.content.with(token, expires_at).as_bytes(),
            &ReplaceOptions::default(),
        ) {
            // It is there; only a power cut within the next moments could undo it.
            Ok(()) | Err(ReplaceError::NotDurable { .. }) => Ok(()),
            Err(error) => Err(of_disk(error.kind(), error.to_string())),
        }
    }

    /// `None` if the file does not exist.
    fn read(&self) -> Result<Option<Vec<u8>>, DeliveryError> {
        const LARGEST: usize = 1 << 20;
        match uninterrupted(|| self.disk.read(&self.path, LARGEST)) {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn failed(&self, error: &io::Error) -> DeliveryError {
        of_disk(Some(error.kind()), format!("{} cannot be used: {error}", self.shown))
    }
}

impl Target for TokenFile {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(
        &'a self,
        token: &'a Token,
        expires_at: Option<Timestamp>,
    ) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        let (file, token) = (self.clone(), token.clone());
        Box::pin(blocking(move || file.put(&token, expires_at).map(|()| Receipt::default())))
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        let (file, token) = (self.clone(), token.clone());
        Box::pin(blocking(move || {
            let found = file.read()?.and_then(|content| file.content.token_in(&content));
            Ok(if found == Some(token) { Holds::ThisToken } else { Holds::Another })
        }))
    }
}

impl Place for TokenFile {
    fn plan(&self) -> String {
        format!("writes {} into {}", self.content.name(), self.shown)
    }

    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        const ROOM: usize = 4096;
        let file = self.clone();
        Box::pin(blocking(move || {
            let room = Replacement::reserve(&*file.disk, &file.path, ROOM, &ReplaceOptions::default());
            let error = |error: ReplaceError| of_disk(error.kind(), error.to_string());
            room.map(|_| Receipt::default()).map_err(error)
        }))
    }
}
