//! What a schedule has to name for a run on a machine whose disk is empty each time.

use everlit_schedule::{HostedMachine, TokenPlace};
use everlit_store::DEFAULT_KEY;

use crate::ConfigError;
use crate::config::{Account, Project, TargetSettings};

impl Project<'_> {
    /// The machine of a run where no file of the project survives. `None` if no target brings a new token back to it, so that
    /// no such run can work.
    pub fn hosted_machine(&self) -> Result<Option<HostedMachine>, ConfigError> {
        let accounts = &self.settings.accounts;
        let mut machine = HostedMachine { has_sources: true, ..HostedMachine::default() };
        for account in accounts {
            let mut own = self.keepers().filter(|target| target.takes(&account.name)).peekable();
            if own.peek().is_none() {
                return Ok(None);
            }
            if !own.any(|target| target.is_source) {
                machine.has_sources = false;
                machine.variables.push(key(account));
            }
        }
        machine.variables.extend(self.variables_of_settings()?);
        machine.environment = self.github_environment();
        let targets = self.settings.targets.iter();
        machine.places =
            targets.flat_map(|target| accounts.iter().filter_map(|account| place(target, account))).collect();
        Ok(Some(machine))
    }

    /// The targets from which a run of CI gets tokens: sources, and the secrets of CI itself.
    fn keepers(&self) -> impl Iterator<Item = &TargetSettings> {
        let feeds_ci = |target: &TargetSettings| ["github-secret", "gitlab-variable"].contains(&target.kind.name);
        self.settings.targets.iter().filter(move |target| target.is_source || feeds_ci(target))
    }

    /// The environment of GitHub whose secrets a run gets, if a target names one.
    fn github_environment(&self) -> Option<String> {
        let mut environments = self.keepers().filter(|target| target.kind.name == "github-secret");
        environments.find_map(|target| target.options.text("environments")).map(str::to_owned)
    }

    /// The variables of credentials that a run needs or that this machine has.
    fn variables_of_settings(&self) -> Result<Vec<String>, ConfigError> {
        let mut variables = Vec::new();
        for target in &self.settings.targets {
            for spec in target.kind.secrets {
                let variable = target.kind.variable(&target.name, spec);
                if spec.is_required || self.secret(&variable)?.is_some() {
                    variables.push(variable);
                }
            }
        }
        let apps = ["META_APP_ID", "META_APP_SECRET"].map(String::from);
        for variable in self.settings.notify.variables().into_iter().chain(apps) {
            if self.secret(&variable)?.is_some() {
                variables.push(variable);
            }
        }
        Ok(variables)
    }
}

fn place(target: &TargetSettings, account: &Account) -> Option<TokenPlace> {
    let key = target.takes(&account.name).then(|| target.key_of(&account.name).unwrap_or_else(|| key(account)))?;
    Some(TokenPlace { kind: target.kind.name, key, is_source: target.is_source, options: target.options.clone() })
}

/// The name of the account's token where its settings decide it.
fn key(account: &Account) -> String {
    account.key.value.clone().unwrap_or_else(|| DEFAULT_KEY.to_owned())
}
