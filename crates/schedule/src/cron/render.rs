//! Renders the block for a crontab (crontab(5)).
//!
//! The block sets no variables: a `PATH=` or `MAILTO=` line would apply to every line below it.

use super::crontab;
use crate::checksum::{Comment, with_footer};
use crate::{GeneratedFile, Job, JobError, Scheduler, shell};

/// Debian's and Vixie's cron read a command of at most this many bytes (`MAX_COMMAND`, less the terminating NUL).
const MAX_COMMAND: usize = 998;

pub(crate) fn render(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    let text = block(job)?;
    Ok(vec![GeneratedFile::utf8(format!("{}.cron", job.label()), text, "your crontab (crontab -e)")])
}

/// The job's block, with its marks and the final newline.
pub(crate) fn block(job: &Job) -> Result<String, JobError> {
    let why_daily = job.why_daily();
    let lines = format!(
        "# {why_daily}\n\
         # If the machine is off at that minute, the day is missed. cron mails what a run prints: nothing if all is well.\n\
         {} {} * * * {}\n",
        job.time().minute(),
        job.time().hour(),
        command(job)?
    );
    Ok(crontab::block(job.label(), &with_footer(&lines, job.folder(), Comment::Hash)))
}

fn command(job: &Job) -> Result<String, JobError> {
    // On many systems cron's own PATH lacks /usr/local/bin, where hooks and git may be.
    let command = format!("PATH=/usr/local/bin:/usr/bin:/bin {}", shell::line(&job.argv()));
    if command.len() > MAX_COMMAND {
        return Err(JobError::TooLong { scheduler: Scheduler::Cron, len: command.len(), most: MAX_COMMAND });
    }
    Ok(command)
}
