//! Writes what makes a scheduler run `everlit refresh` once a day.
//!
//! Pure: names and a place go in, text comes out; whoever calls puts the files where they belong.
//!
//! ```
//! use everlit_schedule::{Job, Scheduler};
//!
//! let job = Job::new("/usr/local/bin/everlit".as_ref(), "/srv/bakery".as_ref(), "web1")?.with_user("www")?;
//! let files = Scheduler::SystemdSystem.render(&job)?;
//! assert!(files[0].text.contains("ExecStart=/usr/local/bin/everlit -C /srv/bakery refresh --quiet --no-input\n"));
//! # Ok::<(), everlit_schedule::JobError>(())
//! ```
//!
//! And the other way round: [`read`] reads schedules that are there, [`survival`] says how many tokens die of them.
//!
//! Every format runs daily, never less often: a token lives 60 days and is due with 30 left, so 29 runs may be missed.
//! "Every 30 days" leaves none to spare, and no calendar expression means it.

pub mod calendar;
mod compose;
pub mod cron;
mod error;
mod file;
mod github;
mod gitlab;
mod job;
mod kubernetes;
mod launchd;
pub mod read;
mod scheduler;
mod shell;
pub mod survival;
mod systemd;
mod time;
mod windows;
mod xml;
mod yaml;

pub use error::JobError;
pub use file::{Encoding, GeneratedFile};
pub use job::Job;
pub use scheduler::Scheduler;
pub use time::TimeOfDay;

/// Stands in every file, so that nobody makes it monthly.
const WHY_DAILY: &str = "Daily on purpose: a token lives 60 days and is due with 30 left, so 29 runs may be missed.";
