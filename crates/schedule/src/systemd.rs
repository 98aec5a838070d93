//! systemd: a service and its timer. Format: systemd.service(5), systemd.exec(5), systemd.timer(5), systemd.syntax(7).

use crate::{GeneratedFile, Job, JobError, Scheduler, WHY_DAILY};

/// What a user's own manager can enforce by itself; namespaces need the rights of the machine's.
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
# A new token's file keeps the group of the old one.
SystemCallFilter=@chown
UMask=0077
";

/// What only the machine's manager can enforce.
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
        "User={user}\n\n# The run sees and writes the project folder, and asks Meta; nothing else.\n{}{NAMESPACES}{SYSCALLS}",
        places(job)
    );
    Ok(vec![service(job, scheduler, unit, &sandbox, "/etc/systemd/system")?, timer(job, "/etc/systemd/system")])
}

pub(crate) fn user(job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
    let folder = "~/.config/systemd/user";
    let sandbox = format!(
        "\n# What a user's own service manager can enforce everywhere; a system unit shuts the run off from other files, too.\n{SYSCALLS}"
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
    // It refuses a program with quotes or backslashes in its path, and expands `$` in arguments only.
    if job.program().contains(['$', '"', '\'', '\\']) {
        return Err(JobError::Unwritable {
            scheduler,
            what: "the program's path",
            why: "systemd starts none with quotes, a backslash or a dollar sign in it; put everlit elsewhere",
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
# 4: failed for now, tried again at the next run. 6: another run is at it. What fails the unit needs a person.
SuccessExitStatus=4 6
TimeoutStartSec=15min
{sandbox}",
        label = job.label(),
        command = command.join(" "),
    );
    Ok(GeneratedFile::utf8(format!("{}.service", job.label()), text, goes_to))
}

fn timer(job: &Job, goes_to: &'static str) -> GeneratedFile {
    let text = format!(
        "\
[Unit]
Description=Refresh Meta access tokens daily ({label})

# {WHY_DAILY}
[Timer]
OnCalendar=*-*-* {time}:00
# After a time without power, at once.
Persistent=true
RandomizedDelaySec=15min
FixedRandomDelay=true

[Install]
WantedBy=timers.target
",
        label = job.label(),
        time = job.time(),
    );
    GeneratedFile::utf8(format!("{}.timer", job.label()), text, goes_to)
}

/// The folders that are written, and what stays hidden of the rest.
///
/// Homes are replaced by empty ones; what a run needs of them is put back in.
fn places(job: &Job) -> String {
    let written = || std::iter::once(job.folder()).chain(job.also_written().iter().map(String::as_str));
    let (in_homes, elsewhere): (Vec<&str>, Vec<&str>) = written().partition(|path| is_under(path, &HOMES));
    // With a dash, what is not there (any more) keeps the unit from nothing; without project or program it need not start.
    let line = |name: &str, path: &str| {
        let dash = if path == job.folder() || path == job.program() { "" } else { "-" };
        format!("{name}={}\n", word(&format!("{dash}{path}")))
    };
    let mut lines: Vec<String> = elsewhere.into_iter().map(|path| line("ReadWritePaths", path)).collect();
    let in_bound_folder = |path: &str| in_homes.iter().any(|home| is_under(path, &[*home]));
    let read = || std::iter::once(job.program()).chain(job.also_read().iter().map(String::as_str));
    let read_in_homes: Vec<&str> = read().filter(|path| is_under(path, &HOMES) && !in_bound_folder(path)).collect();
    let homes = if in_homes.is_empty() && read_in_homes.is_empty() { "yes" } else { "tmpfs" };
    lines.push(format!("ProtectHome={homes}\n"));
    lines.extend(in_homes.iter().map(|path| line("BindPaths", path)));
    lines.extend(read_in_homes.iter().map(|path| line("BindReadOnlyPaths", path)));
    // The machine's /tmp would be hidden by one of the run's own.
    if !written().chain(read()).any(|path| is_under(path, &["/tmp", "/var/tmp"])) {
        lines.push("PrivateTmp=yes\n".to_owned());
    }
    lines.concat()
}

/// What `ProtectHome` hides.
const HOMES: [&str; 3] = ["/home", "/root", "/run/user"];

fn is_under(path: &str, folders: &[&str]) -> bool {
    folders.iter().any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// One word of a line that is split into words; `%` begins a specifier on every line.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+@=,$%".contains(c);
    let escaped = text.replace('%', "%%");
    if !text.is_empty() && text.chars().all(plain) {
        return escaped;
    }
    format!("\"{}\"", escaped.replace('\\', "\\\\").replace('"', "\\\""))
}
