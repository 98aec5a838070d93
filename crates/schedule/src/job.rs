//! What is to be run, where and when.

use std::path::Path;

use crate::time::hash;
use crate::{JobError, TimeOfDay};

/// One project folder, refreshed once a day. All text in it can be written on one line of any file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Job {
    program: String,
    folder: String,
    label: String,
    time: TimeOfDay,
    flags: Vec<String>,
    also_written: Vec<String>,
    also_read: Vec<String>,
    user: Option<String>,
    owner: Option<(u32, u32)>,
    log: Option<String>,
    while_logged_out: bool,
}

impl Job {
    /// Runs `program`, the everlit to start, for the project in `folder`, at a minute that follows from the host's name.
    ///
    /// Both paths are absolute, in the manner of Unix or of Windows, and Unicode. The folder should be resolved: two
    /// names of one folder are two jobs.
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
            while_logged_out: false,
        })
    }

    /// At this minute instead.
    #[must_use]
    pub fn at(self, time: TimeOfDay) -> Self {
        Self { time, ..self }
    }

    /// More flags of everlit's own, before `refresh`: `["--account", "shop"]`. Relative paths among them are relative
    /// to the folder, as everlit takes them. Never a secret: arguments can be read by everybody on the machine.
    pub fn with_flags(self, flags: Vec<String>) -> Result<Self, JobError> {
        flags.iter().try_for_each(|flag| printable("a flag", flag))?;
        Ok(Self { flags, ..self })
    }

    /// Folders outside the project folder that a run writes into, such as that of an `--env-file` elsewhere. A sandbox
    /// lets it.
    pub fn also_writing(self, folders: &[&Path]) -> Result<Self, JobError> {
        let folders = folders.iter().map(|folder| absolute("a folder that is written", folder));
        Ok(Self { also_written: folders.collect::<Result<_, _>>()?, ..self })
    }

    /// Files outside the project folder that a run reads, such as that of `--ca-file`. A sandbox lets it.
    pub fn also_reading(self, files: &[&Path]) -> Result<Self, JobError> {
        let files = files.iter().map(|file| absolute("a file that is read", file));
        Ok(Self { also_read: files.collect::<Result<_, _>>()?, ..self })
    }

    /// As this user of the machine (`alice`, `SHOP\alice`).
    pub fn with_user(self, user: &str) -> Result<Self, JobError> {
        let fits = |c: char| c.is_alphanumeric() || "._-@\\ ".contains(c);
        if user.is_empty() || user.starts_with(['-', ' ']) || user.ends_with(' ') || !user.chars().all(fits) {
            return Err(JobError::BadUser(user.to_owned()));
        }
        Ok(Self { user: Some(user.to_owned()), ..self })
    }

    /// The numbers of the user and group who own the folder: a container runs as these. Root is not passed on.
    #[must_use]
    pub fn owned_by(self, uid: u32, gid: u32) -> Self {
        Self { owner: (uid != 0).then_some((uid, gid)), ..self }
    }

    /// Into this file goes what the run says, where the scheduler keeps no log of its own (launchd).
    pub fn with_log(self, file: &Path) -> Result<Self, JobError> {
        Ok(Self { log: Some(absolute("the log file", file)?), ..self })
    }

    /// Windows: also while the user is not logged on. Creating such a task takes an administrator.
    #[must_use]
    pub fn while_logged_out(self) -> Self {
        Self { while_logged_out: true, ..self }
    }

    /// The program's absolute path.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// The project folder's absolute path.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// Names the job, one for each folder: `everlit-bakery-1a2b3c4d`. Lower-case letters, digits and `-`, at most 47
    /// bytes: fit for a file name, a unit, a launchd label, a task, and an object of Kubernetes.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The label of the job of this folder: whose a job is can be told from its label alone.
    pub fn label_of(folder: &Path) -> Result<String, JobError> {
        absolute("the project folder", folder).map(|folder| label(&folder))
    }

    /// When it runs.
    pub fn time(&self) -> TimeOfDay {
        self.time
    }

    /// The user it runs as, where that is said.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The command: the program and its arguments, each as the program sees it.
    pub fn argv(&self) -> Vec<&str> {
        // Nothing to say when all is well: a scheduler that mails what it hears then mails what matters.
        self.command(&["refresh", "--quiet", "--no-input"])
    }

    /// The program, where it runs, the flags of the job, then these.
    pub(crate) fn command<'a>(&'a self, message: &[&'a str]) -> Vec<&'a str> {
        let mut argv = vec![self.program.as_str(), "-C", &self.folder];
        argv.extend(self.flags.iter().map(String::as_str));
        argv.extend(message);
        argv
    }

    /// The arguments in a container that has the folder at `/project`, and nothing else of the machine.
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

    /// A flag's path in the folder, relative to it.
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

    pub(crate) fn also_written(&self) -> &[String] {
        &self.also_written
    }

    pub(crate) fn also_read(&self) -> &[String] {
        &self.also_read
    }

    pub(crate) fn owner(&self) -> Option<(u32, u32)> {
        self.owner
    }

    pub(crate) fn log(&self) -> Option<&str> {
        self.log.as_deref()
    }

    pub(crate) fn is_while_logged_out(&self) -> bool {
        self.while_logged_out
    }
}

fn absolute(what: &'static str, path: &Path) -> Result<String, JobError> {
    let Some(text) = path.to_str() else {
        return Err(JobError::NotText { what, shown: path.to_string_lossy().escape_debug().to_string() });
    };
    // Windows resolves a path to this form, which its own scheduler does not understand.
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

/// By its form: a file for another machine may be written on this one.
fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.starts_with(r"\\") || is_drive(path)
}

/// `C:\` or `C:/`.
fn is_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic())
}

/// Refuses what ends a line somewhere or stands in no XML: control characters, line separators, marks of byte order and
/// what is no character.
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
    format!("everlit-{slug}-{:08x}", hash(&[folder]) >> 32)
}
