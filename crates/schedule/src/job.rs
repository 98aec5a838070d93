//! The job: what to run, where and when.

use std::path::Path;

use everlit_options::Options;

use crate::hash::hash;
use crate::{JobError, Scheduler, TimeOfDay};

/// Refreshes one project folder once a day. Each of its texts fits on one line of any file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Job {
    program: String,
    folder: String,
    label: String,
    time: TimeOfDay,
    flags: Vec<String>,
    pub(crate) also_written: Vec<String>,
    pub(crate) also_read: Vec<String>,
    user: Option<String>,
    pub(crate) owner: Option<(u32, u32)>,
    pub(crate) log: Option<String>,
    pub(crate) hosted: Option<HostedMachine>,
    is_of_vault: bool,
}

/// What a run needs where no file of the project survives.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct HostedMachine {
    /// The environment variables of the run: tokens, credentials of targets and channels.
    pub variables: Vec<String>,
    /// The environment of GitHub whose secrets they are.
    pub environment: Option<String>,
    /// Whether each token comes from a target, and none from a variable.
    pub has_sources: bool,
    /// Where tokens go.
    pub places: Vec<TokenPlace>,
}

/// The place of one token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TokenPlace {
    /// The kind of its target, such as `aws-ssm`.
    pub kind: &'static str,
    /// The name of the token there.
    pub key: String,
    /// Whether the token is read from there: then everlit's state is there, too.
    pub is_source: bool,
    /// The options of the target.
    pub options: Options,
}

impl TokenPlace {
    /// The names that a run reads and writes there: the token, and everlit's state at the place of a source.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        let state = self.is_source.then(|| format!("{}-everlit", self.key));
        [Some(self.key.clone()), state].into_iter().flatten()
    }
}

impl HostedMachine {
    /// An option of the first target of this kind that has it.
    pub(crate) fn option(&self, kind: &str, option: &str) -> Option<&str> {
        self.places.iter().filter(|place| place.kind == kind).find_map(|place| place.options.text(option))
    }
}

impl Job {
    /// Runs everlit at `program` for the project in `folder`, at a minute derived from the host's name.
    ///
    /// Both paths are Unicode and absolute, in Unix or Windows syntax. The folder should be resolved: two names of one
    /// folder make two jobs.
    pub fn new(program: &Path, folder: &Path, host: &str) -> Result<Self, JobError> {
        let program = absolute("the program's path", program)?;
        let folder = absolute("the project folder", folder)?;
        Ok(Self {
            label: label(&folder),
            time: TimeOfDay::of_host(host, &folder),
            program,
            folder,
            flags: Vec::new(),
            also_written: Vec::new(),
            also_read: Vec::new(),
            user: None,
            owner: None,
            log: None,
            hosted: None,
            is_of_vault: false,
        })
    }

    /// Whether the folder has a vault, whose accounts are due at different times.
    #[must_use]
    pub fn of_vault(self, is_of_vault: bool) -> Self {
        Self { is_of_vault, ..self }
    }

    /// The days that a token has left when it is due, and the runs that may be missed then. By the default threshold: another one is
    /// no reason to install the job again.
    pub(crate) fn due_with(&self) -> (&'static str, u8) {
        if self.is_of_vault { ("20 to 40", 19) } else { ("30", 29) }
    }

    /// A comment for every file, so that nobody makes it monthly.
    pub(crate) fn why_daily(&self) -> String {
        let (left, missed) = self.due_with();
        format!("Daily on purpose: a token lives 60 days and is due with {left} left, so {missed} runs may be missed.")
    }

    /// Adds everlit flags before `refresh`: `["--account", "shop"]`. Relative paths are relative to the folder. Never pass
    /// a secret: everybody on the machine can read arguments.
    pub fn with_flags(self, flags: Vec<String>) -> Result<Self, JobError> {
        flags.iter().try_for_each(|flag| printable("a flag", flag))?;
        Ok(Self { flags, ..self })
    }

    /// Folders outside the project folder that a run writes to, such as that of an `--env-file`. Sandboxes allow it.
    pub fn also_writing(self, folders: &[&Path]) -> Result<Self, JobError> {
        let folders = folders.iter().map(|folder| absolute("a folder that is written", folder));
        Ok(Self { also_written: folders.collect::<Result<_, _>>()?, ..self })
    }

    /// Files outside the project folder that a run reads, such as `--ca-file`. Sandboxes allow it.
    pub fn also_reading(self, files: &[&Path]) -> Result<Self, JobError> {
        let files = files.iter().map(|file| absolute("a file that is read", file));
        Ok(Self { also_read: files.collect::<Result<_, _>>()?, ..self })
    }

    /// Runs as this user (`alice`, `SHOP\alice`).
    pub fn with_user(self, user: &str) -> Result<Self, JobError> {
        let fits = |c: char| c.is_alphanumeric() || "._-@\\ ".contains(c);
        if user.is_empty() || user.starts_with(['-', ' ']) || user.ends_with(' ') || !user.chars().all(fits) {
            return Err(JobError::BadUser(user.to_owned()));
        }
        Ok(Self { user: Some(user.to_owned()), ..self })
    }

    /// Whether its paths are those of Windows.
    pub(crate) fn is_of_windows(&self) -> bool {
        [&self.program, &self.folder].iter().any(|path| is_drive(path) || path.starts_with(r"\\"))
    }

    /// The IDs of the user and group that own the folder: a container runs as them, but never as root.
    #[must_use]
    pub fn owned_by(self, uid: u32, gid: u32) -> Self {
        Self { owner: (uid != 0).then_some((uid, gid)), ..self }
    }

    /// Runs on machines that CI lends, where schedulers have them.
    #[must_use]
    pub fn on_hosted_machine(self, machine: HostedMachine) -> Self {
        Self { hosted: Some(machine), ..self }
    }

    /// Whether a run of this scheduler's finds nothing of this machine: no file but everlit.toml, no variable.
    pub fn runs_elsewhere(&self, scheduler: Scheduler) -> bool {
        match scheduler {
            Scheduler::GitHubActions | Scheduler::GitLabCi => self.hosted.is_some(),
            Scheduler::Kubernetes => self.with_sources(scheduler).is_ok(),
            // Those of machines that read files of the project.
            Scheduler::Cron
            | Scheduler::SystemdSystem
            | Scheduler::SystemdUser
            | Scheduler::Launchd
            | Scheduler::Windows
            | Scheduler::Compose => false,
            _ => true,
        }
    }

    /// The machine of a run whose tokens all come from targets, as this scheduler needs it.
    pub(crate) fn with_sources(&self, scheduler: Scheduler) -> Result<&HostedMachine, JobError> {
        let machine = self.hosted.as_ref().filter(|machine| machine.has_sources);
        machine.ok_or(JobError::NoSource(scheduler))
    }

    /// The arguments in a container that sees only everlit.toml, in `/project`.
    pub(crate) fn args_elsewhere(&self, scheduler: Scheduler) -> Result<Vec<String>, JobError> {
        let names_a_file = |flag: &str| ["--ca-file", "--env-file", "--metadata"].contains(&flag);
        self.without_flags(scheduler, names_a_file)?;
        self.container_args(&["refresh", "--no-input"])
    }

    /// Refuses flags that cannot have an effect where the run is.
    pub(crate) fn without_flags(
        &self,
        scheduler: Scheduler,
        is_refused: impl Fn(&str) -> bool,
    ) -> Result<(), JobError> {
        let mut names =
            self.flags.iter().filter_map(|flag| flag.split('=').next()).filter(|flag| flag.starts_with('-'));
        let refused = names.find(|flag| is_refused(flag));
        refused.map_or(Ok(()), |flag| Err(JobError::FlagElsewhere { scheduler, flag: flag.to_owned() }))
    }

    /// Writes output to this file, if the scheduler keeps no log itself (launchd).
    pub fn with_log(self, file: &Path) -> Result<Self, JobError> {
        Ok(Self { log: Some(absolute("the log file", file)?), ..self })
    }

    /// The program's absolute path.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// The project folder's absolute path.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// The job's name, unique to the folder: `everlit-bakery-1a2b3c4d`. Lower-case letters, digits and `-`, at most 47
    /// bytes: valid as a file name, unit, launchd label, task, and Kubernetes object.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The label of the job for a folder.
    pub fn label_of(folder: &Path) -> Result<String, JobError> {
        absolute("the project folder", folder).map(|folder| label(&folder))
    }

    /// When it runs.
    pub fn time(&self) -> TimeOfDay {
        self.time
    }

    /// The user that it runs as, if set.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The command line, as the program receives it.
    pub fn argv(&self) -> Vec<&str> {
        // Quiet if all is well: a scheduler that mails output then mails only what matters.
        self.command(&["refresh", "--quiet", "--no-input"])
    }

    /// The program, the folder, the job's flags, then these arguments.
    pub(crate) fn command<'a>(&'a self, arguments: &[&'a str]) -> Vec<&'a str> {
        let mut argv = vec![self.program.as_str(), "-C", &self.folder];
        argv.extend(self.flags.iter().map(String::as_str));
        argv.extend(arguments);
        argv
    }

    /// The arguments in a container that sees only the project folder, at `/project`.
    pub(crate) fn container_args(&self, command: &[&str]) -> Result<Vec<String>, JobError> {
        if let Some(path) = self.also_written.first() {
            return Err(JobError::OutsideFolder { path: path.clone() });
        }
        let mut args = vec!["-C".to_owned(), "/project".to_owned()];
        for flag in &self.flags {
            args.push(self.inside(flag)?);
        }
        args.extend(command.iter().map(|word| (*word).to_owned()));
        Ok(args)
    }

    /// The flag with its path made relative to the folder.
    fn inside(&self, flag: &str) -> Result<String, JobError> {
        let (name, path) = match flag.split_once('=') {
            Some((name, path)) if name.starts_with('-') => (format!("{name}="), path),
            _ => (String::new(), flag),
        };
        if !is_absolute(path) {
            return Ok(flag.to_owned());
        }
        let relative = path.strip_prefix(&self.folder).and_then(|rest| rest.strip_prefix(['/', '\\']));
        let relative = relative.ok_or_else(|| JobError::OutsideFolder { path: path.to_owned() })?;
        Ok(format!("{name}{relative}"))
    }
}

fn absolute(what: &'static str, path: &Path) -> Result<String, JobError> {
    let Some(text) = path.to_str() else {
        return Err(JobError::NotText { what, shown: path.to_string_lossy().escape_debug().to_string() });
    };
    // Windows resolves paths to this form, which its scheduler does not understand.
    let text = match text.strip_prefix(r"\\?\") {
        Some(path) if is_drive(path) => path,
        _ => text,
    };
    printable(what, text)?;
    if !is_absolute(text) {
        return Err(JobError::NotAbsolute { what, path: text.to_owned() });
    }
    let short = text.trim_end_matches('/');
    Ok(if short.is_empty() { "/" } else { short }.to_owned())
}

/// Decides by the syntax: the file may be for another machine.
fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.starts_with(r"\\") || is_drive(path)
}

/// `C:\` or `C:/`.
fn is_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic())
}

/// Refuses characters that end a line somewhere or are invalid in XML: control characters, line separators, byte order
/// marks and noncharacters.
fn printable(what: &'static str, text: &str) -> Result<(), JobError> {
    let bad = |c: char| {
        c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}') || u32::from(c) & 0xFFFE == 0xFFFE
    };
    text.chars().find(|&c| bad(c)).map_or(Ok(()), |found| Err(JobError::BadCharacter { what, found }))
}

fn label(folder: &str) -> String {
    const LONGEST: usize = 30;
    let name = folder.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut slug = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(LONGEST);
    let slug = match slug.trim_end_matches('-') {
        "" => "site",
        slug => slug,
    };
    format!("everlit-{slug}-{:08x}", hash(&[folder.as_bytes()]) >> 32)
}
