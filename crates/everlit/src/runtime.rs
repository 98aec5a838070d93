//! The async runtime.

use crate::output::Problem;

/// A single-threaded runtime: everlit waits for the network and computes nothing.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Problem> {
    everlit_host::runtime().map_err(|error| Problem::internal(format!("cannot start the async runtime: {error}")))
}
