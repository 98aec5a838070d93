//! One line of what `everlit init` did.

use everlit_keeper::Step;

use crate::output::{Exit, Mark};

/// One thing that was checked or changed.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The file it is about, as the user would name it.
    pub(super) file: String,
    pub(super) state: State,
    pub(super) message: String,
    /// What a person should do.
    pub(super) next: Option<Step>,
    /// How the program ends for it.
    pub(super) exit: Exit,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum State {
    /// Nothing to change.
    Ready,
    /// It was written.
    Added,
    /// A dry run would have written it.
    WouldAdd,
    /// Not applicable.
    Skipped,
    /// A token has yet to be connected.
    NoToken,
    /// Left alone; a person should look at it.
    Look,
    /// Prevents the first refresh.
    Problem,
}

impl State {
    pub(super) fn written(dry_run: bool) -> Self {
        if dry_run { Self::WouldAdd } else { Self::Added }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Added => "added",
            Self::WouldAdd => "would add",
            Self::Skipped => "skipped",
            Self::NoToken => "no token",
            Self::Look => "look",
            Self::Problem => "problem",
        }
    }

    pub(super) fn mark(self) -> Mark {
        match self {
            Self::Ready | Self::Added => Mark::Good,
            Self::WouldAdd | Self::Skipped | Self::NoToken => Mark::Waiting,
            Self::Look => Mark::Warning,
            Self::Problem => Mark::Bad,
        }
    }
}

impl Row {
    pub(super) fn new(file: impl Into<String>, state: State, message: impl Into<String>) -> Self {
        Self { file: file.into(), state, message: message.into(), next: None, exit: Exit::Success }
    }

    /// Something that keeps everlit from doing its work.
    pub(super) fn problem(file: impl Into<String>, exit: Exit, message: impl Into<String>, next: Step) -> Self {
        Self { next: Some(next), exit, ..Self::new(file, State::Problem, message) }
    }

    /// Something that somebody should look at.
    pub(super) fn look(file: impl Into<String>, message: impl Into<String>, next: Step) -> Self {
        Self { next: Some(next), ..Self::new(file, State::Look, message) }
    }
}
