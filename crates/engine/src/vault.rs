//! Opens the vault of the settings.

use std::io::ErrorKind as IoErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use everlit_host::shell::PERMIT;
use everlit_host::{Ended, NotRun, printed_by, runtime, this_process};
use everlit_keeper::Step;
use everlit_meta_api::Secret;
use everlit_vault::{Account, MasterKey, Spill, Vault, VaultError, VaultErrorClass};

use crate::config::{CONFIG_FILE, Project, VaultAccounts, no_vault};
use crate::{ConfigError, ErrorKind};

/// The variable that holds the master key; `EVERLIT_MASTER_KEY_FILE` names a file with it.
pub const MASTER_KEY: &str = "EVERLIT_MASTER_KEY";

/// The name of the master key among systemd's credentials. <https://systemd.io/CREDENTIALS/>
const CREDENTIAL: &str = "everlit-master-key";

/// How long `master_key_command` may take: a KMS may be far away, and a person may be asked for a passphrase.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);

impl Project<'_> {
    /// The vault of the settings, which has to be there.
    pub fn open_vault(&self) -> Result<Vault, ConfigError> {
        let settings = self.settings.vault.as_ref().ok_or_else(no_vault)?;
        let master = self.master_key()?;
        let (actor, lease_seed, process) = (self.actor(), seed()?, seed()?);
        let vault =
            self.wait_for_vault(Vault::open(&settings.address.value, &*self.disk, master, actor, lease_seed))?;
        Ok(vault.with_spill(Spill::new(Arc::clone(&self.disk), settings.spill.clone(), process)))
    }

    /// Whether the vault of the settings exists, whatever its master key.
    pub fn vault_exists(&self) -> Result<bool, ConfigError> {
        let settings = self.settings.vault.as_ref().ok_or_else(no_vault)?;
        self.wait_for_vault(Vault::exists(&settings.address.value, &*self.disk))
    }

    /// The vault of the settings, which is created if it is not there.
    pub fn create_vault(&self) -> Result<Vault, ConfigError> {
        let settings = self.settings.vault.as_ref().ok_or_else(no_vault)?;
        let master = self.master_key()?;
        let (actor, seed, now) = (self.actor(), seed()?, self.now());
        self.wait_for_vault(Vault::create(&settings.address.value, &*self.disk, master, actor, now, seed))
    }

    /// Waits for work on a vault, and turns its error into one with a next step. The work is done on a thread with a
    /// runtime of its own: whoever asks may be in one.
    pub fn wait_for_vault<T: Send>(
        &self,
        work: impl Future<Output = Result<T, VaultError>> + Send,
    ) -> Result<T, ConfigError> {
        let wait = || match runtime() {
            Ok(runtime) => runtime.block_on(work).map_err(vault_error),
            Err(error) => Err(ConfigError::internal(format!("cannot start the runtime: {error}"))),
        };
        let failed = |_| Err(ConfigError::internal("everlit failed at the vault"));
        thread::scope(|scope| scope.spawn(wait).join().unwrap_or_else(failed))
    }

    /// The accounts of the vault.
    pub(crate) fn vault_accounts(&self, vault: &Vault) -> Result<VaultAccounts, ConfigError> {
        const NAMED: usize = 3;
        let mut found = VaultAccounts::default();
        let mut unreadable = 0;
        let each = |account: Result<Account, VaultError>| match account {
            Ok(account) if account.is_paused => found.paused.push(account.name),
            Ok(account) => found.names.push(account.name),
            Err(error) => {
                unreadable += 1;
                if unreadable <= NAMED {
                    found.problems.push(vault_error(error));
                }
            }
        };
        self.wait_for_vault(vault.for_each(each))?;
        if unreadable > NAMED {
            let message = format!("{} more accounts of the vault cannot be read", unreadable - NAMED);
            found.problems.push(ConfigError::new(message, Step::everlit("vault check")));
        }
        found.names.sort();
        found.paused.sort();
        Ok(found)
    }

    /// Whether the master key comes from a variable, or from a file that one names.
    pub fn master_key_is_in_environment(&self) -> bool {
        let file = format!("{MASTER_KEY}_FILE");
        [MASTER_KEY, &file].iter().any(|name| self.environment.variable(name).is_some())
    }

    /// The file that holds the master key, if it is one of the settings or of the environment.
    pub fn master_key_file(&self) -> Option<PathBuf> {
        if self.environment.variable(MASTER_KEY).is_some() {
            return None;
        }
        let named = self.environment.variable(&format!("{MASTER_KEY}_FILE"));
        let named = named.map(|file| self.environment.folder.join(file));
        named.or_else(|| self.settings.vault.as_ref()?.master_key_file.clone())
    }

    /// The master key, and where it comes from: the environment, a file that it names, a credential of systemd, the file or
    /// the command in the settings.
    pub fn master_key(&self) -> Result<MasterKey, ConfigError> {
        let Some((value, origin)) = self.master_key_text()? else {
            let message = format!(
                "no master key: set {MASTER_KEY}_FILE, {MASTER_KEY}, `master_key_file` or `master_key_command`; without it, the \
                 vault cannot be read"
            );
            return Err(ConfigError::new(
                message,
                Step::everlit("key create FILE").with_note("if there is no key yet"),
            ));
        };
        let next =
            || Step::note(format!("put the master key of the vault there, or set {MASTER_KEY}_FILE to its file"));
        MasterKey::parse(value.expose()).map_err(|error| ConfigError::new(format!("{origin} {error}"), next()))
    }

    /// Where the master key comes from; `None` if there is none.
    pub fn master_key_source(&self) -> Result<Option<String>, ConfigError> {
        let is_missing = |file: &std::path::Path| self.disk.stat(file).is_err();
        let settings = self.settings.vault.as_ref();
        if settings.and_then(|settings| settings.master_key_file.as_deref()).is_some_and(is_missing) {
            // It may be about to be created.
            return Ok(self.secret_places().in_environment(MASTER_KEY)?.map(|setting| setting.origin.to_string()));
        }
        Ok(self.master_key_text()?.map(|(_, origin)| origin))
    }

    fn master_key_text(&self) -> Result<Option<(Secret, String)>, ConfigError> {
        if let Some(setting) = self.secret_places().in_environment(MASTER_KEY)? {
            return Ok(Some((Secret::new(setting.value), setting.origin.to_string())));
        }
        let credential = self
            .environment
            .variable("CREDENTIALS_DIRECTORY")
            .map(|folder| std::path::Path::new(folder).join(CREDENTIAL));
        let credential = credential.filter(|file| self.disk.stat(file).is_ok());
        let settings = self.settings.vault.as_ref();
        let file = credential.or_else(|| settings.and_then(|settings| settings.master_key_file.clone()));
        if let Some(file) = file {
            const LARGEST: usize = 4096;
            let origin = file.display().to_string();
            let next = |error: &std::io::Error| match error.kind() {
                IoErrorKind::PermissionDenied => {
                    Step::note(format!("let the user that runs everlit read it ({PERMIT})"))
                }
                _ => Step::note(format!("put the copy of the master key there, or set {MASTER_KEY}_FILE to its place")),
            };
            let bytes = self.disk.read(&file, LARGEST);
            let bytes = bytes.map_err(|error| {
                ConfigError::new(format!("cannot read the master key in {origin}: {error}"), next(&error))
            })?;
            let value = Secret::new(String::from_utf8_lossy(&bytes).into_owned());
            return Ok(Some((value, origin)));
        }
        match settings.map(|settings| &*settings.master_key_command) {
            Some([program, arguments @ ..]) => {
                Ok(Some((self.printed_by(program, arguments)?, "what `master_key_command` prints".to_owned())))
            }
            _ => Ok(None),
        }
    }

    /// What a command prints; its own messages go to the terminal.
    fn printed_by(&self, program: &str, arguments: &[String]) -> Result<Secret, ConfigError> {
        let failed = |why: String| {
            let next = Step::note(format!("run `master_key_command` of {CONFIG_FILE} by itself, and correct it"));
            ConfigError::new(format!("`master_key_command` ({program}) {why}"), next)
        };
        let mut command = std::process::Command::new(program);
        command.args(arguments).current_dir(&self.settings.folder);
        match printed_by(command, COMMAND_TIMEOUT) {
            Ok(ended) if ended.well() => Ok(Secret::new(ended.text())),
            Ok(Ended { code: Some(code), .. }) => Err(failed(format!("failed with exit code {code}"))),
            Ok(_) => Err(failed("was killed".to_owned())),
            Err(NotRun::TimedOut) => {
                Err(failed(format!("was stopped: it did not finish within {} seconds", COMMAND_TIMEOUT.as_secs())))
            }
            Err(NotRun::Absent) => Err(failed("cannot be started: program not found".to_owned())),
            Err(NotRun::Failed(error)) => Err(failed(format!("cannot be started: {error}"))),
        }
    }

    /// Who works with the vault: this process, and whoever runs it.
    fn actor(&self) -> String {
        let who = ["SUDO_USER", "USER", "USERNAME"].into_iter().find_map(|name| self.environment.variable(name));
        match who {
            Some(who) => format!("{who}, {}", this_process(self.environment)),
            None => this_process(self.environment),
        }
    }
}

/// Seeds the numbers of leases, which no other process may have.
fn seed() -> Result<u64, ConfigError> {
    let random = everlit_host::unguessable();
    let random = random.and_then(|random| random.first_chunk::<8>().copied());
    random.map(u64::from_le_bytes).ok_or_else(|| ConfigError::internal("the system provides no random numbers"))
}

/// An error of a vault with its next step.
pub fn vault_error(error: VaultError) -> ConfigError {
    use VaultErrorClass::{
        Address, Damaged, Denied, Exists, Internal, Key, Missing, Newer, NoAccount, ReadOnly, Taken, Unreachable,
    };
    let (kind, next) = match error.class {
        Missing => (
            ErrorKind::Config,
            Step::everlit("vault create")
                .with_note("if it is new; else put it or a backup there, or correct the address"),
        ),
        Address => (ErrorKind::Config, Step::everlit("doctor")),
        Unreachable => (ErrorKind::Temporary, Step::everlit("vault check").with_note("once the database answers")),
        Denied => (ErrorKind::Config, Step::everlit("vault check").with_note("once the user may use the database")),
        ReadOnly => (ErrorKind::NotSaved, Step::everlit("vault check").with_note("once the database can be written")),
        Damaged => (ErrorKind::Config, Step::note("restore a backup of the vault, as docs/keys.md shows")),
        Newer => (ErrorKind::Config, Step::everlit("vault check").with_note("with the newer everlit")),
        Key => (ErrorKind::Config, Step::note(format!("set {MASTER_KEY}_FILE to the file with the vault's own key"))),
        NoAccount | Exists => (ErrorKind::Config, Step::everlit("account list")),
        Taken => (ErrorKind::Locked, Step::everlit("status")),
        Internal => return ConfigError::internal(error.message),
    };
    ConfigError { kind, message: error.message, next }
}
