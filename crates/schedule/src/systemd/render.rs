//! Renders a service and its timer (systemd.service(5), systemd.exec(5), systemd.timer(5), systemd.syntax(7)).

use crate::checksum::{Comment, with_footer};
use crate::{GeneratedFile, Job, JobError, Scheduler};

/// Restrictions that a user's service manager can enforce; namespaces need the system's.
const SYSCALLS: &str = "\
NoNewPrivileges=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
# The file of a new token keeps the group of the old one.
SystemCallFilter=@chown
UMask=0077
";

/// Restrictions that only the system's service manager can enforce.
const NAMESPACES: &str = "\
CapabilityBoundingSet=
DevicePolicy=closed
KeyringMode=private
PrivateDevices=yes
PrivateMounts=yes
ProcSubset=pid
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
";

pub(crate) fn system(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    let scheduler = Scheduler::SystemdSystem;
    let user = job.user().ok_or(JobError::UserMissing(scheduler))?;
    if user.contains(['\\', ' ']) {
        return Err(JobError::BadUser(user.to_owned()));
    }
    let unit = "Wants=network-online.target\nAfter=network-online.target\n";
    let sandbox = format!(
        "User={user}\n\n# The run can read and write the project folder and call Meta, nothing else.\n{}{NAMESPACES}{SYSCALLS}",
        places(job)
    );
    Ok(vec![service(job, scheduler, unit, &sandbox, "/etc/systemd/system")?, timer(job, "/etc/systemd/system")])
}

pub(crate) fn user(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    let folder = "~/.config/systemd/user";
    let sandbox = format!(
        "\n# What every user's service manager can enforce. A system unit also hides all other files.\n{SYSCALLS}"
    );
    Ok(vec![service(job, Scheduler::SystemdUser, "", &sandbox, folder)?, timer(job, folder)])
}

fn service(
    job: &Job,
    scheduler: Scheduler,
    unit: &str,
    sandbox: &str,
    goes_to: &'static str,
) -> Result<GeneratedFile, JobError> {
    // systemd refuses quotes and backslashes in a program's path, and does not expand `$` there.
    if job.program().contains(['$', '"', '\'', '\\']) {
        return Err(JobError::Unwritable {
            scheduler,
            what: "the program's path",
            why: "systemd does not start programs with a quote, backslash or dollar sign in their path",
        });
    }
    let command: Vec<String> = job.argv().into_iter().map(|argument| word(&argument.replace('$', "$$"))).collect();
    let text = format!(
        "\
[Unit]
Description=Refresh Meta access tokens ({label})
Documentation=https://github.com/everlit/everlit
{unit}
[Service]
Type=oneshot
ExecStart={command}
# 4: failed, retried at the next run. 6: another run is in progress. Any other failure needs a person.
SuccessExitStatus=4 6
TimeoutStartSec=15min
{sandbox}",
        label = job.label(),
        command = command.join(" "),
    );
    Ok(unit_file(job, "service", &text, goes_to))
}

fn timer(job: &Job, goes_to: &'static str) -> GeneratedFile {
    let why_daily = job.why_daily();
    let text = format!(
        "\
[Unit]
Description=Refresh Meta access tokens daily ({label})

# {why_daily}
[Timer]
OnCalendar=*-*-* {time}:00
# Makes up for a missed run at the next boot.
Persistent=true
RandomizedDelaySec=15min
FixedRandomDelay=true

[Install]
WantedBy=timers.target
",
        label = job.label(),
        time = job.time(),
    );
    unit_file(job, "timer", &text, goes_to)
}

fn unit_file(job: &Job, kind: &str, text: &str, goes_to: &'static str) -> GeneratedFile {
    GeneratedFile::utf8(format!("{}.{kind}", job.label()), with_footer(text, job.folder(), Comment::Hash), goes_to)
}

/// Makes the folders that a run needs accessible and hides the rest.
///
/// Home directories are replaced by empty ones, and what the run needs in them is mounted back.
fn places(job: &Job) -> String {
    let written = || std::iter::once(job.folder()).chain(job.also_written.iter().map(String::as_str));
    let (in_homes, elsewhere): (Vec<&str>, Vec<&str>) = written().partition(|path| is_under(path, &HOMES));
    // With a dash a missing path is ignored. Without the project or the program the unit need not start.
    let line = |name: &str, path: &str| {
        let dash = if path == job.folder() || path == job.program() { "" } else { "-" };
        format!("{name}={}\n", word(&format!("{dash}{path}")))
    };
    let mut lines: Vec<String> = elsewhere.into_iter().map(|path| line("ReadWritePaths", path)).collect();
    let in_bound_folder = |path: &str| in_homes.iter().any(|home| is_under(path, &[*home]));
    let read = || std::iter::once(job.program()).chain(job.also_read.iter().map(String::as_str));
    let read_in_homes: Vec<&str> = read().filter(|path| is_under(path, &HOMES) && !in_bound_folder(path)).collect();
    let homes = if in_homes.is_empty() && read_in_homes.is_empty() { "yes" } else { "tmpfs" };
    lines.push(format!("ProtectHome={homes}\n"));
    lines.extend(in_homes.iter().map(|path| line("BindPaths", path)));
    lines.extend(read_in_homes.iter().map(|path| line("BindReadOnlyPaths", path)));
    // A private /tmp would hide the machine's.
    if !written().chain(read()).any(|path| is_under(path, &["/tmp", "/var/tmp"])) {
        lines.push("PrivateTmp=yes\n".to_owned());
    }
    lines.concat()
}

/// The folders that `ProtectHome` hides.
const HOMES: [&str; 3] = ["/home", "/root", "/run/user"];

fn is_under(path: &str, folders: &[&str]) -> bool {
    folders.iter().any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// Quotes a word; `%` begins a specifier on every line.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+@=,$%".contains(c);
    let escaped = text.replace('%', "%%");
    if !text.is_empty() && text.chars().all(plain) {
        return escaped;
    }
    format!("\"{}\"", escaped.replace('\\', "\\\\").replace('"', "\\\""))
}
