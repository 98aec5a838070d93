//! Builds targets from the settings. One that cannot work does not fail the pass: it fails whenever it is used, so that it is
//! reported like any other failed delivery and tokens are refreshed all the same.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use everlit_keeper::{
    AccountName, Activation, Delivery, DeliveryError, DeliveryErrorClass, Holds, Keeper, Receipt, Step, Target,
};
use everlit_meta_api::{BoxFuture, Fingerprint, Secret, Timestamp, Token};
use everlit_store::{DEFAULT_KEY, STATE_FOLDER, Tracking as _};
use everlit_target::{Error, Place, Room, STATE, Setup};

use crate::ConfigError;
use crate::account_store::AccountStore;
use crate::config::{CONFIG_FILE, Project, SECRETS_FILE, TargetSettings};
use crate::home::Home;

impl Project<'_> {
    /// The keeper with the places of these targets.
    pub fn with_targets<'t>(
        &self,
        keeper: Keeper,
        store: &AccountStore,
        targets: impl IntoIterator<Item = &'t TargetSettings>,
    ) -> Keeper {
        targets.into_iter().fold(keeper, |keeper, target| {
            let places = places(self, store, target);
            places.into_iter().fold(keeper, |keeper, (account, place)| match place {
                Ok(place) => match self.hosted().and_then(|hosted| hosted.homes.get(&account)) {
                    Some(home) => {
                        let newest = Newest { home: Arc::clone(home), place };
                        keeper.with_target(account, Arc::new(newest))
                    }
                    None => keeper.with_target(account, place),
                },
                Err(error) => {
                    keeper.with_target(account, Arc::new(Broken { name: target.name.clone(), message: error.message }))
                }
            })
        })
    }

    /// An entry for each delivery of each account, as for targets that have had nothing yet.
    pub(crate) fn deliveries(&self) -> HashMap<AccountName, Vec<Delivery>> {
        let entries = |target: &TargetSettings| -> Vec<Delivery> {
            let place = Some(place_of(self, target));
            target.deliveries().map(|name| Delivery { place: place.clone(), ..Delivery::never(name) }).collect()
        };
        let of = |account: &AccountName| {
            let targets = self.settings.targets.iter().filter(|target| target.takes(account));
            targets.flat_map(entries).collect()
        };
        let accounts = self.settings.all_accounts.iter().filter(|_| !self.settings.targets.is_empty());
        accounts.map(|account| (account.name.clone(), of(&account.name))).collect()
    }
}

/// What describes the place, with the address that is one of its secrets. One that lacks a secret is another place, which
/// holds nothing: nobody can tell what is in it.
fn place_of(project: &Project<'_>, target: &TargetSettings) -> String {
    target.place(&addresses(project, target))
}

/// Takes the place of a secret that is needed and not set.
const MISSING: &str = "missing";

/// The addresses among the secrets, in a few characters that reveal nothing of them, and which secrets are missing.
fn addresses(project: &Project<'_>, target: &TargetSettings) -> String {
    let secrets = secrets(project, target).unwrap_or_default();
    let parts = target.kind.secrets.iter().filter_map(|spec| match secrets.get(spec.suffix) {
        Some(secret) if is_address(spec.suffix) => Some(Fingerprint::of(without_login(secret)).to_string()),
        None if spec.is_required => Some(MISSING.to_owned()),
        _ => None,
    });
    parts.collect()
}

/// An address without user and password: a new password makes no other place, and even a hash of one may be guessed.
fn without_login(address: &Secret) -> &str {
    let address = address.expose();
    address.rsplit_once('@').map_or(address, |(_, place)| place)
}

/// Whether the secret says where the place is.
fn is_address(suffix: &str) -> bool {
    matches!(suffix, "URL" | "HOOK")
}

/// A place, or why it cannot work.
pub type Built = Result<Arc<dyn Place>, ConfigError>;

/// The places of one target, each with its account.
pub fn places(project: &Project<'_>, store: &AccountStore, target: &TargetSettings) -> Vec<(AccountName, Built)> {
    let secrets = secrets(project, target);
    let twins = twins(project, target);
    let mut owners: HashMap<String, AccountName> = HashMap::new();
    let mut place = |account: &AccountName| {
        let key = key_in(store, target, account);
        // A source keeps the state of the account too.
        let state = target.is_source.then(|| format!("{key}{STATE}"));
        for key in [key.clone()].into_iter().chain(state) {
            let owner = owners.entry(key.clone()).or_insert_with(|| account.clone());
            if matches!(target.kind.room, Room::EachKey | Room::EachAccount) && owner != account {
                return Err(same_key(target, owner, account, &key));
            }
        }
        let secrets = secrets.clone()?;
        match twin(project, store, &twins, account, &key) {
            Some(twin) => Err(same_place(target, twin, account, &key)),
            None => build(project, target, account, key, secrets),
        }
    };
    let accounts = project.settings.all_accounts.iter().map(|account| &account.name);
    accounts.filter(|account| target.takes(account)).map(|account| (account.clone(), place(account))).collect()
}

/// What a refresh would deliver for each account, a sentence for each target.
pub fn plans(project: &Project<'_>, store: &AccountStore) -> HashMap<AccountName, Vec<String>> {
    let mut plans = HashMap::<_, Vec<_>>::new();
    for target in &project.settings.targets {
        for (account, place) in places(project, store, target) {
            plans.entry(account).or_default().push(match place {
                Ok(place) => format!("a new token goes to {}, which {}", target.name, place.plan()),
                Err(error) => format!("{} cannot work: {}", target.name, error.message),
            });
        }
    }
    plans
}

/// The name of the account's token in the target.
fn key_in(store: &AccountStore, target: &TargetSettings, account: &AccountName) -> String {
    let own_key = || store.key(account).unwrap_or_else(|_| DEFAULT_KEY.to_owned());
    target.key_of(account).unwrap_or_else(own_key)
}

/// Other targets whose places have the same names: in the same project, say, or database.
fn twins<'p>(project: &'p Project<'_>, target: &TargetSettings) -> Vec<&'p TargetSettings> {
    let addresses = addresses(project, target);
    // Where a secret is missing, that is what has to be said.
    let has_names = matches!(target.kind.room, Room::EachKey | Room::EachAccount) && !addresses.contains(MISSING);
    let is_twin = |other: &&TargetSettings| {
        let is_other = has_names && other.name != target.name && other.kind.name == target.kind.name;
        is_other && other.options == target.options && self::addresses(project, other) == addresses
    };
    project.settings.targets.iter().filter(is_twin).collect()
}

/// One of them that puts the token of another account under this key: each would take turns with the other.
fn twin<'p>(
    project: &Project<'_>,
    store: &AccountStore,
    twins: &[&'p TargetSettings],
    account: &AccountName,
    key: &str,
) -> Option<&'p TargetSettings> {
    let accounts = || project.settings.all_accounts.iter().map(|account| &account.name);
    let has_key = |twin: &TargetSettings, their: &AccountName| twin.takes(their) && key_in(store, twin, their) == key;
    twins.iter().copied().find(|twin| accounts().any(|their| their != account && has_key(twin, their)))
}

fn same_place(target: &TargetSettings, twin: &TargetSettings, account: &AccountName, key: &str) -> ConfigError {
    let message = format!("{key} is where {} puts the token of another account, not of {account} alone", twin.name);
    let note = format!("once [target.{}] and [target.{}] name different keys or places", target.name, twin.name);
    ConfigError::new(message, Step::everlit_args(["target", "test", &*target.name]).with_note(note))
}

fn same_key(target: &TargetSettings, owner: &AccountName, account: &AccountName, key: &str) -> ConfigError {
    let name = &target.name;
    let message = if target.is_source && key.ends_with(STATE) {
        format!("{key} in {name} is the place of one account's token and of another's state: {owner} and {account}")
    } else {
        format!("{owner} and {account} both have their token in {key}, and the target {name} has one place for it")
    };
    let note = format!("once each has a target of its own, with `account` and `key`, in place of [target.{name}]");
    ConfigError::new(message, Step::everlit_args(["target", "test", name]).with_note(note))
}

type Secrets = BTreeMap<&'static str, Secret>;

fn secrets(project: &Project<'_>, target: &TargetSettings) -> Result<Secrets, ConfigError> {
    let mut secrets = BTreeMap::new();
    for spec in target.kind.secrets {
        let secret = project.secret(&target.kind.variable(&target.name, spec))?;
        secrets.extend(secret.map(|secret| (spec.suffix, Secret::new(secret.value.trim()))));
    }
    Ok(secrets)
}

fn build(
    project: &Project<'_>,
    target: &TargetSettings,
    account: &AccountName,
    key: String,
    secrets: Secrets,
) -> Built {
    if let Some(why) = target.options.text("path").and_then(|path| unfit(project, target, path, &key)) {
        let next = Step::everlit_args(["target", "test", &*target.name]).with_note("once `path` names another file");
        return Err(ConfigError::new(why, next));
    }
    let setup = Setup {
        name: &target.name,
        options: &target.options,
        account: account.clone(),
        key,
        rotation: project.rotated(target).map(str::to_owned),
        secrets,
        is_trial: project.settings.meta_url.is_some(),
        roots: project.roots()?,
        proxy: project.proxy(),
        clock: project.shared_clock(),
        disk: Arc::clone(&project.disk),
        folder: project.settings.folder.clone(),
        environment: project.environment,
    };
    target.kind.build(&setup).map_err(|error| config_error(target, &error))
}

/// Why a token must not be written into this file, if it must not.
fn unfit(project: &Project<'_>, target: &TargetSettings, path: &str, key: &str) -> Option<String> {
    const SERVED: [&str; 5] = ["public", "static", "dist", "www", "htdocs"];
    const OTHERS: [&str; 10] = ["json", "toml", "yaml", "yml", "js", "ts", "mjs", "cjs", "lock", "md"];
    let (folder, disk) = (&project.settings.folder, &*project.disk);
    let real = |path: &Path| disk.resolve(path).unwrap_or_else(|_| path.to_owned());
    let file = real(&folder.join(path));
    let parts: Vec<_> = Path::new(path).components().map(|part| part.as_os_str().to_string_lossy()).collect();
    if parts.iter().any(|part| part == STATE_FOLDER) || file == real(&folder.join(CONFIG_FILE)) {
        return Some(format!("{path} is a file of everlit's own"));
    }
    if let Some(served) = parts.first().filter(|first| SERVED.contains(&&***first)) {
        return Some(format!("{path} is in {served}/, which sites serve to every visitor"));
    }
    let is_env_file = target.kind.room == Room::EachKey;
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if is_env_file && OTHERS.contains(&extension) {
        return Some(format!("{path} is not an env file"));
    }
    let owner = project.settings.all_accounts.iter().find(|account| {
        let own_key = account.key.value.as_deref().unwrap_or(DEFAULT_KEY);
        let is_own = |value: &Path| real(&folder.join(value)) == file;
        is_own(&account.metadata.value) || is_own(&account.env_file.value) && (!is_env_file || own_key == key)
    });
    if let Some(owner) = owner {
        return Some(format!("{path} is where the account {} keeps its own token or notes", owner.name));
    }
    let other = project.settings.targets.iter().find(|other| {
        let is_same_file = other.options.text("path").is_some_and(|theirs| real(&folder.join(theirs)) == file);
        other.name != target.name && is_same_file && (!is_env_file || other.key.as_deref().unwrap_or(key) == key)
    });
    if let Some(other) = other {
        return Some(format!("{path} is the place of the target {} too", other.name));
    }
    match project.git().tracks(Path::new(path)) {
        Some(false) => None,
        _ => {
            Some(format!("git tracks {path}, or cannot be asked: a token there would be published with the next push"))
        }
    }
}

fn config_error(target: &TargetSettings, error: &Error) -> ConfigError {
    let (name, kind) = (target.name.as_str(), target.kind);
    if let Error::MissingSecret(suffix) = error {
        let spec = kind.secrets.iter().find(|secret| secret.suffix == *suffix);
        let variable = spec.map_or_else(|| (*suffix).to_owned(), |secret| kind.variable(name, secret));
        let message = format!("{variable} is not set, neither in the environment nor in {SECRETS_FILE}");
        return ConfigError::new(message, Step::everlit_args(["target", "add", name, "--kind", kind.name]));
    }
    let note = format!("once [target.{name}] or its secret is corrected");
    ConfigError::new(error.to_string(), Step::everlit_args(["target", "test", name]).with_note(note))
}

/// A target that cannot work with its settings.
#[derive(Debug)]
struct Broken {
    name: String,
    message: String,
}

impl Target for Broken {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(&'a self, _: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(async move { Err(DeliveryError::new(DeliveryErrorClass::NotFound, self.message.clone())) })
    }

    fn verify<'a>(&'a self, _: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(std::future::ready(Err(DeliveryError::new(DeliveryErrorClass::NotFound, self.message.clone()))))
    }
}

/// A place that takes no token from the environment over another one, unless that is known to be the older.
#[derive(Debug)]
struct Newest {
    home: Arc<Home>,
    place: Arc<dyn Place>,
}

impl Target for Newest {
    fn name(&self) -> &str {
        self.place.name()
    }

    fn deliver<'a>(
        &'a self,
        token: &'a Token,
        expires_at: Option<Timestamp>,
    ) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            let source = self.place.source().filter(|_| self.home.may_be_outdated(token));
            let held = match source {
                Some(source) => source.token().await?.filter(|held| !held.expose().trim().is_empty()),
                None => None,
            };
            if held.is_some_and(|held| held.expose().trim() != token.expose()) {
                let message = "holds another token than the environment, and which of them is newer is not known: \
                               `everlit refresh` asks Meta for one that is newer than both";
                return Err(DeliveryError::new(
                    DeliveryErrorClass::RefusedByRule,
                    format!("{} {message}", self.name()),
                ));
            }
            self.place.deliver(token, expires_at).await
        })
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        self.place.verify(token)
    }

    fn timeout(&self) -> Duration {
        self.place.timeout()
    }

    fn activation(&self) -> Option<Arc<dyn Activation>> {
        self.place.activation()
    }
}
