//! Windows Task Scheduler: a task. Format: "Task Scheduler Schema" on learn.microsoft.com.
//!
//! Its defaults are against a laptop: no start on batteries, an end when the plug is pulled, a missed start never made up.

use crate::{Encoding, GeneratedFile, Job, JobError, Scheduler, WHY_DAILY, xml};

pub(crate) fn render(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    let argv = job.argv();
    for word in &argv {
        refuse_what_is_expanded(word)?;
    }
    let arguments: Vec<String> = argv[1..].iter().map(|word| quote(word)).collect();
    let user = job.user().map(|user| format!("\n      <UserId>{}</UserId>", xml::text(user))).unwrap_or_default();
    // S4U: without a stored password. Such a run can reach the network; files encrypted by the user (EFS) it cannot read.
    let logon = if job.is_while_logged_out() { "S4U" } else { "InteractiveToken" };
    let text = format!(
        r#"<?xml version="1.0" encoding="UTF-16"?>
<!-- {WHY_DAILY} -->
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>everlit refresh: keeps access tokens of this project from expiring. {WHY_DAILY}</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2026-01-01T{time}:00</StartBoundary>
      <RandomDelay>PT15M</RandomDelay>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">{user}
      <LogonType>{logon}</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>
    <ExecutionTimeLimit>PT15M</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1H</Interval>
      <Count>3</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{folder}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"#,
        time = job.time(),
        program = xml::text(job.program()),
        arguments = xml::text(&arguments.join(" ")),
        folder = xml::text(job.folder()),
    );
    let name = format!("{}.xml", job.label());
    Ok(vec![GeneratedFile { name, text, encoding: Encoding::Utf16, goes_to: "the Task Scheduler (schtasks /create)" }])
}

/// `%NAME%` and `$(Arg0)` are replaced before the program starts, and nothing escapes them.
fn refuse_what_is_expanded(word: &str) -> Result<(), JobError> {
    if word.matches('%').count() < 2 && !word.contains("$(") {
        return Ok(());
    }
    Err(JobError::Unwritable {
        scheduler: Scheduler::Windows,
        what: "a path or flag with two `%` or with `$(`",
        why: "the Task Scheduler would put a variable in its place",
    })
}

/// The word as `CommandLineToArgvW` and the C runtime read it back: backslashes count double before a quote only.
fn quote(word: &str) -> String {
    if !word.is_empty() && !word.contains([' ', '"']) {
        return word.to_owned();
    }
    let mut quoted = String::from("\"");
    let mut backslashes = 0;
    for c in word.chars() {
        match c {
            '\\' => backslashes += 1,
            '"' => {
                quoted.push_str(&"\\".repeat(backslashes + 1));
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        quoted.push(c);
    }
    quoted.push_str(&"\\".repeat(backslashes));
    quoted.push('"');
    quoted
}
