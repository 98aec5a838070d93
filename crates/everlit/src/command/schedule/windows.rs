//! Windows Task Scheduler, through `schtasks`. Its lists are in the language of the machine; what is read here is not.

use std::path::{Path, PathBuf};

use everlit_meta_api::Timestamp;
use everlit_schedule::{Job, Scheduler};

use crate::output::problem::Problem;
use everlit_host::NotRun;

use super::job::cannot;
use super::machine::{
    InstalledJob, JobStatus, Machine, Manager, Step, TestRun, UnmanagedJob, When, Written, not_run, refused,
};

pub(super) struct Windows<'a> {
    machine: Machine<'a>,
}

impl<'a> Windows<'a> {
    pub(super) fn new(machine: Machine<'a>) -> Self {
        Self { machine }
    }

    /// The definition of a task, as the scheduler keeps it.
    fn definition(&self, label: &str) -> Option<String> {
        let ended = self.machine.programs.ask(&["schtasks", "/query", "/tn", label, "/xml"]).ok()?;
        ended.well().then(|| decoded(&ended.stdout))
    }
}

impl Manager for Windows<'_> {
    fn scheduler(&self) -> Scheduler {
        Scheduler::Windows
    }

    fn place(&self) -> String {
        "Task Scheduler".to_owned()
    }

    fn usable(&self) -> Result<(), Problem> {
        let message = ["schtasks", "/query", "/fo", "csv", "/nh"];
        match self.machine.programs.ask(&message) {
            Ok(ended) if ended.well() => Ok(()),
            Ok(ended) => Err(refused(&message, &ended)),
            Err(why) => Err(not_run(&message, &why)),
        }
    }

    fn found(&self) -> Result<Vec<InstalledJob>, Problem> {
        let message = ["schtasks", "/query", "/fo", "csv", "/nh"];
        let ended = match self.machine.programs.ask(&message) {
            Ok(ended) => ended,
            Err(NotRun::Absent) => return Ok(Vec::new()),
            Err(why) => return Err(not_run(&message, &why)),
        };
        let list = decoded(&ended.stdout);
        let name = |line: &str| fields(line).first()?.strip_prefix('\\').map(str::to_owned);
        let mut labels: Vec<String> = list.lines().filter_map(name).collect();
        labels.retain(|label| label.starts_with("everlit-"));
        // A task with two triggers stands there twice.
        labels.dedup();
        let found = labels.into_iter().filter_map(|label| {
            let essence = Essence::of(&self.definition(&label)?)?;
            Some(InstalledJob {
                scheduler: Scheduler::Windows,
                place: format!("the task {label}"),
                label,
                folder: Some(PathBuf::from(&essence.folder)).filter(|_| !essence.folder.contains(LOST)),
                content: essence.bytes(),
                edited: false,
            })
        });
        Ok(found.collect())
    }

    fn content(&self, job: &Job) -> Result<Vec<u8>, Problem> {
        let files = Scheduler::Windows.render(job).map_err(|error| cannot(&error))?;
        let essence = files.first().and_then(|file| Essence::of(&file.text));
        Ok(essence.ok_or_else(|| Problem::internal("a task without a command was written"))?.bytes())
    }

    fn installation(&self, job: &Job, obsolete: &[&InstalledJob]) -> Result<Vec<Step>, Problem> {
        let other: Vec<&InstalledJob> = obsolete.iter().copied().filter(|gone| gone.label != job.label()).collect();
        let mut steps = self.removal(&other)?;
        let folder = self.machine.environment.variable("TEMP").unwrap_or(r"C:\Windows\Temp");
        for file in Scheduler::Windows.render(job).map_err(|error| cannot(&error))? {
            let path = Path::new(folder).join(&file.name);
            steps.push(Step::Write { path: path.clone(), bytes: file.bytes() });
            steps.push(Step::run(&["schtasks", "/create", "/tn", job.label(), "/xml", &path.to_string_lossy(), "/f"]));
            steps.push(Step::Remove { path });
        }
        Ok(steps)
    }

    fn removal(&self, obsolete: &[&InstalledJob]) -> Result<Vec<Step>, Problem> {
        Ok(obsolete.iter().map(|gone| Step::run(&["schtasks", "/delete", "/tn", &gone.label, "/f"])).collect())
    }

    fn job_status(&self, found: &InstalledJob, _now: Timestamp) -> JobStatus {
        let mut job_status = JobStatus::default();
        let mut doubt = |message: String| job_status.troubles.push((message, "everlit schedule install".to_owned()));
        match self.definition(&found.label) {
            None => doubt("the Task Scheduler does not know it".to_owned()),
            Some(task)
                if element(&task, "Settings").is_some_and(|settings| element(settings, "Enabled") == Some("false")) =>
            {
                doubt("the task is disabled".to_owned());
            }
            Some(_) => {}
        }
        let message = ["schtasks", "/query", "/tn", &found.label, "/v", "/fo", "csv", "/nh"];
        if let Ok(ended) = self.machine.programs.ask(&message) {
            let row = decoded(&ended.stdout).lines().next().map(fields).unwrap_or_default();
            let said = |column: usize| row.get(column).filter(|text| !text.is_empty() && *text != "N/A").cloned();
            job_status.next = said(2).map(When::Said);
            // 0x41303: it has not run yet; its time of the last run is of 1999 then. 0x41301: it is running.
            match said(6).as_deref() {
                None | Some("267011") => {}
                Some("0") => (job_status.last, job_status.result) = (said(5).map(When::Said), Some("well".to_owned())),
                Some("267009") => {
                    (job_status.last, job_status.result) = (said(5).map(When::Said), Some("running".to_owned()))
                }
                Some(code) => {
                    (job_status.last, job_status.result) = (said(5).map(When::Said), Some(format!("exit code {code}")))
                }
            }
        }
        job_status
    }

    /// The Task Scheduler tells when it has started the job, not when that has ended.
    fn test_run(&self, found: &InstalledJob) -> Result<TestRun, Problem> {
        let message = ["schtasks", "/run", "/tn", &found.label];
        let ended = self.machine.programs.ask(&message).map_err(|why| not_run(&message, &why))?;
        Ok(if ended.well() { TestRun::Started } else { TestRun::NotRun(ended.failure()) })
    }

    fn unmanaged(&self, _folder: &Path) -> Vec<UnmanagedJob> {
        Vec::new()
    }

    fn written(&self, folder: &Path) -> Result<Vec<Written>, Problem> {
        let ours = self.found()?.into_iter().filter(|found| found.is_of(folder));
        let written = ours.filter_map(|found| {
            let bytes = self.definition(&found.label)?.into_bytes();
            Some(Written { place: found.place, name: "task.xml".into(), bytes })
        });
        Ok(written.collect())
    }
}

/// What letters become that the console's code page has not, or that are read in another one. No path holds them.
const LOST: [char; 2] = ['?', char::REPLACEMENT_CHARACTER];

/// What counts of a task: the scheduler writes the rest of a definition in its own way.
struct Essence {
    command: String,
    arguments: String,
    folder: String,
    start: String,
}

impl Essence {
    fn of(task: &str) -> Option<Self> {
        let text = |name: &str| element(task, name).map(unescaped);
        Some(Self {
            command: text("Command")?,
            arguments: text("Arguments")?,
            folder: text("WorkingDirectory")?,
            start: text("StartBoundary")?,
        })
    }

    /// Runs of letters that are none of ASCII's count as one and as each other, for they may come back as anything.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for c in [&*self.command, &self.arguments, &self.folder, &self.start].join("\n").chars() {
            match u8::try_from(c) {
                Ok(byte) if byte.is_ascii() && byte != b'?' => bytes.push(byte),
                _ if bytes.last() != Some(&b'?') => bytes.push(b'?'),
                _ => {}
            }
        }
        bytes
    }
}

/// What stands in the first element of that name.
fn element<'t>(xml: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(inside, _)| inside)
}

fn unescaped(text: &str) -> String {
    let known = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    known.into_iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// `schtasks` writes UTF-16 with a mark, or the bytes of the console's code page.
fn decoded(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xFF, 0xFE]) {
        Some(wide) => {
            let units: Vec<u16> = wide.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The fields of a line of `/fo csv`: each in quotes.
fn fields(line: &str) -> Vec<String> {
    let line = line.trim().trim_start_matches('"').trim_end_matches('"');
    if line.is_empty() { Vec::new() } else { line.split("\",\"").map(str::to_owned).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_recognised_in_the_form_in_which_the_scheduler_keeps_it() {
        let job = Job::new(Path::new(r"C:\Program Files\everlit.exe"), Path::new(r"C:\sites\R&D <1>"), "pc").unwrap();
        let file = Scheduler::Windows.render(&job).unwrap().remove(0);
        let essence = Essence::of(&file.text).unwrap();
        assert_eq!((&*essence.command, &*essence.folder), (r"C:\Program Files\everlit.exe", r"C:\sites\R&D <1>"));
        assert!(essence.arguments.starts_with(r#"-C "C:\sites\R&D <1>" refresh"#), "{}", essence.arguments);
        // As exported: an author, an URI and defaults come in, and the comment goes.
        let kept = file.text.replace("<RegistrationInfo>", "<RegistrationInfo>\r\n    <URI>\\everlit-r-d-1</URI>");
        assert_eq!(Essence::of(&kept).map(|essence| essence.bytes()), Some(essence.bytes()));
        assert_eq!(decoded(&file.bytes()), file.text);
    }

    #[test]
    fn a_task_is_recognised_in_the_letters_of_any_code_page() {
        let job = Job::new(Path::new(r"C:\Jörg\everlit.exe"), Path::new(r"C:\Jörg\Žluťoučký"), "pc").unwrap();
        let text = Scheduler::Windows.render(&job).unwrap().remove(0).text;
        let wanted = Essence::of(&text).unwrap();
        // Code page 850 has ö and no ť; 1252 has Ž. What is no UTF-8 is lost.
        let kept: Vec<u8> =
            text.chars().map(|c| if c == 'ö' { 0x94 } else { u8::try_from(c).unwrap_or(b'?') }).collect();
        let found = Essence::of(&decoded(&kept)).unwrap();
        assert_eq!(String::from_utf8_lossy(&found.bytes()), String::from_utf8_lossy(&wanted.bytes()));
        assert!(found.folder.contains(LOST), "{}", found.folder);
        let other = text.replace("everlit.exe", "evil.exe");
        assert_ne!(Essence::of(&other).unwrap().bytes(), wanted.bytes());
    }

    #[test]
    fn rows_are_read_by_column_whatever_the_language() {
        let row = r#""PC","\everlit-a-1","24.11.2026 09:17:00","Bereit","Nur interaktiv","23.11.2026 09:20:11","0""#;
        let fields = fields(row);
        assert_eq!((&*fields[1], &*fields[2], &*fields[6]), ("\\everlit-a-1", "24.11.2026 09:17:00", "0"));
    }
}
