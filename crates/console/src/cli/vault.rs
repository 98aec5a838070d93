//! `everlit vault`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Vault {
    /// Create a vault, with a master key if there is none
    Create(VaultCreate),
    /// Read every account, and name those that cannot be read
    Check,
    /// Bring the tables of an older vault up to date
    Migrate,
    /// Copy a SQLite vault while others work with it
    Backup(VaultBackup),
}

#[derive(Args, Debug)]
pub struct VaultCreate {
    /// Where the master key is, or is to be [default: everlit-master.key]
    #[arg(long, value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct VaultBackup {
    /// The file to create
    pub file: PathBuf,
}
