//! Renders a task ("Task Scheduler Schema" on learn.microsoft.com).
//!
//! The defaults do not suit laptops: no start on batteries, a stop when unplugged, no catching up on a missed start.

use crate::{Encoding, GeneratedFile, Job, JobError, Scheduler, xml};

pub(crate) fn render(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    let why_daily = job.why_daily();
    let argv = job.argv();
    for word in &argv {
        refuse_what_is_expanded(word)?;
    }
    let arguments: Vec<String> = argv[1..].iter().map(|word| quote(word)).collect();
    let user = job.user().map(|user| format!("\n      <UserId>{}</UserId>", xml::text(user))).unwrap_or_default();
    let text = format!(
        r#"<?xml version="1.0" encoding="UTF-16"?>
<!-- {why_daily} -->
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>everlit refresh: keeps this project's access tokens from expiring. {why_daily}</Description>
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
      <LogonType>InteractiveToken</LogonType>
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

/// Refuses `%NAME%` and `$(Arg0)`: they are expanded before the program starts, and nothing escapes them.
fn refuse_what_is_expanded(word: &str) -> Result<(), JobError> {
    if word.matches('%').count() < 2 && !word.contains("$(") {
        return Ok(());
    }
    Err(JobError::Unwritable {
        scheduler: Scheduler::Windows,
        what: "a path or flag that contains two `%` or a `$(`",
        why: "the Task Scheduler would expand it",
    })
}

/// Quotes a word for `CommandLineToArgvW` and the C runtime: backslashes are doubled only before a quote.
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
