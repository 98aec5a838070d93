//! Settings that a caller gives for one run, such as the program's flags.

use std::path::PathBuf;

/// Settings that count over every other source. The default overrides nothing.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The project folder (`-C`).
    pub folder: Option<PathBuf>,
    /// The vault's address (`--vault`).
    pub vault: Option<String>,
    /// The env file (`--env-file`).
    pub env_file: Option<PathBuf>,
    /// The token's key in the env file (`--key`).
    pub key: Option<String>,
    /// The metadata file (`--metadata`).
    pub metadata: Option<PathBuf>,
    /// The refresh threshold (`--threshold-days`).
    pub threshold_days: Option<u32>,
    /// The deadline of one call to Meta (`--timeout`).
    pub timeout_seconds: Option<u32>,
    /// The accounts to work on (`--account`); all if empty.
    pub accounts: Vec<String>,
    /// Whether paused accounts may be named, by a caller that only reads.
    pub with_paused: bool,
    /// Certificates to trust beside the built-in ones (`--ca-file`).
    pub ca_file: Option<PathBuf>,
}
