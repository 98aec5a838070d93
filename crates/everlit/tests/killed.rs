//! The program is killed, and its disk fails, at every single step of saving a new token.
//!
//! Meta is at its worst here: a refresh gives a new token and the old one dies at once, so a token that is lost is an
//! account that is lost. `strace` finds the steps and strikes at them.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, OnceLock};

use everlit_sandbox::{Issue, Kind, OldAfterRefresh};
use support::{Meta, Project, Run};

#[test]
fn killed_at_any_step_the_next_run_finds_the_new_token() {
    strike_everywhere(&Scene { name: "rename", prepare: due }, &kills);
}

#[test]
fn a_disk_error_at_any_step_loses_no_token() {
    strike_everywhere(&Scene { name: "rename", prepare: due }, &errors);
}

#[test]
fn killed_while_writing_in_place_the_old_content_is_kept() {
    strike_everywhere(&Scene { name: "in place", prepare: due_with_two_names }, &kills);
}

#[test]
fn p8_killed_at_any_step_a_target_gets_the_token() {
    strike_everywhere(&Scene { name: "delivery", prepare: due_with_a_target }, &kills);
}

#[test]
fn killed_during_recovery_nothing_is_lost() {
    strike_everywhere(&Scene { name: "recovery", prepare: left_by_a_killed_run }, &kills);
}

#[test]
fn killed_while_repairing_a_torn_file_nothing_is_lost() {
    strike_everywhere(&Scene { name: "mending", prepare: torn_by_a_killed_run }, &kills);
}

/// Two accounts in one env file and one state folder: one is due, the other has a token that a killed run left.
#[test]
fn p2_killed_at_any_step_an_account_harms_no_other() {
    need_strace();
    let meta = harsh_meta();
    let project = two_accounts(&meta);
    let steps = steps_of(&project, &meta, &Strike::none());
    let after = names(&project);
    assert_eq!(project.read(ENV), two_tokens(&newest_of(&meta)), "without a strike both are saved");
    let queue = Mutex::new(steps.iter());
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                loop {
                    let next = queue.lock().unwrap().next();
                    let Some(step) = next else { return };
                    strike_two(&Strike { with: "signal=KILL".to_owned(), ..step.clone() }, &after);
                }
            });
        }
    });
}

fn strike_two(strike: &Strike, files_in_the_end: &[String]) {
    let meta = harsh_meta();
    let project = two_accounts(&meta);
    let [due, waiting] = newest_of(&meta);
    let run = struck(&project, &meta, strike, None);
    let story = || format!("killed at {} {}: {}\n{run}", strike.call, strike.number, strike.shown);
    assert!(is_kept(&project, &waiting), "the token that waited is lost\n{}", story());
    // Meta's reply may have been on its way to one account while the run died in the other's work.
    let [newest, _] = newest_of(&meta);
    let is_lost = newest != due && !is_kept(&project, &newest);

    let next = project.everlit(&["refresh"]).asking(&meta).run();
    let story = || format!("{}\n--- the next run\n{next}", story());
    let expected = if is_lost { [due, waiting] } else { newest_of(&meta) };
    assert_eq!(next.code, Some(if is_lost { 3 } else { 0 }), "{}", story());
    assert_eq!(project.read(ENV), two_tokens(&expected), "{}", story());
    if !is_lost {
        assert_eq!(names(&project), files_in_the_end, "litter\n{}", story());
        project.everlit(&["status"]).run().ended(0);
    }
}

const TWO: [&str; 2] = ["bakery", "florist"];

fn two_accounts(meta: &Meta) -> Project {
    let tokens = TWO.map(|name| meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(31)));
    let florist = "[account.florist]\nenv_file = \".env.local\"\nkey = \"SHOP_TOKEN\"\n";
    let project = Project::empty().with_file(ENV, &two_tokens(&tokens)).with_file("everlit.toml", florist);
    // The first exchange of two files puts the env file in place.
    struck(&project, meta, &Strike::kill("renameat2", 1), None);
    assert!(is_kept(&project, &newest_of(meta)[1]), "the run was to die with the candidate saved");
    project.write("everlit.toml", format!("[account.bakery]\nenv_file = \".env.local\"\n\n{florist}"));
    project
}

fn two_tokens([bakery, florist]: &[String; 2]) -> String {
    format!("A=1\nIG_ACCESS_TOKEN={bakery}\nSHOP_TOKEN={florist}\nB=2\n")
}

fn newest_of(meta: &Meta) -> [String; 2] {
    TWO.map(|name| meta.sandbox.with(|meta| meta.newest_token(name).unwrap().text.to_string()))
}

/// In the env file, or in a candidate.
fn is_kept(project: &Project, token: &str) -> bool {
    project.files().iter().any(|(name, content)| {
        (name == ENV || name.contains(".everlit/candidate")) && String::from_utf8_lossy(content).contains(token)
    })
}

/// A candidate that cannot be read is not a candidate that is not there: Meta is not asked for another token.
#[test]
fn an_unreadable_candidate_is_not_overwritten() {
    need_strace();
    for error in ["EIO", "EACCES", "EMFILE"] {
        let meta = harsh_meta();
        let project = left_by_a_killed_run(&meta);
        let (env, candidate) = (project.read(ENV), project.read(CANDIDATE));
        let path = project.path().join(CANDIDATE).display().to_string();
        let inject = format!("inject=openat:error={error}");
        let run = project.everlit_under(&["strace", "-f", "-o", "/dev/null", "-P", &path, "-e", &inject], &["refresh"]);
        let run = run.asking(&meta).run();
        assert_eq!(meta.refreshes(), 1, "{error}\n{run}");
        assert!(matches!(run.code, Some(2 | 5)), "{error}\n{run}");
        assert_eq!((project.read(ENV), project.read(CANDIDATE)), (env, candidate), "{error}\n{run}");
        project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("recovered");
    }
}

/// A project in some state, of which the program is to make a saved new token.
struct Scene {
    name: &'static str,
    prepare: fn(&Meta) -> Project,
}

/// What happens at one step.
#[derive(Clone, Debug)]
struct Strike {
    /// The system call, and which of its kind.
    call: String,
    number: usize,
    /// `signal=KILL`, `error=ENOSPC`.
    with: String,
    /// The step as strace shows it.
    shown: String,
}

fn kills(call: &str) -> Vec<String> {
    let _ = call;
    vec!["signal=KILL".to_owned()]
}

/// What each call can fail with on a disk that is full, failing, read-only, busy or not ours.
fn errors(call: &str) -> Vec<String> {
    let errors: &[&str] = match call {
        "write" | "pwrite64" | "ftruncate" | "fallocate" => &["ENOSPC", "EIO", "EINTR"],
        "fsync" | "fdatasync" => &["EIO", "ENOSPC", "EINTR"],
        "openat" | "mkdir" => &["ENOSPC", "EIO", "EROFS", "EACCES", "EINTR"],
        "flock" => &["EIO", "EINTR"],
        _ => &["EBUSY", "EIO", "EROFS", "EACCES", "EINTR"],
    };
    errors.iter().map(|error| format!("error={error}")).collect()
}

/// The calls that change files.
const CALLS: &str = "openat,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,chmod,fchmod,chown,fchown,fsetxattr,\
                     unlink,unlinkat,ftruncate,fallocate,flock,mkdir,mkdirat,utimensat,linkat";

const ENV: &str = ".env.local";
const CANDIDATE: &str = ".everlit/candidate";
const RECOVERY: &str = ".everlit/recovery/env";
const COPY: &str = "token";
const METADATA: &str = "scripts/instagram-token.json";

fn harsh_meta() -> Meta {
    Meta::with(|knobs| knobs.old_after_refresh = OldAfterRefresh::Dies)
}

fn due(meta: &Meta) -> Project {
    let token = meta.token_of_age(31);
    let project = Project::holding(&token).with_metadata(&token, 31);
    project.set_mode(ENV, 0o640);
    project
}

/// The token also goes into a file of its own.
fn due_with_a_target(meta: &Meta) -> Project {
    let project = due(meta);
    project.write("everlit.toml", format!("[target.site]\nkind = \"file\"\npath = \"{COPY}\"\n"));
    project
}

/// A hard link elsewhere: another file must not be put in the place of this one.
fn due_with_two_names(meta: &Meta) -> Project {
    let project = due(meta);
    fs::hard_link(project.path().join(ENV), project.home().join("other-name")).unwrap();
    project
}

/// The reply was saved as the candidate, and nothing more was done.
fn left_by_a_killed_run(meta: &Meta) -> Project {
    let project = due(meta);
    // The first exchange of two files puts the env file in place.
    struck(&project, meta, &Strike::kill("renameat2", 1), None);
    assert!(project.has(CANDIDATE), "the run was to die with the candidate saved");
    project
}

/// A write in place was struck between its two parts.
fn torn_by_a_killed_run(meta: &Meta) -> Project {
    static LAST_WRITE: OnceLock<usize> = OnceLock::new();
    let last_write = LAST_WRITE.get_or_init(|| {
        let meta = harsh_meta();
        let steps = steps_of(&due_with_two_names(&meta), &meta, &Strike::none());
        let mut writes = steps.iter().filter(|step| step.call == "pwrite64" && step.shown.contains("</.env.local>"));
        writes.next_back().unwrap().number
    });
    let project = due_with_two_names(meta);
    let before = project.read(ENV);
    struck(&project, meta, &Strike::kill("pwrite64", *last_write), None);
    assert!(project.has(RECOVERY) && project.has(CANDIDATE) && project.read(ENV) != before, "the file was to be torn");
    project
}

/// Runs the scene once for each step and each way to strike, some side by side.
fn strike_everywhere(scene: &Scene, ways: &(dyn Fn(&str) -> Vec<String> + Sync)) {
    need_strace();
    let meta = harsh_meta();
    let project = (scene.prepare)(&meta);
    let steps = steps_of(&project, &meta, &Strike::none());
    let after = names(&project);
    assert_eq!(token_in(&project, ENV), meta.newest(), "without a strike the new token is saved");
    assert!(steps.len() > 20, "only {} steps found", steps.len());

    let strikes: Vec<Strike> = steps
        .iter()
        .flat_map(|step| ways(&step.call).into_iter().map(|with| Strike { with, ..step.clone() }))
        .collect();
    let queue = Mutex::new(strikes.iter());
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                loop {
                    let next = queue.lock().unwrap().next();
                    let Some(strike) = next else { return };
                    strike_once(scene, strike, &after);
                }
            });
        }
    });
}

fn strike_once(scene: &Scene, strike: &Strike, files_in_the_end: &[String]) {
    let meta = harsh_meta();
    let project = (scene.prepare)(&meta);
    let whole = if project.has(RECOVERY) { RECOVERY } else { ENV };
    let before = Before { env: project.read(whole), token: token_in(&project, whole) };
    let run = struck(&project, &meta, strike, None);
    let story =
        || format!("{}: {} at {} {}\n  {}\n{run}", scene.name, strike.with, strike.call, strike.number, strike.shown);

    let newest = meta.newest();
    let env = project.read(ENV);
    let has_new = newest != before.token && env == before.env_with(&newest);
    let is_torn = env != before.env && !has_new;
    if is_torn {
        assert!(project.has(RECOVERY), "neither old nor new, and no recovery copy\n{}", story());
        assert_eq!(project.read(RECOVERY), before.env, "{}", story());
    }
    let kept = has_new || (project.has(CANDIDATE) && project.read(CANDIDATE).contains(&newest));
    if meta.refreshes() > 0 && strike.is_kill() && !kept {
        // Nothing can be promised for a process that is killed before the first write after Meta's reply.
        let is_the_write = strike.call == "pwrite64" && strike.shown.contains("/.everlit/candidate>");
        assert!(is_the_write, "later than the first write\n{}", story());
        assert_eq!(env, before.env, "{}", story());
        return;
    }
    assert!(kept || meta.refreshes() == 0, "the new token is lost\n{}", story());
    match run.code {
        Some(0) => assert!(has_new, "exit 0, and the new token is not in place\n{}", story()),
        Some(code) => assert!([2, 5].contains(&code), "{}", story()),
        None => assert!(strike.is_kill(), "{}", story()),
    }
    if has_new {
        assert!(!run.stdout.contains("still has its old token"), "it has the new one\n{}", story());
    } else if run.code.is_some() {
        // A folder that cannot be read is told before there is anything to report.
        let told = run.stdout.contains("Next: ") || run.stderr.contains("Next: ");
        assert!(told, "no way out is named\n{}", story());
    }

    // The next day.
    let next = project.everlit(&["refresh"]).asking(&meta).run();
    let story = || format!("{}\n--- the next run\n{next}", story());
    assert_eq!(next.code, Some(0), "{}", story());
    assert_eq!(meta.refreshes(), 1, "Meta was asked for a second token\n{}", story());
    assert_eq!(project.read(ENV), before.env_with(&meta.newest()), "{}", story());
    let mode = fs::metadata(project.path().join(ENV)).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o640, "{}", story());
    assert_eq!(names(&project), files_in_the_end, "litter\n{}", story());
    if files_in_the_end.iter().any(|name| name == COPY) {
        assert_eq!(project.read(COPY).trim_end(), meta.newest(), "the target lacks it\n{}", story());
    }
    let about = &project.read_json(METADATA)["access_token"];
    assert_eq!(about.as_str().unwrap(), format!("{}...", &meta.newest()[..20]), "{}", story());
    let status = project.everlit(&["status"]).run();
    assert_eq!(status.code, Some(0), "{}\n--- status\n{status}", story());
}

struct Before {
    env: String,
    token: String,
}

impl Before {
    fn env_with(&self, token: &str) -> String {
        self.env.replace(&self.token, token)
    }
}

fn names(project: &Project) -> Vec<String> {
    project.lasting_files().into_keys().collect()
}

fn token_in(project: &Project, file: &str) -> String {
    let env = project.read(file);
    env.lines().find_map(|line| line.strip_prefix("IG_ACCESS_TOKEN=")).unwrap().to_owned()
}

impl Strike {
    fn is_kill(&self) -> bool {
        self.with.starts_with("signal")
    }

    fn none() -> Self {
        Self { call: String::new(), number: 0, with: String::new(), shown: String::new() }
    }

    fn kill(call: &str, number: usize) -> Self {
        Self { call: call.to_owned(), number, with: "signal=KILL".to_owned(), shown: String::new() }
    }
}

/// Runs `everlit refresh` with the strike; the trace goes to `trace`.
fn struck(project: &Project, meta: &Meta, strike: &Strike, trace: Option<&Path>) -> Run {
    let inject = format!("inject={}:{}:when={}", strike.call, strike.with, strike.number);
    let trace = trace.map_or_else(|| "/dev/null".to_owned(), |path| path.display().to_string());
    let mut starter = vec!["strace", "-f", "-y", "-o", &trace, "-e"];
    let traced = format!("trace={CALLS}");
    starter.push(&traced);
    if !strike.with.is_empty() {
        starter.extend(["-e", &inject]);
    }
    let run = project.everlit_under(&starter, &["refresh"]).asking(meta).run();
    // The last call of a run that was killed may still be on its way to Meta.
    meta.sandbox.settle().unwrap();
    run
}

/// The steps of a run that touch the project's files for more than reading.
fn steps_of(project: &Project, meta: &Meta, strike: &Strike) -> Vec<Strike> {
    let trace = project.home().join("trace");
    let run = struck(project, meta, strike, Some(&trace));
    assert!(run.code.is_none_or(|code| code == 0), "{run}");
    let folder = project.path().display().to_string();
    let text = fs::read_to_string(&trace).unwrap();
    fs::remove_file(trace).unwrap();
    let mut counts = std::collections::HashMap::new();
    let mut steps = Vec::new();
    for line in text.lines().filter(|line| !line.contains("resumed>")) {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let Some((call, arguments)) = rest.trim_start().split_once('(') else { continue };
        let number = counts.entry((thread.to_owned(), call.to_owned())).or_insert(0);
        *number += 1;
        let only_reads =
            call == "openat" && !["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| arguments.contains(flag));
        if arguments.contains(&folder) && !only_reads {
            steps.push(Strike {
                call: call.to_owned(),
                number: *number,
                with: String::new(),
                shown: rest.replace(&folder, ""),
            });
        }
    }
    steps
}

fn need_strace() {
    let found = Command::new("strace").arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(found, "these tests need strace: apt-get install strace (or what your system calls it)");
}
