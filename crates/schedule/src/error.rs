//! Why no schedule can be written.

use crate::Scheduler;

/// Why no schedule can be written for a job. Every word of it may be shown.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum JobError {
    /// A scheduler starts in a folder of its own, so a relative path would mean another file there.
    #[error("{what} must be an absolute path, not `{}`", path.escape_debug())]
    NotAbsolute {
        /// What the path is for.
        what: &'static str,
        /// The path as given.
        path: String,
    },
    /// A path that is not Unicode: no XML, JSON or YAML can carry it.
    #[error("{what} is not Unicode text ({shown}); give the folder another name")]
    NotText {
        /// What the path is for.
        what: &'static str,
        /// The path with its bad parts replaced.
        shown: String,
    },
    /// A newline or another character that some scheduler would end the line at.
    #[error("{what} holds {} (U+{:04X}), which no schedule can carry; give it another name", name_of(*found), u32::from(*found))]
    BadCharacter {
        /// Where it stands.
        what: &'static str,
        /// The first such character.
        found: char,
    },
    /// This scheduler has no way of writing it.
    #[error("{what} cannot be written for {scheduler}: {why}")]
    Unwritable {
        /// For whom.
        scheduler: Scheduler,
        /// What, such as `the project folder`.
        what: &'static str,
        /// Why not.
        why: &'static str,
    },
    /// The line would be longer than the scheduler reads.
    #[error("the line for {scheduler} would have {len} bytes and {scheduler} reads {most}; use a shorter path")]
    TooLong {
        /// For whom.
        scheduler: Scheduler,
        /// Bytes of the line.
        len: usize,
        /// The most it reads.
        most: usize,
    },
    /// A system service without a user would run as root.
    #[error("{0} needs the name of the user to run as")]
    UserMissing(Scheduler),
    /// Not the name of a user.
    #[error("`{}` is not the name of a user", .0.escape_debug())]
    BadUser(String),
    /// A container sees the project folder and nothing else of the machine.
    #[error("{path} is outside the project folder, where a container cannot see it")]
    OutsideFolder {
        /// The path.
        path: String,
    },
}

fn name_of(found: char) -> &'static str {
    match found {
        '\n' | '\r' => "a line break",
        _ => "an invisible character",
    }
}
