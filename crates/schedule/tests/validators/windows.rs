//! A task of the Windows Task Scheduler, checked by `xmllint` with a schema written from Microsoft's pages.
//!
//! No validator here can tell whether Windows itself accepts it.

use std::fs;
use std::path::{Path, PathBuf};

use everlit_schedule::{Job, JobError, Scheduler};

use crate::{accepts, ask, job, names, refuses, render, write};

fn schema() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validators/task.xsd")
}

fn task(job: &Job) -> Result<String, JobError> {
    Scheduler::Windows.render(job).map(|mut files| files.remove(0).text)
}

#[test]
fn every_task_passes_the_schema_and_is_utf16() {
    let scratch = tempfile::tempdir().unwrap();
    let usual =
        Job::new(r"C:\Program Files\everlit\everlit.exe".as_ref(), r"D:\Kunden\Bäckerei & Söhne".as_ref(), "PC7")
            .unwrap();
    let jobs = [usual.clone(), usual.clone().with_user(r"SHOP\ada").unwrap()];
    for job in jobs {
        let files = write(scratch.path(), &render(Scheduler::Windows, &job));
        assert!(fs::read(&files[0]).unwrap().starts_with(&[0xFF, 0xFE, b'<', 0, b'?', 0]));
        accepts("xmllint", &["--noout".as_ref(), "--schema".as_ref(), schema().as_ref(), files[0].as_ref()]);
    }
    let wrong = task(&usual).unwrap().replace("IgnoreNew", "IgnoreOld");
    let file = scratch.path().join("wrong.xml");
    fs::write(&file, wrong.replace("UTF-16", "UTF-8")).unwrap();
    assert!(refuses("xmllint", &["--noout".as_ref(), "--schema".as_ref(), schema().as_ref(), file.as_ref()]));
}

#[test]
fn windows_reads_the_intended_arguments() {
    let scratch = tempfile::tempdir().unwrap();
    let mut read = 0;
    for folder in names::many().iter().take(120) {
        let job = job(folder);
        let Ok(files) = Scheduler::Windows.render(&job) else {
            assert!(folder.matches('%').count() > 1 || folder.contains("$("), "{folder}");
            continue;
        };
        let path = write(scratch.path(), &files).remove(0);
        let element = |name: &str| {
            let query = format!("string(//*[local-name()='{name}'])");
            let ended = ask("xmllint", &["--xpath".as_ref(), query.as_ref(), path.as_ref()]);
            String::from_utf8(ended.stdout).unwrap().strip_suffix('\n').unwrap().to_owned()
        };
        assert_eq!(element("Command"), job.program());
        assert_eq!(element("WorkingDirectory"), job.folder());
        assert_eq!(windows_words(&element("Arguments")), job.argv()[1..], "{folder}");
        read += 1;
    }
    assert!(read > 80, "{read}");
}

/// "Parsing C command-line arguments" on learn.microsoft.com: blanks separate words outside quotes; 2n backslashes before
/// a quote are n, and the quote opens or closes; 2n + 1 are n and a quote; any other backslash is itself.
fn windows_words(line: &str) -> Vec<String> {
    let mut message = Vec::new();
    let (mut word, mut quoted, mut begun, mut backslashes) = (String::new(), false, false, 0);
    for c in line.chars() {
        if c == '\\' {
            backslashes += 1;
            begun = true;
            continue;
        }
        if c == '"' {
            word.push_str(&"\\".repeat(backslashes / 2));
            if backslashes % 2 == 1 {
                word.push('"');
            } else {
                quoted = !quoted;
            }
            begun = true;
        } else {
            word.push_str(&"\\".repeat(backslashes));
            if matches!(c, ' ' | '\t') && !quoted {
                if begun {
                    message.push(std::mem::take(&mut word));
                }
                begun = false;
            } else {
                word.push(c);
                begun = true;
            }
        }
        backslashes = 0;
    }
    word.push_str(&"\\".repeat(backslashes));
    if begun {
        message.push(word);
    }
    message
}

#[test]
fn what_the_task_scheduler_would_expand_is_refused() {
    for folder in [r"C:\%USERNAME%\site", r"C:\$(Arg0)\site"] {
        let job = Job::new(r"C:\everlit.exe".as_ref(), folder.as_ref(), "PC7").unwrap();
        assert!(matches!(task(&job), Err(JobError::Unwritable { scheduler: Scheduler::Windows, .. })), "{folder}");
    }
    let job = Job::new(r"C:\everlit.exe".as_ref(), r"C:\100%\site".as_ref(), "PC7").unwrap();
    assert!(task(&job).is_ok());
}

#[test]
fn the_task_overrides_the_defaults_that_lose_runs() {
    let text = task(&job(r"C:\site")).unwrap();
    for setting in [
        "<StartWhenAvailable>true</StartWhenAvailable>",
        "<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>",
        "<StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>",
        "<RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>",
        "<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>",
        "<DaysInterval>1</DaysInterval>",
        "<RunLevel>LeastPrivilege</RunLevel>",
        "<LogonType>InteractiveToken</LogonType>",
    ] {
        assert!(text.contains(setting), "{setting}");
    }
}
