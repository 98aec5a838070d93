//! `everlit schedule` with the Windows Task Scheduler, played by a script with the answers that Microsoft documents.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failure here fails the test")]
#![allow(clippy::disallowed_methods, reason = "tests create files directly")]

mod support;

use std::fs;
use std::path::PathBuf;

use support::{FAKE_TOKEN, Project, Run};

/// Stores one task and returns it in the console's code page 850.
const SCHTASKS: &str = r#"#!/bin/sh
cd "$(dirname "$0")" || exit 9
echo "schtasks $*" >> calls
case "$1 $*" in
  /create*) cp "$5" task; printf %s "$3" > name ;;
  /delete*) rm task name ;;
  /run*) ;;
  *"/query /fo csv /nh") echo '"\Other","N/A","Ready"'
    if [ -f task ]; then printf '"\\%s","24.11.2026 09:17:00","Bereit"\r\n' "$(cat name)"; fi ;;
  *) [ -f task ] || { echo "ERROR: The system cannot find the file specified." >&2; exit 1; }
    case "$*" in
      *" /xml") iconv -f UTF-16 -t CP850 task ;;
      *) printf '"PC","\\%s","24.11.2026 09:17:00","Bereit","Nur interaktiv","23.11.2026 09:20:11","%s"\r\n' \
        "$(cat name)" "$(cat result 2>/dev/null || echo 267011)" ;;
    esac ;;
esac
"#;

struct Machine {
    /// Its path has letters that code pages encode differently.
    folder: PathBuf,
    project: Project,
}

impl Machine {
    fn new() -> Self {
        let project = Project::empty();
        project.write("../bin/schtasks", SCHTASKS);
        project.set_mode("../bin/schtasks", 0o755);
        let folder = project.path().join("Bäckerei Jörg");
        project.write("Bäckerei Jörg/.env.local", format!("IG_ACCESS_TOKEN={FAKE_TOKEN}\n"));
        Self { folder, project }
    }

    fn bin(&self) -> PathBuf {
        self.project.path().parent().unwrap().join("bin")
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let arguments = [&["-C", self.folder.to_str().unwrap(), "schedule"], arguments].concat();
        let call = self.project.everlit(&arguments).env("TEMP", self.bin().display().to_string());
        call.env("PATH", format!("{}:/usr/bin:/bin", self.bin().display())).run()
    }

    fn note(&self, name: &str, text: &str) {
        fs::write(self.bin().join(name), text).unwrap();
    }

    fn has(&self, name: &str) -> bool {
        self.bin().join(name).exists()
    }

    fn calls(&self) -> String {
        fs::read_to_string(self.bin().join("calls")).unwrap()
    }
}

#[test]
fn a_windows_task_is_created_recognized_and_removed() {
    let machine = Machine::new();
    let install = ["install", "--with", "windows"];
    machine.run(&install).ended(0).says("installed").says("next run      24.11.2026 09:17:00").says("test run started");
    assert!(machine.has("task") && machine.calls().contains("/run /tn everlit-b-ckerei-j-rg-"), "{}", machine.calls());
    machine.run(&install).ended(0).says("already installed");
    assert_eq!(machine.calls().matches("/create").count(), 1, "{}", machine.calls());
    machine.note("result", "0");
    machine.run(&["show"]).ended(0).says("last result   success").says("last run      23.11.2026 09:20:11");
    machine.note("result", "3");
    machine.run(&["show"]).says("exit code 3");
    // A folder with lost letters does not count as gone.
    let elsewhere = machine.project.everlit(&["schedule", "remove", "--gone"]);
    elsewhere.env("PATH", format!("{}:/usr/bin:/bin", machine.bin().display())).run().ended(0);
    assert!(machine.has("task"), "{}", machine.calls());
    machine.run(&["remove"]).ended(0).says("removed everlit-b-ckerei-j-rg-");
    assert!(!machine.has("task"));
    let left: Vec<_> = fs::read_dir(machine.bin()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".xml")), "{left:?}");
    machine.run(&["show"]).ended(3).says("no job for this folder is installed");
}
