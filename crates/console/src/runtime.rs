//! The async runtime.

use everlit_host::Runtime;

use crate::output::Problem;

/// A single-threaded runtime: everlit waits for the network and computes nothing.
pub fn runtime() -> Result<Runtime, Problem> {
    everlit_host::runtime().map_err(|error| Problem::internal(format!("cannot start the async runtime: {error}")))
}
