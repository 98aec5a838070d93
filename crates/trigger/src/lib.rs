//! What starts a run from outside: invocations of AWS Lambda, and signed calls over HTTP. The run is a child process, so that
//! whatever happens to it leaves the process that waits for the next one as it was.

mod call;
mod lambda;
mod listen;
mod run;

pub use lambda::serve;
pub use listen::listen;

/// The variable with the address of the runtime API, which Lambda sets.
pub const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";

/// The variable with the secret that calls are signed with.
const SECRET: &str = "EVERLIT_TRIGGER_SECRET";

/// The variable that names a file with it.
const SECRET_FILE: &str = "EVERLIT_TRIGGER_SECRET_FILE";
