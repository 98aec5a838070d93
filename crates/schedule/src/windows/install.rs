//! Installs a task through `schtasks`, whose output is partly in the machine's language; only the rest of it is read.

use std::path::Path;

use everlit_meta_api::Timestamp;

use super::render;
use crate::installer::{Definition, InstalledJob, Installer, JobStatus, RunTime, TestRun, UnmanagedJob};
use crate::{Action, GeneratedFile, Job, Machine, ScheduleError, Scheduler};

pub(crate) struct Windows<'a> {
    pub(crate) machine: Machine<'a>,
}

/// Lists all tasks.
const LIST: [&str; 5] = ["schtasks", "/query", "/fo", "csv", "/nh"];

impl Windows<'_> {
    /// The definition of a task, as the scheduler stores it.
    fn definition(&self, label: &str) -> Option<String> {
        let ended = self.machine.programs.ask(&["schtasks", "/query", "/tn", label, "/xml"]).ok()?;
        ended.well().then(|| decoded(&ended.stdout))
    }
}

impl Installer for Windows<'_> {
    fn scheduler(&self) -> Scheduler {
        Scheduler::Windows
    }

    fn place(&self) -> String {
        "Task Scheduler".to_owned()
    }

    fn check_usable(&self) -> Result<(), ScheduleError> {
        let ended = self.machine.run(&LIST)?;
        if ended.well() { Ok(()) } else { Err(ScheduleError::failed(&LIST, &ended)) }
    }

    fn installed(&self) -> Result<Vec<InstalledJob>, ScheduleError> {
        let Some(ended) = self.machine.run_if_installed(&LIST)? else { return Ok(Vec::new()) };
        let name = |line: &str| fields(line).first()?.strip_prefix('\\').map(str::to_owned);
        let mut labels: Vec<String> = decoded(&ended.stdout).lines().filter_map(name).collect();
        labels.retain(|label| label.starts_with("everlit-"));
        // A task with two triggers is listed twice.
        labels.dedup();
        let found = labels.into_iter().filter_map(|label| {
            let (content, folder) = essence(&self.definition(&label)?)?;
            Some(InstalledJob {
                scheduler: Scheduler::Windows,
                place: format!("task {label}"),
                label,
                folder: (!folder.contains(LOST)).then(|| folder.into()),
                content,
                edited: false,
            })
        });
        Ok(found.collect())
    }

    fn content(&self, job: &Job) -> Result<Vec<u8>, ScheduleError> {
        let files = render::render(job)?;
        Ok(files.iter().filter_map(|file| essence(&file.text)).flat_map(|(content, _)| content).collect())
    }

    fn files(&self, job: &Job) -> Result<Vec<GeneratedFile>, ScheduleError> {
        Ok(render::render(job)?)
    }

    fn install(&self, job: &Job, obsolete: &[&InstalledJob]) -> Result<Vec<Action>, ScheduleError> {
        let mut actions = self.remove(obsolete)?;
        let folder = self.machine.environment.variable("TEMP").unwrap_or(r"C:\Windows\Temp");
        for file in render::render(job)? {
            let path = Path::new(folder).join(&file.name);
            actions.push(Action::Write { path: path.clone(), bytes: file.bytes() });
            let xml = path.to_string_lossy();
            actions.push(Action::run(&["schtasks", "/create", "/tn", job.label(), "/xml", &xml, "/f"]));
            actions.push(Action::Remove { path });
        }
        Ok(actions)
    }

    fn remove(&self, obsolete: &[&InstalledJob]) -> Result<Vec<Action>, ScheduleError> {
        Ok(obsolete.iter().map(|gone| Action::run(&["schtasks", "/delete", "/tn", &gone.label, "/f"])).collect())
    }

    fn ask_status(&self, job: &InstalledJob, _now: Timestamp) -> JobStatus {
        let mut status = JobStatus::default();
        let is_disabled = |task: &str| {
            element(task, "Settings").is_some_and(|settings| element(settings, "Enabled") == Some("false"))
        };
        match self.definition(&job.label) {
            None => status.add_reinstall("the Task Scheduler does not know it"),
            Some(task) if is_disabled(&task) => status.add_reinstall("the task is disabled"),
            Some(_) => {}
        }
        let Ok(ended) =
            self.machine.programs.ask(&["schtasks", "/query", "/tn", &job.label, "/v", "/fo", "csv", "/nh"])
        else {
            return status;
        };
        let row = decoded(&ended.stdout).lines().next().map(fields).unwrap_or_default();
        let column = |index: usize| row.get(index).filter(|text| !text.is_empty() && *text != "N/A").cloned();
        status.next_run = column(2).map(RunTime::Text);
        // 0x41303: it has not run yet, and the time of its last run is in 1999. 0x41301: it is running.
        match column(6).as_deref() {
            None | Some("267011") => return status,
            Some("267009") => status.last_result = Some("running".to_owned()),
            Some(code) => match code.parse() {
                Ok(code) => status.set_exit_code(code),
                Err(_) => status.last_result = Some(format!("exit code {code}")),
            },
        }
        status.last_run = column(5).map(RunTime::Text);
        status
    }

    /// The Task Scheduler reports only that it has started the job.
    fn test_run(&self, job: &InstalledJob) -> Result<TestRun, ScheduleError> {
        let ended = self.machine.run(&["schtasks", "/run", "/tn", &job.label])?;
        Ok(if ended.well() { TestRun::Started } else { TestRun::NotStarted(ended.failure()) })
    }

    fn unmanaged(&self, _folder: &Path) -> Vec<UnmanagedJob> {
        Vec::new()
    }

    fn definitions(&self, folder: &Path) -> Result<Vec<Definition>, ScheduleError> {
        let ours = self.installed()?.into_iter().filter(|job| job.is_of(folder));
        let definitions = ours.map(|job| {
            // One that is gone since reads as no definition.
            let bytes = self.definition(&job.label).unwrap_or_default().into_bytes();
            // Whether it is enabled stands in the definition.
            Definition { place: job.place, name: "task.xml".into(), bytes, problems: Vec::new() }
        });
        Ok(definitions.collect())
    }
}

/// What characters become that the console's code page lacks, or that are read in another one. No path contains them.
const LOST: [char; 2] = ['?', char::REPLACEMENT_CHARACTER];

/// The parts of a task that matter, and its folder: the scheduler writes the rest in its own way.
///
/// All runs of non-ASCII characters are equal, because they may come back as anything.
fn essence(task: &str) -> Option<(Vec<u8>, String)> {
    const PARTS: [&str; 4] = ["Command", "Arguments", "WorkingDirectory", "StartBoundary"];
    let parts: Vec<String> = PARTS.iter().map(|name| element(task, name).map(unescaped)).collect::<Option<_>>()?;
    let mut bytes = Vec::new();
    for c in parts.join("\n").chars() {
        match u8::try_from(c) {
            Ok(byte) if byte.is_ascii() && byte != b'?' => bytes.push(byte),
            _ if bytes.last() != Some(&b'?') => bytes.push(b'?'),
            _ => {}
        }
    }
    Some((bytes, parts[2].clone()))
}

/// The content of the first element of that name. Not by an XML parser: what is lost in a code page need not be XML.
fn element<'t>(xml: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(inside, _)| inside)
}

fn unescaped(text: &str) -> String {
    let known = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    known.into_iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// Decodes UTF-16 with a byte order mark, or the console's code page.
fn decoded(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xFF, 0xFE]) {
        Some(wide) => {
            let units: Vec<u16> = wide.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The fields of a line of `/fo csv`, each of which is quoted.
fn fields(line: &str) -> Vec<String> {
    let line = line.trim().trim_start_matches('"').trim_end_matches('"');
    if line.is_empty() { Vec::new() } else { line.split("\",\"").map(str::to_owned).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_recognized_as_the_scheduler_stores_it() {
        let job = Job::new(Path::new(r"C:\Program Files\everlit.exe"), Path::new(r"C:\sites\R&D <1>"), "pc").unwrap();
        let file = render::render(&job).unwrap().remove(0);
        let (content, folder) = essence(&file.text).unwrap();
        assert_eq!(folder, r"C:\sites\R&D <1>");
        let text = String::from_utf8_lossy(&content);
        assert!(text.starts_with("C:\\Program Files\\everlit.exe\n-C \"C:\\sites\\R&D <1>\" refresh"), "{text}");
        // An export gains an author, a URI and defaults, and loses the comment.
        let kept = file.text.replace("<RegistrationInfo>", "<RegistrationInfo>\r\n    <URI>\\everlit-r-d-1</URI>");
        assert_eq!(essence(&kept), essence(&file.text));
        assert_eq!(decoded(&file.bytes()), file.text);
    }

    #[test]
    fn a_task_is_recognized_in_any_code_page() {
        let job = Job::new(Path::new(r"C:\Jörg\everlit.exe"), Path::new(r"C:\Jörg\Žluťoučký"), "pc").unwrap();
        let text = render::render(&job).unwrap().remove(0).text;
        let (wanted, _) = essence(&text).unwrap();
        // Code page 850 has ö but not ť; 1252 has Ž. Bytes that are not UTF-8 are lost.
        let kept: Vec<u8> =
            text.chars().map(|c| if c == 'ö' { 0x94 } else { u8::try_from(c).unwrap_or(b'?') }).collect();
        let (found, folder) = essence(&decoded(&kept)).unwrap();
        assert_eq!(String::from_utf8_lossy(&found), String::from_utf8_lossy(&wanted));
        assert!(folder.contains(LOST), "{folder}");
        let other = text.replace("everlit.exe", "evil.exe");
        assert_ne!(essence(&other).unwrap().0, wanted);
    }

    #[test]
    fn rows_are_read_by_column_in_any_language() {
        let row = r#""PC","\everlit-a-1","24.11.2026 09:17:00","Bereit","Nur interaktiv","23.11.2026 09:20:11","0""#;
        let fields = fields(row);
        assert_eq!((&*fields[1], &*fields[2], &*fields[6]), ("\\everlit-a-1", "24.11.2026 09:17:00", "0"));
    }
}
