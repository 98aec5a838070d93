//! The env file's next content: the lines that a new token changes.

use everlit_envfile::{EnvError, EnvFile};
use everlit_keeper::{Candidate, Origin, StoreError};
use everlit_meta_api::{Platform, Token, TokenKind};

use crate::project::account::{DEFAULT_KEY, Key, ProjectAccount};

/// The key of the account's id that belongs to a token's key: `IG_USER_ID` to `IG_ACCESS_TOKEN`, `IG_USER_ID_SHOP` to
/// `IG_ACCESS_TOKEN_SHOP`; `None` for a key of another pattern.
pub fn user_id_key(token_key: &str) -> Option<String> {
    token_key.contains("ACCESS_TOKEN").then(|| token_key.replacen("ACCESS_TOKEN", "USER_ID", 1))
}

/// The key for a platform's token where a site has none of its own.
pub fn usual_key(platform: Platform) -> &'static str {
    match platform {
        Platform::Instagram => DEFAULT_KEY,
        Platform::Threads => "THREADS_ACCESS_TOKEN",
        Platform::Facebook => "FACEBOOK_ACCESS_TOKEN",
    }
}

impl ProjectAccount {
    /// Puts `candidate` in the place of the token in use. A person's token is added where there is none, and an Instagram
    /// account's id is changed with it.
    pub(crate) fn with_candidate(&self, env: Option<&[u8]>, candidate: &Candidate) -> Result<Vec<u8>, StoreError> {
        let (old, token) = (env.unwrap_or_default(), &candidate.token);
        let new = match candidate.origin {
            Origin::Refresh => {
                let file = EnvFile::parse(old);
                file.with_value(&self.find_key(&file)?.0, token.expose().as_bytes())
            }
            Origin::Person => self.with_token(old, token.expose().as_bytes(), token.kind())?,
        };
        let new = new.map_err(|error| self.cannot_edit(&error))?;
        match (&candidate.account, candidate.origin, token.kind()) {
            (Some(id), Origin::Person, TokenKind::Instagram) => Ok(self.with_user_id(new, id.as_str(), env.is_none())),
            _ => Ok(new),
        }
    }

    /// Returns the greatest length of the content with a new token; an error where it cannot take one.
    pub(crate) fn longest_with_token(&self, env: Option<&[u8]>) -> Result<usize, StoreError> {
        /// For the line of an account's id, and for a longer key than the one that was tried.
        const BESIDE: usize = 256;
        let longest = [b'x'; Token::MAX_LENGTH];
        let new = self.with_token(env.unwrap_or_default(), &longest, TokenKind::Unknown)?;
        Ok(new.map_err(|error| self.cannot_edit(&error))?.len() + BESIDE)
    }

    fn with_token(&self, env: &[u8], token: &[u8], kind: TokenKind) -> Result<Result<Vec<u8>, EnvError>, StoreError> {
        let file = EnvFile::parse(env);
        let (key, _) = self.find_key(&file)?;
        if file.assignments(&key).next().is_some() {
            return Ok(file.with_value(&key, token));
        }
        let key = match (&self.key, kind.platform()) {
            (Key::Default, Some(platform)) => usual_key(platform).to_owned(),
            _ => key,
        };
        Ok(file.with_added(&key, token))
    }

    /// Edits the account's id, or leaves it as it is where that fails: the token matters more.
    fn with_user_id(&self, mut env: Vec<u8>, id: &str, is_new: bool) -> Vec<u8> {
        let Ok((key, _)) = self.find_key(&EnvFile::parse(&env)) else { return env };
        let beside = user_id_key(&key);
        let usual = (self.key == Key::Default).then(|| "IG_USER_ID".to_owned());
        if is_new && let Some(key) = &beside {
            let added = EnvFile::parse(&env).with_added(key, id.as_bytes());
            return added.unwrap_or(env);
        }
        for key in beside.into_iter().chain(usual) {
            if let Ok(edited) = EnvFile::parse(&env).with_value(&key, id.as_bytes()) {
                env = edited;
            }
        }
        env
    }
}
