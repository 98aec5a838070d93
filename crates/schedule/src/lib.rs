//! Makes schedulers run `everlit refresh` once a day, and says what other schedules do to tokens.
//!
//! One folder per scheduler: `render` writes its files, `install` puts them onto the machine, `read` parses what others
//! wrote. [`simulate`] counts the tokens that a schedule loses. `registry` has what each scheduler
//! can do.
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
//! Every schedule is daily: a token lives 60 days and is due with 30 left, or with 20 to 40 in a vault, so 29 or 19 runs may be missed.
//! "Every 30 days" allows for no miss, and no calendar expression means it.

mod action;
mod aws_lambda;
mod azure;
pub mod calendar;
mod checksum;
mod cloud_run;
mod cloudflare;
mod command;
mod compose;
mod cron;
mod detected;
mod error;
mod file;
mod github;
mod gitlab;
mod hash;
mod hosted;
mod installer;
mod job;
mod kubernetes;
mod launchd;
mod machine;
mod netlify;
mod plan;
mod platform;
mod program;
pub mod read;
mod registry;
mod removal;
mod scheduler;
mod service;
mod shell;
pub mod simulate;
mod survey;
mod systemd;
mod time;
mod trigger;
mod unmanaged;
mod vercel;
mod windows;
mod xml;
mod yaml;

pub use action::{Action, write_files};
pub use error::{ErrorClass, JobError, ScheduleError};
pub use file::{Encoding, GeneratedFile};
pub use installer::{Definition, InstalledJob, Installer, JobProblem, JobStatus, RunTime, TestRun, UnmanagedJob};
pub use job::{HostedMachine, Job, TokenPlace};
pub use machine::{Machine, User};
pub use plan::{Change, Plan, choose};
pub use program::{is_unknown_to_schedulers, stable_path, temporary_location};
pub use removal::{Removal, RemoveOptions, remove};
pub use scheduler::Scheduler;
pub use survey::{Placed, Survey, schedules_in_workflows, schedules_on_machine};
pub use time::TimeOfDay;
