//! Schedules of platforms that call a function, whose disk is empty each time.

pub(crate) mod json;
pub(crate) mod toml;

use crate::Scheduler;
use crate::calendar::When;
use crate::detected::{DetectedSchedule, Warning};

/// A platform, as JSON names it and as people do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Platform {
    code: &'static str,
    name: &'static str,
}

pub(crate) const AWS: Platform = Platform { code: "aws", name: "AWS" };
pub(crate) const CLOUDFLARE: Platform = Platform { code: "cloudflare", name: "Cloudflare" };
pub(crate) const NETLIFY: Platform = Platform { code: "netlify", name: "Netlify" };
pub(crate) const VERCEL: Platform = Platform { code: "vercel", name: "Vercel" };

impl Platform {
    /// A schedule of this platform's in a file, for a function that does this.
    fn schedule(self, line: usize, text: &str, when: When, function: Function) -> DetectedSchedule {
        let mut found = DetectedSchedule::new(Scheduler::Cron, line, vec![(text.trim().to_owned(), when)]);
        found.platform = Some(self.code);
        match function {
            Function::Other => {
                let message = format!(
                    "{} calls a function that keeps no files: everlit cannot run there, and cannot tell whether the function stores the new token",
                    self.name
                );
                found.block(line, "keeps-no-files", message);
            }
            Function::CallsEverlit => {
                let message = "it calls everlit elsewhere: that everlit refreshes there is not checked here";
                found.warnings.push(Warning::at(line, "runs-elsewhere", message));
            }
            Function::Everlit => {}
        }
        found
    }
}

/// What a function does, as far as its files tell.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Function {
    /// It is everlit, as `everlit schedule print` writes it.
    Everlit,
    /// It calls everlit elsewhere, as `everlit schedule print` writes it.
    CallsEverlit,
    Other,
}
