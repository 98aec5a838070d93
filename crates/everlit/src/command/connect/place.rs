//! Where the token goes: an existing account, or a new one in `everlit.toml`.

use crate::output::{Exit, Invocation, Problem, Serving, connect, few, rerun};
use everlit_engine::{
    Account, Addition, CONFIG_FILE, ConfigError, check_account_name, config_options, edit_config, is_similar_name,
    lock_settings, names_accounts, read_config, sets_unnamed, settings_of_only_token,
};
use everlit_keeper::{AccountName, Step, Store, StoreErrorClass};
use std::path::Path;

use everlit_disk::Replacement;
use everlit_meta_api::{DAY, Platform};
use everlit_store::usual_key;
use everlit_vault::{Vault, VaultErrorClass};

use crate::cli::Global;
use crate::context::Context;
use crate::runtime::runtime;

/// The name of a folder's only, unnamed account.
pub(crate) const NAMELESS: &str = AccountName::NAMELESS;

/// The flags for one named account: file flags apply to that account only.
pub(crate) fn global_for(global: &Global, name: Option<&str>) -> Global {
    match name {
        Some(name) if name != NAMELESS => {
            Global { env_file: None, key: None, metadata: None, account: Vec::new(), ..global.clone() }
        }
        _ => global.clone(),
    }
}

/// An existing account, or one to add.
pub(crate) enum Found<'a> {
    There(Place<'a>),
    New(New<'a>),
}

/// An account and its files.
pub(crate) struct Place<'a> {
    pub(crate) context: Context<'a>,
    pub(crate) name: AccountName,
    /// What to add to [`CONFIG_FILE`], with a list of changes.
    added: Option<(Addition, Vec<String>)>,
}

/// An account to add.
pub(crate) struct New<'a> {
    context: Context<'a>,
    flags: &'a Global,
    name: String,
}

/// Finds the account, or prepares to add it.
pub(crate) fn find<'a>(context: Context<'a>, flags: &'a Global, name: Option<&str>) -> Result<Found<'a>, Problem> {
    if let Some(vault) = context.vault() {
        let name = in_vault(&context, vault, name)?;
        return Ok(Found::There(Place { context, name, added: None }));
    }
    let names = context.settings.names();
    let there = |context, name| Ok(Found::There(Place { context, name, added: None }));
    let Some(name) = name else {
        return match names.as_slice() {
            [only] => match settings_of_only_token(&context, context.global.overrides())? {
                Some(settings) => there(context.with_settings(settings), only.clone()),
                None => there(context, only.clone()),
            },
            several => {
                let names = few(several).unwrap_or_default();
                Err(Problem::config(format!("{CONFIG_FILE} names several accounts: {names}"))
                    .with_next(connect(several.first().map(AccountName::as_str), &[]).with_note("or another of them")))
            }
        };
    };
    check_account_name(name)?;
    match names.into_iter().find(|known| is_similar_name(known, name)) {
        Some(known) if known.as_str() != name => {
            let message = format!("there is already an account {known}, and {name} differs only in case");
            Err(Problem::config(message)
                .with_next(connect(Some(known.as_str()), &[]).with_note("or choose another name")))
        }
        Some(known) if flags.env_file.is_some() || flags.key.is_some() || flags.metadata.is_some() => {
            let is_nameless = name == NAMELESS && !has_accounts(&context)?;
            if is_nameless { there(context, known) } else { Err(already_set(name)) }
        }
        Some(known) => there(context, known),
        None => Ok(Found::New(New { context, flags, name: name.to_owned() })),
    }
}

/// An account of the vault. One that is not there is not added: the name may be misspelt.
fn in_vault(context: &Context<'_>, vault: &Vault, name: Option<&str>) -> Result<AccountName, Problem> {
    let names = context.settings.names();
    let name = match (name, names.as_slice()) {
        (Some(name), _) => AccountName::new(name),
        (None, [only]) => only.clone(),
        (None, _) => {
            let message = format!("the vault has {} accounts: name the one that gets the token", names.len());
            return Err(Problem::config(message).with_next(Step::everlit("account list")));
        }
    };
    if names.contains(&name) { Ok(name) } else { Err(not_listed(context, vault, &name)) }
}

/// Why an account is not among those of the vault that are kept alive: it is not there, paused, or cannot be read.
fn not_listed(context: &Context<'_>, vault: &Vault, name: &AccountName) -> Problem {
    let is_there = async {
        match vault.account(name).await {
            Err(error) if error.class == VaultErrorClass::NoAccount => Ok(false),
            account => account.map(|_| true),
        }
    };
    match context.wait_for_vault(is_there) {
        Ok(true) => {
            let next = Step::everlit_args(["account", "resume", name.as_str()]).with_note("then connect it");
            Problem::config(format!("{name} is paused")).with_next(next)
        }
        Ok(false) => {
            let next = Step::everlit_args(["account", "add", name.as_str()]).with_note("if it is a new one");
            let name = everlit_meta_api::redact(name.as_str());
            Problem::config(format!("the vault has no account {name}")).with_next(next)
        }
        Err(error) => error.into(),
    }
}

fn already_set(name: &str) -> Problem {
    Problem::config(format!(
        "{CONFIG_FILE} already says where {name} keeps its token; --env-file, --key and --metadata are for new accounts"
    ))
    .with_next(connect(Some(name), &[]).with_note(format!("or change [account.{name}] in {CONFIG_FILE} first")))
}

fn has_accounts(context: &Context<'_>) -> Result<bool, Problem> {
    Ok(names_accounts(&read_config(&context.settings.folder, &*context.disk)?)?)
}

impl<'a> Found<'a> {
    pub(crate) fn context(&self) -> &Context<'a> {
        match self {
            Self::There(place) => &place.context,
            Self::New(new) => &new.context,
        }
    }

    /// Where a token of that platform goes.
    pub(crate) fn settle(self, platform: Platform) -> Result<Place<'a>, Problem> {
        let place = match self {
            Self::There(place) => place,
            Self::New(new) => new.added(platform)?,
        };
        let env_file = place.context.settings.folder.join(&place.account().env_file.value);
        if let Some(folder) = env_file.parent()
            && place.context.disk.list(folder).is_err()
        {
            let message = format!("there is no folder {} for the env file", folder.display());
            return Err(Problem::config(message).with_next(rerun("once the folder exists, or with another --env-file")));
        }
        Ok(place)
    }
}

impl<'a> New<'a> {
    fn added(self, platform: Platform) -> Result<Place<'a>, Problem> {
        let Self { context, flags, name } = self;
        let env_file = flags.env_file.as_deref().unwrap_or_else(|| Path::new(".env.local"));
        let own_key = format!("{}_{}", usual_key(platform), as_variable(&name));
        let key = flags.key.clone().unwrap_or_else(|| own_key.clone());
        let mut settings = vec![("env_file", in_words(env_file)?), ("key", key)];
        if let Some(metadata) = &flags.metadata {
            settings.push(("metadata", in_words(metadata)?));
        }
        let text = read_config(&context.settings.folder, &*context.disk)?;
        let names_the_unnamed = is_in_use(&context, &text)?;
        let addition = Addition { name, settings, names_the_unnamed };
        let (_, changes) = addition.to(&text)?;
        let overrides = context.global.overrides();
        let settings = addition.settle(&context, &overrides, &text).map_err(|error| {
            // If the key was the conflict, another works.
            let keys = (2..10).map(|number| format!("{own_key}_{number}"));
            let works = |key: &String| addition.with_key(key).settle(&context, &overrides, &text).is_ok();
            let key = std::iter::once(own_key.clone()).chain(keys).find(works);
            let next = key.map(|key| {
                let files = Invocation::files(&Global { key: Some(key), ..flags.clone() });
                Step::everlit_args(["connect".to_owned(), addition.name.clone()].into_iter().chain(files))
            });
            Problem::from(error).with_next(next.unwrap_or_else(|| rerun("with a --metadata FILE of its own")))
        })?;
        let context = context.with_settings(settings);
        Ok(Place { context, name: AccountName::new(&*addition.name), added: Some((addition, changes)) })
    }
}

/// Whether the unnamed account has settings, a token or metadata.
fn is_in_use(context: &Context<'_>, text: &str) -> Result<bool, Problem> {
    if names_accounts(text)? {
        return Ok(false);
    }
    if sets_unnamed(text)? {
        return Ok(true);
    }
    let (store, name) = (context.store(), AccountName::new(NAMELESS));
    let runtime = runtime()?;
    let loaded = runtime.block_on(store.load(&name, context.now()));
    let is_missing = loaded.is_err_and(|error| error.class == StoreErrorClass::Missing);
    let metadata = context.settings.accounts.iter().find(|account| account.name == name);
    let metadata = metadata.map(|account| context.settings.folder.join(&account.metadata.value));
    Ok(!is_missing || metadata.is_some_and(|path| context.disk.lstat(&path).is_ok()))
}

/// `SHOP_1` for `shop-1`
fn as_variable(name: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    name.chars().map(letter).collect()
}

fn in_words(path: &Path) -> Result<String, Problem> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        Problem::config(format!("{CONFIG_FILE} can hold only UTF-8 file names"))
            .with_next(rerun("once the file has a UTF-8 name"))
    })
}

impl Place<'_> {
    pub(crate) fn account(&self) -> &Account {
        let mut accounts = self.context.settings.accounts.iter();
        // `find` takes the name from these accounts, and `added` from the settings with the new one in them.
        accounts.find(|account| account.name == self.name).unwrap_or(&self.context.settings.accounts[0])
    }

    /// Whether everlit seems to run here: a service has the vault, or a token has been here for days and a run was recent.
    pub(crate) async fn runs_daily(&self) -> bool {
        if Serving::worker_of(&self.context).is_some() {
            return true;
        }
        let (store, now) = (self.context.store(), self.context.now());
        for name in self.context.settings.names() {
            let is_recent = store.last_run(&name, now).is_some_and(|run| !run.has_stopped(now));
            if is_recent
                && let Ok(stored) = store.load(&name, now).await
                && now.since(stored.record.first_seen) > DAY
            {
                return true;
            }
        }
        false
    }

    /// Reserves room for [`CONFIG_FILE`], if it is to change.
    pub(crate) fn reserve_config(&self) -> Result<Option<Replacement<'_>>, Problem> {
        let Some((addition, _)) = &self.added else { return Ok(None) };
        let folder = &self.context.settings.folder;
        let (text, _) = addition.to(&read_config(folder, &*self.context.disk)?)?;
        let path = folder.join(CONFIG_FILE);
        let room = Replacement::reserve(&*self.context.disk, &path, text.len(), &config_options());
        room.map(Some).map_err(|error| {
            let message = format!("{CONFIG_FILE} cannot be written: {error}; nothing was changed");
            Problem::of(Exit::NotSaved, message).with_next(rerun("once it is writable"))
        })
    }

    /// Adds the account to the file as it is now: a login takes minutes, and others may have changed it meanwhile.
    pub(crate) fn write_config(&self, room: Option<Replacement<'_>>) -> Result<(), Problem> {
        let (Some(room), Some((addition, _))) = (room, &self.added) else {
            if self.account().lines_from_flags().is_empty() {
                return Ok(());
            }
            let edited = edit_config(&self.context, |text| self.account().remembered_in(text));
            return edited.map(drop).map_err(Problem::from);
        };
        let _lock = lock_settings(&self.context)?;
        let before = read_config(&self.context.settings.folder, &*self.context.disk)?;
        let (text, _) = addition.to(&before)?;
        addition.settle(&self.context, &self.context.global.overrides(), &before)?;
        room.commit(text.as_bytes()).map_err(|error| ConfigError::from(error).into())
    }

    pub(crate) fn config_changes(&self) -> Vec<String> {
        self.added.as_ref().map_or_else(|| self.account().lines_from_flags(), |(_, changes)| changes.clone())
    }
}
