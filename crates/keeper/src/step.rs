//! What a person should do next.

use std::fmt;

/// The next step: a command to run, a note, or a command with a note that explains it or names another way.
///
/// Data, not text: whoever shows it adds the caller's global flags, quotes for the shell and breaks lines, once.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Step {
    /// What to run; `None` where no command does it.
    pub command: Option<StepCommand>,
    /// A sentence without a full stop: what to do where there is no command, otherwise why, or an alternative.
    pub note: Option<String>,
}

/// A command that a [`Step`] suggests.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum StepCommand {
    /// Arguments for everlit itself, unquoted and without the program's name, such as `["connect", "shop"]`.
    Everlit(Vec<String>),
    /// A command line of another program, quoted for a POSIX shell.
    Shell(String),
}

impl Step {
    /// Run everlit with these arguments, separated by single spaces, such as `connect --facebook`.
    pub fn everlit(args: &str) -> Self {
        Self::everlit_args(args.split(' '))
    }

    /// Run everlit with these arguments, which may hold spaces.
    pub fn everlit_args(args: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { command: Some(StepCommand::Everlit(args.into_iter().map(Into::into).collect())), note: None }
    }

    /// Run another program.
    pub fn shell(line: impl Into<String>) -> Self {
        Self { command: Some(StepCommand::Shell(line.into())), note: None }
    }

    /// Do what the note says.
    pub fn note(note: impl Into<String>) -> Self {
        Self { command: None, note: Some(note.into()) }
    }

    /// The same command with one more argument.
    #[must_use]
    pub fn with_arg(mut self, arg: impl Into<String>) -> Self {
        if let Some(StepCommand::Everlit(args)) = &mut self.command {
            args.push(arg.into());
        }
        self
    }

    /// The same command with a note.
    #[must_use]
    pub fn with_note(self, note: impl Into<String>) -> Self {
        Self { note: Some(note.into()), ..self }
    }
}

/// One line, without the caller's flags: for messages that leave the machine.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.command, &self.note) {
            (Some(command), Some(note)) => write!(f, "{command}; {note}"),
            (Some(command), None) => command.fmt(f),
            (None, note) => f.write_str(note.as_deref().unwrap_or_default()),
        }
    }
}

impl fmt::Display for StepCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everlit(args) => write!(f, "everlit {}", args.join(" ")),
            Self::Shell(line) => f.write_str(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Step;

    #[test]
    fn a_step_reads_as_one_line() {
        assert_eq!(Step::everlit("connect shop").to_string(), "everlit connect shop");
        assert_eq!(Step::shell("crontab -e").with_note("paste this block").to_string(), "crontab -e; paste this block");
        assert_eq!(Step::note("wait for that run").to_string(), "wait for that run");
    }
}
