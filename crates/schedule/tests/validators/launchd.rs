//! launchd's property list, read by Python's `plistlib`.

use everlit_schedule::{Job, Scheduler};
use serde_json::json;

use crate::{job, names, read, render, write};

#[test]
fn plistlib_reads_the_intended_arguments() {
    let scratch = tempfile::tempdir().unwrap();
    let jobs: Vec<Job> = names::many().iter().map(|folder| job(folder)).collect();
    let paths: Vec<_> = jobs.iter().flat_map(|job| write(scratch.path(), &render(Scheduler::Launchd, job))).collect();
    for (job, list) in jobs.iter().zip(read(&paths)) {
        assert_eq!(list["ProgramArguments"], json!(job.argv()));
        assert_eq!(list["Label"], job.label());
    }
}

#[test]
fn it_runs_daily_and_at_login_and_writes_a_log() {
    let scratch = tempfile::tempdir().unwrap();
    let job = job("/Users/Ada/site").with_log("/Users/Ada/Library/Logs/a & b.log".as_ref()).unwrap();
    let list = read(&write(scratch.path(), &render(Scheduler::Launchd, &job))).remove(0);
    let expected = json!({
        "Label": job.label(),
        "ProgramArguments": ["/bin/true", "-C", "/Users/Ada/site", "refresh", "--quiet", "--no-input"],
        "StartCalendarInterval": { "Hour": job.time().hour(), "Minute": job.time().minute() },
        "RunAtLoad": true,
        "ProcessType": "Background",
        "StandardOutPath": "/Users/Ada/Library/Logs/a & b.log",
        "StandardErrorPath": "/Users/Ada/Library/Logs/a & b.log",
    });
    assert_eq!(list, expected);
}
