//! Time, randomness and the connection to Meta, handed in so that a demo or a test brings its own.

use std::sync::Arc;

use everlit_host::{SystemClock, seed};
use everlit_keeper::{AccountThreads, Clock};
use everlit_meta_api::Transport;

/// Everything from outside except files and environment variables.
#[derive(Clone, Debug)]
pub struct World {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Seeds the jitter of waits.
    pub seed: u64,
    /// Connects to Meta; `None` for the network, as the settings say.
    pub transport: Option<Arc<dyn Transport>>,
    /// The accounts whose disk hangs, for all passes of this process.
    pub threads: AccountThreads,
}

impl World {
    /// The wall clock, a new seed, the network.
    pub fn real() -> Self {
        Self { clock: Arc::new(SystemClock), seed: seed(), transport: None, threads: AccountThreads::default() }
    }
}
