//! The processes of this machine that still run.
#![allow(clippy::disallowed_methods, reason = "the system's process table is not a file of a user's")]

use rustix::process::Pid;

/// A process.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Process {
    pub(crate) id: Pid,
    /// None for the first process, and for one whose parent is in another namespace.
    pub(crate) parent: Option<Pid>,
    pub(crate) group: Option<Pid>,
    /// When it started, in the system's own unit. With the id it names one process.
    pub(crate) started: u64,
}

/// All processes that have not ended; empty if the system does not tell.
#[cfg(target_os = "linux")]
pub(crate) fn processes() -> Vec<Process> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let stat = |entry: std::fs::DirEntry| {
        let id: i32 = entry.file_name().to_str()?.parse().ok()?;
        parsed(id, &String::from_utf8_lossy(&std::fs::read(entry.path().join("stat")).ok()?))
    };
    entries.filter_map(stat).collect()
}

/// proc(5): `id (name) state parent group ...`, the start time in field 22. The name may hold anything.
#[cfg(target_os = "linux")]
fn parsed(id: i32, stat: &str) -> Option<Process> {
    const STARTED: usize = 19;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let has_ended = matches!(*fields.first()?, "Z" | "X" | "x");
    let pid = |index: usize| fields.get(index)?.parse().ok().and_then(Pid::from_raw);
    let process =
        Process { id: Pid::from_raw(id)?, parent: pid(1), group: pid(2), started: fields.get(STARTED)?.parse().ok()? };
    (!has_ended).then_some(process)
}

/// All processes that have not ended; empty if the system does not tell.
#[cfg(not(target_os = "linux"))]
pub(crate) fn processes() -> Vec<Process> {
    let mut ps = std::process::Command::new("/bin/ps");
    let output = ps.args(["-A", "-o", "pid=,ppid=,pgid=,stat="]).env_clear().output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().filter_map(parsed).collect()
}

/// `id parent group state`. The start time is left out: `ps` has it as text in the machine's language.
#[cfg(not(target_os = "linux"))]
fn parsed(line: &str) -> Option<Process> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let has_ended = fields.get(3)?.starts_with('Z');
    let pid = |index: usize| fields.get(index)?.parse().ok().and_then(Pid::from_raw);
    let process = Process { id: pid(0)?, parent: pid(1), group: pid(2), started: 0 };
    (!has_ended).then_some(process)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_name_with_brackets_is_parsed_correctly() {
        let rest = "7 9 9 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 4711 1 1";
        let process = parsed(12, &format!("12 (a) b (c)) S {rest}")).unwrap();
        assert_eq!((process.parent, process.group, process.started), (Pid::from_raw(7), Pid::from_raw(9), 4711));
        assert_eq!(parsed(12, &format!("12 (a) Z {rest}")), None);
    }

    #[test]
    fn this_process_is_among_the_processes() {
        let own = rustix::process::getpid();
        assert!(processes().iter().any(|process| process.id == own));
    }
}
