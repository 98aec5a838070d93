//! One pass over all accounts, and the loop that repeats it.

mod failed;
mod frontend;
mod heartbeats;
mod metrics_file;
mod notifiers;
mod run;
mod settings;
mod targets;
mod undelivered;
mod watch;

pub use frontend::{Aftermath, Frontend, MissedHeartbeat};
pub use heartbeats::{beat, missed_heartbeats};
pub use notifiers::{check_notifier, dispatcher, heartbeat, notifier, notifier_host};
pub use run::Pass;
pub use targets::{Built, places, plans};
pub use undelivered::{clear_undelivered, undelivered, unread_files};
pub use watch::Watch;
