//! The settings of a project: overrides over environment over `everlit.toml` over defaults, each with its origin.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use everlit_disk::Disk;
use everlit_host::Environment;
use everlit_keeper::{AccountName, Policy, Step};
use everlit_meta_api::redact;
use everlit_options::variable_part;
use toml_edit::TableLike;

use super::accounts::{self, Account};
use super::app::AppSettings;
use super::file::{invalid, parse_config, read_config, unknown_settings};
use super::notify::NotifySettings;
use super::numbers::{THRESHOLD, TIMEOUT, VERIFY_EVERY};
use super::overrides::Overrides;
use super::problem::ConfigProblem;
use super::secret_places::SecretPlaces;
use super::serve::ServeSettings;
use super::setting::Setting;
use super::shared::{beside, in_vault, parse_shared};
use super::sources::Sources;
use super::target::{TargetSettings, target};
use super::vault::{VaultAccounts, VaultSettings};
use crate::ConfigError;

/// Every setting, resolved and checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The project folder, absolute.
    pub folder: PathBuf,
    /// The accounts to work on, in the order of the file.
    pub accounts: Vec<Account>,
    /// Every account of the file, also those that the overrides leave out: accounts share folders and env files, so work
    /// on one must know the others.
    pub all_accounts: Vec<Account>,
    /// The accounts of the vault that are paused: nothing is done for them, and they are none of the others.
    pub paused: Vec<AccountName>,
    /// The vault that holds the accounts; `None` if they are in files.
    pub vault: Option<VaultSettings>,
    /// A token is refreshed when fewer days than this are left.
    pub threshold_days: Setting<u32>,
    /// A token is verified when the last verification is this many days ago.
    pub verify_every_days: Setting<u32>,
    /// How many seconds one call to Meta may take.
    pub timeout_seconds: Setting<u32>,
    /// A stand-in for Meta, such as the sandbox.
    pub meta_url: Option<Setting<String>>,
    /// Certificates to trust beside the built-in ones.
    pub ca_file: Option<Setting<PathBuf>>,
    /// A bundle that replaces the built-in certificates, from the environment; [`Project::roots_file`] looks further.
    ///
    /// [`Project::roots_file`]: super::Project::roots_file
    pub(crate) roots_file: Option<Setting<PathBuf>>,
    /// Who is notified, and which monitors expect a heartbeat.
    pub notify: NotifySettings,
    /// Where fresh tokens go.
    pub targets: Vec<TargetSettings>,
    /// The Meta apps that have names.
    pub apps: Vec<AppSettings>,
    /// What is wrong with these settings. Nobody may work on an account that one of them concerns.
    pub problems: Vec<ConfigProblem>,
}

impl Settings {
    /// Reads the settings of a project.
    pub fn read(overrides: &Overrides, environment: &Environment, disk: &Arc<dyn Disk>) -> Result<Self, ConfigError> {
        let folder = match &overrides.folder {
            Some(folder) => environment.folder.join(folder),
            None => environment.folder.clone(),
        };
        if disk.list(&folder).is_err() {
            let message = format!("cannot read the folder {}", redact(&folder.display().to_string()));
            return Err(ConfigError::new(message, Step::note("run it again with -C and an existing folder")));
        }
        let text = read_config(&folder, &**disk)?;
        let mut settings = Self::resolve(overrides, environment, disk, folder, &text)?;
        let places = SecretPlaces { environment, disk: &**disk, folder: &settings.folder, shared: Arc::default() };
        let problem = places.unreadable_connection().map(ConfigProblem::of_run);
        settings.problems.extend(problem);
        Ok(settings)
    }

    /// Resolves the settings as if `text` were the content of [`CONFIG_FILE`](super::CONFIG_FILE). An error is a wrong flag,
    /// or a file that cannot be read at all; what else is wrong is in [`Self::problems`].
    pub fn resolve(
        overrides: &Overrides,
        environment: &Environment,
        disk: &Arc<dyn Disk>,
        folder: PathBuf,
        text: &str,
    ) -> Result<Self, ConfigError> {
        let sources = Sources { overrides, environment, file: parse_config(text)?, disk, folder: &folder };
        let mut problems = Vec::new();
        let vault = VaultSettings::read(&sources, &mut problems)?;
        // Those of a vault are known once it is open.
        let all_accounts = if vault.is_some() { Vec::new() } else { accounts::read(&sources, &mut problems)? };
        let accounts = if vault.is_some() { Vec::new() } else { accounts::chosen(&all_accounts, &overrides.accounts)? };
        let targets = if vault.is_some() {
            Vec::new()
        } else {
            TargetSettings::read(&sources.file, &all_accounts, &[], &mut problems)
        };
        problems.extend(unknown_settings(&sources.file).map(|(_, error)| ConfigProblem::of_run(error)));
        problems.extend(ServeSettings::problem(&sources));
        let ca_file = overrides.ca_file.clone().map(|path| Setting::flag("--ca-file", path));
        Ok(Self {
            accounts,
            paused: Vec::new(),
            vault,
            threshold_days: THRESHOLD.read(&sources, overrides.threshold_days, &mut problems)?,
            verify_every_days: VERIFY_EVERY.read(&sources, None, &mut problems)?,
            timeout_seconds: TIMEOUT.read(&sources, overrides.timeout_seconds, &mut problems)?,
            meta_url: meta_url(&sources)?,
            ca_file: ca_file.or_else(|| sources.variable("EVERLIT_CA_FILE").map(Setting::path)),
            roots_file: sources.variable("SSL_CERT_FILE").map(Setting::path),
            notify: NotifySettings::read(&sources.file, &mut problems),
            apps: AppSettings::read(&sources.file, &mut problems),
            targets,
            all_accounts,
            problems,
            folder,
        })
    }

    /// The same with the channels, monitors and apps that stand in its vault.
    pub(crate) fn with_shared(mut self, shared: &str, disk: &dyn Disk) -> Result<Self, ConfigError> {
        let file = beside(&parse_config(&read_config(&self.folder, disk)?)?, shared)?;
        let mut problems = Vec::new();
        self.notify.extend(NotifySettings::read(&file, &mut problems));
        self.apps.extend(AppSettings::read(&file, &mut problems));
        self.problems.extend(in_vault(problems));
        Ok(self)
    }

    /// The same with the accounts of its vault, and the targets that stand there.
    pub(crate) fn with_accounts(
        self,
        VaultAccounts { names, mut paused, problems: unreadable }: VaultAccounts,
        shared: &str,
        overrides: &Overrides,
        disk: &dyn Disk,
    ) -> Result<Self, ConfigError> {
        let all_accounts: Vec<Account> = names.into_iter().map(Account::of_vault).collect();
        let known: HashSet<&str> = all_accounts.iter().map(|account| account.name.as_str()).collect();
        let (wanted, others): (Vec<String>, Vec<String>) =
            overrides.accounts.iter().cloned().partition(|name| known.contains(&**name));
        let is_paused = |name: &String| paused.iter().any(|account| account.as_str() == name);
        if let Some(name) = others.iter().find(|name| !overrides.with_paused || !is_paused(name)) {
            if is_paused(name) {
                let message = format!("{name} is paused");
                return Err(ConfigError::new(message, Step::everlit_args(["account", "resume", name])));
            }
            let message = format!("the vault has no account {}", redact(name));
            return Err(if unreadable.is_empty() {
                ConfigError::new(message, Step::everlit("account list"))
            } else {
                ConfigError::new(format!("{message} that can be read"), Step::everlit("vault check"))
            });
        }
        let file = parse_config(&read_config(&self.folder, disk)?)?;
        let mut problems = self.problems;
        problems.extend(unreadable.into_iter().map(ConfigProblem::of_unreadable));
        let mut of_shared = Vec::new();
        let mut targets = TargetSettings::read(&parse_shared(shared)?, &all_accounts, &paused, &mut of_shared);
        for target in TargetSettings::read(&file, &all_accounts, &paused, &mut problems) {
            if targets.iter().any(|shared| variable_part(&shared.name) == variable_part(&target.name)) {
                // Each machine would take the other's delivery for one that is missing.
                let message =
                    format!("`target.{}` is also in the vault, which counts; remove one of them", target.name);
                problems.push(ConfigProblem::of_run(invalid(&message)));
            } else {
                targets.push(target);
            }
        }
        problems.extend(in_vault(of_shared));
        if let Some(source) = targets.iter().find(|target| target.is_source) {
            let message = format!("`target.{}.source` does not go with a vault, which holds the tokens", source.name);
            problems.push(ConfigProblem::of_run(invalid(&message)));
        }
        let only_paused = wanted.is_empty() && !others.is_empty();
        let accounts = if only_paused { Vec::new() } else { accounts::chosen(&all_accounts, &wanted)? };
        if !overrides.accounts.is_empty() {
            paused.retain(|account| others.iter().any(|name| account.as_str() == name));
        }
        Ok(Self { accounts, all_accounts, paused, targets, problems, ..self })
    }

    /// The keeper's policy. With `force`, tokens are refreshed whatever their age and expiry.
    pub fn policy(&self, force: bool) -> Policy {
        let days = |days: &Setting<u32>| Duration::from_secs(u64::from(days.value) * 24 * 60 * 60);
        let (threshold, verify_every) = (days(&self.threshold_days), days(&self.verify_every_days));
        // A vault holds many accounts, which must not become due together.
        let spread = if self.vault.is_some() { threshold / 3 } else { Duration::ZERO };
        Policy { threshold, verify_every, spread, force }
    }

    /// A target that is to be added, as it would be read back.
    pub fn target_to_add(&self, name: &str, table: &dyn TableLike) -> Result<TargetSettings, ConfigError> {
        let same = |known: &&TargetSettings| known.name != name && variable_part(&known.name) == variable_part(name);
        if let Some(other) = self.targets.iter().find(same) {
            return Err(invalid(&format!("`{}` and `{name}` in [target] are too similar", other.name)));
        }
        let names = self.all_accounts.iter().map(|account| &account.name).chain(&self.paused);
        target(name, table, &names.map(AccountName::as_str).collect())
    }

    /// Whether the overrides leave out accounts of the file.
    pub fn leaves_out_accounts(&self) -> bool {
        self.accounts.len() < self.all_accounts.len()
    }

    /// What is wrong with settings of the whole run.
    pub fn problems_of_run(&self) -> impl Iterator<Item = &ConfigError> {
        self.problems.iter().filter(|problem| problem.account.is_none()).map(|problem| &problem.error)
    }

    /// Whether accounts of the vault cannot be read.
    pub(crate) fn has_unreadable_accounts(&self) -> bool {
        self.problems.iter().any(|problem| problem.is_unreadable)
    }

    /// The names of the accounts to work on.
    pub fn names(&self) -> Vec<AccountName> {
        self.accounts.iter().map(|account| account.name.clone()).collect()
    }
}

/// An origin, which may be shown: anything else that a URL can contain, such as a password, is refused.
fn meta_url(sources: &Sources<'_>) -> Result<Option<Setting<String>>, ConfigError> {
    let setting = sources.variable("EVERLIT_META_URL");
    if let Some(Err(error)) = setting.as_ref().map(|setting| everlit_http::Origin::parse(&setting.value)) {
        let message = format!("EVERLIT_META_URL {error}; it must look like http://127.0.0.1:4010");
        return Err(ConfigError::new(message, Step::note("correct or unset EVERLIT_META_URL")));
    }
    Ok(setting)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test writes a file with the means of std")]
mod tests {
    use everlit_disk::RealDisk;
    use everlit_disk::faults::{FaultyDisk, Plan};

    use super::*;
    use crate::config::CONFIG_FILE;

    /// The threshold and its origin, with that flag, that variable and that line of the file.
    fn threshold(flag: Option<u32>, variable: Option<&str>, line: Option<&str>) -> String {
        let folder = tempfile::tempdir().unwrap();
        if let Some(line) = line {
            std::fs::write(folder.path().join(CONFIG_FILE), line).unwrap();
        }
        let overrides = Overrides { threshold_days: flag, ..Overrides::default() };
        let variables: Vec<_> = variable.into_iter().map(|days| ("EVERLIT_THRESHOLD_DAYS", days)).collect();
        let environment = Environment::of(folder.path().to_owned(), &variables);
        let setting =
            Settings::read(&overrides, &environment, &(Arc::new(RealDisk) as Arc<dyn Disk>)).unwrap().threshold_days;
        format!("{} ({})", setting.value, setting.origin)
    }

    #[test]
    fn flags_win_over_variables_over_the_file_over_the_default() {
        let (flag, variable, line) = (Some(1), Some("2"), Some("threshold_days = 3"));
        assert_eq!(threshold(flag, variable, line), "1 (--threshold-days)");
        assert_eq!(threshold(None, variable, line), "2 (environment EVERLIT_THRESHOLD_DAYS)");
        assert_eq!(threshold(None, Some(""), line), "3 (everlit.toml)", "an empty variable counts as unset");
        assert_eq!(threshold(None, None, line), "3 (everlit.toml)");
        assert_eq!(threshold(None, None, None), "30 (default)");
    }

    /// How often the disk is asked while the settings of that many accounts are resolved.
    fn disk_calls(accounts: usize) -> usize {
        let folder = tempfile::tempdir().unwrap();
        let table = |number| format!("[account.a{number}]\nenv_file = \"env/{number}.env\"\n");
        let text: String = (0..accounts).map(table).collect();
        let counting = FaultyDisk::new(RealDisk, Plan::Nothing);
        let disk: Arc<dyn Disk> = Arc::new(counting.clone());
        let environment = Environment::empty(folder.path().to_owned());
        let settings =
            Settings::resolve(&Overrides::default(), &environment, &disk, folder.path().to_owned(), &text).unwrap();
        assert_eq!(settings.accounts.len(), accounts);
        counting.steps().len()
    }

    #[test]
    fn p4_an_account_whose_disk_hangs_stops_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let text = "[account.a]\nenv_file = \"a\"\n[account.b]\nenv_file = \"b\"\n[account.c]\nenv_file = \"c\"\n";
        // Answers when the test is over.
        let (_test, over) = std::sync::mpsc::channel::<()>();
        let over = std::sync::Mutex::new(over);
        let hang = move || _ = over.lock().unwrap().recv();
        let disk: Arc<dyn Disk> = Arc::new(FaultyDisk::meddled(RealDisk, 2, hang));
        let environment = Environment::empty(folder.path().to_owned());
        let folder = folder.path().to_owned();
        let settings = Settings::resolve(&Overrides::default(), &environment, &disk, folder, text).unwrap();
        assert_eq!(settings.accounts.len(), 3);
    }

    #[test]
    fn ten_times_the_accounts_are_ten_times_the_disk_calls() {
        assert_eq!(disk_calls(200), 10 * disk_calls(20));
    }
}
