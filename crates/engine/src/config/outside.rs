//! What a run needs outside the project folder: sandboxes must allow it.

use std::path::{Path, PathBuf};

use super::project::Project;

impl Project<'_> {
    /// The programs of channels, as written.
    pub fn channel_programs(&self) -> impl Iterator<Item = &str> {
        self.settings.notify.channels.iter().filter_map(|channel| channel.options.text("command"))
    }

    /// Files that a run reads: certificates, programs of channels, and the master key. `folder` is the project's, without links.
    pub fn files_outside(&self, folder: &Path) -> Vec<PathBuf> {
        let certificates = self.settings.ca_file.clone().or_else(|| self.roots_file());
        let certificates = certificates.iter().map(|file| folder.join(&file.value));
        let programs = self.channel_programs().map(PathBuf::from);
        // A program that is looked up in PATH has no fixed location.
        let master_key = self.settings.vault.iter().filter_map(|vault| vault.master_key_file.clone());
        certificates.chain(programs.filter(|program| program.is_absolute())).chain(master_key).collect()
    }

    /// Folders that a run writes to: those of env files, metadata, metrics, and of a vault in a file. `folder` is the project's, without links.
    pub fn folders_outside(&self, folder: &Path) -> Vec<PathBuf> {
        let real = |path: &Path| self.disk.resolve(path).unwrap_or_else(|_| path.to_owned());
        let of_accounts =
            self.settings.accounts.iter().flat_map(|account| [&account.env_file.value, &account.metadata.value]);
        let mut outside: Vec<PathBuf> = Vec::new();
        let vault = self.settings.vault.iter().filter_map(|vault| vault.address.value.file());
        for file in of_accounts.chain(vault).chain(&self.settings.notify.metrics_file) {
            // The folder of the file itself is written, not the folder of a link to it.
            let path = real(&folder.join(file));
            let Some(parent) = path.parent().map(real) else { continue };
            if !parent.starts_with(folder) && !outside.contains(&parent) {
                outside.push(parent);
            }
        }
        outside
    }
}
