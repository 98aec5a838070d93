//! `everlit key`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a master key in a new file
    Create(KeyCreate),
    /// Make a new data key, or lock the vault with another master key
    Rotate(KeyRotate),
    /// Show the keys, and how many accounts each has sealed
    Status,
}

#[derive(Args, Debug)]
pub struct KeyCreate {
    /// The file to create
    pub file: PathBuf,
}

#[derive(Args, Debug)]
pub struct KeyRotate {
    /// Seal all accounts with the new key at once; can be interrupted
    #[arg(long, conflicts_with = "master_key_file")]
    pub now: bool,
    /// Make no new key: go on where --now was interrupted
    #[arg(long, conflicts_with_all = ["master_key_file", "now"])]
    pub resume: bool,
    /// Lock the vault with the master key in this file
    #[arg(long, value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
}
