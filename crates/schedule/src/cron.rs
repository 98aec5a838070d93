//! crontab: a block of lines between two marks, so that it can be found, replaced and removed among a user's own.
//!
//! Nothing in it says anything about other lines: a `PATH=` or `MAILTO=` of its own would hold for all that follow.
//! Format: crontab(5).

use crate::{GeneratedFile, Job, JobError, Scheduler, WHY_DAILY, shell};

/// Debian's and Vixie's cron read a command of at most this many bytes (`MAX_COMMAND`, its end included).
const LONGEST_COMMAND: usize = 998;

pub(crate) fn render(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    let text = block(job)?;
    Ok(vec![GeneratedFile::utf8(format!("{}.cron", job.label()), text, "a crontab (crontab -e)")])
}

/// The block of the job, marks and final newline included.
pub fn block(job: &Job) -> Result<String, JobError> {
    // cron's own PATH lacks /usr/local/bin on many systems, where hooks and git may be.
    let command = format!("PATH=/usr/local/bin:/usr/bin:/bin {}", shell::line(&job.argv()));
    if command.len() > LONGEST_COMMAND {
        return Err(JobError::TooLong { scheduler: Scheduler::Cron, len: command.len(), most: LONGEST_COMMAND });
    }
    let (begin, end) = marks(job.label());
    let time = job.time();
    Ok(format!(
        "{begin}\n\
         # {WHY_DAILY}\n\
         # A machine that is off at that minute misses the day. What the run says is mailed; it says nothing when all is well.\n\
         {} {} * * * {command}\n\
         {end}\n",
        time.minute(),
        time.hour(),
    ))
}

/// The crontab with the job's block in it: in place of the one that is there, else at the end.
pub fn with_block(crontab: &str, job: &Job) -> Result<String, JobError> {
    let block = block(job)?;
    Ok(match find(crontab, job.label()) {
        Some((start, end)) => format!("{}{block}{}", &crontab[..start], &crontab[end..]),
        None if crontab.is_empty() || crontab.ends_with('\n') => format!("{crontab}{block}"),
        None => format!("{crontab}\n{block}"),
    })
}

/// The crontab without the block of that label; `None` if there is none.
pub fn without_block(crontab: &str, label: &str) -> Option<String> {
    let (start, end) = find(crontab, label)?;
    Some(format!("{}{}", &crontab[..start], &crontab[end..]))
}

/// The block of that label, marks included; `None` if there is none.
pub fn find_block<'t>(crontab: &'t str, label: &str) -> Option<&'t str> {
    let (start, end) = find(crontab, label)?;
    crontab.get(start..end)
}

fn marks(label: &str) -> (String, String) {
    (format!("# BEGIN {label} (everlit schedule)"), format!("# END {label} (everlit schedule)"))
}

/// From the beginning mark to the line after the end mark. A mark without its partner is nobody's block.
fn find(crontab: &str, label: &str) -> Option<(usize, usize)> {
    let (begin, end) = marks(label);
    let mut start = None;
    let mut offset = 0;
    for line in crontab.split_inclusive('\n') {
        let text = line.trim_end_matches(['\n', '\r']);
        if text == begin {
            start = Some(offset);
        }
        offset += line.len();
        if let Some(start) = start.filter(|_| text == end) {
            return Some((start, offset));
        }
    }
    None
}
